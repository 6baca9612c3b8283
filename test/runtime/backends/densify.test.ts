import { describe, expect, test } from "vitest";
import { packedOffset } from "../../../compiler/ir/layout.ts";
import { densify } from "../../../runtime/backends/densify.ts";

type Order = "<" | "<=" | null;

/** Sorts the subscripts of each ordered group; the compiler's layout then says where the entry is, or that there is none. */
function expected(lengths: readonly number[], orders: readonly Order[], subscripts: readonly number[]): number {
  const slots = orders.map((order) => (order === null ? {} : { order }));
  const sorted = [...subscripts];
  for (let start = 0; start < orders.length; ) {
    let end = start + 1;
    while (end < orders.length && orders[end] !== null) end++;
    sorted.splice(start, end - start, ...sorted.slice(start, end).sort((a, b) => a - b));
    start = end;
  }
  const offset = packedOffset(slots, lengths, sorted);
  return offset < 0 ? 0 : offset + 1;
}

describe("densify", () => {
  const cases: readonly (readonly [number[], Order[], number])[] = [
    [[3], [null], 3], [[2, 3], [null, null], 6], [[4, 4], [null, "<"], 6], [[4, 4], [null, "<="], 10], [[4, 4, 4], [null, "<", "<"], 4],
    [[3, 3, 3], [null, "<=", "<="], 10], [[3, 3, 2], [null, "<", null], 6], [[2, 4, 4, 3], [null, null, "<=", null], 60], [[1, 1], [null, "<"], 0], [[4, 4, 4], [null, "<=", "<"], 10],
  ];
  test.each(cases)("%j %j", (lengths, orders, count) => {
    const dense = densify(Float64Array.from({ length: count }, (_, k) => k + 1), lengths, orders);
    expect(dense.length).toBe(lengths.reduce((a, b) => a * b, 1));
    dense.forEach((value, at) => {
      const subscripts = lengths.map((n, slot) => Math.floor(at / lengths.slice(slot + 1).reduce((a, b) => a * b, 1)) % n);
      expect(value).toBe(expected(lengths, orders, subscripts));
    });
  });
  test("another number of entries is an internal error", () => {
    expect(() => densify(new Float64Array(5), [4, 4], [null, "<"])).toThrow("internal");
    expect(() => densify(new Float64Array(5), [2, 2], [null, null])).toThrow("internal");
  });
});

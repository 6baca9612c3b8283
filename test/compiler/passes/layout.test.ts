import { describe, expect, test } from "vitest";
import { arrayLength, binomial, packedOffset, storageGroups } from "../../../compiler/ir/layout.ts";

type Order = "<" | "<=" | undefined;
const slots = (...orders: readonly Order[]) => orders.map((order) => (order === undefined ? {} : { order }));

/** All positions in loop order that satisfy the orders. */
function tuples(orders: readonly Order[], extents: readonly number[]): number[][] {
  let all: number[][] = [[]];
  orders.forEach((order, axis) => {
    all = all.flatMap((t) => Array.from({ length: extents[axis]! }, (_, x) => [...t, x])
      .filter((u) => order === undefined || (order === "<" ? u[axis - 1]! < u[axis]! : u[axis - 1]! <= u[axis]!)));
  });
  return all;
}

describe.each<[string, readonly Order[]]>([
  ["dense", [undefined, undefined, undefined]], ["pairs", [undefined, "<"]], ["weak pairs", [undefined, "<="]],
  ["triples", [undefined, "<", "<"]], ["weak triples", [undefined, "<=", "<="]], ["mixed orders", [undefined, "<=", "<"]], ["weak quadruples", [undefined, "<=", "<=", "<="]],
])("%s", (_, orders) => {
  test.each([1, 2, 3, 6])("extent %i: sorted tuples in lexicographic order, without gaps", (n) => {
    const extents = orders.map(() => n);
    const offsets = tuples(orders, extents).map((t) => packedOffset(slots(...orders), extents, t));
    expect(offsets).toEqual(offsets.map((_, k) => k));
    expect(arrayLength(slots(...orders), extents)).toBe(offsets.length);
  });
});

test("free axes come before ordered groups, whatever the order of the slots", () => {
  const orders: readonly Order[] = [undefined, "<=", undefined];
  expect(storageGroups(slots(...orders)).map((g) => g.axes)).toEqual([[2], [0, 1]]);
  // k first, then i <= j.
  expect(packedOffset(slots(...orders), [3, 3, 2], [0, 0, 1])).toBe(6);
  expect(packedOffset(slots(...orders), [3, 3, 2], [1, 2, 0])).toBe(4);
});

test("what isn't stored has no offset", () => {
  expect(packedOffset(slots(undefined, "<"), [4, 4], [2, 2])).toBe(-1);
  expect(packedOffset(slots(undefined, "<"), [4, 4], [3, 1])).toBe(-1);
  expect(packedOffset(slots(undefined, "<="), [4, 4], [3, 4])).toBe(-1);
  expect(packedOffset(slots(undefined), [4], [-1])).toBe(-1);
});

test("the packed 3-spin has N(N+1)(N+2)/6 entries", () => {
  for (const n of [1, 2, 10, 100, 1000]) expect(arrayLength(slots(undefined, "<=", "<="), [n, n, n])).toBe((n * (n + 1) * (n + 2)) / 6);
  expect(binomial(1002, 3)).toBe(167_167_000);
});

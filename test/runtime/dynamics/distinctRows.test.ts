import { expect, test } from "vitest";
import { DistinctRows } from "../../../runtime/dynamics/distinctRows.ts";
import { Stream } from "../../../runtime/random/stream.ts";

test("rows are found by what their numbers print, in the order in which they came", () => {
  const stream = new Stream(["distinct rows"]);
  const table = new DistinctRows();
  const known = new Map<string, number>();
  const row = new Float64Array(3);
  const values = [0, -0, NaN, Infinity, 1, 1 + 2 ** -52, -1, 1e-300, 0.1, 2, 3];
  for (let k = 0; k < 5000; k++) {
    stream.integers(row, 0, values.length, k);
    row.forEach((v, e) => { row[e] = values[v]!; });
    const key = row.join();
    expect(table.find(row)).toBe(known.get(key));
    if (known.has(key)) continue;
    known.set(key, known.size);
    table.add(row.slice());
  }
  expect(table.rows.map((one) => one.join())).toEqual([...known.keys()]);
  expect(table.rows.length).toBeGreaterThan(512);
});

/** What `edge_list` reads, and what it says of files that are none. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { edge_list } from "./edge-list.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-edges-"));
function read(text: string): readonly (readonly number[])[] {
  writeFileSync(join(folder, "graph.txt"), text);
  return edge_list.read({ data: "graph.txt" }, [], folder).map(({ values }) => [...values]);
}

test("edges with and without weights", () => {
  expect(read("3 2\n1 2 -1\n2 3\n")).toEqual([[1, 2], [2, 3], [-1, 1]]);
});

test.each([
  ["fewer edges than announced", "3 2\n1 2 1\n", "announces 2 edges, and has 1"],
  ["a vertex that isn't there", "3 1\n1 4 1\n", "line 2: two vertices from 1 to 3"],
  ["words", "3 1\none two\n", "line 2"],
])("%s", (_, text, message) => {
  expect(() => read(text)).toThrow(message);
});

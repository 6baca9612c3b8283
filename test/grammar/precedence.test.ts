/** Every construct and every row of the precedence table: fragments and their trees, side by side in `precedence.txt`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { FunctionItem, ModelItem, RunItem, TheoryItem } from "../../grammar/ast.ts";
import { equalTrees } from "../../grammar/equal.ts";
import { parse } from "../../grammar/parse.ts";
import { print } from "../../grammar/print.ts";
import { treeText } from "./treeText.ts";

const golden = join(import.meta.dirname, "precedence.txt");
const lines = readFileSync(golden, "utf8").split("\n").filter((line) => !line.startsWith("  = "));

const frames: Record<string, (fragment: string) => string> = {
  expr: (fragment) => `fn f() = ${fragment}`,
  file: (fragment) => fragment,
  model: (fragment) => `model M { ${fragment} }`,
  theory: (fragment) => `theory T { ${fragment} }`,
  run: (fragment) => `run R of M { ${fragment} }`,
};

function read(frame: string, fragment: string): string {
  const { file, diagnostics } = parse(frames[frame]!(fragment));
  expect(diagnostics, fragment).toEqual([]);
  expect(file.items, fragment).toHaveLength(1);
  const again = print(file);
  expect(equalTrees(parse(again).file, file), again).toBe(true);
  const [item] = file.items;
  const parts = frame === "expr" ? [(item as FunctionItem).body] : frame === "file" ? [item] : frame === "run" ? (item as RunItem).steps : (item as ModelItem | TheoryItem).declarations;
  return parts.map(treeText).join(" ");
}

test("fragments and their trees", () => {
  const shown = lines.map((line) => {
    const fragment = /^(expr|file|model|theory|run) (.+)$/.exec(line);
    return fragment ? `${line}\n  = ${read(fragment[1]!, fragment[2]!)}` : line;
  });
  if (process.env["UPDATE"]) writeFileSync(golden, shown.join("\n"));
  expect(shown.join("\n")).toBe(readFileSync(golden, "utf8"));
});

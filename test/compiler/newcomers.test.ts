/**
 * Programs as somebody new to the language writes them, with habits from LaTeX, Python and paper: what is said about each file of
 * test/cases/newcomers stands beside it. `UPDATE=1` writes the texts anew; read them as that person.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { createSource, renderDiagnostic } from "../../grammar/index.ts";

const folder = join(import.meta.dirname, "../cases/newcomers");

test.each(readdirSync(folder).filter((name) => name.endsWith(".quench")))("%s", (name) => {
  const text = readFileSync(join(folder, name), "utf8");
  const { diagnostics } = compile(text);
  const rendered = diagnostics.map((d) => renderDiagnostic(d, createSource(name, text))).join("\n") + "\n";
  const golden = join(folder, name.replace(/quench$/, "txt"));
  if (process.env["UPDATE"] === "1") writeFileSync(golden, rendered);
  expect(rendered).toBe(readFileSync(golden, "utf8"));
  // Each says what to write instead, or shows with what it clashes.
  expect(diagnostics.filter((d) => d.help === undefined && d.labels.length < 2 && d.labels[0]?.message === "")).toEqual([]);
});

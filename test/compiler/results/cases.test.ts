/**
 * The corpus of specifications that the check of runs, theories, claims, plots and tables rejects: every folder of
 * test/cases/reject-results holds `spec.quench` and the text of its diagnostics. `UPDATE=1` writes the texts anew; read the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { resultCodes } from "../../../compiler/1-check/results/codes.ts";
import { createSource, renderDiagnostic } from "../../../grammar/index.ts";
import { check } from "./check.ts";

const root = join(import.meta.dirname, "../../cases/reject-results");
const cases = readdirSync(root).sort();
const codeOf = (name: string): string | undefined => /^(Q\d{3})-/.exec(name)?.[1];

/** Options of a case: the first line of Q460 is `# --set M=3 --set K=1`. */
const settings = (text: string): Record<string, number> =>
  Object.fromEntries([...(/^# (--set.*)$/m.exec(text)?.[1] ?? "").matchAll(/--set (\w+)=(\S+)/g)].map((m) => [m[1]!, Number(m[2])]));

describe("rejected, or beyond this version", () => {
  test.each(cases)("%s", (name) => {
    const text = readFileSync(join(root, name, "spec.quench"), "utf8");
    const { diagnostics, before } = check(text, { set: settings(text) });
    expect(before).toEqual([]);
    const rendered = diagnostics.map((d) => renderDiagnostic(d, createSource(`${name}.quench`, text))).join("\n");
    const golden = join(root, name, "diagnostics.txt");
    if (process.env["UPDATE"] === "1") writeFileSync(golden, rendered);
    expect(rendered).toBe(readFileSync(golden, "utf8"));
    const code = codeOf(name);
    // A case that is named after a code reports it, and no other error.
    if (code !== undefined) {
      expect(diagnostics.map((d) => d.code)).toContain(code);
      expect(diagnostics.filter((d) => d.severity === "error" && d.code !== code)).toEqual([]);
    }
  });
});

test("every code has a case and an explanation with a wrong and a right example", () => {
  const covered = new Set(cases.flatMap((name) => codeOf(name) ?? []));
  expect(Object.keys(resultCodes).filter((code) => !covered.has(code))).toEqual([]);
  expect([...covered].filter((code) => resultCodes[code] === undefined)).toEqual([]);
  for (const { title, page } of Object.values(resultCodes)) {
    expect(title.length).toBeGreaterThan(5);
    expect(page).toMatch(/Wrong:\n\n {4}\S/);
    expect(page).toMatch(/Right:\n\n {4}\S/);
  }
});

test("every code that the check reports is in the table", () => {
  const folder = join(import.meta.dirname, "../../../compiler/1-check/results");
  const used = readdirSync(folder).filter((f) => f.endsWith(".ts")).flatMap((f) => [...readFileSync(join(folder, f), "utf8").matchAll(/"(Q\d{3})"/g)].map((m) => m[1]!));
  expect(used.filter((code) => resultCodes[code] === undefined)).toEqual([]);
  expect(Object.keys(resultCodes).filter((code) => !used.includes(code))).toEqual([]);
});

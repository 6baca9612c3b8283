/**
 * The corpus of specifications: every folder of test/cases/accept and test/cases/reject holds `spec.quench` and the text of all its
 * diagnostics: of the accepted ones from all phases, of the others from parsing, the check of models and the check of sizes at the defaults. `UPDATE=1` writes the texts anew; read the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { checkModels } from "../../../compiler/1-check/checkModels.ts";
import { checkSizes } from "../../../compiler/1-check/checkSizes.ts";
import { codes } from "../../../compiler/1-check/codes.ts";
import { bindData } from "../../../compiler/2-lower/bindData.ts";
import { lowerModel } from "../../../compiler/2-lower/lowerModel.ts";
import { verifyProgram } from "../../../compiler/ir/verify.ts";
import { createSource, parse, renderDiagnostic } from "../../../grammar/index.ts";
import type { Diagnostic } from "../../../grammar/index.ts";

const root = join(import.meta.dirname, "../../cases");

function diagnose(text: string, directory: string): readonly Diagnostic[] {
  const { file, diagnostics, unreadable } = parse(text);
  const checked = checkModels(file, { unreadable, complete: diagnostics.length === 0 });
  const sizes = checked.models.flatMap((m) => {
    const program = lowerModel(m);
    if (!program) return [];
    expect(verifyProgram(program)).toEqual([]);
    const bound = bindData(program, {}, directory);
    return bound.diagnostics.length > 0 ? bound.diagnostics : checkSizes(bound.program);
  });
  return [...diagnostics, ...checked.diagnostics, ...sizes];
}

const cases = (kind: string): string[] => readdirSync(join(root, kind)).sort();
const specification = (kind: string, name: string): string => readFileSync(join(root, kind, name, "spec.quench"), "utf8");

for (const kind of ["accept", "reject"] as const) {
  describe(kind, () => {
    test.each(cases(kind))("%s", (name) => {
      const text = specification(kind, name);
      const directory = join(root, kind, name);
      // What is accepted goes through all phases, with its imports.
      const { source, diagnostics: found } = kind === "accept" ? compile(text, { name: `${name}.quench`, directory }) : { source: createSource(`${name}.quench`, text), diagnostics: diagnose(text, directory) };
      const rendered = found.map((d) => renderDiagnostic(d, source)).join("\n") + "\n";
      const golden = join(root, kind, name, "diagnostics.txt");
      if (process.env.UPDATE === "1") writeFileSync(golden, rendered);
      expect(rendered).toBe(readFileSync(golden, "utf8"));
      if (kind === "accept") expect(found.filter((d) => d.severity === "error")).toEqual([]);
      else expect(found.length).toBeGreaterThan(0);
      const code = /^(Q\d{3})-/.exec(name)?.[1];
      // A case that is named after a code reports it, and nothing else.
      if (code) expect([...new Set(found.map((d) => d.code))]).toEqual([code]);
    });
  });
}

test("every code of the model check has a rejected program and an explanation", () => {
  const named = (kind: string): ReadonlySet<string> => new Set(cases(kind).flatMap((name) => /^(Q\d{3})-/.exec(name)?.[1] ?? []));
  const reported = named("reject");
  // What extensions bring in is known to the whole pipeline only.
  const whole = named("reject-whole");
  expect(Object.keys(codes).filter((code) => !reported.has(code) && !whole.has(code))).toEqual([]);
  expect([...reported].filter((code) => codes[code] === undefined)).toEqual([]);
  for (const { title, page } of Object.values(codes)) {
    expect(title.length).toBeGreaterThan(5);
    expect(page).toMatch(/Wrong:/);
    expect(page).toMatch(/Right:/);
  }
});

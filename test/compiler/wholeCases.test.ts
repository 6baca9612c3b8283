/**
 * What only the whole pipeline rejects, or warns of: imports and extensions, sizes at the points of runs, theories, derivatives and factor
 * graphs that code generation refuses. Every folder of test/cases/reject-whole holds `spec.quench` and the text of its diagnostics; `UPDATE=1`
 * writes the texts anew. And of all codes of the language each has a program somewhere.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { codeNeeded } from "../../compiler/codeNeeded.ts";
import { codes } from "../../compiler/codes.ts";
import { compile, type Compilation } from "../../compiler/compile.ts";
import { generateModel, type GenerateOptions } from "../../compiler/generateModel.ts";
import type { Program } from "../../compiler/ir/program.ts";
import { renderDiagnostic, type Diagnostic } from "../../grammar/index.ts";

const cases = join(import.meta.dirname, "../cases");
const names = readdirSync(join(cases, "reject-whole")).sort();

/** Of compilation; if there is no error, those of the code of models and runs. */
function diagnose(compilation: Compilation): readonly Diagnostic[] {
  if (!compilation.accepted) return compilation.diagnostics;
  const refused = (program: Program | undefined, options: GenerateOptions): readonly Diagnostic[] => {
    const generated = program && generateModel(program, options);
    return generated && !generated.ok ? generated.diagnostics : [];
  };
  const ofModels = compilation.models.flatMap((m) => refused(m.program, {}));
  return [...compilation.diagnostics, ...ofModels, ...(ofModels.length > 0 ? [] : compilation.runs.flatMap((plan) => refused(compilation.programs.get(plan.run), codeNeeded([plan]))))];
}

describe("rejected, or warned of, by the whole pipeline", () => {
  test.each(names)("%s", (name) => {
    const directory = join(cases, "reject-whole", name);
    const compilation = compile(readFileSync(join(directory, "spec.quench"), "utf8"), { name: "spec.quench", directory });
    const found = diagnose(compilation);
    const rendered = found.map((d) => renderDiagnostic(d, compilation.source)).join("\n").replaceAll(directory, "FOLDER") + "\n";
    const golden = join(directory, "diagnostics.txt");
    if (process.env["UPDATE"] === "1") writeFileSync(golden, rendered);
    expect(rendered).toBe(readFileSync(golden, "utf8"));
    expect([...new Set(found.map((d) => d.code))]).toEqual([name.slice(0, 4)]);
  });
});

describe("the corpus of mistakes", () => {
  /** Programs whose golden text reports each code. */
  const programs = new Map<string, Set<string>>();
  const read = (path: string, program: string): void => {
    for (const [, code] of readFileSync(path, "utf8").matchAll(/^(?:error|warning)\[(Q\d{3})\]/gm)) programs.set(code!, (programs.get(code!) ?? new Set()).add(program));
  };
  for (const kind of ["reject", "reject-results", "reject-whole"]) for (const name of readdirSync(join(cases, kind))) read(join(cases, kind, name, "diagnostics.txt"), `${kind}/${name}`);
  for (const folder of [join(cases, "newcomers"), join(import.meta.dirname, "../grammar/rejected")]) for (const name of readdirSync(folder)) if (name.endsWith(".txt")) read(join(folder, name), name);

  test("has every code, but those of the command line and of running", () => {
    // Those are in test/cli, Q351 and Q352 in tests of mini-batches and message passing (runs that need either are refused before, by Q427), and Q199 in test/grammar/rejected.test.ts, as is the text of a hundred errors.
    const elsewhere = /^Q(00\d|010|199|305|016|017|018|019|351|352|80\d|901)$/;
    expect(Object.keys(codes).filter((code) => !programs.has(code) && !elsewhere.test(code))).toEqual([]);
  });
  test("has a hundred programs, with at most three of a code counted", () => {
    expect([...programs.values()].reduce((sum, of) => sum + Math.min(3, of.size), 0)).toBeGreaterThanOrEqual(100);
  });
});

import { codes } from "../../compiler/codes.ts";
import { explainModel, explainTheory, type Section } from "../../compiler/explain.ts";
import { declaredTheory } from "../../compiler/theory/declaredTheory.ts";
import { lowerForTheory } from "../../compiler/theory/lowerForTheory.ts";
import { deriveTheory } from "../../compiler/theory/deriveTheory.ts";
import { theoryParameters } from "../../compiler/theory/theoryParameters.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openSpecification } from "../openSpecification.ts";
import { paint, say, toStdout } from "../terminal.ts";

interface ExplainOptions { readonly latex?: boolean; readonly set: readonly string[]; readonly target: "wasm" | "typescript" | "tfjs"; readonly precision?: "f64" | "f32" }

/** `quench explain FILE [ITEM]`: the mathematics of models and theories; `quench explain Q204`: a diagnostic code. */
export function explain(what: string, item: string | undefined, options: ExplainOptions): ExitStatus {
  if (/^Q\d{3}$/.test(what)) return explainCode(what);
  const opened = openSpecification(what, options);
  if (!opened.ok) return opened.status;
  const { models, theories, runs } = opened.compilation;
  const part = item === undefined ? undefined : parts.find(([word]) => word === item.toLowerCase())?.[1] ?? (models.some((m) => m.energy?.name === item) ? "energy" : undefined);
  const model = part === undefined ? runs.find((r) => r.run === item)?.model ?? item : undefined;
  const known = [...models.map((m) => m.name), ...theories.map((t) => t.name), ...runs.map((r) => r.run)];
  if (item !== undefined && part === undefined && !known.includes(item)) {
    say(`there is no model, run or theory ${item} in ${what}; it has ${known.join(", ")}; of all models there are ${parts.map(([word]) => word).join(", ")}`);
    return exitStatus.usage;
  }
  for (const { name, program } of models) {
    if (model !== undefined && name !== model) continue;
    if (program) printSections(`model ${name}`, explainModel(program, parametersOf(program, opened.set), options).filter(({ title }) => part === undefined || title.startsWith(part)));
  }
  if (part !== undefined) return exitStatus.ok;
  for (const plan of theories) {
    if (item !== undefined && plan.name !== item) continue;
    if (plan.declared) {
      const values = Object.fromEntries(plan.declared.parameters.map((p) => [p.name, opened.set[p.name] ?? p.default]));
      const theory = declaredTheory(plan.name, plan.declared).solve(values);
      if ("refused" in theory) toStdout(`${paint("bold", `theory ${plan.name}`)}\n  not solved: ${theory.refused}\n`);
      else printSections(`theory ${plan.name}`, explainTheory(theory, options));
      continue;
    }
    const program = lowerForTheory(models.find((m) => m.name === plan.model)!);
    const theory = "refused" in program ? program : deriveTheory(plan, program, theoryParameters(plan, program, {}, opened.set));
    if ("refused" in theory) toStdout(`${paint("bold", `theory ${plan.name}`)}\n  not derived: ${theory.refused}\n`);
    else if (theory.unsolved !== undefined) toStdout(`${paint("bold", `theory ${plan.name}`)}\n  not solved: ${theory.unsolved}\n`);
    else printSections(`theory ${plan.name} of ${plan.model} = ${theory.method}`, explainTheory(theory, options));
  }
  return exitStatus.ok;
}

/** What can be asked for of all models, and how the sections begin that tell it. */
const parts: readonly (readonly [string, string])[] = [["energy", "energy"], ["gradient", "gradient"], ["hessian", "Hessian"], ["difference", "energy difference"], ["covariance", "covariance"], ["geometry", "geometry"], ["cost", "cost"], ["kernels", "kernels"], ["arrays", "arrays"]];

const parametersOf = (program: { readonly parameters: readonly { readonly name: string; readonly default: number }[] }, set: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(program.parameters.map((p) => [p.name, set[p.name] ?? p.default]));

function explainCode(code: string): ExitStatus {
  const found = codes[code];
  if (!found) {
    say(`there is no code ${code}`);
    return exitStatus.usage;
  }
  toStdout(`${paint("bold", `${code}: ${found.title}`)}\n\n${found.page.trim()}`);
  return exitStatus.ok;
}

function printSections(title: string, sections: readonly Section[]): void {
  toStdout(paint("bold", title));
  for (const { title, lines } of sections) toStdout(`  ${title}\n${lines.map((line) => `    ${line}`).join("\n")}`);
  toStdout("");
}

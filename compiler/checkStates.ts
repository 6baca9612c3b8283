/** Whether `enumerate` has few enough states to visit, at each point of a run: only numbers decide it. */
import type { SourceFile } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { dynamics } from "../runtime/dynamics/index.ts";
import { mostStates } from "../runtime/dynamics/enumerate.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { bindData } from "./2-lower/bindData.ts";
import { arraySizes } from "./1-check/checkSizes.ts";
import { valuesOf } from "./checkFactors.ts";
import { evaluate } from "./ir/evaluate.ts";
import { coupledIn, statesOf, type Program } from "./ir/program.ts";

/** One diagnostic, at the first point that has too many. */
export function checkStates(file: SourceFile, run: RunPlan, source: Program, directory?: string): readonly Diagnostic[] {
  if (!run.steps.some((step) => dynamics[step.dynamics]?.sum)) return [];
  const coupled = coupledIn(source);
  const others = (run.copies ?? []).filter((name) => !coupled.includes(name) && run.held?.includes(name) !== true).length;
  const entry = (name: string): never => { throw new Error(`internal: the number of states reads ${name}`); };
  for (const point of run.points) {
    const values = { ...point.sweep, ...point.parameters };
    const { program } = bindData(source, values, directory);
    const parameters = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...values };
    const sizes = arraySizes(program, parameters);
    const variables = statesOf(program).map(({ name }) => ({ q: valuesOf(program, name, (e) => evaluate(e, { parameters, entry })), length: sizes.find((s) => s.array.name === name)!.bytes / 8 }));
    const states = variables.reduce((product, { q, length }) => product * q ** length, 1) ** (1 + others);
    if (!(states > mostStates)) continue;
    const item = file.items.find((i) => i.kind === "run" && i.name.name === run.run);
    const at = Object.entries(point.sweep).map(([name, value]) => `${name} = ${value}`).join(", ");
    return [{
      severity: "error", code: "Q308", message: `\`enumerate\` would visit ${states.toPrecision(3)} states${others > 0 ? ` of ${1 + others} copies together` : ""}${at && ` at ${at}`}`,
      labels: item?.kind === "run" ? [{ span: item.name.span, message: `at most ${mostStates}` }] : [],
      help: others > 0 ? "`record` only observables of one copy, or take a smaller model" : "take a smaller model, or a dynamics that samples", arguments: { run: run.run, states },
    }];
  }
  return [];
}

/** Whether factors of the energy have few enough configurations for the messages of a run, at each of its points: only numbers decide it. */
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { mostLocal } from "../runtime/messagePassing/factorTables.ts";
import { needsOfStep } from "./codeNeeded.ts";
import { factorGraph } from "./3-passes/factorGraph.ts";
import { programPasses } from "./3-passes/passes.ts";
import { isRefusal } from "./3-passes/valueDerivative.ts";
import { bounds, evaluate } from "./ir/evaluate.ts";
import { findArray, type Program } from "./ir/program.ts";
import { domains, type DomainRecord } from "./library/domains/index.ts";

/** One diagnostic, at the first point that has a factor which is too large. What only a draw can tell is left to the run. */
export function checkFactors(run: RunPlan, source: Program): readonly Diagnostic[] {
  if (!run.steps.some((step) => needsOfStep(step).includes("factorGraph"))) return [];
  const program = programPasses.reduce((p, [, pass]) => pass(p), source);
  const graph = factorGraph(program);
  if (isRefusal(graph)) return [];
  const entry = (name: string): never => { throw new Error(`internal: the size of a factor reads ${name}`); };
  for (const point of run.points) {
    const parameters = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...point.sweep, ...point.parameters };
    for (const { spans } of graph.terms) {
      for (const { state, ranges } of spans) {
        const variables = ranges.map((range) => bounds(range, parameters)).reduce((product, [lower, upper]) => product * (upper - lower + 1), 1);
        const configurations = valuesOf(program, state, (e) => evaluate(e, { parameters, entry })) ** variables;
        if (!(configurations > mostLocal)) continue;
        const energy = findArray(program, program.energy);
        return [{
          severity: "error", code: "Q306", message: `a factor of \`${program.energy}\` couples ${variables} entries of \`${state}\` in \`${run.run}\` and is no function of one sum over them: it has too many configurations for messages`,
          labels: [{ span: energy.span, message: `at most ${mostLocal} configurations a factor` }], help: "sample it: `metropolis` and `heat_bath` need no factor graph", arguments: { run: run.run, state, variables },
        }];
      }
    }
  }
  return [];
}

/** How many values each variable of a discrete state has; 1 for other arrays. */
export function valuesOf(program: Program, state: string, valueOf: (e: Parameters<typeof evaluate>[0]) => number): number {
  const { origin } = findArray(program, state);
  if (origin.kind !== "state") return 1;
  const domain: DomainRecord = domains[origin.domain.name];
  const [low, high] = (domain.values ?? []).map((v) => (typeof v === "number" ? v : valueOf(origin.domain.arguments[0]!)));
  return origin.domain.name === "potts" ? high! - low! + 1 : 2;
}

/** Warns of estimates after message passing that are no expectations: of observables that are not linear in single sites. */
import type { SourceFile } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { dynamics } from "../runtime/dynamics/index.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import type { ResultExpression } from "../runtime/results/expression.ts";
import { parts } from "../runtime/results/walk.ts";
import type { CheckedResults } from "./1-check/results/checkResults.ts";
import { linearInSites } from "./3-passes/linearInSites.ts";
import { programPasses } from "./3-passes/passes.ts";
import type { Program } from "./ir/program.ts";

export function checkMarginals(file: SourceFile, { runs, claims, plots, tables }: Pick<CheckedResults, "runs" | "claims" | "plots" | "tables">, programs: ReadonlyMap<string, Program>): readonly Diagnostic[] {
  const read = [...claims, ...plots, ...tables].flatMap(expressionsIn).flatMap((e) => [...parts(e)]).flatMap((part) => (part.kind === "observable" ? [part] : []));
  return runs.flatMap((plan): Diagnostic[] => {
    const program = programs.get(plan.run);
    // Who ends at a condition on the state asks for that state.
    if (!program || dynamics[plan.steps.at(-1)?.dynamics ?? ""]?.infers !== true || plan.steps.at(-1)?.until?.kind === "observables") return [];
    const linear = linearInSites(programPasses.reduce((p, [, pass]) => pass(p), program));
    const names = [...new Set(read.flatMap(({ run, name }) => (run === plan.run && program.observables.includes(name) && linear[name] === undefined ? [name] : [])))];
    return names.map((name) => warning(file, plan, name, name === program.energy));
  });
}

function warning(file: SourceFile, { run, steps }: RunPlan, name: string, isEnergy: boolean): Diagnostic {
  const item = file.items.find((i) => i.kind === "run" && i.name.name === run);
  return {
    severity: "warning", code: "Q307", message: `\`${name}\` is not linear in single sites: after \`${steps.at(-1)!.dynamics}\`, \`${run}.${name}\` is that of the most probable state`,
    labels: item?.kind === "run" ? [{ span: item.name.span, message: "" }] : [],
    help: isEnergy ? `\`${run}.internal_energy\` is its expectation` : "expectations of products of sites are those of `enumerate`, or of a dynamics that samples", arguments: { run, observable: name },
  };
}

/** All result expressions of a plan of results, wherever they stand in it. */
function expressionsIn(of: object): readonly ResultExpression[] {
  return Object.values(of).flatMap((value: unknown) => (typeof value !== "object" || value === null ? [] : isExpression(value) ? [value] : expressionsIn(value)));
}

const kinds: ReadonlySet<unknown> = new Set<ResultExpression["kind"]>(["constant", "variable", "runParameter", "observable", "estimator", "apply", "theory", "at", "integral", "root"]);
const isExpression = (value: object): value is ResultExpression => "kind" in value && kinds.has(value.kind);

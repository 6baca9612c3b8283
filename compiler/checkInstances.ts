/** What only numbers decide, before anything is allocated: sizes and memory, radii of spheres and the number of tasks at each point of each run. */
import type { SourceFile } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Span } from "../grammar/span.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { checkSizes } from "./1-check/checkSizes.ts";
import type { CheckedModel } from "./1-check/checkModels.ts";
import { bindData } from "./2-lower/bindData.ts";
import { bounds, evaluate } from "./ir/evaluate.ts";
import type { Expression } from "./ir/expression.ts";
import { findArray } from "./ir/program.ts";
import type { Program } from "./ir/program.ts";
import { domains } from "./library/domains/index.ts";
import type { DomainRecord } from "./library/domains/index.ts";
import { constraintSet } from "./library/recognisers/constraintSet.ts";
import type { ConstraintSet } from "./library/recognisers/constraintSet.ts";

const mostTasks = 1e7;

/** Relative paths of data start at `directory`. A model that no run uses is looked at with the defaults of its parameters. One diagnostic a run, at the first point that has any. */
export function checkInstances(file: SourceFile, models: readonly CheckedModel[], runPrograms: ReadonlyMap<string, Program>, runs: readonly RunPlan[], directory?: string): readonly Diagnostic[] {
  const programs = new Map(models.flatMap((m) => (m.program ? [[m.name, m.program] as const] : [])));
  const used = new Set(runs.map((r) => r.model));
  const first = (program: Program, points: readonly Readonly<Record<string, number>>[]): readonly Diagnostic[] => {
    const set = constraintSet(program);
    for (const parameters of points) {
      // What data bind may depend on the point: `take = P`.
      const { program: bound, diagnostics: found } = bindData(program, parameters, directory);
      if (found.length > 0) return found;
      const sizes = checkSizes(bound, parameters);
      if (sizes.length > 0) return sizes;
      const radii = checkConstraints(program, set, { ...defaults(bound), ...parameters });
      if (radii.length > 0) return radii;
    }
    return [];
  };
  return [
    ...runs.flatMap((run) => {
      // A model with errors has no program; they were reported.
      const program = runPrograms.get(run.run);
      return [...(program ? first(program, run.points.map((p) => ({ ...p.sweep, ...p.parameters }))) : []), ...checkTasks(file, run)];
    }),
    ...[...programs.values()].filter((p) => !used.has(p.model)).flatMap((p) => first(p, [defaults(p)])),
  ];
}

const defaults = (program: Program): Record<string, number> => Object.fromEntries(program.parameters.map((p) => [p.name, p.default]));

/** Spheres have a radius, and sums of discrete variables are values that some state has. */
function checkConstraints(program: Program, { spheres, sums }: ConstraintSet, parameters: Readonly<Record<string, number>>): Diagnostic[] {
  const entry = (name: string): never => { throw new Error(`internal: the value of a constraint reads ${name}`); };
  const valueOf = (e: Expression): number => evaluate(e, { parameters, entry });
  const refuse = (span: Span, message: string, help: string, array: string, value: number): Diagnostic => ({ severity: "error", code: "Q303", message, labels: [{ span, message: "cannot be met" }], help, arguments: { array, value } });
  return [
    ...spheres.flatMap(({ array, constraint, norm2 }): Diagnostic[] => {
      const value = valueOf(norm2);
      return value > 0 && Number.isFinite(value) ? [] : [refuse(constraint.span, `the sphere of \`${array}\` would have the squared radius ${value}`, "a sum of squares equals a positive number", array, value)];
    }),
    ...sums.flatMap(({ array, constraint, norm2, summedAxes }): Diagnostic[] => {
      const value = valueOf(norm2);
      const { slots, origin } = findArray(program, array);
      const n = summedAxes.map((axis) => bounds(slots[axis]!.range, parameters)).reduce((product, [lower, upper]) => product * (upper - lower + 1), 1);
      if (origin.kind !== "state") return [];
      const domain: DomainRecord = domains[origin.domain.name];
      const [low, high] = domain.values!.map((v) => (typeof v === "number" ? v : valueOf(origin.domain.arguments[0]!)));
      const step = origin.domain.name === "spin" ? 2 : 1;
      const possible = value >= n * low! && value <= n * high! && Number.isInteger((value - n * low!) / step);
      return possible ? [] : [refuse(constraint.span, `no state of \`${array}\` has the sum ${value} over ${n} ${origin.domain.name} variables`, step === 2 ? `it is one of ${n * low!}, ${n * low! + 2}, …, ${n * high!}` : `it is a whole number from ${n * low!} to ${n * high!}`, array, value)];
    }),
  ];
}

function checkTasks(file: SourceFile, run: RunPlan): Diagnostic[] {
  const tasks = run.points.length * run.samples * run.starts;
  if (tasks <= mostTasks) return [];
  const item = file.items.find((i) => i.kind === "run" && i.name.name === run.run);
  return [{
    severity: "error", code: "Q304", message: `\`${run.run}\` would have ${tasks} tasks: ${run.points.length} points × ${run.samples} samples × ${run.starts} starts`,
    labels: item?.kind === "run" ? [{ span: item.name.span, message: `at most ${mostTasks}` }] : [], help: "ask for fewer samples or starts, or record a longer `measure` in each task", arguments: { run: run.run, tasks },
  }];
}

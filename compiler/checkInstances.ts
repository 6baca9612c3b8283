/** What only numbers decide, before anything is allocated: sizes and memory, radii of spheres and the number of tasks at each point of each run. */
import type { SourceFile } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { checkSizes } from "./1-check/checkSizes.ts";
import type { CheckedModel } from "./1-check/checkModels.ts";
import { bindData } from "./2-lower/bindData.ts";
import { evaluate } from "./ir/evaluate.ts";
import type { Program } from "./ir/program.ts";
import { sphereConstraints } from "./library/recognisers/sphereConstraints.ts";
import type { SphereConstraints } from "./library/recognisers/sphereConstraints.ts";
import { deriveTheory } from "./theory/deriveTheory.ts";
import type { TheoryPlan } from "./theory/plan.ts";
import { theoryParameters } from "./theory/theoryParameters.ts";

const mostTasks = 1e7;

/** Relative paths of data start at `directory`. A model that no run uses is looked at with the defaults of its parameters. One diagnostic a run, at the first point that has any. */
export function checkInstances(file: SourceFile, models: readonly CheckedModel[], runs: readonly RunPlan[], theories: readonly TheoryPlan[], directory?: string): readonly Diagnostic[] {
  const programs = new Map(models.flatMap((m) => (m.program ? [[m.name, m.program] as const] : [])));
  const used = new Set(runs.map((r) => r.model));
  const first = (program: Program, points: readonly Readonly<Record<string, number>>[]): readonly Diagnostic[] => {
    const geometry = sphereConstraints(program);
    for (const parameters of points) {
      // What data bind may depend on the point: `take = P`.
      const { program: bound, diagnostics: found } = bindData(program, parameters, directory);
      if (found.length > 0) return found;
      const sizes = checkSizes(bound, parameters);
      if (sizes.length > 0) return sizes;
      const radii = checkRadii(geometry, { ...defaults(bound), ...parameters });
      if (radii.length > 0) return radii;
    }
    return [];
  };
  return [
    ...runs.flatMap((run) => {
      // A model with errors has no program; they were reported.
      const program = programs.get(run.model);
      return [...(program ? first(program, run.points.map((p) => p.parameters)) : []), ...checkTasks(file, run)];
    }),
    ...[...programs.values()].filter((p) => !used.has(p.model)).flatMap((p) => first(p, [defaults(p)])),
    ...theories.flatMap((t) => checkTheory(t, programs.get(t.model ?? ""))),
  ];
}

const defaults = (program: Program): Record<string, number> => Object.fromEntries(program.parameters.map((p) => [p.name, p.default]));

function checkRadii(geometry: SphereConstraints, parameters: Readonly<Record<string, number>>): Diagnostic[] {
  if (!geometry.ok) return [];
  const entry = (name: string): never => { throw new Error(`internal: the squared radius of a sphere reads ${name}`); };
  return geometry.spheres.flatMap(({ array, constraint, norm2 }): Diagnostic[] => {
    const value = evaluate(norm2, { parameters, entry });
    if (value > 0 && Number.isFinite(value)) return [];
    return [{
      severity: "error", code: "Q303", message: `the sphere of \`${array}\` would have the squared radius ${value}`,
      labels: [{ span: constraint.span, message: "cannot be met" }], help: "a sum of squares equals a positive number", arguments: { array, value },
    }];
  });
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

/** A theory that is outside its method's class at its declared arguments and the model's defaults is said at its own line: claims about it will be undecided. */
function checkTheory(plan: TheoryPlan, program: Program | undefined): Diagnostic[] {
  if (plan.unsupported !== undefined || !program) return [];
  const derived = deriveTheory(plan, program, theoryParameters(plan, program));
  if (!("refused" in derived)) return [];
  return [{
    severity: "warning", code: "Q608", message: `\`${plan.name}\` cannot be derived: ${derived.refused}`,
    labels: [{ span: plan.span, message: "" }], help: "claims about it stay undecided", arguments: { theory: plan.name },
  }];
}

/**
 * Which sweep points an expression ranges over (LANGUAGE.md, section 5): the sweep variables of its runs that no `at` fixes stay free.
 * A variable that several runs sweep is matched on the values that all of them have; different variables multiply.
 */
import { sameValue } from "./environment.ts";
import type { Point, ResultEnvironment } from "./environment.ts";
import type { ResultExpression } from "./expression.ts";
import type { RunRecords } from "./records.ts";
import { children, runsOf } from "./walk.ts";

export interface FreeVariable { readonly name: string; readonly values: readonly number[] }

export interface PointRange {
  readonly free: readonly FreeVariable[];
  /** The product of the free variables' values, the last fastest; one empty point without free variables. */
  readonly points: readonly Point[];
  /** Why the range is empty. */
  readonly reasons: readonly string[];
}

/**
 * @param expressions evaluated together: both sides of a claim, all columns of a table
 * @param bound names that something else gives a value: variables of a plot
 * @param scope further runs whose sweep variables may be named (the run of a table)
 */
export function pointsOf(
  expressions: readonly ResultExpression[],
  environment: ResultEnvironment,
  bound: Iterable<string> = [],
  scope: readonly string[] = [],
): PointRange {
  const runs = new Map<string, RunRecords>();
  for (const name of [...scope, ...runsOf(expressions)]) {
    const records = environment.runs.get(name);
    if (records === undefined) return { free: [], points: [], reasons: [`the run ${name} has no records`] };
    runs.set(name, records);
  }
  const uses = new Map<string, Set<string>>();
  const use = (name: string, run: string) => uses.set(name, (uses.get(name) ?? new Set()).add(run));
  const sweepNames = (run: string) => runs.get(run)!.plan.sweep.map((variable) => variable.name);

  const walk = (expression: ResultExpression, fixed: ReadonlySet<string>): void => {
    switch (expression.kind) {
      case "observable":
        for (const name of sweepNames(expression.run)) if (!fixed.has(name)) use(name, expression.run);
        break;
      case "estimator":
        for (const run of expression.runs) for (const name of sweepNames(run)) if (!fixed.has(name)) use(name, run);
        break;
      case "runParameter":
        for (const name of dependencies(runs.get(expression.run)!, expression.name)) if (!fixed.has(name)) use(name, expression.run);
        break;
      case "variable":
        if (!fixed.has(expression.name)) {
          for (const [run, records] of runs) {
            for (const name of dependencies(records, expression.name)) if (!fixed.has(name)) use(name, run);
          }
        }
        break;
      default: break;
    }
    if (expression.kind === "at") {
      expression.values.forEach((entry) => walk(entry.value, fixed));
      walk(expression.body, new Set([...fixed, ...expression.values.map((entry) => entry.name)]));
    } else if (expression.kind === "root") {
      walk(expression.from, fixed);
      walk(expression.to, fixed);
      walk(expression.body, new Set([...fixed, expression.variable]));
    } else {
      children(expression).forEach((child) => walk(child, fixed));
    }
  };
  expressions.forEach((expression) => walk(expression, new Set(bound)));

  const free: FreeVariable[] = [];
  for (const [name, where] of uses) {
    const lists = [...where].map((run) => runs.get(run)!.plan.sweep.find((variable) => variable.name === name)!.values);
    const values = lists[0].filter((value) => lists.every((list) => list.some((other) => sameValue(other, value))));
    if (values.length === 0) return { free: [], points: [], reasons: [`${[...where].join(" and ")} have no value of ${name} in common`] };
    free.push({ name, values });
  }
  return { free, points: productOf(free), reasons: [] };
}

/** All combinations of values, the last variable fastest. */
export function productOf(variables: readonly FreeVariable[]): Point[] {
  return variables.reduce<Point[]>(
    (points, { name, values }) => points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}

/** Sweep variables that a parameter of a run varies with: itself, or all where a run argument is computed from the sweep. */
function dependencies({ plan }: RunRecords, name: string): string[] {
  if (plan.sweep.some((variable) => variable.name === name)) return [name];
  const values = plan.points.map((point) => point.parameters[name]);
  return values.every((value) => value === values[0]) ? [] : plan.sweep.map((variable) => variable.name);
}

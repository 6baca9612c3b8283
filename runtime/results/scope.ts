/** What names stand for at one sweep point: variables, sweep variables, parameters of runs. */
import { sameValue } from "./environment.ts";
import type { Point, ResultEnvironment } from "./environment.ts";
import type { ResultExpression } from "./expression.ts";
import { children } from "./walk.ts";

/** A run at one of its sweep points. */
export interface RunPointReference {
  readonly run: string;
  /** Number of the point in the run's plan. */
  readonly point: number;
  /** Sweep values and parameters there. */
  readonly values: Readonly<Record<string, number>>;
  /** " at N = 25", or nothing for a run without sweep. */
  readonly label: string;
}

export type Found<T> = T | { readonly refused: string };

/** The point of a run where its sweep variables have the given values; a variable with one value needs none. */
export function runPoint(environment: ResultEnvironment, run: string, given: Point): Found<RunPointReference> {
  const records = environment.runs.get(run);
  if (records === undefined) return { refused: `the run ${run} has no records` };
  const { sweep, points } = records.plan;
  let point = 0;
  for (const { name, values } of sweep) {
    const value = given[name] ?? (values.length === 1 ? values[0] : undefined);
    if (value === undefined) return { refused: `${name} of ${run} needs a value: write at (${name} = …)` };
    const position = values.findIndex((candidate) => sameValue(candidate, value));
    if (position < 0) return { refused: `${name} = ${value} is not in the sweep of ${run}, which has ${values.join(", ")}` };
    point = point * values.length + position;
  }
  const { sweep: at, parameters } = points[point];
  for (const [name, value] of Object.entries(given)) {
    const fixed = parameters[name];
    if (!(name in at) && fixed !== undefined && !sameValue(fixed, value)) {
      return { refused: `${name} = ${value} is not in the sweep of ${run}, which has ${name} = ${fixed} only` };
    }
  }
  const names = Object.entries(at).map(([name, value]) => `${name} = ${value}`);
  return { run, point, values: { ...parameters, ...at }, label: names.length === 0 ? "" : ` at ${names.join(", ")}` };
}

/**
 * Parameters at the run points that a set of expressions reads. `unique` has the names on which they all agree, `differing` says for
 * the others which runs to choose from. This is the context of theories ("the sweep point it is compared with") and gives bare names.
 *
 * @param given values of the free sweep variables and of variables of a plot
 */
export function parametersInScope(
  expressions: readonly ResultExpression[],
  environment: ResultEnvironment,
  given: Point,
  scope: readonly string[],
): { unique: Readonly<Record<string, number>>; differing: ReadonlyMap<string, readonly string[]> } {
  const found = new Map<string, Map<number, Set<string>>>();
  const add = (run: string, fixed: Point): void => {
    const reference = runPoint(environment, run, { ...given, ...fixed });
    if ("refused" in reference) return;
    for (const [name, value] of Object.entries(reference.values)) {
      const values = found.get(name) ?? new Map<number, Set<string>>();
      values.set(value, (values.get(value) ?? new Set()).add(run));
      found.set(name, values);
    }
  };
  const walk = (expression: ResultExpression, fixed: Point): void => {
    if (expression.kind === "estimator") expression.runs.forEach((run) => add(run, fixed));
    if (expression.kind !== "at") return children(expression).forEach((child) => walk(child, fixed));
    const here: Record<string, number> = { ...fixed };
    for (const { name, value } of expression.values) {
      const number = constantValue(value, { ...given, ...fixed });
      if (number !== undefined) here[name] = number;
    }
    walk(expression.body, here);
  };
  expressions.forEach((expression) => walk(expression, {}));
  scope.forEach((run) => add(run, {}));

  const unique: Record<string, number> = {};
  const differing = new Map<string, string[]>();
  for (const [name, values] of found) {
    const distinct = [...values.keys()];
    if (distinct.every((value) => sameValue(value, distinct[0]))) unique[name] = distinct[0];
    else differing.set(name, [...new Set([...values.values()].flatMap((runs) => [...runs]))]);
  }
  return { unique, differing };
}

/** The value of an expression of constants and known variables; undefined for any other. */
export function constantValue(expression: ResultExpression, known: Point): number | undefined {
  if (expression.kind === "constant") return expression.value;
  if (expression.kind === "variable") return known[expression.name];
  if (expression.kind !== "apply") return undefined;
  const inputs = expression.arguments.map((argument) => constantValue(argument, known));
  return inputs.every((input) => input !== undefined) ? expression.value(...inputs) : undefined;
}

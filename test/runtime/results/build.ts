/** Expressions and records in short, for the tests of results. */
import { add, div, lt, mul, pow, sub } from "./operators.ts";
import type { RunPlan } from "../../../runtime/engine/plan.ts";
import type { ResultEnvironment } from "../../../runtime/results/environment.ts";
import type { Claim, ResultExpression } from "../../../runtime/results/expression.ts";
import type { RunRecords, TaskRecord } from "../../../runtime/results/records.ts";
import { productOf } from "../../../runtime/results/points.ts";

export { add, div, lt, mul, pow, sub };
type E = ResultExpression;

export const c = (value: number): E => ({ kind: "constant", value });
export const v = (name: string): E => ({ kind: "variable", name });
export const o = (run: string, name: string, ...subscripts: E[]): E => ({ kind: "observable", run, name, subscripts });
export const est = (estimator: string, runs: string | string[], arguments_: E | E[], options: Record<string, number> = {}): E =>
  ({ kind: "estimator", estimator, runs: [runs].flat(), arguments: [arguments_].flat(), options });
export const mean = (run: string, name: string): E => est("mean", run, o(run, name));
export const at = (body: E, values: Record<string, number>): E =>
  ({ kind: "at", body, values: Object.entries(values).map(([name, value]) => ({ name, value: c(value) })) });
export const theory = (quantity: string, arguments_: E[] = [], named: Record<string, E> = {}): E =>
  ({ kind: "theory", theory: "Theory", quantity, arguments: arguments_, named });

/** A run of which `value` gives the records of each observable: values[name][record], or [record][entry] flattened. */
export function run(
  name: string,
  setup: { sweep?: Record<string, number[]>; samples?: number; starts?: number; parameters?: Record<string, number>; seed?: number; plan?: Partial<RunPlan> },
  values: (at: { sweep: Readonly<Record<string, number>>; sample: number; start: number; point: number }) => { records: number; values: Record<string, number[]> },
): RunRecords {
  const { sweep = {}, samples = 1, starts = 1, parameters = {}, seed = 1 } = setup;
  const variables = Object.entries(sweep).map(([variable, list]) => ({ name: variable, values: list }));
  const points = productOf(variables).map((point) => ({ sweep: point, parameters: { ...parameters, ...point } }));
  const tasks: TaskRecord[] = [];
  points.forEach(({ sweep: here }, point) => {
    for (let sample = 0; sample < samples; sample++) {
      for (let start = 0; start < starts; start++) {
        tasks.push({ point, sample, start, steps: [], ...values({ sweep: here, sample, start, point }) });
      }
    }
  });
  const plan: RunPlan = { run: name, model: "Model", seed, sweep: variables, points, samples, starts, steps: [], record: [], transient: false, ...setup.plan };
  return { plan, tasks };
}

export const one = (values: Record<string, number>) =>
  ({ records: 1, values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]])) });

export const environment = (runs: RunRecords[], answer: ResultEnvironment["theory"] = () => ({ refused: "there is no theory" })): ResultEnvironment =>
  ({ runs: new Map(runs.map((records) => [records.plan.run, records])), theory: answer });

export const approximately = (left: E, right: E, tolerance: number): Claim =>
  ({ text: "claim", span: { start: 0, end: 1 }, about: [], statement: { kind: "approximately", left, right, tolerance: c(tolerance) } });
export const compare = (left: E, operator: "<" | "<=" | ">" | ">=" | "==" | "!=", right: E): Claim =>
  ({ text: "claim", span: { start: 0, end: 1 }, about: [], statement: { kind: "comparisons", comparisons: [{ operator, left, right }] } });

/**
 * Values of result expressions at one sweep point, with the standard error of the whole expression: everything in it is resampled
 * jointly, so that samples which several estimators share count as one.
 */
import { bootstrap } from "../estimators/bootstrap.ts";
import { convergence } from "../estimators/convergence.ts";
import type { Division } from "../estimators/estimator.ts";
import { jackknife } from "../estimators/jackknife.ts";
import type { Replicate, ResampleGroup } from "../estimators/jackknife.ts";
import { probVariance } from "../estimators/prob.ts";
import { studentFactor } from "../estimators/student.ts";
import { findRoot } from "./findRoot.ts";
import { integrateGauss, integrateRange } from "./integrate.ts";
import type { Integrand } from "./integrate.ts";
import { pointData } from "./data.ts";
import type { PointData } from "./data.ts";
import type { Point, ResultEnvironment, TheoryAnswer } from "./environment.ts";
import { comparable, notEquilibrated, testsEquilibration } from "./equilibration.ts";
import { groupsOf, positionsOf, resampledValue, type Estimate } from "./estimate.ts";
import type { ResultExpression } from "./expression.ts";
import { blocksOf, dividedUnits, isExact, outermost, sampled, unitOf } from "./sampled.ts";
import type { EstimatorExpression, SampledContext } from "./sampled.ts";
import { parametersInScope, runPoint } from "./scope.ts";
import { hasEstimator, parts } from "./walk.ts";

export interface Evaluated {
  /** NaN where there is none; `reasons` says why. */
  readonly value: number;
  /** Standard error: 0 for what is exact, NaN where the data allow none. */
  readonly error: number;
  /**
   * Half the width of the 95% confidence interval: the error times Student's factor for the number of units that it comes from (3.18 for four
   * samples, 1.96 for many). Where several groups contribute, the degrees of freedom are those of F. Satterthwaite, Biometrics Bull. 2, 110 (1946).
   */
  readonly halfWidth: number;
  /** What the error is over, largest contribution first; empty for what is exact. */
  readonly over: readonly ErrorLevel[];
  /** Why the value cannot be relied on: missing tasks, no equilibrium, a refusing theory. Each is a sentence. */
  readonly reasons: readonly string[];
  readonly theories: readonly TheoryUse[];
  /** Whether it depends on predictions that are still worked on: then there is no value yet. */
  readonly pending: boolean;
}

export interface ErrorLevel {
  readonly units: "samples" | "starts" | "blocks in time";
  readonly count: number;
  /** "25 samples", "40 starts (conditional on the disorder)" */
  readonly label: string;
}

export interface TheoryUse {
  readonly theory: string;
  readonly quantity: string;
  readonly status: string;
  readonly residual: number;
  readonly assumptions: readonly string[];
}

type Bindings = Readonly<Record<string, number>>;
/** The estimate of an estimator in the replicate at hand. */
type EstimateOf = (estimate: Estimate) => number;
type Prepared = (estimate: EstimateOf, bindings: Bindings) => number;

/** A search can't go on, as a prediction is still worked on. */
class Unsettled extends Error {}

/** Evaluates expressions that belong together: the sides of a claim, the columns of a table row. */
export class PointEvaluator {
  private readonly environment: ResultEnvironment;
  private readonly given: Point;
  private readonly expressions: readonly ResultExpression[];
  private readonly parameters: ReturnType<typeof parametersInScope>;
  private readonly answers = new Map<string, TheoryAnswer>();
  private readonly data = new Map<string, ReturnType<typeof pointData>>();
  private readonly estimates = new Map<string, Estimate>();
  private readonly labels = new Map<string, string>();
  private readonly blocks = new Map<string, number>();
  // Collected for one expression at a time.
  private reasons = new Set<string>();
  private theories = new Map<string, TheoryUse>();
  private used = new Set<Estimate>();
  private pending = false;

  /**
   * @param expressions all that are evaluated together: they decide what bare names mean and what theories are compared with
   * @param given values of the free sweep variables (`pointsOf`) and of variables of a plot
   * @param scope further runs whose parameters may be named
   */
  constructor(environment: ResultEnvironment, expressions: readonly ResultExpression[], given: Point, scope: readonly string[] = []) {
    this.environment = environment;
    this.expressions = expressions;
    this.given = given;
    this.parameters = parametersInScope(expressions, environment, given, scope);
  }

  evaluate(expression: ResultExpression): Evaluated {
    this.reasons = new Set();
    this.theories = new Map();
    this.used = new Set();
    this.pending = false;
    const prepared = this.prepare(expression, {});
    const value = prepared((estimate) => estimate.value, {});
    // What is resampled asks for predictions of its own: none of it has an error before all have a value.
    const { variance, freedom, over } = this.variance(prepared, value);
    if (Number.isNaN(value) && this.reasons.size === 0) this.reasons.add("it has no value (0/0, or too few records for the estimator)");
    const error = Math.sqrt(variance);
    return { value, error, halfWidth: error === 0 ? 0 : studentFactor(freedom) * error, over, reasons: [...this.reasons], theories: [...this.theories.values()], pending: this.pending };
  }

  /**
   * The records that an estimator of one quantity pools, a part for each start and in the units of its errors, for estimators that are drawn and
   * not a number (`histogram`, `autocorrelation` against the lag). The estimator may stand below `at`.
   */
  records(expression: ResultExpression): { values: Float64Array[]; data: Division; options: Readonly<Record<string, number>>; reasons: readonly string[] } {
    this.reasons = new Set();
    let inner = expression;
    const fixed: Record<string, number> = {};
    while (inner.kind === "at") {
      for (const { name, value } of inner.values) fixed[name] = this.number(value, fixed);
      inner = inner.body;
    }
    if (inner.kind !== "estimator") throw new Error("internal: records are read through an estimator");
    const found = this.read(inner, fixed);
    const context = this.context(fixed);
    if (found?.data.samples.flat().some((chain) => chain.weights)) this.refuse("the records of an exact sum have weights, which this figure does not draw");
    const values = found === undefined ? [] : found.data.samples.flat().map((chain) => unitOf(inner.arguments, [chain], context).values[0]);
    const options = Object.fromEntries(Object.entries(inner.options).map(([name, value]) => [name, context.option(value)]));
    const blocks = found?.data.level === "time" ? blocksOf([inner], found.data.samples[0]![0]!, context).blocks : 0;
    const units = found === undefined ? [] : dividedUnits(inner.arguments, found.data, blocks, context);
    return { values, data: { units, separate: false }, options, reasons: [...this.reasons] };
  }

  private variance(prepared: Prepared, value: number): { variance: number; freedom: number; over: ErrorLevel[] } {
    const estimates = [...this.used];
    if (estimates.length === 0) return { variance: 0, freedom: Infinity, over: [] };
    const groups = groupsOf(estimates);
    const positions = new Map(estimates.map((estimate) => [estimate, positionsOf(estimate, groups.get(estimate.group)!.names)]));
    const resample = estimates.some((estimate) => estimate.sampled.bootstrap) ? bootstrap : jackknife;
    const evaluate = (target: Prepared) => (replicate: Replicate) => {
      return target((estimate) => (estimate.group === replicate.group ? resampledValue(estimate, positions.get(estimate)!, replicate) : estimate.value), {});
    };
    const varied = [...groups.values()].filter((group) => group.sizes.length > 1);
    const { variance, byGroup } = resample(evaluate(prepared), varied);
    const levels = varied.map((group, g) => ({ share: byGroup[g], level: this.levelOf(group) }));
    const over = levels.sort((a, b) => b.share - a.share).map(({ level }) => level);
    const distinct = over.filter((level, i) => over.findIndex((other) => other.label === level.label) === i);
    const single = [...groups.values()].filter((group) => group.sizes.length <= 1);
    if (single.some((group) => estimates.some((estimate) => estimate.group === group.key && !estimate.sampled.exact))) {
      this.reasons.add("no standard error: one sample with one start and too few records; several `starts`, or `samples`, have one");
      return { variance: NaN, freedom: NaN, over: distinct };
    }
    const freedom = variance ** 2 / varied.reduce((sum, { sizes }, g) => sum + byGroup[g] ** 2 / (sizes.length - 1), 0);
    const proper = this.withProbs(prepared, value, variance, estimates, (estimate) => jackknife(evaluate((of) => of(estimate)), varied).variance);
    // Where the jackknife sees no scatter, what `prob` adds is known without an estimate.
    return { variance: proper, freedom: variance === 0 ? Infinity : freedom, over: distinct };
  }

  /** Replaces the jackknife variance of each `prob` by that of (k + 2)/(n + 4), through the slope of the expression in it. */
  private withProbs(prepared: Prepared, value: number, variance: number, estimates: readonly Estimate[], own: (one: Estimate) => number): number {
    const probs = estimates.filter((estimate) => estimate.sampled.expression.estimator === "prob" && !estimate.sampled.exact);
    if (probs.length === 0 || Number.isNaN(value)) return variance;
    const terms = probs.map((prob) => {
      const jackknifed = own(prob);
      const proper = probVariance(prob.value, prob.sampled.records, prob.sampled.unitNames.length, jackknifed);
      const step = Math.sqrt(proper);
      const at = (p: number) => prepared((estimate) => (estimate === prob ? p : estimate.value), {});
      const [low, high] = [Math.max(0, prob.value - step), Math.min(1, prob.value + step)];
      const slope = (at(high) - at(low)) / (high - low);
      return { proper: slope * slope * proper, jackknifed: slope * slope * jackknifed };
    });
    if (estimates.length === 1) return terms[0].proper;
    const corrected = variance + terms.reduce((sum, term) => sum + Math.max(0, term.proper - term.jackknifed), 0);
    return corrected > 0 ? corrected : terms.reduce((sum, term) => sum + term.proper, 0);
  }

  private levelOf(group: ResampleGroup): ErrorLevel {
    const count = group.sizes.length;
    return { units: group.units as ErrorLevel["units"], count, label: `${count} ${group.units}${this.labels.get(group.key) ?? ""}` };
  }

  private prepare(expression: ResultExpression, fixed: Point): Prepared {
    switch (expression.kind) {
      case "constant":
        return () => expression.value;
      case "variable":
        return (_, bindings) => this.variable(expression.name, fixed, bindings);
      case "runParameter":
        return () => this.runParameter(expression.run, expression.name, fixed);
      case "apply": {
        const inputs = expression.arguments.map((argument) => this.prepare(argument, fixed));
        return (estimate, bindings) => expression.value(...inputs.map((input) => input(estimate, bindings)));
      }
      case "observable":
        return () => this.refuse(`${expression.run}.${expression.name} stands outside of an estimator`);
      case "estimator": {
        const estimate = this.estimate(expression, fixed);
        return estimate === undefined ? () => NaN : (of) => of(estimate);
      }
      case "at": {
        const here: Record<string, number> = { ...fixed };
        for (const { name, value } of expression.values) here[name] = this.number(value, fixed);
        return this.prepare(expression.body, here);
      }
      case "theory": {
        const positional = expression.arguments.map((argument) => this.prepare(argument, fixed));
        const named = Object.entries(expression.named).map(([name, value]) => [name, this.prepare(value, fixed)] as const);
        return (estimate, bindings) =>
          this.predict(
            expression.theory,
            expression.quantity,
            positional.map((argument) => argument(estimate, bindings)),
            Object.fromEntries(named.map(([name, argument]) => [name, argument(estimate, bindings)])),
            { ...this.parameters.unique, ...this.given, ...fixed, ...bindings },
          );
      }
      case "integral": {
        const [from, to] = [expression.from, expression.to].map((end) => end && this.prepare(end, fixed));
        const body = this.prepare(expression.body, fixed);
        return onceWithoutData(expression, (estimate, bindings) => {
          const f: Integrand = (x, out) => { out[0] = body(estimate, { ...bindings, [expression.variable]: x }); };
          return (from && to ? integrateRange(f, from(estimate, bindings), to(estimate, bindings), 1, 1e-12) : integrateGauss(f, 1, 1e-12))[0];
        });
      }
      case "root": {
        const [from, to, body] = [expression.from, expression.to, expression.body].map((part) => this.prepare(part, fixed));
        return onceWithoutData(expression, (estimate, bindings) => {
          const f = (x: number) => {
            this.uncertainty = 0;
            return body(estimate, { ...bindings, [expression.variable]: x });
          };
          const before = new Set(this.reasons);
          const result = this.unlessPending((settled) => findRoot(f, from(estimate, bindings), to(estimate, bindings), { uncertainty: () => this.uncertainty, settled }));
          if (result === undefined) return NaN;
          if ("root" in result) {
            // That the function has no value elsewhere in the interval doesn't matter: only what is wrong at the root itself does.
            this.reasons = before;
            f(result.root);
          }
          return "root" in result ? result.root : this.refuse(`root of ${expression.variable}: ${result.refused}`);
        });
      }
    }
  }

  /** The result of a search that asks for predictions, each depending on those before; undefined where `settled` finds that one is still worked on. */
  private unlessPending<T>(search: (settled: () => void) => T): T | undefined {
    const outer = this.pending;
    this.pending = false;
    try {
      return search(() => {
        if (this.pending) throw new Unsettled();
      });
    } catch (error) {
      if (error instanceof Unsettled) return undefined;
      throw error;
    } finally {
      this.pending ||= outer;
    }
  }

  /** The data that an estimator acts on, once for all estimators that read the same. */
  private read(expression: EstimatorExpression, fixed: Point) {
    const runs = [];
    for (const name of expression.runs) {
      const reference = runPoint(this.environment, name, { ...this.given, ...fixed });
      if ("refused" in reference) return void this.refuse(reference.refused);
      runs.push({ name, records: this.environment.runs.get(name)!, point: reference.point, label: reference.label });
    }
    const place = runs.map((run) => `${run.name}@${run.point}`).join("+");
    const data = this.data.get(place) ?? pointData(runs);
    this.data.set(place, data);
    if ("refused" in data) return void this.refuse(data.refused);
    data.missing.forEach((reason) => this.reasons.add(reason));
    return { runs, place, data };
  }

  private estimate(expression: EstimatorExpression, fixed: Point): Estimate | undefined {
    if (expression.estimator === "histogram") return void this.refuse("a histogram is no number: it can only be plotted");
    const found = this.read(expression, fixed);
    if (found === undefined) return undefined;
    const { runs, place, data } = found;
    const context = this.context(fixed);
    const { plan } = runs[0].records;
    const exact = data.level === "time" && isExact(expression, data);
    const group = exact ? `exact ${place}` : data.level === "time" ? `time ${place}` : `${data.level} of ${plan.model}, seed ${plan.seed}`;
    this.labels.set(group, data.level === "starts" && plan.disordered !== false ? " (conditional on the disorder)" : "");
    if (runs.some((run) => testsEquilibration(run.records.plan))) this.testEquilibrium(expression, comparable(plan, data.samples), context, runs[0].label);
    const blocks = exact ? 1 : data.level === "time" ? this.blocksAt(place, data, expression, context, runs[0].records.plan.transient) : 0;

    const known = keyOf([expression, fixed]);
    let estimate = this.estimates.get(known);
    if (estimate === undefined) {
      const one = sampled(expression, data, blocks, context);
      estimate = { sampled: one, group, value: one.value(new Float64Array(one.unitNames.length).fill(1)) };
      this.estimates.set(known, estimate);
    }
    this.used.add(estimate);
    return estimate;
  }

  private context(fixed: Point): SampledContext {
    return {
      value: (part) => this.number(part, fixed),
      option: (option) => (typeof option === "number" ? option : this.number(option, fixed)),
      refuse: (reason) => void this.refuse(reason),
    };
  }

  /** All estimators that read one chain cut it in the same way, so that they can be resampled jointly. */
  private blocksAt(place: string, data: PointData, expression: EstimatorExpression, context: SampledContext, transient: boolean): number {
    const [[chain]] = data.samples;
    const alike = this.expressions.flatMap((one) => [...parts(one)]).filter((part) => part.kind === "estimator");
    const same = alike.filter((part) => part.runs.join() === expression.runs.join() && part.estimator !== "histogram");
    const { blocks, plateau } = blocksOf([expression, ...same], chain, context);
    if (!plateau && blocks > 1 && !transient) this.reasons.add("no plateau of the error in time: the measurement is too short for its autocorrelation");
    const known = this.blocks.get(place) ?? blocks;
    this.blocks.set(place, known);
    return known;
  }

  private testEquilibrium(expression: EstimatorExpression, samples: PointData["samples"], context: SampledContext, label: string): void {
    const direct = expression.arguments.some((argument) => outermost(argument).length > 0) ? expression.arguments.flatMap(outermost) : [expression];
    for (const one of direct) {
      for (const argument of one.arguments) {
        const reason = notEquilibrated(convergence(samples.map((chains) => chains.map((chain) => unitOf([argument], [chain], context).values[0]))));
        if (reason !== undefined) this.reasons.add(`${reason} (${one.runs.join(", ")}${label})`);
      }
    }
  }

  /** The largest residual of the predictions since it was last set to 0: roots are no sharper. */
  private uncertainty = 0;

  private predict(theory: string, quantity: string, positional: readonly number[], named: Bindings, context: Bindings): number {
    const request = { theory, quantity, arguments: positional, named, context };
    const key = keyOf(request);
    const answer = this.answers.get(key) ?? this.environment.theory(request);
    this.answers.set(key, answer);
    if ("pending" in answer) {
      this.pending = true;
      return NaN;
    }
    if ("refused" in answer) return this.refuse(`${theory}.${quantity}: ${answer.refused}`);
    this.uncertainty = Math.max(this.uncertainty, Math.abs(answer.residual));
    const known = this.theories.get(`${theory}.${quantity}`);
    this.theories.set(`${theory}.${quantity}`, {
      theory, quantity, status: answer.status, assumptions: answer.assumptions,
      residual: Math.max(known?.residual ?? 0, Math.abs(answer.residual)),
    });
    return answer.value;
  }

  private variable(name: string, fixed: Point, bindings: Bindings): number {
    const value = bindings[name] ?? fixed[name] ?? this.given[name] ?? this.parameters.unique[name];
    if (value !== undefined) return value;
    const runs = this.parameters.differing.get(name);
    return this.refuse(runs === undefined ? `${name} has no value here` : `${name} has several values here: write ${runs.map((run) => `${run}.${name}`).join(" or ")}`);
  }

  private runParameter(run: string, name: string, fixed: Point): number {
    const reference = runPoint(this.environment, run, { ...this.given, ...fixed });
    if (!("refused" in reference)) return reference.values[name] ?? this.refuse(`${run} has no parameter ${name}`);
    // A parameter that no sweep changes has a value even where the run's point is open.
    const values = new Set(this.environment.runs.get(run)?.plan.points.map((point) => point.parameters[name]));
    const [only] = values;
    return values.size === 1 && only !== undefined ? only : this.refuse(reference.refused);
  }

  /** A number that holds for all replicates: a position, an option, a subscript, a variable. */
  private number(expression: ResultExpression, fixed: Point): number {
    return this.prepare(expression, fixed)((estimate) => estimate.value, {});
  }

  private refuse(reason: string): number {
    this.reasons.add(reason);
    return NaN;
  }
}

/** An integral or a root that reads no records and no variable of one around it is found once for all replicates. */
function onceWithoutData(expression: ResultExpression, find: Prepared): Prepared {
  if (hasEstimator(expression)) return find;
  let known: number | undefined;
  return (estimate, bindings) => (Object.keys(bindings).length > 0 ? find(estimate, bindings) : (known ??= find(estimate, bindings)));
}

/** Numbers as text: JSON has neither inf nor NaN. */
const keyOf = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => (typeof part === "number" ? String(part) : part));

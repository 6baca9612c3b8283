/**
 * One outermost estimator at one sweep point, ready to be evaluated on resamples of its units: samples, starts, or blocks in time.
 * What is nested in it acts within each sample.
 */
import { binning, blockEdge } from "../estimators/binning.ts";
import type { Division, Multiplicity, NumberEstimator, Unit } from "../estimators/estimator.ts";
import { resampling } from "../estimators/fold.ts";
import { estimators } from "../estimators/index.ts";
import type { Chain, Leaves, Level, PointData } from "./data.ts";
import { column } from "./data.ts";
import type { ResultExpression } from "./expression.ts";
import { parts } from "./walk.ts";

export type EstimatorExpression = ResultExpression & { readonly kind: "estimator" };

export interface Sampled {
  readonly expression: EstimatorExpression;
  readonly level: Level;
  /** What the units are called within their group: sample numbers, start numbers, block numbers. */
  readonly unitNames: readonly number[];
  readonly records: number;
  /** Whether chance has no part in the units, so that one alone has no error. */
  readonly exact: boolean;
  /** Whether errors need the bootstrap, because an order statistic acts on what is resampled. */
  readonly bootstrap: boolean;
  readonly value: (multiplicity: Multiplicity) => number;
}

/** What is taken from the surroundings: values of variables and parameters, and a place for reasons. */
export interface SampledContext extends Leaves {
  readonly option: (value: number | ResultExpression) => number;
}

/** @param blocks into how many blocks a single chain is cut (`blocksOf`) */
export function sampled(expression: EstimatorExpression, data: PointData, blocks: number, context: SampledContext): Sampled {
  const inner = expression.arguments.flatMap((argument) => outermost(argument));
  if (inner.some((estimator) => estimator.arguments.some((argument) => outermost(argument).length > 0))) {
    context.refuse("estimators are nested more than two deep: the inner one acts within each sample, the outer one over samples");
  }
  const kinds = [expression, ...(data.level === "samples" ? [] : inner)].map((one) => record(one.estimator));
  const base = {
    expression,
    level: data.level,
    unitNames: unitNames(data, blocks),
    records: data.samples.flat().reduce((sum, chain) => sum + chain.records, 0),
    exact: isExact(expression, data),
    bootstrap: kinds.some((kind) => kind.error === "bootstrap"),
  };
  const options = optionsOf(expression, context);
  // Above nested estimators only, there is one number a sample.
  const onePerSample = inner.length > 0 && expression.arguments.every((argument) => readsNoRecord(argument));
  const outerOn = (division: Division): ((multiplicity: Multiplicity) => number) => resampling(record(expression.estimator).fold(options), division);

  if (data.level === "samples") {
    const units = data.samples.map((chains) => {
      const whole: Division = { units: [], separate: false };
      const leaves = withInner(context, inner, (one) => prepared(one, { ...whole, units: [unitOf(one.arguments, chains, context)] }, context)([1]));
      return unitOf(expression.arguments, onePerSample ? [{ ...chains[0], records: 1, share: 1 }] : chains, leaves);
    });
    return { ...base, value: outerOn({ units, separate: !onePerSample }) };
  }

  const [chains] = data.samples;
  const divide = (arguments_: readonly ResultExpression[], leaves: Leaves): Unit[] => dividedUnits(arguments_, data, blocks, leaves);
  if (inner.length === 0) return { ...base, value: outerOn({ units: divide(expression.arguments, context), separate: false }) };
  const innerValues = inner.map((one) => prepared(one, { units: divide(one.arguments, context), separate: false }, context));
  return {
    ...base,
    value: (multiplicity) => {
      const leaves = withInner(context, inner, (one) => innerValues[inner.indexOf(one)](multiplicity));
      if (!onePerSample) return outerOn({ units: divide(expression.arguments, leaves), separate: false })(multiplicity);
      const unit = unitOf(expression.arguments, [{ ...chains[0], records: 1, share: 1 }], leaves);
      return outerOn({ units: [unit], separate: false })([1]);
    },
  };
}

/** Arguments that read records, in the units of resampling: samples, starts, or so many blocks of a single chain. */
export function dividedUnits(arguments_: readonly ResultExpression[], { level, samples }: PointData, blocks: number, leaves: Leaves): Unit[] {
  if (level === "samples") return samples.map((chains) => unitOf(arguments_, chains, leaves));
  const [chains] = samples;
  return level === "starts" ? chains.map((chain) => unitOf(arguments_, [chain], leaves)) : cut(unitOf(arguments_, chains, leaves), blocks);
}

/** Whether chance has no part in what an estimator reads. */
export const isExact = (expression: EstimatorExpression, { samples }: PointData): boolean =>
  [...parts(expression)].every((part) => part.kind !== "observable" || samples.flat().every((chain) => chain.isCertain(part.run, part.name)));

/** The number of blocks for one chain: what the most correlated argument of all these estimators needs; and whether it is enough. */
export function blocksOf(expressions: readonly EstimatorExpression[], chain: Chain, context: SampledContext): { blocks: number; plateau: boolean } {
  let blocks = chain.records;
  let plateau = true;
  for (const expression of expressions) {
    for (const one of [expression, ...expression.arguments.flatMap(outermost)]) {
      if (one.arguments.some((argument) => outermost(argument).length > 0)) continue;
      for (const series of unitOf(one.arguments, [chain], context).values) {
        const found = binning(series);
        blocks = Math.min(blocks, found.blocks);
        plateau &&= found.plateau;
      }
    }
  }
  return { blocks, plateau };
}

/** The outermost estimators in an expression. */
export function outermost(expression: ResultExpression): EstimatorExpression[] {
  if (expression.kind === "estimator") return [expression];
  return expression.kind === "apply" ? expression.arguments.flatMap(outermost) : [];
}

/** Values of arguments on some chains, one after the other. */
export function unitOf(arguments_: readonly ResultExpression[], chains: readonly Chain[], leaves: Leaves): Unit {
  const lengths = chains.map((chain) => chain.records);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const values = arguments_.map((argument) => {
    const all = new Float64Array(total);
    let filled = 0;
    for (const chain of chains) {
      const values = column(argument, chain, leaves);
      if (typeof values === "number") all.fill(values, filled, filled + chain.records);
      else all.set(values, filled);
      filled += chain.records;
    }
    return all;
  });
  // Of one number a sample nothing is weighted.
  const exact = chains.every((chain) => chain.weights?.length === chain.records);
  if (!exact && chains.every((chain) => (chain.share ?? 1) === 1)) return { values, lengths };
  const weights = new Float64Array(total);
  let filled = 0;
  for (const chain of chains) {
    if (exact) weights.set(chain.weights!, filled);
    else weights.fill(chain.share ?? 1, filled, filled + chain.records);
    filled += chain.records;
  }
  return { values, lengths, weights, ...(exact ? { exact } : {}) };
}

function record(name: string): NumberEstimator {
  const estimator = estimators[name];
  if (estimator?.result !== "number") throw new Error(`internal: ${name} is no estimator of a number`);
  return estimator;
}

const optionsOf = (expression: EstimatorExpression, context: SampledContext): Record<string, number> =>
  Object.fromEntries(Object.entries(expression.options).map(([name, value]) => [name, context.option(value)]));

const prepared = (expression: EstimatorExpression, data: Division, context: SampledContext) =>
  resampling(record(expression.estimator).fold(optionsOf(expression, context)), data);

function withInner(context: Leaves, inner: readonly EstimatorExpression[], value: (one: EstimatorExpression) => number): Leaves {
  const known = new Map(inner.map((one) => [one as ResultExpression, value(one)]));
  return { value: (expression) => known.get(expression) ?? context.value(expression), refuse: context.refuse };
}

function readsNoRecord(expression: ResultExpression): boolean {
  if (expression.kind === "estimator") return true;
  return expression.kind !== "observable" && (expression.kind !== "apply" || expression.arguments.every(readsNoRecord));
}

function unitNames(data: PointData, blocks: number): number[] {
  if (data.level === "samples") return data.samples.map((chains) => chains[0].sample);
  if (data.level === "starts") return data.samples[0].map((chain) => chain.start);
  return Array.from({ length: blocks }, (_, block) => block);
}

/** Consecutive parts of nearly equal length. */
function cut(unit: Unit, blocks: number): Unit[] {
  const length = unit.lengths[0];
  const edge = (block: number) => blockEdge(block, blocks, length);
  return Array.from({ length: blocks }, (_, block) => ({
    values: unit.values.map((values) => values.subarray(edge(block), edge(block + 1))),
    ...(unit.weights ? { weights: unit.weights.subarray(edge(block), edge(block + 1)) } : {}),
    ...(unit.exact ? { exact: true } : {}),
    lengths: [edge(block + 1) - edge(block)],
  }));
}

/** Whether an expression reads a variable of that name. */
export const readsVariable = (expression: ResultExpression, name: string): boolean =>
  [...parts(expression)].some((part) => part.kind === "variable" && part.name === name);

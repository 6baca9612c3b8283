/** What the loss of a pattern contributes to a potential: log ∫Dv exp(−β ℓ(mean + √width v; y)), at T = 0 the log probability of the lowest loss. */
import { evaluate } from "../ir/evaluate.ts";
import { constant, rewrite } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { key, normalise } from "../ir/normalise.ts";
import { print } from "../ir/print.ts";
import { build as b } from "../library/ops/index.ts";
import { areSigns, field, label } from "../library/recognisers/patternLabels.ts";
import type { GeneralisedLinear } from "../library/recognisers/generalisedLinear.ts";
import type { Averages } from "./averages.ts";
import { half, mul, num, scalar } from "./derivedPotential.ts";
import { isStepwise, smoothLoss, stepsOf } from "./patternLoss.ts";
import type { Sized, Step } from "./patternLoss.ts";

/** What the steps or formula of a loss contribute: log ∫Dv exp(−β ℓ) and the loss itself, at label y. */
export interface PatternLoss { readonly logWeight: (mean: Expression, width: Expression, y: number, averages: Averages) => Expression; readonly loss: (h: Expression, y: number) => Expression; readonly symmetric: boolean; readonly lowest: number; readonly text: string; readonly steps?: readonly Step[]; /** Fields at which the loss jumps. */ readonly edges: (y: number) => readonly number[] }

/** The loss at both labels, as weights of steps or as a smooth function. */
export function lossWeights(energy: GeneralisedLinear, large: Sized, larger: Sized, T: number): PatternLoss | { readonly refused: string } {
  const { loss } = energy;
  const { parameters, scale } = large;
  const given = rewrite(loss, (n) => (n.kind === "parameter" ? constant(parameters[n.name]!) : n));
  const mirrored = rewrite(given, (n) => (n === field ? b.neg(field) : n === label ? b.neg(label) : n));
  if (!isStepwise(given)) {
    if (T === 0) return { refused: `T = 0 of a smooth loss (${print(loss)}) is not supported by this version: take a small temperature` };
    const probe = (size: Sized): number => evaluate(loss, { parameters: size.parameters, entry: (array) => (array === "h" ? 0.7 * size.scale : 1) });
    if (!(Math.abs(probe(large) - probe(larger)) <= 1e-6 * Math.abs(probe(large)))) return { refused: "the fields or the loss of a pattern grow or vanish with the size of the model: divide the fields by sqrt(N)" };
    const at = (y: number, h: Expression): Expression => smoothLoss(loss, y, scale, parameters, h);
    return {
      symmetric: areSigns(energy.labels) && key(normalise(given)) === key(normalise(mirrored)), lowest: 0,
      text: `${print(given)} × ${scale}`,
      loss: (h, y) => at(y, h), edges: () => [],
      logWeight: (mean, width, y, averages) => b.log(averages.gauss("v", (v) => b.exp(b.neg(mul(scalar("β"), at(y, b.add(mean, mul(b.sqrt(width), v)))))))),
    };
  }
  const made = [1, -1].map((y) => stepsOf(loss, y, large, larger));
  const bad = made.find((m) => "refused" in m);
  if (bad && "refused" in bad) return bad;
  const [plus, minus] = made as [readonly Step[], readonly Step[]];
  const all = !areSigns(energy.labels) ? plus : [...plus, ...minus];
  const lowest = Math.min(...all.map((s) => s.value));
  const steps = (y: number): readonly Step[] => (y === 1 ? plus : minus);
  const flipped = minus.map((s) => ({ from: -s.to, to: -s.from, value: s.value })).reverse();
  if (T === 0 && [plus, ...(!areSigns(energy.labels) ? [] : [minus])].some((list) => !list.some((s) => s.value === lowest))) return { refused: "at T = 0 the lowest loss depends on the label: such losses are not covered" };
  const text = (list: readonly Step[]): string => list.map((s) => `${s.from}:${s.to}=${s.value}`).join();
  return {
    symmetric: areSigns(energy.labels) && text(plus) === text(flipped).replaceAll("-0:", "0:"), lowest, steps: plus, edges: (y) => steps(y).map((s) => s.to).filter(Number.isFinite), text: `${text(plus)} | ${text(minus)}`,
    loss: (h, y) => steps(y).slice(0, -1).reduceRight((above: Expression, s) => b.select(b.lt(h, num(s.to)), num(s.value), above), num(steps(y).at(-1)!.value)),
    logWeight: (mean, width, y) => {
      const unit = (h: number): Expression => b.div(b.sub(num(h), mean), b.sqrt(width));
      const kept = T === 0 ? steps(y).filter((s) => s.value === lowest) : steps(y);
      if (T === 0 && kept.length === 1) return logProbability(kept[0]!, unit);
      const weighted = kept.map((s) => (T === 0 || s.value === lowest ? probability(s, unit) : mul(b.exp(mul(num(lowest - s.value), scalar("β"))), probability(s, unit))));
      return b.log(weighted.reduce((sum, e) => b.add(sum, e)));
    },
  };
}

function probability({ from, to }: Step, unit: (h: number) => Expression): Expression {
  if (from === -Infinity) return to === Infinity ? num(1) : b.gauss_cdf(unit(to));
  if (to === Infinity) return b.gauss_tail(unit(from));
  return b.sub(b.gauss_cdf(unit(to)), b.gauss_cdf(unit(from)));
}

/** The logarithm of the probability of an interval, without cancellation in the tails. */
function logProbability({ from, to }: Step, unit: (h: number) => Expression): Expression {
  if (from === -Infinity) return to === Infinity ? num(0) : b.log_gauss_cdf(unit(to));
  if (to === Infinity) return b.log_gauss_tail(unit(from));
  // Mirrored so that it lies in the upper tail: log [Q(x) − Q(y)] = log Q(x) + log(1 − Q(y)/Q(x)).
  const [x, y] = [unit(from), unit(to)];
  const centre = mul(half, b.abs(b.add(x, y))), reach = mul(half, b.sub(y, x));
  const [near, far] = [b.sub(centre, reach), b.add(centre, reach)];
  return b.add(b.log_gauss_tail(near), b.log(b.neg(b.expm1(b.sub(b.log_gauss_tail(far), b.log_gauss_tail(near))))));
}


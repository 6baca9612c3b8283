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
import { add, half, mul, num, scalar } from "./derivedPotential.ts";
import { isConvex, isStepwise, quadraticPieces, smoothLoss, stepsOf } from "./patternLoss.ts";
import type { QuadraticPiece, Sized, Step } from "./patternLoss.ts";

/** What the steps or formula of a loss contribute: log ∫Dv exp(−β ℓ) and the loss itself, at label y. */
export interface PatternLoss {
  /** What the lowest energies are made of, at T = 0. */
  readonly ground?: GroundLoss;
  /** Whether fields of lowest loss have a probability, so that states of lowest energy have an entropy at T = 0; true at T > 0. */
  readonly entropic: boolean;
  readonly logWeight: (mean: Expression, width: Expression, y: number, averages: Averages) => Expression; 
  readonly loss: (h: Expression, y: number) => Expression;
  readonly symmetric: boolean;
  /** Whether its weight is an integral. */
  readonly nested: boolean;
  readonly lowest: number;
  readonly text: string;
  readonly steps?: readonly Step[];
  /** Fields at which the loss jumps. */
  readonly edges: (y: number) => readonly number[];
}

/** A loss whose minimum with a parabola is known: quadratic in pieces, or smooth and convex. */
export type GroundLoss = { readonly kind: "pieces"; readonly pieces: (y: number) => readonly QuadraticPiece[]; readonly convex: boolean } | { readonly kind: "convex" };

/** The loss at both labels, as weights of steps or as a smooth function. */
export function lossWeights(energy: GeneralisedLinear, large: Sized, larger: Sized, T: number): PatternLoss | { readonly refused: string } {
  const { loss } = energy;
  const { parameters } = large;
  const given = rewrite(loss, (n) => (n.kind === "parameter" ? constant(parameters[n.name]!) : n));
  const mirrored = rewrite(given, (n) => (n === field ? b.neg(field) : n === label ? b.neg(label) : n));
  if (!isStepwise(given)) return smoothWeights(energy, given, mirrored, large, larger, T);
  const made = [1, -1].map((y) => stepsOf(loss, y, large, larger));
  const bad = made.find((m) => "refused" in m);
  if (bad && "refused" in bad) return bad;
  const [plus, minus] = made as [readonly Step[], readonly Step[]];
  const all = !areSigns(energy.labels) ? plus : [...plus, ...minus];
  const lowest = Math.min(...all.map((s) => s.value));
  const steps = (y: number): readonly Step[] => (y === 1 ? plus : minus);
  const pieces = (y: number): readonly QuadraticPiece[] => steps(y).map(({ from, to, value }) => ({ from, to, square: 0, slope: 0, value }));
  const flipped = minus.map((s) => ({ from: -s.to, to: -s.from, value: s.value })).reverse();
  if (T === 0 && [plus, ...(!areSigns(energy.labels) ? [] : [minus])].some((list) => !list.some((s) => s.value === lowest))) return { refused: "at T = 0 the lowest loss depends on the label: such losses are not covered" };
  const text = (list: readonly Step[]): string => list.map((s) => `${s.from}:${s.to}=${s.value}`).join();
  return {
    entropic: true, nested: false, ...(T === 0 ? { ground: { kind: "pieces", pieces, convex: false } } : {}),
    symmetric: areSigns(energy.labels) && text(plus) === text(flipped).replaceAll("-0:", "0:"), lowest, steps: plus, edges: (y) => steps(y).map((s) => s.to).filter(Number.isFinite), text: `${text(plus)} | ${text(minus)}`,
    loss: (h, y) => steps(y).slice(0, -1).reduceRight((above: Expression, s) => b.select(b.lt(h, num(s.to)), num(s.value), above), num(steps(y).at(-1)!.value)),
    logWeight: (mean, width, y) => {
      if (T === 0) return logOfLowest(steps(y).filter((s) => s.value === lowest), mean, width);
      const unit = unitOf(mean, width);
      // By logarithms: at low temperatures weights vanish before their ratios do.
      return steps(y).map((s): Expression => b.add(mul(num(lowest - s.value), scalar("β")), logProbability(s, unit))).reduce(logOfBoth);
    },
  };
}

function smoothWeights({ loss, labels, weights }: GeneralisedLinear, given: Expression, mirrored: Expression, large: Sized, larger: Sized, T: number): PatternLoss | { readonly refused: string } {
  const { parameters, scale } = large;
  const probe = (size: Sized): number => evaluate(loss, { parameters: size.parameters, entry: (array) => (array === "h" ? 0.7 * size.scale : 1) });
  if (!(Math.abs(probe(large) - probe(larger)) <= 1e-6 * Math.abs(probe(large)))) return { refused: "the fields or the loss of a pattern grow or vanish with the size of the model: divide the fields by sqrt(N)" };
  const at = (y: number, h: Expression): Expression => smoothLoss(loss, y, scale, parameters, h);
  const signs = areSigns(labels) ? [1, -1] : [1];
  const fall = Math.max(...signs.map((y) => fallOf((x) => evaluate(loss, { parameters, entry: (array) => (array === "h" ? x * scale : y) }))));
  if (fall > 2.01) return { refused: `the loss of a pattern, ${print(loss)}, falls faster than −h²: Gibbs weights of its field have no sum` };
  if (fall > 1.99 && weights.domain === "spin") return { refused: `the loss of a pattern, ${print(loss)}, falls like −h²: one pattern alone can have an energy of order N, as in an associative memory; covered are those whose patterns weigh alike and are \`Sign\` or \`Normal\`` };
  const common = {
    symmetric: areSigns(labels) && key(normalise(given)) === key(normalise(mirrored)), text: `${print(given)} × ${scale}`, nested: false,
    loss: (h: Expression, y: number) => at(y, h), edges: () => [],
  };
  const made = signs.map((y) => quadraticPieces(loss, y, large));
  const whole = made.filter((m) => m !== undefined);
  const pieces = (y: number): readonly QuadraticPiece[] => whole[signs.indexOf(y)] ?? whole[0]!;
  const closed = whole.length === made.length && whole.every((list) => list.length === 1 || list.every((p) => p.square >= 0));
  if (T > 0) return {
    ...common, lowest: 0, entropic: true, nested: !closed,
    logWeight: closed ? (mean, width, y) => logOfPieces(pieces(y), mean, width)
      : (mean, width, y, averages) => b.log(averages.gauss("v", (v) => b.exp(b.neg(mul(scalar("β"), at(y, b.add(mean, mul(b.sqrt(width), v)))))))),
  };
  if (whole.length < made.length) {
    const rough = signs.some((y) => !isConvexAt((x) => evaluate(loss, { parameters, entry: (array) => (array === "h" ? x * scale : y) })));
    return rough ? { refused: `T = 0 of the loss ${print(loss)}: it is neither convex nor quadratic between its kinks; take a small temperature` }
      : { ...common, lowest: 0, entropic: false, ground: { kind: "convex" }, logWeight: () => { throw new Error("internal: no fields of lowest loss"); } };
  }
  if (whole.flat().some((p) => p.square < 0 || (p.square === 0 && ((p.to === Infinity && p.slope < 0) || (p.from === -Infinity && p.slope > 0))))) return { refused: `T = 0 of the loss ${print(loss)}: it has no lowest value, or bends downwards; take a small temperature` };
  const minimumOf = (p: QuadraticPiece): number => Math.min(...[p.from, p.to, p.square > 0 ? Math.min(Math.max(-p.slope / (2 * p.square), p.from), p.to) : 0].filter((x) => Number.isFinite(x) && x >= p.from && x <= p.to).map((x) => p.square * x * x + p.slope * x + p.value));
  const lowest = Math.min(...whole.flat().map(minimumOf));
  const flat = (p: QuadraticPiece): boolean => p.square === 0 && p.slope === 0 && p.value <= lowest + 1e-12;
  const entropic = whole.every((list) => list.some(flat));
  const steps = (y: number): readonly Step[] => pieces(y).map((p) => ({ from: p.from, to: p.to, value: flat(p) ? lowest : lowest + 1 }));
  return {
    ...common, lowest, entropic, ground: { kind: "pieces", pieces, convex: whole.every(isConvex) }, ...(entropic ? { steps: steps(1) } : {}),
    logWeight: (mean, width, y) => logOfLowest(steps(y).filter((s) => s.value === lowest), mean, width),
  };
}

/** The a of a loss that falls like −|h|^a far from 0; 0 for one that doesn't. */
function fallOf(at: (x: number) => number): number {
  return Math.max(0, ...[1, -1].map((side) => { const [near, far] = [-at(80 * side), -at(160 * side)]; return near > 0 && far > near ? Math.log2(far / near) : 0; }));
}

/** log ∫Dv exp(−β ℓ(mean + √width v)) for a loss that is quadratic in pieces: of each a Gaussian integral. */
function logOfPieces(pieces: readonly QuadraticPiece[], mean: Expression, width: Expression): Expression {
  const beta = scalar("β");
  return pieces.map(({ from, to, square, slope, value }): Expression => {
    const narrowed = b.add(num(1), mul(num(2 * square), beta, width));
    const pull = b.add(mul(num(2 * square), mean), num(slope));
    const level = add(mul(num(square), mean, mean), mul(num(slope), mean), num(value));
    const whole = add(mul(num(-0.5), b.log(narrowed)), b.neg(mul(beta, level)), b.div(mul(half, beta, beta, width, pull, pull), narrowed));
    const centre = b.div(b.sub(mean, mul(num(slope), beta, width)), narrowed);
    return from === -Infinity && to === Infinity ? whole : b.add(whole, logProbability({ from, to }, unitOf(centre, b.div(width, narrowed))));
  }).reduce(logOfBoth);
}

/** The logarithm of the sum of the exponentials of two numbers. */
const logOfBoth = (a: Expression, other: Expression): Expression => b.add(a, b.softplus(b.sub(other, a)));

/** Whether a function curves upwards, on a grid that holds every field that matters. */
function isConvexAt(f: (x: number) => number): boolean {
  for (let x = -12; x < 12; x += 0.05) if (f(x - 0.05) + f(x + 0.05) - 2 * f(x) < -1e-10 * (1 + Math.abs(f(x)))) return false;
  return true;
}

const unitOf = (mean: Expression, width: Expression) => (h: number): Expression => b.div(b.sub(num(h), mean), b.sqrt(width));

/** The log probability that a field of this mean and variance is in one of the intervals. */
function logOfLowest(allowed: readonly Step[], mean: Expression, width: Expression): Expression {
  const unit = unitOf(mean, width);
  return allowed.length === 1 ? logProbability(allowed[0]!, unit) : b.log(allowed.map((s) => probability(s, unit)).reduce((sum, e) => b.add(sum, e)));
}

function probability({ from, to }: Step, unit: (h: number) => Expression): Expression {
  if (from === -Infinity) return to === Infinity ? num(1) : b.gauss_cdf(unit(to));
  if (to === Infinity) return b.gauss_tail(unit(from));
  return b.sub(b.gauss_cdf(unit(to)), b.gauss_cdf(unit(from)));
}

/** The logarithm of the probability of an interval, without cancellation in the tails. */
function logProbability({ from, to }: Pick<Step, "from" | "to">, unit: (h: number) => Expression): Expression {
  if (from === -Infinity) return to === Infinity ? num(0) : b.log_gauss_cdf(unit(to));
  if (to === Infinity) return b.log_gauss_tail(unit(from));
  // Mirrored so that it lies in the upper tail: log [Q(x) − Q(y)] = log Q(x) + log(1 − Q(y)/Q(x)).
  const [x, y] = [unit(from), unit(to)];
  const centre = mul(half, b.abs(b.add(x, y))), reach = mul(half, b.sub(y, x));
  const [near, far] = [b.sub(centre, reach), b.add(centre, reach)];
  return b.add(b.log_gauss_tail(near), b.log(b.neg(b.expm1(b.sub(b.log_gauss_tail(far), b.log_gauss_tail(near))))));
}


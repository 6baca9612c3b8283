/**
 * Replica-symmetric theory of generalised linear energies Σ_μ ℓ(h_μ; y_μ), per weight, at load α = P/N:
 *
 *   φ = G_S + δ G_F + α G_E,   G_E = Σ_y ∫Dz P(y|z) log ∫Dv exp(−β ℓ(√Q z + √(Q_d − Q) v; y)).
 *
 * Spins: G_S = −½ q̂(1 − q) [− r̂ r] + ∫Dz log 2cosh(√q̂ z [+ r̂]); sphere: G_S = ½ [log(1 − q) + (q − r²)/(1 − q)].
 * Gardner (1988) J. Phys. A 21, 257; Krauth and Mézard (1989) J. Phys. France 50, 3057; Györgyi (1990) Phys. Rev. A 41, 7097.
 * Random features in front (δ = D/N hidden inputs): Baldassi et al., arXiv:2110.00683, in the form of THEORY.md D. The overlap with
 * a teacher is written r = ρ √q (behind features ρ √p), and p_d = p + v, so that every admissible point is in a box.
 */
import type { Expression } from "../ir/expression.ts";
import { constant } from "../ir/expression.ts";
import { key, normalise } from "../ir/normalise.ts";
import { print } from "../ir/print.ts";
import type { Program } from "../ir/program.ts";
import { build as b } from "../library/ops/index.ts";
import { field, label, preactivation } from "../library/recognisers/generalisedLinear.ts";
import type { GeneralisedLinear } from "../library/recognisers/generalisedLinear.ts";
import { rewrite } from "../ir/expression.ts";
import { simplify } from "../3-passes/simplify.ts";
import { findRoot } from "../../runtime/results/findRoot.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import { add, half, logTwoCosh, mul, num, prepare, scalar, solvePrepared } from "./derivedPotential.ts";
import type { Prepared } from "./derivedPotential.ts";
import { largeSystem } from "./largeSystem.ts";
import { isStepwise, smoothLoss, stepsOf } from "./patternLoss.ts";
import type { Sized, Step } from "./patternLoss.ts";
import { evaluate } from "../ir/evaluate.ts";
import type { Saddle } from "./potential.ts";
import type { Prediction, Theory } from "./prediction.ts";
import { printEquations } from "./printEquations.ts";

export interface GeneralisedLinearQuestion { readonly program: Program; readonly energy: GeneralisedLinear; readonly parameters: Readonly<Record<string, number>>; readonly T: number }

/** μ0, μ1, μ* of an activation: x ≈ μ0 + μ1 u + μ* η with η independent of u (Gaussian equivalence). */
interface Equivalence { readonly linear: number; readonly noise: number }

/** What the steps or formula of a loss contribute: log ∫Dv exp(−β ℓ) and the loss itself, at label y. */
interface PatternLoss { readonly logWeight: (mean: Expression, width: Expression, y: number, averages: Averages) => Expression; readonly loss: (h: Expression, y: number) => Expression; readonly symmetric: boolean; readonly lowest: number; readonly text: string; readonly steps?: readonly Step[] }

export function generalisedLinearReplica(question: GeneralisedLinearQuestion): Theory | { readonly refused: string } {
  const { program, energy, T } = question;
  const system = largeSystem(program, question.parameters, [energy.sites, energy.patterns, ...(energy.features ? [energy.features.hidden] : [])]);
  if ("refused" in system) return system;
  if (!(T >= 0)) return { refused: Number.isNaN(T) ? "it needs a temperature: write `replica(rs, T = 0)`, or give it with the quantity" : `the temperature ${T} is negative` };
  const alpha = system.limit(b.div(energy.patterns, energy.sites));
  if (alpha === undefined || !(alpha > 0) || alpha === Infinity) return { refused: "the number of patterns is not proportional to the number of weights" };
  const scaleOf = mul(b.abs(energy.scale), b.sqrt(mul(energy.weights.norm2, energy.inputVariance)));
  const sized = (parameters: Readonly<Record<string, number>>): Sized => ({ parameters, scale: evaluate(scaleOf, { parameters, entry: () => NaN }) });
  const ratio = energy.features ? system.limit(b.div(energy.features.hidden, energy.sites)) : 0;
  if (ratio === undefined || (energy.features && !(ratio > 0 && ratio < Infinity))) return { refused: "the number of hidden inputs is not proportional to the number of weights" };
  const equivalence = energy.features ? equivalenceOf(energy.features, system.limit(energy.features.variance), system.large) : undefined;
  if (equivalence && "refused" in equivalence) return equivalence;
  const pattern = patternLoss(energy, sized(system.large), sized(system.larger), T);
  if ("refused" in pattern) return pattern;
  const beta = 1 / T;
  const p = prepare(`${energy.weights.domain} ${energy.labels.kind} ${"distribution" in energy.labels ? energy.labels.distribution : ""} ${JSON.stringify(equivalence)} ${pattern.text} ${T === 0}`,
    () => potentialOf(energy, equivalence, pattern, T));
  const names = p.potential.orders.map((o) => o.name);
  const box = names.map((n) => ({ lower: n === "r̂" ? -Infinity : 0, upper: n === "q" || n === "ρ" ? 1 : Infinity }));
  const solveAt = (load: number): { readonly saddles: readonly Saddle[]; readonly chosen: Saddle | undefined } => {
    const saddles = solvePrepared(p, { "α": load, "δ": ratio, "β": beta }, box, names.map(() => 0.5));
    const teacher = energy.labels.kind === "teacher";
    const inside = teacher ? saddles.filter((s) => s.x[0]! < 1 - 1e-7) : saddles;
    return { saddles, chosen: inside.reduce((best: Saddle | undefined, s) => (best === undefined || (teacher ? s.value > best.value : s.value < best.value) ? s : best), undefined) };
  };
  // Where the search from fixed starts finds nothing, the saddle point is followed up from smaller loads.
  let { saddles, chosen } = solveAt(alpha);
  if (!chosen && names.length > 2) for (const part of [0.4, 0.6, 0.75, 0.85, 0.93, 1]) ({ saddles, chosen } = solveAt(alpha * part));
  const equations = printEquations(p.potential.averages, "φ", p.potential.value, names, p.compiled, p.potential.outputs, { "α": alpha, ...(energy.features ? { "δ": ratio } : {}), ...(T > 0 ? { "β": beta } : {}) });
  const notes = notesOf(energy, equivalence, pattern, T);
  const learned = !chosen && T === 0 && energy.labels.kind === "teacher" && energy.weights.domain === "spin" && !energy.features;
  if (!chosen && !learned) return { refused: `the replica-symmetric potential has no saddle point at load ${format(alpha)}${T === 0 ? ": beyond the capacity there are no states of lowest loss" : ""}` };
  const values: Record<string, number> = chosen ? valuesAt(chosen, names, alpha, pattern, T, energy) : { free_entropy: 0, entropy: 0, energy: alpha * pattern.lowest, q: 1, r: 1, fresh: pattern.lowest };
  if (learned) notes.push("no saddle point with q < 1: only the teacher itself is left");
  else if (energy.labels.kind === "teacher" && T === 0 && energy.weights.domain === "spin" && !energy.features && values["entropy"]! < 0) notes.push("the teacher itself (q = 1, entropy 0) has the larger free entropy: this is the metastable branch");
  if (T > 0 && values["entropy"] !== undefined && T !== Infinity) values["free_energy"] = -T * values["free_entropy"]!;
  return {
    method: "replica(rs)", status: "ansatz(rs)",
    assumptions: [...notes, ...(chosen ? several(saddles, chosen, names) : [])],
    quantities: [...Object.keys(values).filter((n) => n !== "fresh"), "capacity"].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict: (quantity): Prediction => {
      if (quantity === "capacity") return capacity(energy, pattern, T, (load) => solveAt(load).chosen?.value);
      const value = values[quantity];
      if (value === undefined || Number.isNaN(value)) return { refused: `it predicts no ${quantity} here` };
      return { value, residual: chosen?.residual ?? 0 };
    },
    equations: [`ℓ(h${energy.labels.kind === "none" ? "" : "; y"}) = ${print(energy.loss)}`, ...equations],
    // What observables of the model are made of.
    perPattern: { load: alpha, fresh: values["fresh"]! }, inputs: energy.inputs,
  };
}

function valuesAt(saddle: Saddle, names: readonly string[], alpha: number, pattern: PatternLoss, T: number, energy: GeneralisedLinear): Record<string, number> {
  const at = (n: string): number => saddle.x[names.indexOf(n)]!;
  const q = at("q");
  const perPattern = T === 0 ? pattern.lowest : saddle.outputs["loss"]!;
  const values: Record<string, number> = { free_entropy: saddle.value - (T === 0 || T === Infinity ? 0 : alpha * pattern.lowest / T), energy: alpha * perPattern, q, fresh: saddle.outputs["fresh"]! };
  values["entropy"] = T === 0 || T === Infinity ? saddle.value : saddle.value + (alpha * (perPattern - pattern.lowest)) / T;
  if (energy.labels.kind === "teacher") values["r"] = at("ρ") * Math.sqrt(energy.features ? at("p") : q);
  if (energy.features) { values["p"] = at("p"); values["p_d"] = at("p") + at("v"); }
  return values;
}

function potentialOf(energy: GeneralisedLinear, equivalence: Equivalence | undefined, pattern: PatternLoss, T: number): Prepared["potential"] {
  const averages = new Averages();
  const [q, qh, rho, rh, alpha, delta, p, v] = ["q", "q̂", "ρ", "r̂", "α", "δ", "p", "v"].map(scalar) as [Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression];
  const teacher = energy.labels.kind === "teacher", spins = energy.weights.domain === "spin";
  const direct = teacher && !equivalence;
  const one = num(1), gap = b.sub(one, q);
  const r = equivalence ? mul(rho, b.sqrt(p)) : mul(rho, b.sqrt(q));
  const orders = ["q", ...(direct || (equivalence && teacher) ? ["ρ"] : []), ...(equivalence ? ["p", "v"] : []), ...(spins ? ["q̂", ...(direct ? ["r̂"] : [])] : [])];

  let value: Expression;
  if (spins) {
    const gaussianTeacher = direct && energy.labels.kind === "teacher" && energy.labels.distribution === "Normal";
    const site = averages.gauss("z", (z) => logTwoCosh(!direct ? mul(b.sqrt(qh), z) : gaussianTeacher ? mul(b.sqrt(b.add(qh, mul(rh, rh))), z) : b.add(mul(b.sqrt(qh), z), rh)));
    value = b.add(mul(num(-0.5), qh, gap), site);
    if (direct) value = b.sub(value, mul(rh, r));
  } else value = mul(half, b.add(b.log(gap), b.div(direct ? b.sub(q, mul(r, r)) : q, gap)));
  if (equivalence) {
    const left = teacher ? mul(p, b.sub(one, mul(rho, rho))) : p;
    const terms = [b.div(b.add(p, v), gap), b.neg(b.div(mul(q, v), mul(gap, gap))), num(-1), b.neg(b.log(v)), b.neg(b.div(left, v)), b.log(gap), b.div(q, gap)];
    value = b.add(value, mul(delta, num(-0.5), add(...terms)));
  }
  const mu1 = equivalence?.linear ?? 1, noise = equivalence?.noise ?? 0;
  const Q = equivalence ? b.add(mul(num(mu1 * mu1), p), mul(num(noise), q)) : q;
  const V = equivalence ? b.add(mul(num(mu1 * mu1), v), mul(num(noise), gap)) : gap;
  const M = mul(num(mu1), r);
  const steep = (square: Expression): Expression => b.div(M, b.sqrt(b.sub(square, mul(M, M))));
  const labels = energy.labels.kind === "none" || pattern.symmetric ? [1] : [1, -1];
  const overLabels = (make: (y: number) => Expression): Expression => labels.map(make).reduce((s, e) => b.add(s, e));
  const share = (slope: Expression, z: Expression, y: number): Expression =>
    teacher ? mul(num(labels.length === 1 ? 2 : 1), b.gauss_cdf(mul(num(y), slope, z))) : num(1 / labels.length);
  const energetic = overLabels((y) => averages.gauss("z", (z) => mul(share(steep(Q), z, y), pattern.logWeight(mul(b.sqrt(Q), z), V, y, averages))));
  value = b.add(value, mul(alpha, energetic));
  const total = b.add(Q, V);
  const fresh = overLabels((y) => averages.gauss("x", (x) => mul(share(steep(total), x, y), pattern.loss(mul(b.sqrt(total), x), y))));
  const outputs = new Map<string, Expression>([["fresh", fresh]]);
  if (T > 0) outputs.set("loss", b.sub(num(pattern.lowest), simplify(b.div(averages.derivative(simplify(energetic), "β"), one))));
  return { averages, inputs: ["α", "δ", "β"], orders: orders.map((name) => ({ name })), value: simplify(value), outputs };
}

/** The loss at both labels, as weights of steps or as a smooth function. */
function patternLoss(energy: GeneralisedLinear, large: Sized, larger: Sized, T: number): PatternLoss | { readonly refused: string } {
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
      symmetric: energy.labels.kind !== "none" && key(normalise(given)) === key(normalise(mirrored)), lowest: 0,
      text: `${print(given)} × ${scale}`,
      loss: (h, y) => at(y, h),
      logWeight: (mean, width, y, averages) => b.log(averages.gauss("v", (v) => b.exp(b.neg(mul(scalar("β"), at(y, b.add(mean, mul(b.sqrt(width), v)))))))),
    };
  }
  const made = [1, -1].map((y) => stepsOf(loss, y, large, larger));
  const bad = made.find((m) => "refused" in m);
  if (bad && "refused" in bad) return bad;
  const [plus, minus] = made as [readonly Step[], readonly Step[]];
  const all = energy.labels.kind === "none" ? plus : [...plus, ...minus];
  const lowest = Math.min(...all.map((s) => s.value));
  const steps = (y: number): readonly Step[] => (y === 1 ? plus : minus);
  const flipped = minus.map((s) => ({ from: -s.to, to: -s.from, value: s.value })).reverse();
  if (T === 0 && [plus, ...(energy.labels.kind === "none" ? [] : [minus])].some((list) => !list.some((s) => s.value === lowest))) return { refused: "at T = 0 the lowest loss depends on the label: such losses are not covered" };
  const text = (list: readonly Step[]): string => list.map((s) => `${s.from}:${s.to}=${s.value}`).join();
  return {
    symmetric: energy.labels.kind !== "none" && text(plus) === text(flipped).replaceAll("-0:", "0:"), lowest, steps: plus, text: `${text(plus)} | ${text(minus)}`,
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

function equivalenceOf(features: NonNullable<GeneralisedLinear["features"]>, variance: number | undefined, parameters: Readonly<Record<string, number>>): Equivalence | { readonly refused: string } {
  if (variance === undefined || variance === Infinity || variance === 0) {
    // The scale of what stands inside a sign doesn't matter.
    const stepwise = isStepwise(rewrite(features.activation, (n) => (n === preactivation ? field : n)));
    if (!stepwise) return { refused: "the arguments of the activation grow or vanish with the size of the model: divide them by sqrt(D)" };
    variance = variance === Infinity ? 1e60 : 1e-60;
  }
  const averages = new Averages();
  const value = (u: Expression): Expression => rewrite(features.activation, (n) => (n === preactivation ? mul(num(Math.sqrt(variance)), u) : n.kind === "parameter" ? constant(parameters[n.name]!) : n));
  const [mean, linear, square] = compileScalars(averages, [], [averages.gauss("u", value), averages.gauss("u", (u) => mul(u, value(u))), averages.gauss("u", (u) => mul(value(u), value(u)))])([]);
  if (Math.abs(mean!) > 1e-9 * Math.sqrt(square!)) return { refused: `the features have the mean ${format(mean!)}: only activations with mean 0 are covered` };
  if (Math.abs(linear!) < 1e-9 * Math.sqrt(square!)) return { refused: "the activation has no linear part: its features carry nothing of the inputs in the limit of large size" };
  return { linear: linear!, noise: Math.max(0, square! - linear! * linear!) };
}

/** The load at which states of lowest loss disappear: entropy 0 for spins, q → 1 on the sphere (1/α = mean squared distance to the allowed fields). */
function capacity(energy: GeneralisedLinear, pattern: PatternLoss, T: number, entropyAt: (load: number) => number | undefined): Prediction {
  if (T !== 0 || energy.labels.kind === "teacher" || energy.features) return { refused: "the capacity is that of storing random labels at T = 0" };
  if (energy.weights.domain === "spin") {
    let high = 0.1;
    while (high < 100 && (entropyAt(high) ?? -1) > 0) high *= 1.5;
    const zero = findRoot((load) => entropyAt(load) ?? -1, high / 1.5, high);
    return "root" in zero ? { value: zero.root, residual: Math.abs(entropyAt(zero.root) ?? 0) } : { refused: zero.refused };
  }
  const allowed = pattern.steps!.filter((s) => s.value === pattern.lowest);
  if (allowed.length > 1) return { refused: "the allowed fields are not one interval: the capacity needs broken replica symmetry" };
  const averages = new Averages();
  const [{ from, to }] = allowed as [Step];
  const distance = (z: Expression): Expression => {
    const below = Number.isFinite(from) ? b.relu(b.sub(num(from), z)) : num(0), above = Number.isFinite(to) ? b.relu(b.sub(z, num(to))) : num(0);
    return b.add(b.pow(below, num(2)), b.pow(above, num(2)));
  };
  const [square] = compileScalars(averages, [], [averages.gauss("z", distance)])([]);
  return square! > 0 ? { value: 1 / square!, residual: 0 } : { refused: "every field is allowed: there is no capacity" };
}

function notesOf(energy: GeneralisedLinear, equivalence: Equivalence | undefined, pattern: PatternLoss, T: number): string[] {
  return [
    `independent inputs \`${energy.inputs}\`; ${energy.labels.kind === "none" ? "no labels" : energy.labels.kind === "random" ? `random labels \`${energy.labels.array}\`` : `labels of the teacher \`${energy.labels.array}\``}; ${energy.weights.domain === "spin" ? "spin weights" : "weights on the sphere"}; sizes large at fixed ratios`,
    ...(equivalence ? [`Gaussian equivalence of the features: μ1 = ${format(equivalence.linear)}, μ*² = ${format(equivalence.noise)}`] : []),
    ...(T === 0 && pattern.lowest !== 0 ? [`T = 0: states in which every pattern has the lowest loss, ${pattern.lowest}`] : T === 0 ? ["T = 0: states without loss"] : []),
  ];
}

const several = (saddles: readonly Saddle[], chosen: Saddle, names: readonly string[]): readonly string[] =>
  saddles.length < 2 ? [] : [`${saddles.length} saddle points: ${saddles.map((s) => `${names.map((n, k) => `${n} = ${format(s.x[k]!)}`).join(", ")} with φ = ${format(s.value)}${s === chosen ? " (taken)" : ""}`).join("; ")}`];
const format = (x: number): string => String(Number(x.toPrecision(7)));

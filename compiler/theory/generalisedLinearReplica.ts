/**
 * Replica-symmetric theory of generalised linear energies Σ_μ ℓ(h_μ; y_μ), per weight, at load α = P/N:
 *
 *   φ = G_S + δ G_F + α G_E,   G_E = Σ_y ∫Dz P(y|z) log ∫Dv exp(−β ℓ(√Q z + √(Q_d − Q) v; y)).
 *
 * Spins: G_S = −½ q̂(1 − q) [− r̂ r] + ∫Dz log 2cosh(√q̂ z [+ r̂]); sphere: G_S = ½ [log(1 − q) + (q − r²)/(1 − q)].
 * Gardner (1988) J. Phys. A 21, 257; Krauth and Mézard (1989) J. Phys. France 50, 3057; Györgyi (1990) Phys. Rev. A 41, 7097.
 * Random features in front (δ = D/N hidden inputs): Baldassi et al., arXiv:2110.00683, in the form of THEORY.md D. The overlap with
 * a teacher is written r = ρ √q (behind features ρ √p), and p = (q + 1/(1 + δ)) π, p_d − p = (1 − q) ν, so that every admissible
 * point is in a box, and π and ν are of order 1 however few or many inputs there are: p = q and p_d = 1 where they carry nothing.
 */
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { simplify } from "../3-passes/simplify.ts";
import { Averages } from "./averages.ts";
import { add, half, logTwoCosh, mul, num, prepare, scalar, solveFromGrid, solvePrepared } from "./derivedPotential.ts";
import type { Effort, Prepared } from "./derivedPotential.ts";
import { lossText, systemNotes, teacherOf } from "./generalisedLinearSystem.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import { newton } from "./newton.ts";
import type { Saddle } from "./potential.ts";
import type { Prediction, Theory } from "./prediction.ts";
import { capacity } from "./capacity.ts";
import { fixedPointOf } from "./messageFixedPoint.ts";
import type { FixedPoint } from "./messageFixedPoint.ts";
import { groundStateTheory } from "./groundState.ts";
import { energeticPart, freshLoss, isRealisable, responsePart, teacherLoss } from "./patternFields.ts";
import { format, several, stability } from "./replicaNotes.ts";
import { repliconOf } from "./replicon.ts";
import { printEquations } from "./printEquations.ts";

/** The replica-symmetric saddle points at one load, and the one that is taken. */
export interface SymmetricSolution {
  readonly saddles: readonly Saddle[];
  readonly chosen: Saddle | undefined;
  readonly names: readonly string[];
  readonly prepared: Prepared;
  /** The temperature that it was followed down from. */
  readonly from?: number;
  /** Whether it is known that there is no other. */
  readonly exhausted?: true;
}

const solutions = new Map<string, SymmetricSolution>();

/**
 * The solution at the system's load, once for each. Where the search from fixed starts finds nothing it is followed up from smaller loads.
 * The iteration of state evolution comes first where each step of a search costs much, or solutions without an overlap are usual.
 */
export function symmetricSolution(system: GeneralisedLinearSystem, load = system.load): SymmetricSolution {
  const key = `${system.key} ${load} ${system.ratio} ${system.T}`;
  const known = solutions.get(key);
  if (known) return known;
  const iterates = !system.equivalence && system.T !== Infinity, early = iterates && (system.pattern.nested || system.energy.weights.domain === "gaussian");
  let solution = early || (iterates && system.T === 0 && hasSpinTeacher(system)) ? iterated(system, load, early) : undefined;
  if (!solution?.chosen && !solution?.exhausted) {
    solution = solveAt(system, load);
    if (!solution.chosen && solution.names.length > 2) for (const part of [0.4, 0.6, 0.75, 0.85, 0.93, 1]) solution = solveAt(system, load * part, solution.saddles);
    // It comes to solutions that the search misses where distances are small.
    if (!solution.chosen && iterates && !early) solution = iterated(system, load, true) ?? solution;
    if (!solution.chosen && system.T > 0 && system.T !== Infinity) solution = cooled(system, load) ?? solution;
  }
  solutions.set(key, solution);
  return solution;
}

/** Where the iteration of state evolution leads from both ends. @param solve else only whether nothing but one state is left */
function iterated(system: GeneralisedLinearSystem, load: number, solve: boolean): SymmetricSolution | undefined {
  const fixed = [1e-6, 0.9].map((start) => fixedPointOf({ ...system, load }, start));
  const p = prepare(system.key, () => potentialOf(system)), names = p.potential.orders.map((o) => o.name);
  if (system.T === 0 && hasSpinTeacher(system) && fixed.every((f) => f.values["q"] === 1)) return { saddles: [], chosen: undefined, names, prepared: p, exhausted: true };
  const settled = fixed.filter((f) => f.change < 1e-6 && Object.keys(f.orders).length > 0);
  if (!solve || settled.length === 0) return undefined;
  const at = (f: FixedPoint): readonly number[] => names.map((n) => f.orders[n]!);
  const solution = solveAt(system, load, settled.map((f) => ({ x: at(f), residual: 0, outputs: {}, value: 0, inside: true })), { few: 0, many: 0 });
  const none = settled.find((f) => f.orders["q"]! < 1e-10);
  if (solution.chosen || !none) return solution;
  // At the end of an interval.
  const saddle = p.compiled.at(at(none), { "α": load, "δ": system.ratio, "β": 1 / system.T, "η": 0 }, none.change);
  return { ...solution, saddles: [saddle], chosen: saddle };
}

/**
 * The solution as it is followed down from a higher temperature: close to T = 0 one order is determined far better than others, and
 * what lowers the gradient then leads along a narrow valley. Newton's method starts from where the last two solutions point, in log T.
 */
function cooled(system: GeneralisedLinearSystem, load: number): SymmetricSolution | undefined {
  for (const factor of WARMER) {
    const warm = solveAt({ ...system, T: system.T * factor }, load);
    const x = warm.chosen?.inside ? followed(system, load, warm, warm.chosen, factor) : undefined;
    if (x && apart(system, x)) return { ...warm, saddles: [x], chosen: x, from: system.T * factor };
  }
  return undefined;
}
const WARMER = [2, 10, 100];
/** With a teacher: whether states beside it are left. */
const apart = ({ energy }: GeneralisedLinearSystem, { x }: Saddle): boolean => teacherOf(energy) === undefined || energy.weights.domain === "gaussian" || x[0]! < 1 - 1e-7;
/** From one temperature to the next. */
const COOLING = 1.2;

function followed(system: GeneralisedLinearSystem, load: number, { names, prepared: p }: SymmetricSolution, from: Saddle, factor: number): Saddle | undefined {
  const share = names.map((n) => n === "ρ" || (n === "q" && system.energy.weights.domain !== "gaussian"));
  const stretched = (x: readonly number[]): readonly number[] => x.map((v, k) => (share[k] ? Math.log(v / (1 - v)) : names[k] === "r̂" ? v : Math.log(v)));
  const orders = (u: readonly number[]): readonly number[] => u.map((v, k) => (share[k] ? 1 / (1 + Math.exp(-v)) : names[k] === "r̂" ? v : Math.exp(v)));
  let here = { x: stretched(from.x), residual: from.residual }, before: readonly number[] | undefined;
  const inputsAt = (T: number): Readonly<Record<string, number>> => ({ "α": load, "δ": system.ratio, "β": 1 / T, "η": 0 });
  const steps = Math.ceil(Math.log(factor) / Math.log(COOLING));
  for (let step = 1; step <= steps; step++) {
    const inputs = inputsAt(system.T * factor ** (1 - step / steps));
    const start = here.x.map((v, k) => (before ? 2 * v - before[k]! : v));
    const zero = newton((u) => p.compiled.gradient(orders(u), inputs), start, { accuracy: 1e-9 });
    if (!zero) return undefined;
    before = here.x;
    here = zero;
  }
  return p.compiled.at(orders(here.x), inputsAt(system.T), here.residual);
}

/** `from`: solutions at another load, to start from. */
function solveAt(system: GeneralisedLinearSystem, load: number, from?: readonly Saddle[], effort: Effort = { few: 2, many: 8 }): SymmetricSolution {
  const p = prepare(system.key, () => potentialOf(system));
  const names = p.potential.orders.map((o) => o.name);
  const { energy } = system, free = energy.weights.domain === "gaussian";
  const box = names.map((n) => ({ lower: n === "r̂" ? -Infinity : 0, upper: n === "ρ" || (n === "q" && !free) ? 1 : Infinity }));
  const inputs = { "α": load, "δ": system.ratio, "β": 1 / system.T, "η": 0 }, start = names.map((n) => (n === "π" || n === "ν" ? 1 : 0.5));
  const near = (from ?? []).filter((s) => s.inside).map((s) => s.x);
  const saddles = near.length > 0 ? solvePrepared(p, inputs, box, near, effort) : solveFromGrid(p, inputs, box, start);
  const teacher = teacherOf(energy) !== undefined;
  const inside = saddles.filter((s) => apart(system, s));
  const chosen = inside.reduce((best: Saddle | undefined, s) => (best === undefined || (teacher ? s.value > best.value : s.value < best.value) ? s : best), undefined);
  return { saddles, chosen, names, prepared: p };
}

export function generalisedLinearReplica(system: GeneralisedLinearSystem): Theory | { readonly refused: string } {
  const { energy, pattern, T, load } = system;
  if (!(T >= 0)) return { refused: `the temperature ${T} is negative` };
  // What holds free weights is part of the energy, that at T = 0 has one lowest state.
  if (!pattern.entropic || (T === 0 && energy.weights.domain === "gaussian")) return groundStateTheory(system);
  const { saddles, chosen, names, prepared: p, from } = symmetricSolution(system);
  const equations = printEquations(p.potential.averages, "φ", p.potential.value, names, p.compiled, p.potential.outputs, { "α": load, ...(energy.features ? { "δ": system.ratio } : {}), ...(T > 0 ? { "β": 1 / T } : {}) });
  const notes = systemNotes(system);
  const learned = !chosen && isLearned(system);
  // Beyond the capacity every state has losses.
  if (!chosen && !learned && T === 0) return groundStateTheory(system, (at) => symmetricSolution(system, at).chosen?.value);
  if (!chosen && !learned) return { refused: noSaddle(system) };
  const values: Record<string, number> = chosen ? valuesAt(chosen, names, system) : { free_entropy: T === 0 ? 0 : (-load * teacherLoss(system)) / T, entropy: 0, energy: load * teacherLoss(system), q: 1, r: system.orientation, fresh: teacherLoss(system) };
  if (from !== undefined) notes.push(`followed down from T = ${format(from)}: another branch may have the larger weight here`);
  if (learned) notes.push("no saddle point with q < 1: only the teacher itself is left");
  else if (T === 0 && hasSpinTeacher(system) && values["entropy"]! < 0 && isRealisable(system)) notes.push("the teacher itself (q = 1, entropy 0) has the larger free entropy: this is the metastable branch");
  if (T > 0 && values["entropy"] !== undefined && T !== Infinity) values["free_energy"] = -T * values["free_entropy"]!;
  return {
    method: "replica(rs)", status: "ansatz(rs)",
    // Of a smooth loss it is an integral inside an integral: when it is asked for.
    assumptions: [...notes, ...(chosen ? several(saddles, chosen, names) : []), ...(chosen && pattern.steps ? [stability(chosen.outputs["replicon"]!)] : [])],
    quantities: [...Object.keys(values).filter((n) => n !== "fresh"), ...(chosen ? ["replicon"] : []), "capacity"].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict: (quantity): Prediction => {
      if (quantity === "capacity") return capacity(system, (at) => symmetricSolution(system, at).chosen?.value);
      const value = quantity === "replicon" ? chosen?.outputs["replicon"] : values[quantity];
      if (value === undefined || Number.isNaN(value)) return { refused: `it predicts no ${quantity} here` };
      return { value, residual: chosen?.residual ?? 0 };
    },
    equations: [lossText(system), ...equations, ...(energy.features ? ["p = (q + 1/(1 + δ)) π, p_d − p = " + (energy.weights.domain === "gaussian" ? "w" : "(1 − q)") + " ν"] : [])],
    ...directionOf(system, values["r"], chosen?.residual ?? 0),
    // What observables of the model are made of.
    perPattern: () => ({ load, fresh: values["fresh"]! }), inputs: energy.inputs,
  };
}

const hasSpinTeacher = ({ energy }: GeneralisedLinearSystem): boolean => energy.weights.domain === "spin" && !energy.features && teacherOf(energy)?.distribution === "Sign";

/** Whether no state is left but the teacher's, where there is no saddle point beside it: at T > 0, up to what is below all digits. */
const isLearned = (system: GeneralisedLinearSystem): boolean =>
  hasSpinTeacher(system) && system.T !== Infinity && (system.T === 0 ? isRealisable(system) : fixedPointOf(system, NEXT_TO_TEACHER).values["q"] === 1);
const NEXT_TO_TEACHER = 1 - 1e-4;

/** What is known of Σ_i t_i w_i, t the teacher, where its inputs are those of the weights. */
export const directionOf = (system: GeneralisedLinearSystem, r: number | undefined, residual: number): Pick<Theory, "magnetisation" | "direction"> =>
  (r === undefined || system.equivalence ? {} : { magnetisation: { value: r * system.overlapUnit, residual }, direction: teacherOf(system.energy)!.array });

/** Why there is no replica-symmetric solution. */
export const noSaddle = ({ load, T }: GeneralisedLinearSystem): string =>
  `the replica-symmetric potential has no saddle point at load ${format(load)}${T === 0 ? ": beyond the capacity there are no states of lowest loss" : ""}`;

function valuesAt(saddle: Saddle, names: readonly string[], { load: alpha, pattern, T, energy, ratio, penalty, orientation }: GeneralisedLinearSystem): Record<string, number> {
  const at = (n: string): number => saddle.x[names.indexOf(n)]!;
  const q = at("q");
  const perPattern = T === 0 ? pattern.lowest : saddle.outputs["loss"]!;
  const values: Record<string, number> = { free_entropy: saddle.value - (T === 0 || T === Infinity ? 0 : alpha * pattern.lowest / T), energy: alpha * perPattern, q, fresh: saddle.outputs["fresh"]! };
  if (energy.weights.domain === "gaussian") {
    values["norm2"] = q + at("w");
    values["energy"] = values["energy"]! + penalty * (q + at("w"));
  }
  values["entropy"] = T === 0 || T === Infinity ? saddle.value : saddle.value + (values["energy"]! - alpha * pattern.lowest) / T;
  const hidden = energy.features && hiddenOverlaps(at, { energy, ratio });
  if (teacherOf(energy)) values["r"] = orientation * at("ρ") * Math.sqrt(hidden ? hidden.p : q);
  if (hidden) { values["p"] = hidden.p; values["p_d"] = hidden.p + hidden.v; }
  return values;
}

/** p and v = p_d − p of states behind features, from the orders of their solution. */
export function hiddenOverlaps(at: (name: string) => number, { energy, ratio }: Pick<GeneralisedLinearSystem, "energy" | "ratio">): { readonly p: number; readonly v: number } {
  const q = at("q");
  return { p: (q + 1 / (1 + ratio)) * at("π"), v: (energy.weights.domain === "gaussian" ? at("w") : 1 - q) * at("ν") };
}

function potentialOf(system: GeneralisedLinearSystem): Prepared["potential"] {
  const { energy, equivalence, pattern, T, penalty } = system;
  const averages = new Averages();
  const [q, qh, rho, rh, alpha, delta, ratioP, ratioV, w] = ["q", "q̂", "ρ", "r̂", "α", "δ", "π", "ν", "w"].map(scalar) as [Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression];
  const teacher = teacherOf(energy), { domain } = energy.weights, spins = domain === "spin", free = domain === "gaussian";
  const direct = teacher !== undefined && !equivalence;
  const one = num(1), gap = free ? w : b.sub(one, q);
  const p = mul(b.add(q, b.div(one, b.add(one, delta))), ratioP), v = mul(gap, ratioV);
  const r = equivalence ? mul(rho, b.sqrt(p)) : mul(rho, b.sqrt(q));
  const orders = ["q", ...(free ? ["w"] : []), ...(teacher ? ["ρ"] : []), ...(equivalence ? ["π", "ν"] : []), ...(spins ? ["q̂", ...(direct ? ["r̂"] : [])] : [])];

  const gaussianTeacher = direct && teacher.distribution === "Normal";
  const fieldOf = (z: Expression): Expression => (!direct ? mul(b.sqrt(qh), z) : gaussianTeacher ? mul(b.sqrt(b.add(qh, mul(rh, rh))), z) : b.add(mul(b.sqrt(qh), z), rh));
  let value: Expression;
  if (spins) {
    const site = averages.gauss("z", (z) => logTwoCosh(fieldOf(z)));
    value = b.add(mul(num(-0.5), qh, gap), site);
    if (direct) value = b.sub(value, mul(rh, r));
  } else value = mul(half, b.add(b.log(gap), b.div(direct ? b.sub(q, mul(r, r)) : q, gap)));
  // The volume of all real weights, relative to that of the sphere of radius √N.
  if (free) value = b.add(value, b.sub(num(0.5 * (1 + Math.log(2 * Math.PI))), mul(num(penalty), T > 0 ? scalar("β") : num(0), b.add(q, w))));
  if (equivalence) {
    const left = teacher ? mul(p, b.sub(one, mul(rho, rho))) : p;
    const terms = [b.div(b.add(p, v), gap), b.neg(b.div(mul(q, v), mul(gap, gap))), num(-1), b.neg(b.log(v)), b.neg(b.div(left, v)), b.log(gap), b.div(q, gap)];
    value = b.add(value, mul(delta, num(-0.5), add(...terms)));
  }
  const mu1 = equivalence?.linear ?? 1, noise = equivalence?.noise ?? 0;
  const Q = equivalence ? b.add(mul(num(mu1 * mu1), p), mul(num(noise), q)) : q;
  const V = equivalence ? b.add(mul(num(mu1 * mu1), v), mul(num(noise), gap)) : gap;
  const M = mul(num(mu1), r);
  const energetic = energeticPart(system, averages, Q, V, M);
  value = b.add(value, mul(alpha, energetic));
  const fresh = freshLoss(system, averages, b.add(Q, V), M);
  const outputs = new Map<string, Expression>([["fresh", fresh]]);
  const weight = spins ? averages.gauss("z", (z) => b.pow(b.sub(one, b.pow(b.tanh(fieldOf(z)), num(2))), num(2))) : mul(gap, gap);
  outputs.set("replicon", repliconOf({ weight, patterns: mul(alpha, responsePart(system, averages, Q, V, M)), ...(equivalence ? { features: { equivalence, gap, hiddenGap: v, ratio: delta } } : {}) }));
  if (T > 0) outputs.set("loss", b.sub(num(pattern.lowest), simplify(b.div(averages.derivative(simplify(energetic), "β"), one))));
  return { averages, inputs: ["α", "δ", "β", "η"], orders: orders.map((name) => ({ name })), value: simplify(value), outputs };
}

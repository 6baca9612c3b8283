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
import { build as b } from "../library/ops/index.ts";
import { simplify } from "../3-passes/simplify.ts";
import { findRoot } from "../../runtime/results/findRoot.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import { add, half, logTwoCosh, mul, num, prepare, scalar, solveFromGrid, solvePrepared } from "./derivedPotential.ts";
import type { Prepared } from "./derivedPotential.ts";
import { lossText, systemNotes } from "./generalisedLinearSystem.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { Step } from "./patternLoss.ts";
import type { Saddle } from "./potential.ts";
import type { Prediction, Theory } from "./prediction.ts";
import { printEquations } from "./printEquations.ts";

/** The replica-symmetric saddle points at one load, and the one that is taken. */
export interface SymmetricSolution { readonly saddles: readonly Saddle[]; readonly chosen: Saddle | undefined; readonly names: readonly string[]; readonly prepared: Prepared }

const solutions = new Map<string, SymmetricSolution>();

/** The solution at the system's load, once for each. Where the search from fixed starts finds nothing it is followed up from smaller loads. */
export function symmetricSolution(system: GeneralisedLinearSystem, load = system.load): SymmetricSolution {
  const key = `${system.key} ${load} ${system.ratio} ${system.T}`;
  const known = solutions.get(key);
  if (known) return known;
  let solution = solveAt(system, load);
  if (!solution.chosen && solution.names.length > 2) for (const part of [0.4, 0.6, 0.75, 0.85, 0.93, 1]) solution = solveAt(system, load * part, solution.saddles);
  solutions.set(key, solution);
  return solution;
}

/** `from`: solutions at another load, to start from. */
function solveAt(system: GeneralisedLinearSystem, load: number, from?: readonly Saddle[]): SymmetricSolution {
  const p = prepare(system.key, () => potentialOf(system));
  const names = p.potential.orders.map((o) => o.name);
  const box = names.map((n) => ({ lower: n === "r̂" ? -Infinity : 0, upper: n === "q" || n === "ρ" ? 1 : Infinity }));
  const inputs = { "α": load, "δ": system.ratio, "β": 1 / system.T, "η": 0 }, start = names.map(() => 0.5);
  const near = (from ?? []).filter((s) => s.inside).map((s) => s.x);
  const saddles = near.length > 0 ? solvePrepared(p, inputs, box, near, { few: 2, many: 8 }) : solveFromGrid(p, inputs, box, start);
  const teacher = system.energy.labels.kind === "teacher";
  const inside = teacher ? saddles.filter((s) => s.x[0]! < 1 - 1e-7) : saddles;
  const chosen = inside.reduce((best: Saddle | undefined, s) => (best === undefined || (teacher ? s.value > best.value : s.value < best.value) ? s : best), undefined);
  return { saddles, chosen, names, prepared: p };
}

export function generalisedLinearReplica(system: GeneralisedLinearSystem): Theory | { readonly refused: string } {
  const { energy, pattern, T, load } = system;
  if (!(T >= 0)) return { refused: `the temperature ${T} is negative` };
  const { saddles, chosen, names, prepared: p } = symmetricSolution(system);
  const equations = printEquations(p.potential.averages, "φ", p.potential.value, names, p.compiled, p.potential.outputs, { "α": load, ...(energy.features ? { "δ": system.ratio } : {}), ...(T > 0 ? { "β": 1 / T } : {}) });
  const notes = systemNotes(system);
  const learned = !chosen && T === 0 && energy.labels.kind === "teacher" && energy.weights.domain === "spin" && !energy.features;
  if (!chosen && !learned) return { refused: noSaddle(system) };
  const values: Record<string, number> = chosen ? valuesAt(chosen, names, system) : { free_entropy: 0, entropy: 0, energy: load * pattern.lowest, q: 1, r: 1, fresh: pattern.lowest };
  if (learned) notes.push("no saddle point with q < 1: only the teacher itself is left");
  else if (energy.labels.kind === "teacher" && T === 0 && energy.weights.domain === "spin" && !energy.features && values["entropy"]! < 0) notes.push("the teacher itself (q = 1, entropy 0) has the larger free entropy: this is the metastable branch");
  if (T > 0 && values["entropy"] !== undefined && T !== Infinity) values["free_energy"] = -T * values["free_entropy"]!;
  return {
    method: "replica(rs)", status: "ansatz(rs)",
    // Of a smooth loss it is an integral inside an integral: when it is asked for.
    assumptions: [...notes, ...(chosen ? several(saddles, chosen, names) : []), ...(chosen && pattern.steps && !energy.features ? [stability(chosen.outputs["replicon"]!)] : [])],
    quantities: [...Object.keys(values).filter((n) => n !== "fresh"), ...(chosen && !energy.features ? ["replicon"] : []), "capacity"].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict: (quantity): Prediction => {
      if (quantity === "capacity") return capacity(system, (at) => symmetricSolution(system, at).chosen?.value);
      const value = quantity === "replicon" ? chosen?.outputs["replicon"] : values[quantity];
      if (value === undefined || Number.isNaN(value)) return { refused: quantity === "replicon" && energy.features ? "the stability of states behind random features is not covered by this version" : `it predicts no ${quantity} here` };
      return { value, residual: chosen?.residual ?? 0 };
    },
    equations: [lossText(system), ...equations],
    // What observables of the model are made of.
    perPattern: () => ({ load, fresh: values["fresh"]! }), inputs: energy.inputs,
  };
}

/** Why there is no replica-symmetric solution. */
export const noSaddle = ({ load, T }: GeneralisedLinearSystem): string =>
  `the replica-symmetric potential has no saddle point at load ${format(load)}${T === 0 ? ": beyond the capacity there are no states of lowest loss" : ""}`;

function valuesAt(saddle: Saddle, names: readonly string[], { load: alpha, pattern, T, energy }: GeneralisedLinearSystem): Record<string, number> {
  const at = (n: string): number => saddle.x[names.indexOf(n)]!;
  const q = at("q");
  const perPattern = T === 0 ? pattern.lowest : saddle.outputs["loss"]!;
  const values: Record<string, number> = { free_entropy: saddle.value - (T === 0 || T === Infinity ? 0 : alpha * pattern.lowest / T), energy: alpha * perPattern, q, fresh: saddle.outputs["fresh"]! };
  values["entropy"] = T === 0 || T === Infinity ? saddle.value : saddle.value + (alpha * (perPattern - pattern.lowest)) / T;
  if (energy.labels.kind === "teacher") values["r"] = at("ρ") * Math.sqrt(energy.features ? at("p") : q);
  if (energy.features) { values["p"] = at("p"); values["p_d"] = at("p") + at("v"); }
  return values;
}

function potentialOf({ energy, equivalence, pattern, T }: GeneralisedLinearSystem): Prepared["potential"] {
  const averages = new Averages();
  const [q, qh, rho, rh, alpha, delta, p, v] = ["q", "q̂", "ρ", "r̂", "α", "δ", "p", "v"].map(scalar) as [Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression];
  const teacher = energy.labels.kind === "teacher", spins = energy.weights.domain === "spin";
  const direct = teacher && !equivalence;
  const one = num(1), gap = b.sub(one, q);
  const r = equivalence ? mul(rho, b.sqrt(p)) : mul(rho, b.sqrt(q));
  const orders = ["q", ...(direct || (equivalence && teacher) ? ["ρ"] : []), ...(equivalence ? ["p", "v"] : []), ...(spins ? ["q̂", ...(direct ? ["r̂"] : [])] : [])];

  const gaussianTeacher = direct && energy.labels.kind === "teacher" && energy.labels.distribution === "Normal";
  const fieldOf = (z: Expression): Expression => (!direct ? mul(b.sqrt(qh), z) : gaussianTeacher ? mul(b.sqrt(b.add(qh, mul(rh, rh))), z) : b.add(mul(b.sqrt(qh), z), rh));
  let value: Expression;
  if (spins) {
    const site = averages.gauss("z", (z) => logTwoCosh(fieldOf(z)));
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
  const energetic = energeticPart({ energy, pattern }, averages, Q, V, M);
  value = b.add(value, mul(alpha, energetic));
  const total = b.add(Q, V);
  const fresh = freshLoss({ energy, pattern }, averages, total, M);
  const outputs = new Map<string, Expression>([["fresh", fresh]]);
  // de Almeida and Thouless: with G the response of a weight and L'' that of a pattern, 1 − α ⟨L''²⟩ ⟨G²⟩.
  if (!equivalence) {
    const weight = spins ? averages.gauss("z", (z) => b.pow(b.sub(one, b.pow(b.tanh(fieldOf(z)), num(2))), num(2))) : mul(gap, gap);
    outputs.set("replicon", b.sub(one, mul(alpha, responsePart({ energy, pattern }, averages, Q, V, M), weight)));
  }
  if (T > 0) outputs.set("loss", b.sub(num(pattern.lowest), simplify(b.div(averages.derivative(simplify(energetic), "β"), one))));
  return { averages, inputs: ["α", "δ", "β", "η"], orders: orders.map((name) => ({ name })), value: simplify(value), outputs };
}

/** Σ_y ∫Dz P(y|z) log ∫Dv exp(−β ℓ(√Q z + √V v; y)), with the teacher's field correlated by M with that of a state. */
export function energeticPart(system: Pick<GeneralisedLinearSystem, "energy" | "pattern">, averages: Averages, Q: Expression, V: Expression, M: Expression): Expression {
  return overFields(system, averages, Q, M, (field, y) => system.pattern.logWeight(field, V, y, averages));
}

/** Σ_y ∫Dz P(y|z) L''², L the logarithm above as a function of the field √Q z, which is shifted by the input η = 0. */
function responsePart(system: Pick<GeneralisedLinearSystem, "energy" | "pattern">, averages: Averages, Q: Expression, V: Expression, M: Expression): Expression {
  return overFields(system, averages, Q, M, (field, y) => {
    const slope = averages.derivative(simplify(system.pattern.logWeight(b.add(field, scalar("η")), V, y, averages)), "η");
    const bend = averages.derivative(slope, "η");
    // Where the weight is flat to all digits its derivatives are quotients of infinities.
    return system.pattern.steps ? b.select(b.lt(b.abs(slope), num(1e-100)), num(0), b.pow(bend, num(2))) : b.pow(bend, num(2));
  });
}

function overFields({ energy, pattern }: Pick<GeneralisedLinearSystem, "energy" | "pattern">, averages: Averages, Q: Expression, M: Expression, make: (field: Expression, y: number) => Expression): Expression {
  const labels = energy.labels.kind === "none" || pattern.symmetric ? [1] : [1, -1];
  const steep = b.div(M, b.sqrt(b.sub(Q, mul(M, M))));
  const share = (z: Expression, y: number): Expression => (energy.labels.kind === "teacher" ? mul(num(labels.length === 1 ? 2 : 1), b.gauss_cdf(mul(num(y), steep, z))) : num(1 / labels.length));
  return labels.map((y) => averages.gauss("z", (z) => mul(share(z, y), make(mul(b.sqrt(Q), z), y)))).reduce((sum, e) => b.add(sum, e));
}

/** Mean loss of a pattern that was not learned: the field has the variance `total` and the covariance `M` with the teacher's. */
export function freshLoss({ energy, pattern }: Pick<GeneralisedLinearSystem, "energy" | "pattern">, averages: Averages, total: Expression, M: Expression): Expression {
  const labels = energy.labels.kind === "none" || pattern.symmetric ? [1] : [1, -1];
  const steep = b.div(M, b.sqrt(b.sub(total, mul(M, M))));
  return labels.map((y) => averages.gauss("x", (x) => {
    const share = energy.labels.kind === "teacher" ? mul(num(labels.length === 1 ? 2 : 1), b.gauss_cdf(mul(num(y), steep, x))) : num(1 / labels.length);
    return mul(share, pattern.loss(mul(b.sqrt(total), x), y));
  })).reduce((sum, e) => b.add(sum, e));
}

/** The load at which states of lowest loss disappear: entropy 0 for spins, q → 1 on the sphere (1/α = mean squared distance to the allowed fields). */
function capacity({ energy, pattern, T }: GeneralisedLinearSystem, entropyAt: (load: number) => number | undefined): Prediction {
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

const stability = (replicon: number): string => (Number.isNaN(replicon) ? "stability against replica symmetry breaking could not be evaluated" : replicon >= -1e-9 ? `stable against replica symmetry breaking (replicon ${format(replicon)})` : `unstable against replica symmetry breaking (de Almeida-Thouless: replicon ${format(replicon)} < 0): not exact`);
const several = (saddles: readonly Saddle[], chosen: Saddle, names: readonly string[]): readonly string[] =>
  saddles.length < 2 ? [] : [`${saddles.length} saddle points: ${saddles.map((s) => `${names.map((n, k) => `${n} = ${format(s.x[k]!)}`).join(", ")} with φ = ${format(s.value)}${s === chosen ? " (taken)" : ""}`).join("; ")}`];
const format = (x: number): string => String(Number(x.toPrecision(7)));

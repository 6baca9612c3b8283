/**
 * Replica theory of Gaussian energies with covariance N ξ(q), on the hypercube and on the sphere |w|² = N, per variable:
 *
 * RS, hypercube: φ = β²/2 [ξ(1) − ξ(q) − (1 − q) ξ'(q)] + ∫Dz log 2cosh(β √ξ'(q) z)       (Sherrington and Kirkpatrick 1975; Gross and Mézard 1984)
 * RS, sphere:    φ = β²/2 [ξ(1) − ξ(q)] + ½ [log(1 − q) + q/(1 − q)], with the normalised measure (Crisanti and Sommers 1992)
 * 1RSB with Parisi parameter m, overlaps q0 < q1; q0 = 0 where no field and no pair term makes it differ.
 *
 * The replica limit makes the free entropy φ smallest over overlaps: of several saddle points that one is taken.
 */
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { Averages } from "./averages.ts";
import { add, half, logTwoCosh, mul, num, prepare, scalar, solvePrepared } from "./derivedPotential.ts";
import type { Prepared } from "./derivedPotential.ts";
import { formatMixture } from "./kacRice.ts";
import type { Mixture } from "./kacRice.ts";
import { maximize } from "./maximize.ts";
import type { Saddle } from "./potential.ts";
import type { Prediction, Theory } from "./prediction.ts";
import { printEquations } from "./printEquations.ts";
import { integrateGauss } from "../../runtime/results/integrate.ts";
import { findRoot } from "../../runtime/results/findRoot.ts";

export type Space = "hypercube" | "sphere";
export interface GaussianQuestion { readonly mixture: Mixture; readonly space: Space; readonly ansatz: "rs" | "rsb1"; readonly T: number; readonly m?: number; readonly assumptions: readonly string[] }

const derivativeOf = (mixture: Mixture, order: number): Mixture =>
  order === 0 ? mixture : derivativeOf(mixture.filter((t) => t.power > 0).map((t) => ({ power: t.power - 1, coefficient: t.coefficient * t.power })), order - 1);
const polynomial = (mixture: Mixture, q: Expression): Expression =>
  mixture.length === 0 ? num(0) : add(...mixture.map(({ power, coefficient }) => (power === 0 ? num(coefficient) : mul(num(coefficient), power === 1 ? q : b.pow(q, num(power))))));
const at = (mixture: Mixture, q: number): number => mixture.reduce((s, t) => s + t.coefficient * q ** t.power, 0);

export function gaussianReplica(question: GaussianQuestion): Theory | { readonly refused: string } {
  const { mixture, space, ansatz, T } = question;
  if (T < 0) return { refused: `the temperature ${T} is negative` };
  const terms = mixture.filter((t) => t.coefficient !== 0 && t.power > 0);
  if (terms.length === 0) return { refused: "the covariance of the energy doesn't depend on the overlap: all states have one energy" };
  if (Number.isNaN(T)) return finish(question, {}, [], []);
  if (T === Infinity) return finish(question, { free_entropy: space === "hypercube" ? Math.LN2 : 0, energy: 0, entropy: space === "hypercube" ? Math.LN2 : 0, q: 0, q0: 0 }, [], []);
  if (T === 0) return ansatz === "rs" ? groundRs(question, terms) : groundRsb(question, terms);
  if (ansatz === "rs") return replicaSymmetric(question, terms);
  return oneStep(question, terms);
}

function rsPotential(space: Space, terms: Mixture): Prepared {
  return prepare(`gaussian rs ${space} ${JSON.stringify(terms)}`, () => {
    const averages = new Averages();
    const [q, beta] = [scalar("q"), scalar("β")];
    const xi = (order: number, x: Expression): Expression => polynomial(derivativeOf(terms, order), x);
    const gap = b.sub(num(1), q);
    const coupling = mul(half, beta, beta);
    const value = space === "hypercube"
      ? b.add(mul(coupling, b.sub(b.sub(xi(0, num(1)), xi(0, q)), mul(gap, xi(1, q)))), averages.gauss("z", (z) => logTwoCosh(mul(beta, b.sqrt(xi(1, q)), z))))
      : b.add(mul(coupling, b.sub(xi(0, num(1)), xi(0, q))), mul(half, b.add(b.log(gap), b.div(q, gap))));
    // −dφ/dβ at the saddle point is the energy: only the explicit β counts.
    const energy = b.neg(mul(beta, b.sub(xi(0, num(1)), xi(0, q))));
    const t = space === "hypercube" ? averages.gauss("z", (z) => b.pow(b.sub(num(1), b.pow(b.tanh(mul(beta, b.sqrt(xi(1, q)), z)), num(2))), num(2))) : mul(gap, gap);
    const replicon = b.sub(num(1), mul(beta, beta, xi(2, q), t));
    return { averages, inputs: ["β"], orders: [{ name: "q" }], value, outputs: new Map([["energy", energy], ["replicon", replicon]]) };
  });
}

function replicaSymmetric(question: GaussianQuestion, terms: Mixture): Theory | { readonly refused: string } {
  const p = rsPotential(question.space, terms);
  const saddles = solvePrepared(p, { "β": 1 / question.T }, [{ lower: 0, upper: 1 }], [0.5]);
  const chosen = least(saddles);
  if (!chosen) return { refused: "the replica-symmetric potential has no saddle point" };
  const energy = chosen.outputs["energy"]!, replicon = chosen.outputs["replicon"]!;
  const values = { free_entropy: chosen.value, energy, entropy: chosen.value + energy / question.T, q: chosen.x[0]! };
  return finish(question, values, [...several(saddles, chosen, ["q"]), stability(replicon)], equationsOf(p, { "β": 1 / question.T }), chosen.residual);
}

const stability = (replicon: number): string => (replicon >= -1e-9 ? `stable against replica symmetry breaking (replicon ${format(replicon)})` : `unstable against replica symmetry breaking (de Almeida-Thouless: replicon ${format(replicon)} < 0): not exact`);

function oneStep(question: GaussianQuestion, terms: Mixture): Theory | { readonly refused: string } {
  const { space, T } = question;
  const withLow = terms.some((t) => t.power === 1) || (space === "hypercube" && terms.some((t) => t.power === 2));
  const fixed = question.m;
  const p = prepare(`gaussian rsb1 ${space} ${JSON.stringify(terms)} ${withLow} ${fixed === undefined}`, () => {
    const averages = new Averages();
    const beta = scalar("β"), m = scalar("m"), q1 = scalar("q1");
    // q0 as a part of q1, so that it stays below.
    const q0 = withLow ? mul(scalar("ρ"), q1) : num(0);
    const xi = (order: number, x: Expression): Expression => polynomial(derivativeOf(terms, order), x);
    const coupling = mul(half, beta, beta), one = num(1), less = b.sub(one, m);
    const low = withLow ? xi(0, q0) : num(0), lowSlope = withLow ? xi(1, q0) : num(0);
    let value: Expression;
    if (space === "sphere") {
      const spread = b.add(b.sub(one, q1), mul(m, b.sub(q1, q0)));
      value = b.add(
        mul(coupling, b.sub(b.sub(xi(0, one), mul(less, xi(0, q1))), mul(m, low))),
        mul(half, b.add(b.sub(b.div(b.log(spread), m), mul(b.div(less, m), b.log(b.sub(one, q1)))), b.div(q0, spread))),
      );
    } else {
      const inner = b.sub(xi(1, q1), lowSlope);
      const field = (z0: Expression | undefined, z1: Expression): Expression => mul(beta, z0 ? b.add(mul(b.sqrt(lowSlope), z0), mul(b.sqrt(inner), z1)) : mul(b.sqrt(inner), z1));
      const site = (z0?: Expression): Expression => b.div(b.log(averages.gauss("z1", (z1) => b.exp(mul(m, logTwoCosh(field(z0, z1)))))), m);
      const entropic = withLow ? averages.gauss("z0", (z0) => site(z0)) : site();
      const energetic = b.sub(b.sub(xi(0, one), mul(less, xi(0, q1))), mul(m, low));
      const conjugate = b.sub(mul(xi(1, q1), b.sub(one, mul(less, q1))), mul(m, q0, lowSlope));
      value = b.add(mul(coupling, b.sub(energetic, conjugate)), entropic);
    }
    const energy = b.neg(mul(beta, b.sub(b.sub(xi(0, one), mul(less, xi(0, q1))), mul(m, low))));
    const orders = [{ name: "q1" }, ...(withLow ? [{ name: "ρ" }] : []), ...(fixed === undefined ? [{ name: "m" }] : [])];
    return { averages, inputs: ["β", ...(fixed === undefined ? [] : ["m"])], orders, value, outputs: new Map([["energy", energy], ["q0", q0]]) };
  });
  const names = p.potential.orders.map((o) => o.name);
  const inputs = { "β": 1 / T, ...(fixed === undefined ? {} : { m: fixed }) };
  const top = fixed === undefined ? 1 : Infinity;
  const box = names.map((n) => ({ lower: 0, upper: n === "m" ? top : 1 }));
  const saddles = solvePrepared(p, inputs, box, names.map((n) => (n === "q1" ? 0.8 : 0.5))).filter((s) => s.inside);
  const broken = saddles.filter((s) => s.x[0]! > 1e-4 && s.x[0]! - s.outputs["q0"]! > 1e-5 && (fixed !== undefined || (s.x.at(-1)! < 1 - 1e-6)));
  const chosen = least(broken);
  if (!chosen) {
    const symmetric = replicaSymmetric({ ...question, ansatz: "rs" }, terms);
    return "refused" in symmetric ? symmetric : { ...symmetric, method: "replica(rsb1)", assumptions: [...symmetric.assumptions, "no saddle point with broken symmetry: the replica-symmetric one"] };
  }
  const energy = chosen.outputs["energy"]!;
  const m = fixed ?? chosen.x.at(-1)!;
  return finish(question, { free_entropy: chosen.value, energy, entropy: chosen.value + energy / T, q: chosen.x[0]!, q1: chosen.x[0]!, q0: chosen.outputs["q0"]!, m }, several(broken, chosen, names), equationsOf(p, inputs), chosen.residual);
}

/** T → 0 of RS: q → 1 with χ = β(1 − q); energy −√(2 ξ'(1)/π) on the hypercube, −√ξ'(1) on the sphere. */
function groundRs(question: GaussianQuestion, terms: Mixture): Theory {
  const slope = at(derivativeOf(terms, 1), 1), curvature = at(derivativeOf(terms, 2), 1);
  const cube = question.space === "hypercube";
  const energy = cube ? -Math.sqrt((2 * slope) / Math.PI) : -Math.sqrt(slope);
  const chi = cube ? Math.sqrt(2 / (Math.PI * slope)) : 1 / Math.sqrt(slope);
  return finish(question, { energy, q: 1, ...(cube ? { entropy: -0.25 * chi * chi * curvature } : {}) },
    [`χ = β(1 − q) = ${format(chi)}`, stability(cube && curvature > 0 ? -Infinity : 1 - (cube ? 0 : curvature / slope))], []);
}

/** T → 0 of 1RSB on the sphere: −e = ext over μ = βm, χ of (μ ξ(1) + χ ξ'(1))/2 + log(1 + μ/χ)/(2μ); THEORY.md A. */
function groundRsb(question: GaussianQuestion, terms: Mixture): Theory | { readonly refused: string } {
  if (question.space === "hypercube") return { refused: "replica(rsb1) of spins at T = 0 is not supported by this version: take a small temperature" };
  if (terms.some((t) => t.power < 3)) return { refused: "replica(rsb1) at T = 0 on the sphere needs an energy without fields and pair terms" };
  const p = prepare(`gaussian ground ${JSON.stringify(terms)}`, () => {
    const averages = new Averages();
    const [mu, chi] = [scalar("μ"), scalar("χ")];
    const value = b.add(mul(half, b.add(mul(mu, num(at(terms, 1))), mul(chi, num(at(derivativeOf(terms, 1), 1))))), b.div(b.log1p(b.div(mu, chi)), mul(num(2), mu)));
    return { averages, inputs: [], orders: [{ name: "μ" }, { name: "χ" }], value, outputs: new Map() };
  });
  const saddles = solvePrepared(p, {}, [{ lower: 0, upper: Infinity }, { lower: 0, upper: Infinity }], [1, 0.3]).filter((s) => s.inside && s.x[0]! > 1e-5 && s.x[0]! < 1e5);
  const chosen = saddles[0];
  if (!chosen) return { refused: "the potential has no saddle point at T = 0" };
  return finish(question, { energy: -chosen.value, q: 1 }, several(saddles, chosen, ["μ", "χ"]), equationsOf(p, {}), chosen.residual);
}

const least = (saddles: readonly Saddle[]): Saddle | undefined => saddles.reduce((best: Saddle | undefined, s) => (best === undefined || s.value < best.value - 1e-13 ? s : best), undefined);
const several = (saddles: readonly Saddle[], chosen: Saddle, names: readonly string[]): readonly string[] =>
  saddles.length < 2 ? [] : [`${saddles.length} saddle points: ${saddles.map((s) => `${names.map((n, k) => `${n} = ${format(s.x[k]!)}`).join(", ")} with φ = ${format(s.value)}${s === chosen ? " (taken: the smallest φ)" : ""}`).join("; ")}`];
const format = (x: number): string => String(Number(x.toPrecision(7)));
const equationsOf = (p: Prepared, values: Readonly<Record<string, number>>): Theory["equations"] =>
  printEquations(p.potential.averages, "φ", p.potential.value, p.potential.orders.map((o) => o.name), p.compiled, p.potential.outputs, values);

function finish(question: GaussianQuestion, values: Readonly<Record<string, number>>, notes: readonly string[], equations: Theory["equations"], residual = 0): Theory {
  const { mixture, ansatz, space, T } = question;
  const all: Readonly<Record<string, number>> = { ...values, ...(values["free_entropy"] === undefined ? {} : { free_energy: -T * values["free_entropy"] }), ...(T === 0 && values["energy"] !== undefined ? { free_energy: values["energy"] } : {}) };
  return {
    method: `replica(${ansatz})`, status: `ansatz(${ansatz})`,
    assumptions: [...question.assumptions, ...notes],
    quantities: [...Object.keys(all), "T_d", "T_s"].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict: (quantity) => {
      if (quantity === "T_d" || quantity === "T_s") return transition(mixture.filter((t) => t.power > 0), space, quantity);
      const value = all[quantity];
      return value === undefined ? { refused: Number.isNaN(T) ? `${quantity} needs a temperature: write \`replica(${ansatz}, T = 0)\`, or give it with the quantity` : `it predicts no ${quantity} here` } : { value, residual };
    },
    equations: [`ξ(q) = ${formatMixture(mixture)}`, ...equations],
  };
}

/** Where states first trap the dynamics (T_d), and where their number stops being exponential (T_s): m → 1 of 1RSB; THEORY.md A, B. */
function transition(terms: Mixture, space: Space, which: "T_d" | "T_s"): Prediction {
  if (terms.some((t) => t.power < 2)) return { refused: `${which} is defined for energies without fields: this one has a term that is linear in the state` };
  const slope = derivativeOf(terms, 1);
  if (space === "sphere") {
    // T_d² = max ξ'(q)(1 − q)/q;  T_s² = max ξ(q)/(−log(1 − q) − q): where the m → 1 potential first has a second stationary point, or reaches 0.
    const f = which === "T_d" ? (q: number): number => (at(slope, q) * (1 - q)) / q : (q: number): number => at(terms, q) / (-Math.log1p(-q) - q);
    return { value: Math.sqrt(f(best(f, 1e-4, 1 - 1e-9))), residual: 0 };
  }
  const weighted = (lambda: number, f: (x: number) => number): number => Math.exp(-lambda / 2) * integrateGauss((z, out) => { const x = Math.sqrt(lambda) * z; out[0] = Math.cosh(x) * f(x); }, 1, 1e-12)[0]!;
  const overlap = (lambda: number): number => weighted(lambda, (x) => Math.tanh(x) ** 2);
  const square = (lambda: number): number => at(slope, overlap(lambda)) / lambda;
  if (which === "T_d") {
    const u = best((v) => square(Math.exp(v)), Math.log(1e-4), Math.log(200));
    return { value: Math.sqrt(square(Math.exp(u))), residual: 0 };
  }
  if (terms.some((t) => t.power === 2)) return { refused: "T_s of spins with pair terms is not a transition at m = 1" };
  const potential = (lambda: number): number => {
    const q = overlap(lambda), beta2 = lambda / at(slope, q);
    return (beta2 / 2) * (at(terms, q) - q * at(slope, q)) - Math.LN2 - lambda / 2 + weighted(lambda, (x) => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))));
  };
  const from = Math.exp(best((v) => square(Math.exp(v)), Math.log(1e-4), Math.log(200)));
  const zero = findRoot(potential, from, 150);
  return "root" in zero ? { value: Math.sqrt(square(zero.root)), residual: Math.abs(potential(zero.root)) } : { refused: "there is no temperature at which the complexity vanishes" };
}

/** Where f is largest, over a grid and then by golden section. */
function best(f: (x: number) => number, a: number, c: number): number {
  const n = 200, x = (k: number): number => a + ((c - a) * k) / n;
  let top = 0;
  for (let k = 1; k <= n; k++) if (f(x(k)) > f(x(top))) top = k;
  return maximize(f, x(Math.max(0, top - 1)), x(Math.min(n, top + 1)));
}

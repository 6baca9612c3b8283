/**
 * Replica symmetry for Gaussian energies of mean n g(m) and covariance n ξ(q), per variable:
 *
 * hypercube: φ = β²/2 [ξ(1) − ξ(q) − (1 − q) ξ'(q)] + β [m g'(m) − g(m)] + ∫Dz log 2cosh β(√ξ'(q) z − g'(m))       (Sherrington and Kirkpatrick 1975; Gross and Mézard 1984)
 * sphere:    φ = β²/2 [ξ(1) − ξ(q)] − β g(m) + ½ [log(1 − q) + (q − m²)/(1 − q)], with the normalised measure (Crisanti and Sommers 1992)
 *
 * T → 0: q → 1 with χ = β(1 − q), and the potential is φ/β = −e.
 */
import type { Expression } from "../../ir/expression.ts";
import { build as b } from "../../library/ops/index.ts";
import { Averages } from "../averages.ts";
import { add, half, logTwoCosh, mul, num, prepare, scalar, solvePrepared } from "../derivedPotential.ts";
import type { Prepared } from "../derivedPotential.ts";
import type { Saddle } from "../potential.ts";
import { derivativeOf, polynomial } from "./mixture.ts";
import { biasOf, formKey, isRandomField, isSymmetric } from "./question.ts";
import type { GaussianQuestion } from "./question.ts";

export interface Solution {
  readonly saddle: Saddle;
  readonly prepared: Prepared;
  readonly names: readonly string[];
  readonly values: Readonly<Record<string, number>>;
}

/** All solutions at temperature T: without magnetisation where symmetry allows that, and with it. */
export function symmetricSolutions(question: GaussianQuestion): readonly Solution[] {
  const { bias, T } = question;
  const branches = isSymmetric(question) ? (bias.length === 0 ? ["none"] as const : ["zero", "free"] as const) : biasOf(question, scalar("m")).free || question.space === "sphere" ? ["free"] as const : ["field"] as const;
  return branches.flatMap((branch) => {
    const p = T === 0 ? groundPotential(question, branch) : potential(question, branch);
    const names = p.potential.orders.map((o) => o.name);
    const lowest = isSymmetric(question) ? 0 : -1;
    const box = names.map((n) => (n === "m" ? { lower: lowest, upper: 1 } : n === "χ" ? { lower: 0, upper: Infinity } : { lower: 0, upper: 1 }));
    const sign = bias.some((t) => t.power === 1 && t.coefficient > 0) ? -1 : 1;
    const saddles = solvePrepared(p, T === 0 ? {} : { "β": 1 / T }, box, [names.map((n) => (n === "m" ? 0.8 * sign : n === "q" ? 0.7 : 0.5))]);
    // A free m at 0 is the other branch's.
    const own = branch === "free" && isSymmetric(question) ? saddles.filter((s) => s.inside && s.x[names.indexOf("m")]! > 1e-6) : saddles;
    return own.map((saddle): Solution => {
      const at = (n: string): number => saddle.x[names.indexOf(n)]!;
      const m = names.includes("m") ? at("m") : branch === "field" ? saddle.outputs["m"]! : 0;
      const q = T === 0 ? 1 : names.includes("q") ? at("q") : saddle.outputs["q"] ?? m * m;
      return { saddle, prepared: p, names, values: { q, ...(bias.length > 0 ? { m } : {}), ...(names.includes("χ") ? { "χ": at("χ") } : {}) } };
    });
  });
}

/** none: no mean energy; zero: m = 0; field: a linear mean, whose field is a number; free: m is an order parameter. */
type Branch = "none" | "zero" | "field" | "free";

function potential(question: GaussianQuestion, branch: Branch): Prepared {
  return prepare(formKey(question, `rs ${branch}`), () => {
    const averages = new Averages();
    const { space, mixture, gaussianDirection: variance } = question;
    const beta = scalar("β");
    const m = branch === "free" ? scalar("m") : num(0);
    const follows = isRandomField(question);
    const q = mixture.length === 0 ? mul(m, m) : follows ? num(0) : scalar("q");
    const xi = (order: number, x: Expression): Expression => polynomial(derivativeOf(mixture, order), x);
    const bias = biasOf(question, m), gap = b.sub(num(1), q);
    const coupling = mul(half, beta, beta);
    const outputs = new Map<string, Expression>();
    let value: Expression, response: Expression, overlap = q;
    if (space === "hypercube") {
      const spread = variance === undefined ? xi(1, q) : b.add(xi(1, q), mul(num(variance), bias.slope, bias.slope));
      const field = (z: Expression): Expression => mul(beta, variance === undefined ? b.sub(mul(b.sqrt(spread), z), bias.slope) : mul(b.sqrt(spread), z));
      if (follows) overlap = averages.gauss("z", (z) => b.pow(b.tanh(field(z)), num(2)));
      value = add(follows ? num(0) : mul(coupling, b.sub(b.sub(xi(0, num(1)), xi(0, q)), mul(gap, xi(1, q)))), mul(beta, bias.legendre), averages.gauss("z", (z) => logTwoCosh(field(z))));
      response = averages.gauss("z", (z) => b.pow(b.sub(num(1), b.pow(b.tanh(field(z)), num(2))), num(2)));
      if (branch === "field") outputs.set("m", variance === undefined ? averages.gauss("z", (z) => b.tanh(field(z))) : mul(num(-variance), beta, bias.slope, averages.gauss("z", (z) => b.sub(num(1), b.pow(b.tanh(field(z)), num(2))))));
    } else {
      const volume = mixture.length > 0 ? b.add(b.log(gap), b.div(b.sub(q, mul(m, m)), gap)) : b.log(gap);
      value = add(mul(coupling, b.sub(xi(0, num(1)), xi(0, q))), b.neg(mul(beta, bias.value)), mul(half, volume));
      response = mul(gap, gap);
    }
    // −dφ/dβ at the saddle point is the energy: only the explicit β counts.
    const mean = branch === "field" ? polynomial(question.bias, outputs.get("m")!) : bias.value;
    outputs.set("energy", b.sub(mean, mul(beta, b.sub(xi(0, num(1)), xi(0, overlap)))));
    if (follows) outputs.set("q", overlap);
    outputs.set("replicon", b.sub(num(1), mul(beta, beta, xi(2, q), response)));
    const orders = [...(mixture.length > 0 && !follows ? ["q"] : []), ...(branch === "free" ? ["m"] : [])];
    return { averages, inputs: ["β"], orders: orders.map((name) => ({ name })), value, outputs };
  });
}

function groundPotential(question: GaussianQuestion, branch: Branch): Prepared {
  return prepare(formKey(question, `rs ground ${branch}`), () => {
    const averages = new Averages();
    const { space, mixture, gaussianDirection: variance } = question;
    const m = branch === "free" ? scalar("m") : num(0);
    const xi = (order: number): Expression => polynomial(derivativeOf(mixture, order), num(1));
    const bias = biasOf(question, m), outputs = new Map<string, Expression>();
    const rest = branch === "free" ? ["m"] : [];
    if (space === "sphere") {
      const chi = scalar("χ");
      // Without disorder the state is that of m = ±1, or all.
      const value = mixture.length === 0 ? b.neg(bias.value) : add(mul(half, chi, xi(1)), b.neg(bias.value), mul(half, b.div(b.sub(num(1), mul(m, m)), chi)));
      outputs.set("replicon", b.sub(num(1), mul(chi, chi, xi(2))));
      return { averages, inputs: [], orders: [...rest, ...(mixture.length > 0 ? ["χ"] : [])].map((name) => ({ name })), value, outputs };
    }
    // ∫Dz |a z + c| with the field's spread a and shift c.
    const a = b.sqrt(variance === undefined ? xi(1) : b.add(xi(1), mul(num(variance), bias.slope, bias.slope)));
    const shift = variance === undefined ? b.neg(bias.slope) : num(0);
    const ratio = b.div(shift, a);
    const density = mul(num(1 / Math.sqrt(2 * Math.PI)), b.exp(mul(num(-0.5), ratio, ratio)));
    const magnetisation = b.sub(mul(num(2), b.gauss_cdf(ratio)), num(1));
    const field = mixture.length === 0 && variance === undefined ? b.abs(shift) : b.add(mul(num(2), a, density), mul(shift, magnetisation));
    const chi = mixture.length === 0 && variance === undefined ? num(0) : b.div(mul(num(2), density), a);
    outputs.set("entropy", mul(num(-0.25), chi, chi, xi(2)));
    outputs.set("χ", chi);
    if (branch === "field") outputs.set("m", variance !== undefined ? b.neg(mul(num(variance), bias.slope, chi)) : mixture.length === 0 ? b.sign(shift) : magnetisation);
    return { averages, inputs: [], orders: rest.map((name) => ({ name })), value: b.add(bias.legendre, field), outputs };
  });
}

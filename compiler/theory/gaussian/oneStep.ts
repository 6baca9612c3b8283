/**
 * One step of replica symmetry breaking for Gaussian energies of mean n g(M) and covariance n ξ(q): overlaps q0 < q1, Parisi parameter m.
 * q0 = 0 unless a field makes it differ, or pair terms do. Crisanti and Sommers (1992), Z. Phys. B 87, 341 (sphere); Gardner (1985), Nucl. Phys. B 257, 747 (spins).
 *
 * T → 0: q1 → 1, χ = β(1 − q1) and μ = βm stay; on the hypercube with a = √ξ'(q0) z − g'(M), b² = ξ'(1) − ξ'(q0),
 *   −e = (μ/2) [ξ(1) − ξ(q0) − (1 − q0) ξ'(q0)] + M g' − g + (1/μ) ∫Dz log [e^{μa} Φ(a/b + μb) + e^{−μa} Φ(−a/b + μb)],
 * on the sphere
 *   −e = ½ [χ ξ'(1) + μ (ξ(1) − ξ(q0))] + log(1 + μ(1 − q0)/χ)/(2μ) + ½ (q0 − M²)/(χ + μ(1 − q0)) − g.
 *
 * The complexity −m² ∂φ/∂m counts the states that the Parisi parameter m weights. The replicon is the smaller of two: of overlaps inside
 * a cluster, 1 − β² ξ''(q1) ⟨(1 − t²)²⟩, and between clusters, 1 − β² ξ''(q0) ∫Dz (response of a cluster)²; where it is negative
 * further steps are needed, and full replica symmetry breaking where those don't end.
 */
import type { Expression } from "../../ir/expression.ts";
import { simplify } from "../../3-passes/simplify.ts";
import { build as b } from "../../library/ops/index.ts";
import { Averages } from "../averages.ts";
import { compileScalars } from "../compileScalars.ts";
import { add, half, logTwoCosh, mul, num, prepare, scalar, solvePrepared } from "../derivedPotential.ts";
import type { Prepared } from "../derivedPotential.ts";
import { clusterBranch, overlapIn } from "./clusterBranch.ts";
import type { ClusterFunctions } from "./clusterBranch.ts";
import { derivativeOf, polynomial } from "./mixture.ts";
import { biasOf, formKey, isSymmetric } from "./question.ts";
import type { GaussianQuestion } from "./question.ts";
import type { Saddle } from "../potential.ts";
import type { Solution } from "./symmetric.ts";

/** Whether q0 differs from 0: a field, of random or of one sign. */
const hasField = (q: GaussianQuestion): boolean => q.bias.length > 0 || q.mixture.some((t) => t.power === 1);

/** Whether the lower overlap is an order parameter: in a field it must be; on the hypercube pair terms let it leave 0 by itself. */
type Low = "zero" | "free";
const lowBranches = (q: GaussianQuestion): readonly Low[] =>
  hasField(q) ? ["free"] : q.space === "hypercube" && q.mixture.some((t) => t.power === 2) && q.m === undefined ? ["zero", "free"] : ["zero"];

/** Integrals inside integrals are slow: one good start. */
const NESTED = { few: 0, many: 2 };
const SIMPLE = { few: 8, many: 40 };

/** Solutions with broken symmetry, at the given Parisi parameter or where the potential is stationary in it; `near`: replica-symmetric values to start from. */
export function brokenSolutions(question: GaussianQuestion, near: () => Readonly<Record<string, number>>): readonly Solution[] {
  if (isApart(question)) return apartSolutions(question);
  const start = near();
  return lowBranches(question).reduce((found: readonly Solution[], low) => [...found, ...brokenBranch(question, low, { ...start, ...found.at(-1)?.values })], []);
}

/** Without pair terms an overlap starts from 0 nowhere: the clusters that come down from q1 = 1 are all there are. */
const isApart = (question: GaussianQuestion): boolean =>
  question.T > 0 && question.space === "hypercube" && question.m === undefined && !hasField(question) && question.mixture.every((t) => t.power > 2);

function apartSolutions(question: GaussianQuestion): readonly Solution[] {
  const p = potential(question, "zero"), names = p.potential.orders.map((o) => o.name);
  const found = clusterBranch(clusterFunctions(question), 1 / question.T);
  return found ? solutionsAt(question, p, [p.compiled.at(names.map((n) => (n === "m" ? found.m : found.q1)), { "β": 1 / question.T }, found.residual)]) : [];
}

function brokenBranch(question: GaussianQuestion, low: Low, near: Readonly<Record<string, number>>): readonly Solution[] {
  const { T, m: fixed } = question;
  const p = T === 0 ? groundPotential(question, low) : potential(question, low);
  const names = p.potential.orders.map((o) => o.name);
  const M = near["M"] ?? 0, lowest = isSymmetric(question) ? 0 : -1;
  const box = names.map((n) => (n === "M" ? { lower: lowest, upper: 1 } : n === "μ" || n === "χ" ? { lower: 0, upper: Infinity } : { lower: 0, upper: n === "m" && fixed !== undefined ? Infinity : 1 }));
  const start: Readonly<Record<string, number>> = { q1: near["q1"] ?? 0.3 + 0.6 * (near["q"] ?? 0.8), "ρ": 0.4, m: near["q1"] === undefined ? 0.4 : near["m"]!, "μ": near["μ"] ?? 1, "χ": 0.3, M: M === 0 ? 0.5 : M };
  const inputs = T === 0 ? {} : { "β": 1 / T, ...(fixed === undefined ? {} : { m: fixed }) };
  return solutionsAt(question, p, solvePrepared(p, inputs, box, [names.map((n) => start[n]!)], low === "free" && question.space === "hypercube" ? NESTED : SIMPLE));
}

function solutionsAt(question: GaussianQuestion, p: Prepared, saddles: readonly Saddle[]): readonly Solution[] {
  const { T, m: fixed } = question, names = p.potential.orders.map((o) => o.name);
  return saddles.filter((s) => s.inside).flatMap((saddle): readonly Solution[] => {
    const at = (n: string): number => saddle.x[names.indexOf(n)]!;
    const q1 = T === 0 ? 1 : at("q1"), q0 = saddle.outputs["q0"]!;
    if (!(q1 > 1e-4 && q1 - q0 > 1e-5)) return [];
    // A high power makes the potential flat at small overlaps: stationary to all digits without a solution there.
    if (T > 0 && question.space === "hypercube" && !(Math.abs(saddle.outputs["inside"]! - q1) < 1e-5 * q1)) return [];
    if (T === 0 && !(at("μ") > 1e-5 && at("μ") < 1e5)) return [];
    if (T > 0 && fixed === undefined && !(at("m") < 1 - 1e-6 && at("m") > 1e-6)) return [];
    const magnetisation = names.includes("M") ? at("M") : question.bias.length > 0 ? saddle.outputs["M"]! : undefined;
    return [{ saddle, prepared: p, names, values: { q: q1, q1, q0, m: T === 0 ? 0 : fixed ?? at("m"), ...(magnetisation === undefined ? {} : { M: magnetisation }), ...(T === 0 ? { "μ": at("μ") } : {}) } }];
  });
}

/** Clusters between the static and the dynamical transition, where m = 1: their overlap and number. */
export function clusters(question: GaussianQuestion): { readonly q: number; readonly complexity: number; readonly residual: number } | undefined {
  if (hasField(question)) return undefined;
  if (question.space === "hypercube" && question.mixture.every((t) => t.power > 2)) {
    const of = clusterFunctions(question), q = overlapIn(of, 1 / question.T, 1);
    if (q === undefined) return undefined;
    const [inside, slope] = of.at([1 / question.T, 1, q]);
    return slope! < 0 ? { q, complexity: -slope!, residual: Math.abs(inside! - q) } : undefined;
  }
  const p = prepare(formKey(question, "clusters"), () => {
    const { averages, value } = expressions({ ...question, m: 1 }, "zero");
    const complexity = b.neg(averages.derivative(simplify(value), "m"));
    return { averages, inputs: ["β", "m"], orders: [{ name: "q1" }], value: complexity, outputs: new Map() };
  });
  const last = solvePrepared(p, { "β": 1 / question.T, m: 1 }, [{ lower: 0, upper: 1 }], [[0.8]]).filter((s) => s.inside && s.x[0]! > 1e-4).at(-1);
  return last && last.value > 0 ? { q: last.x[0]!, complexity: last.value, residual: last.residual } : undefined;
}

const functions = new Map<string, ClusterFunctions>();

function clusterFunctions(question: GaussianQuestion): ClusterFunctions {
  const key = formKey(question, "cluster functions");
  let known = functions.get(key);
  if (!known) {
    const { averages, value, outputs } = expressions(question, "zero");
    functions.set(key, (known = { at: compileScalars(averages, ["β", "m", "q1"], [outputs.get("inside")!, averages.derivative(simplify(value), "m")]) }));
  }
  return known;
}

function potential(question: GaussianQuestion, lowBranch: Low): Prepared {
  const fixed = question.m !== undefined;
  return prepare(formKey(question, `rsb1 ${fixed} ${lowBranch}`), () => {
    const { averages, value, outputs, orders } = expressions(question, lowBranch);
    outputs.set("complexity", mul(num(-1), scalar("m"), scalar("m"), averages.derivative(simplify(value), "m")));
    return { averages, inputs: ["β", ...(fixed ? ["m"] : [])], orders: [...orders, ...(fixed ? [] : ["m"])].map((name) => ({ name })), value, outputs };
  });
}

function expressions(question: GaussianQuestion, lowBranch: Low): { readonly averages: Averages; readonly value: Expression; readonly outputs: Map<string, Expression>; readonly orders: readonly string[] } {
  const averages = new Averages();
  const { space, mixture, gaussianDirection: variance } = question;
  const beta = scalar("β"), m = scalar("m"), q1 = scalar("q1"), one = num(1), less = b.sub(one, m);
  const field = lowBranch === "free";
  // q0 as a part of q1, so that it stays below.
  const q0 = field ? mul(scalar("ρ"), q1) : num(0);
  const xi = (order: number, x: Expression): Expression => polynomial(derivativeOf(mixture, order), x);
  const own = biasOf(question, scalar("M")), free = question.bias.length > 0 && (own.free || space === "sphere");
  const [low, lowSlope] = field ? [xi(0, q0), xi(1, q0)] : [num(0), num(0)];
  const energetic = b.sub(b.sub(xi(0, one), mul(less, xi(0, q1))), mul(m, low));
  const coupling = mul(half, beta, beta);
  const outputs = new Map<string, Expression>([["q0", q0]]);
  const orders = ["q1", ...(field ? ["ρ"] : []), ...(free ? ["M"] : [])];
  if (space === "sphere") {
    const spread = b.add(b.sub(one, q1), mul(m, b.sub(q1, q0)));
    const square = free ? b.sub(q0, mul(scalar("M"), scalar("M"))) : q0;
    const volume = add(b.sub(b.div(b.log(spread), m), mul(b.div(less, m), b.log(b.sub(one, q1)))), b.div(square, spread));
    outputs.set("energy", b.sub(own.value, mul(beta, energetic)));
    outputs.set("replicon", b.min2(b.sub(one, mul(beta, beta, xi(2, q1), b.pow(b.sub(one, q1), num(2)))), b.sub(one, mul(beta, beta, xi(2, q0), spread, spread))));
    const value = add(mul(coupling, energetic), b.neg(mul(beta, own.value)), mul(half, volume));
    return { averages, value, outputs, orders };
  }
  const inner = b.sqrt(b.sub(xi(1, q1), lowSlope));
  const spread = variance === undefined ? lowSlope : b.add(lowSlope, mul(num(variance), own.slope, own.slope));
  const shift = variance === undefined ? b.neg(own.slope) : num(0);
  const local = (z0: Expression | undefined, z1: Expression): Expression => mul(beta, z0 ? add(mul(b.sqrt(spread), z0), mul(inner, z1), shift) : mul(inner, z1));
  const weight = (z0: Expression | undefined, z1: Expression): Expression => b.exp(mul(m, logTwoCosh(local(z0, z1))));
  /** ∫Dz0 of something of a cluster's weight; the same Gaussian variables everywhere, so that integrals are shared. */
  const outer = (make: (z0: Expression | undefined) => Expression): Expression => (field ? averages.gauss("z0", make) : make(undefined));
  const mean = (z0: Expression | undefined, make: (t: Expression) => Expression): Expression => b.div(averages.gauss("z1", (z1) => mul(weight(z0, z1), make(b.tanh(local(z0, z1))))), averages.gauss("z1", (z1) => weight(z0, z1)));
  const within = (make: (t: Expression) => Expression): Expression => outer((z0) => mean(z0, make));
  const entropic = outer((z0) => b.div(b.log(averages.gauss("z1", (z1) => weight(z0, z1))), m));
  const conjugate = b.sub(mul(xi(1, q1), b.sub(one, mul(less, q1))), mul(m, q0, lowSlope));
  const magnetisation = free ? scalar("M") : question.bias.length === 0 ? num(0)
    : variance === undefined ? within((t) => t) : mul(num(-variance), beta, own.slope, b.sub(one, b.add(mul(less, q1), mul(m, q0))));
  if (question.bias.length > 0 && !free) outputs.set("M", magnetisation);
  outputs.set("energy", b.sub(polynomial(question.bias, magnetisation), mul(beta, energetic)));
  outputs.set("inside", within((t) => b.pow(t, num(2))));
  const inside = b.sub(one, mul(beta, beta, xi(2, q1), within((t) => b.pow(b.sub(one, b.pow(t, num(2))), num(2)))));
  // The response of a cluster's weight to a field: 1 − ⟨t²⟩ + m(⟨t²⟩ − ⟨t⟩²), without field at ⟨t⟩ = 0.
  const response = outer((z0) => b.pow(b.sub(b.sub(one, mul(less, mean(z0, (t) => b.pow(t, num(2))))), z0 ? mul(m, b.pow(mean(z0, (t) => t), num(2))) : num(0)), num(2)));
  outputs.set("replicon", !field && question.mixture.every((t) => t.power > 2) ? inside : b.min2(inside, b.sub(one, mul(beta, beta, xi(2, q0), response))));
  return { averages, value: add(mul(coupling, b.sub(energetic, conjugate)), mul(beta, own.legendre), entropic), outputs, orders };
}

function groundPotential(question: GaussianQuestion, lowBranch: Low): Prepared {
  return prepare(formKey(question, `rsb1 ground ${lowBranch}`), () => {
    const averages = new Averages();
    const { space, mixture, gaussianDirection: variance } = question;
    const mu = scalar("μ"), field = lowBranch === "free", one = num(1);
    const q0 = field ? scalar("ρ") : num(0), gap = b.sub(one, q0);
    const xi = (order: number, x: Expression): Expression => polynomial(derivativeOf(mixture, order), x);
    const own = biasOf(question, scalar("M")), free = question.bias.length > 0 && (own.free || space === "sphere");
    const [low, lowSlope] = field ? [xi(0, q0), xi(1, q0)] : [num(0), num(0)];
    const outputs = new Map<string, Expression>([["q0", q0]]);
    const orders = ["μ", ...(field ? ["ρ"] : []), ...(free ? ["M"] : [])];
    if (space === "sphere") {
      const chi = scalar("χ"), spread = b.add(chi, mul(mu, gap));
      const value = add(
        mul(half, b.add(mul(chi, xi(1, one)), mul(mu, b.sub(xi(0, one), low)))), b.div(b.log1p(b.div(mul(mu, gap), chi)), mul(num(2), mu)),
        mul(half, b.div(free ? b.sub(q0, mul(scalar("M"), scalar("M"))) : q0, spread)), b.neg(own.value),
      );
      outputs.set("replicon", b.min2(b.sub(one, mul(chi, chi, xi(2, one))), b.sub(one, mul(spread, spread, xi(2, q0)))));
      return { averages, inputs: [], orders: [...orders, "χ"].map((name) => ({ name })), value, outputs };
    }
    const spread = variance === undefined ? lowSlope : b.add(lowSlope, mul(num(variance), own.slope, own.slope));
    const width = b.sqrt(b.sub(xi(1, one), lowSlope));
    const centre = (z: Expression): Expression => b.add(mul(b.sqrt(spread), z), variance === undefined ? b.neg(own.slope) : num(0));
    /** log of ∫Dz1 exp μ|a + b z1|, without exp(μ²b²/2). */
    const site = (a: Expression): Expression => {
      const [up, down] = [a, b.neg(a)].map((x) => b.add(mul(mu, x), b.log_gauss_cdf(b.add(b.div(x, width), mul(mu, width))))) as [Expression, Expression];
      return b.add(up, b.softplus(b.sub(down, up)));
    };
    const outer = (make: (a: Expression) => Expression): Expression => (field ? averages.gauss("z", (z) => make(centre(z))) : make(num(0)));
    const value = add(mul(half, mu, b.sub(b.sub(xi(0, one), low), mul(gap, lowSlope))), free ? own.legendre : num(0), b.div(outer(site), mu));
    // χ: twice the density of fields at 0.
    const chi = outer((a) => {
      const ratio = b.div(a, width);
      return mul(b.div(num(2 / Math.sqrt(2 * Math.PI)), width), b.exp(b.neg(add(mul(half, ratio, ratio), mul(half, b.pow(mul(mu, width), num(2))), site(a)))));
    });
    outputs.set("χ", chi);
    outputs.set("entropy", mul(num(-0.25), chi, chi, xi(2, one)));
    if (question.bias.length > 0 && !free) {
      const M = variance === undefined
        ? outer((a) => b.sub(mul(num(2), b.sigmoid(b.sub(b.add(mul(num(2), mu, a), b.log_gauss_cdf(b.add(b.div(a, width), mul(mu, width)))), b.log_gauss_cdf(b.add(b.neg(b.div(a, width)), mul(mu, width)))))), num(1)))
        : mul(num(-variance), own.slope, b.add(chi, mul(mu, gap)));
      outputs.set("M", M);
    }
    return { averages, inputs: [], orders: orders.map((name) => ({ name })), value, outputs };
  });
}


/**
 * Annealed complexity of a Gaussian energy on the sphere |w|² = R², by the Kac-Rice formula.
 *
 * With E[H(w)H(w')] = n ξ(q), q = w·w'/R², n the number of variables and energies per n, let x be the radial derivative
 * w·∇H / n. At a critical point of energy n·u the Riemannian Hessian is √ξ''(1) GOE − x, a semicircle of radius 2√ξ''(1)
 * around −x, and (u, x) are Gaussian with covariance [[ξ, ξ'], [ξ', ξ' + ξ'']] / n at q = 1. The number of critical points is exp(n S):
 *
 *   S(u, x) = ½ log(ξ''/ξ') + x²/(4 ξ'') − I(x) − u²/(2 ξ) − (x − m u)²/(2 s²),   m = ξ'/ξ, s² = ξ' + ξ'' − ξ'²/ξ,
 *   I(x) = e √(e² − 1) − log(e + √(e² − 1)) for e = |x| / (2√ξ'') ≥ 1, else 0.
 *
 * Finite index k needs the bulk to be positive, x ≤ −2√ξ'', and each of the k negative eigenvalues costs another I(x).
 * For a pure model s = 0 and x = p u. Auffinger, Ben Arous and Černý (2013), Commun. Pure Appl. Math. 66, 165 (pure models);
 * Auffinger and Ben Arous (2013), Ann. Probab. 41, 4214 (mixtures); both reproduced as limits by the tests.
 */
import { findRoot } from "../../runtime/results/findRoot.ts";
import { formatMixture, short } from "./gaussian/formatMixture.ts";
import type { Mixture } from "./gaussian/mixture.ts";
import { maximize } from "./maximize.ts";
import type { Prediction, Quantity, Theory } from "./prediction.ts";

const quantities: readonly Quantity[] = [
  { name: "E_inf", form: "value", arguments: [], doc: "Threshold energy per variable, with its sign reversed: above −E_inf typical critical points have a finite fraction of negative directions." },
  { name: "E", form: "subscript", arguments: [{ name: "k" }], doc: "Critical points of index k exist, in mean, only above −E[k] per variable (k = 0, 1, …)." },
  { name: "complexity", form: "call", arguments: [{ name: "u" }, { name: "k", optional: true }], doc: "(1/n) log of the mean number of critical points (of index k) with energy at most n·u." },
];

/** @param mean lim E H / n: energies of the theory are measured from there, and reported with it */
export function kacRice(mixture: Mixture, assumptions: readonly string[], mean = 0): Theory | { readonly refused: string } {
  const terms = mixture.filter((t) => t.coefficient !== 0 && t.power > 0);
  const dropped = mixture.some((t) => t.coefficient !== 0 && t.power === 0);
  const at1 = (weight: (p: number) => number): number => terms.reduce((sum, t) => sum + t.coefficient * weight(t.power), 0);
  const xi = at1(() => 1), first = at1((p) => p), second = at1((p) => p * (p - 1));
  if (terms.some((t) => t.coefficient < 0 || !Number.isInteger(t.power))) return { refused: `ξ(q) = ${formatMixture(mixture)} is not the covariance of a Gaussian energy on the sphere in every dimension: its coefficients must not be negative` };
  if (second <= 0) return { refused: `ξ(q) = ${formatMixture(mixture)} is at most linear: the energy is a random field with one minimum and one maximum, and has no complexity` };

  const m = first / xi;
  // For a pure model the radial derivative is p times the energy and s² vanishes up to rounding.
  const pure = terms.length === 1;
  const s2 = pure ? 0 : first + second - first * first / xi;
  const edge = 2 * Math.sqrt(second);
  const base = 0.5 * Math.log(second / first);
  const rate = (x: number): number => {
    const e = Math.abs(x) / edge;
    if (e <= 1) return 0;
    const root = Math.sqrt((e - 1) * (e + 1));
    return e * root - Math.log(e + root);
  };

  /** S(u, x) − k I(x). */
  const density = (u: number, x: number, k: number): number =>
    base + (x * x) / (4 * second) - (k + 1) * rate(x) - (u * u) / (2 * xi) - (pure ? 0 : (x - m * u) ** 2 / (2 * s2));
  /** Its x-derivative, which falls with x (s² ≤ ξ'' for every mixture without constant). */
  const slope = (u: number, x: number, k: number): number =>
    x / (2 * second) - (k + 1) * Math.sign(x) * (Math.abs(x) > edge ? Math.sqrt(x * x - edge * edge) / (2 * second) : 0) - (x - m * u) / s2;

  /** max over x of S at energy u; for an index, over x ≤ −2√ξ''. */
  const atEnergy = (u: number, index: number | undefined): number => {
    const k = index ?? 0;
    const highest = index === undefined ? Infinity : -edge;
    if (pure) return m * u <= highest * (1 - 4 * Number.EPSILON) || index === undefined ? density(u, m * u, k) : -Infinity;
    const reach = edge + Math.abs(m * u) * 4 + 10 * Math.sqrt(s2);
    const top = Math.min(reach, highest);
    if (slope(u, top, k) >= 0) return density(u, top, k);
    const best = findRoot((x) => slope(u, x, k), -reach - edge, top);
    return "root" in best ? density(u, best.root, k) : NaN;
  };
  const threshold = edge * (1 - s2 / (2 * second)) / m;

  /** (1/n) log E #{critical points (of index k) with H ≤ n u}: the supremum of `atEnergy` over energies up to u. */
  const complexity = (u: number, index: number | undefined): number => {
    if (u === -Infinity) return -Infinity;
    if (pure) return index === undefined ? atEnergy(Math.min(u, 0), undefined) : atEnergy(Math.min(u, -threshold), index);
    const lowest = Math.min(u, 0) - 10 * (threshold + Math.sqrt(xi));
    return atEnergy(maximize((v) => atEnergy(v, index), lowest, u), index);
  };

  const atThreshold = atEnergy(-threshold, 0);
  const layer = (k: number): Prediction => {
    if (!Number.isInteger(k) || k < 0) return { refused: `E[k] needs an index k = 0, 1, 2, …, not ${k}` };
    if (k > 0 && !(atThreshold > 1e-12)) {
      return { refused: pure
        ? "E[k] for k > 0 does not exist: the number of critical points of the quadratic model does not grow exponentially, so that there are no layers"
        : `E[k] for k > 0 does not exist for this mixture: at the threshold −E_inf = ${(-threshold).toFixed(6)} the complexity of minima is ${atThreshold.toFixed(6)}, not positive, so that critical points of all finite indices end at the same energy −E[0] (a full mixture)` };
    }
    const largest = -4 * (threshold + Math.sqrt(xi));
    const f = (u: number): number => complexity(u, k);
    // Where minima are most numerous the complexity is positive (zero for p = 2, where the band closes).
    const from = pure ? -threshold : maximize((v) => atEnergy(v, k), largest, 0);
    if (Math.abs(f(from)) < 1e-12) return { value: -from, residual: Math.abs(f(from)) };
    const zero = findRoot(f, largest, from);
    return "root" in zero ? { value: -zero.root, residual: Math.abs(f(zero.root)) } : { refused: `E[${k}] does not exist: the complexity of critical points of index ${k} is nowhere positive` };
  };

  return {
    method: "kac_rice()",
    status: "large-N",
    assumptions: [
      ...assumptions,
      "mean numbers (annealed): they bound typical numbers from above, and agree with them for pure models",
      ...(dropped ? ["the constant of the covariance is left out: it moves all energies of a sample together, by order √N"] : []),
    ],
    quantities,
    predict: (quantity, [a, b]) => {
      if (quantity === "E_inf") return { value: threshold - mean, residual: 0 };
      if (quantity === "E") {
        const found = layer(a!);
        return "refused" in found ? found : { ...found, value: found.value - mean };
      }
      if (b !== undefined && (!Number.isInteger(b) || b < 0)) return { refused: `complexity(u, k) needs an index k = 0, 1, 2, …, not ${b}` };
      return { value: complexity(a! - mean, b), residual: 0 };
    },
    equations: [
      `ξ(q) = ${formatMixture(mixture)},  ξ(1) = ${short(xi)}, ξ'(1) = ${short(first)}, ξ''(1) = ${short(second)}`,
      ...(pure
        ? [`complexity density at energy u: S(u) = ½ log(ξ''/ξ') + (p u)²/(4 ξ'') − u²/(2 ξ) − I(p u), p = ${short(m)}`]
        : [`S(u, x) = ½ log(ξ''/ξ') + x²/(4 ξ'') − I(x) − u²/(2 ξ) − (x − m u)²/(2 s²),  m = ${short(m)}, s² = ${short(s2)}`, "complexity density at energy u: max over the radial derivative x (x ≤ −2√ξ'' for an index)"]),
      "I(x) = e √(e² − 1) − log(e + √(e² − 1)),  e = |x|/(2√ξ'') ≥ 1, else 0; index k costs k I(x) more",
      "complexity(u), complexity(u, k): the largest density at energies up to u;  E[k]: complexity(−E[k], k) = 0",
      `E_inf = 2√ξ'' (1 − s²/(2 ξ''))/m = ${short(threshold)}`,
      ...(mean === 0 ? [] : [`all energies are measured from the mean ${short(mean)} per variable, which is added to them`]),
    ],
  };
}

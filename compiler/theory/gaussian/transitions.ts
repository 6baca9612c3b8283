/** The dynamical and the static transition of Gaussian energies without fields: the limit m → 1 of one step; THEORY.md A, B. */
import { integrateGauss } from "../../../runtime/results/integrate.ts";
import { maximize } from "../maximize.ts";
import type { Prediction } from "../prediction.ts";
import { at, derivativeOf } from "./mixture.ts";
import type { Mixture } from "./mixture.ts";
import type { Space } from "./question.ts";

/** Where states first trap the dynamics (T_d), and where their number stops being exponential (T_s): m → 1 of 1RSB; THEORY.md A, B. */
export function transition(terms: Mixture, space: Space, which: "T_d" | "T_s"): Prediction {
  if (terms.some((t) => t.power < 2)) return { refused: `${which} is defined for energies without fields: this one has a term that is linear in the state` };
  const slope = derivativeOf(terms);
  // Overlaps that grow from 0.
  const continuous = at(derivativeOf(terms, 2), 0);
  if (space === "sphere") {
    // T_d² = max ξ'(q)(1 − q)/q;  T_s² = max ξ(q)/(−log(1 − q) − q): where the m → 1 potential first has a second stationary point, or reaches 0.
    const f = which === "T_d" ? (q: number): number => (at(slope, q) * (1 - q)) / q : (q: number): number => at(terms, q) / (-Math.log1p(-q) - q);
    return { value: Math.sqrt(Math.max(continuous, f(best(f, 1e-4, 1 - 1e-9)))), residual: 0 };
  }
  // exp(−λ/2) ∫Dz cosh(√λ z) f(√λ z) of an even f: the weight moves the field to ±λ.
  const weighted = (lambda: number, f: (x: number) => number): number => integrateGauss((z, out) => { out[0] = f(lambda + Math.sqrt(lambda) * z); }, 1, 1e-12)[0]!;
  const overlap = (lambda: number): number => weighted(lambda, (x) => Math.tanh(x) ** 2);
  const square = (lambda: number): number => at(slope, overlap(lambda)) / lambda;
  // Overlaps fall to 0 at small λ, where both tend to the continuous transition ξ''(0).
  const [low, high] = [Math.log(2e-2), Math.log(200)];
  if (which === "T_d") return { value: Math.sqrt(Math.max(continuous, square(Math.exp(best((v) => square(Math.exp(v)), low, high))))), residual: 0 };
  // What an overlap costs in entropy; clusters hold all weight where β² ξ(q)/2 reaches it.
  const cost = (lambda: number): number => (lambda * (1 + overlap(lambda))) / 2 + Math.LN2 - weighted(lambda, (x) => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))));
  const static2 = (v: number): number => { const lambda = Math.exp(v); return at(terms, overlap(lambda)) / (2 * cost(lambda)); };
  return { value: Math.sqrt(Math.max(continuous, static2(best(static2, low, high)))), residual: 0 };
}

/** Where f is largest, over a grid and then by golden section. */
function best(f: (x: number) => number, a: number, c: number): number {
  const n = 200, x = (k: number): number => a + ((c - a) * k) / n;
  let top = 0;
  for (let k = 1; k <= n; k++) if (f(x(k)) > f(x(top))) top = k;
  return maximize(f, x(Math.max(0, top - 1)), x(Math.min(n, top + 1)));
}

/**
 * The message that a spin in the cavity field x sends along an edge with coupling K at inverse temperature β:
 * Σ_s exp(β K s s' + β x s) = B exp(β u s'), with
 *
 *   u = [L(x + K) − L(x − K)]/2,  (log B)/β = [L(x + K) + L(x − K)]/2,  L(x) = log(2 cosh βx)/β, |x| at T = 0.
 */
export interface Messages {
  readonly beta: number;
  readonly L: (x: number) => number;
  readonly u: (K: number, x: number) => number;
  readonly logB: (K: number, x: number) => number;
  /** Mean of a spin in a field. */
  readonly spin: (x: number) => number;
}

/** @param T temperature, at least 0 and finite */
export function messages(T: number): Messages {
  const beta = 1 / T;
  const L = T === 0 ? Math.abs : (x: number): number => Math.abs(x) + T * Math.log1p(Math.exp(-2 * beta * Math.abs(x)));
  return {
    beta, L,
    // The product form keeps its relative accuracy for weak couplings and fields.
    u: T === 0 ? (K, x) => Math.sign(K) * Math.sign(x) * Math.min(Math.abs(K), Math.abs(x))
      : (K, x) => (Math.min(Math.abs(K), Math.abs(x)) * beta < 5 ? T * Math.atanh(Math.tanh(beta * K) * Math.tanh(beta * x)) : 0.5 * (L(x + K) - L(x - K))),
    logB: (K, x) => 0.5 * (L(x + K) + L(x - K)),
    spin: T === 0 ? Math.sign : (x) => Math.tanh(beta * x),
  };
}

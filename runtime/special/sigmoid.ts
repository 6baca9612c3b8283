/** 1/(1 + exp(−x)) without overflow and with full relative accuracy in the lower tail. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

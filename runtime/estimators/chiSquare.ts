/**
 * The value that a chi-square variable with `freedom` degrees of freedom exceeds with probability 0.01, by the Wilson-Hilferty
 * transformation; within 2 per cent of the exact value (E. Wilson, M. Hilferty, PNAS 17, 684 (1931)).
 */
export function chiSquareOnePercent(freedom: number): number {
  const width = 2 / (9 * freedom);
  return freedom * (1 - width + 2.326348 * Math.sqrt(width)) ** 3;
}

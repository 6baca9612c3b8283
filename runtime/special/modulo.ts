/** x − y·floor(x/y): has the sign of y, so that mod(−1, L) = L − 1. */
export function modulo(x: number, y: number): number {
  const remainder = x % y;
  return remainder !== 0 && remainder < 0 !== y < 0 ? remainder + y : remainder;
}

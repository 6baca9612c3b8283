/** The first `length` rows and columns of a matrix, row-major, brought together at its beginning. */
export function firstBlock(matrix: Float64Array, dimension: number, length: number): void {
  for (let row = 1; row < length; row++) matrix.copyWithin(row * length, row * dimension, row * dimension + length);
}

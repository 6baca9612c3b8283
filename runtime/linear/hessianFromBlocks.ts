/** One block of a Hessian: rows and columns of two state arrays, the row array not after the column array. */
export interface HessianBlock {
  /** Offsets in the state vector. */
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
  /** rows × columns, row-major. */
  readonly entries: Float64Array;
}

/** Runs the kernel that fills the blocks and assembles the symmetric dimension × dimension matrix `out`. */
export function hessianFromBlocks(run: () => void, blocks: readonly HessianBlock[], out: Float64Array, dimension: number): void {
  run();
  out.fill(0);
  for (const { row, column, rows, columns, entries } of blocks) {
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) {
      const value = entries[i * columns + j]!;
      out[(row + i) * dimension + column + j] = value;
      if (row !== column) out[(column + j) * dimension + row + i] = value;
    }
  }
}

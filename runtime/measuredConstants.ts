/**
 * Numbers on which only speed should depend, and on which the last bits or the random numbers of a run do depend. They are as they are built in
 * unless a settings file (`--settings`) says otherwise, which is then part of what the run is; nothing measures them behind its back.
 */
export interface MeasuredConstants {
  readonly rejection_free_below: number;
  readonly rejection_free_above: number;
  readonly tile_rows: number;
  readonly tile_terms: number;
  readonly tensor_starts: number;
}

export interface ConstantRecord {
  readonly doc: string;
  readonly builtIn: number;
  /** What it may be, in words, and the test of that. */
  readonly values: string;
  readonly accepts: (value: number) => boolean;
}

const powerOfTwo = (least: number, most: number) => (value: number): boolean => value >= least && value <= most && Number.isInteger(Math.log2(value));

export const measuredConstants: Readonly<Record<keyof MeasuredConstants, ConstantRecord>> = {
  rejection_free_below: { doc: "accepted moves a sweep below which Metropolis sweeps of spins and bits become rejection-free", builtIn: 0.5, values: "a number from 0", accepts: (x) => x >= 0 && x < Infinity },
  rejection_free_above: { doc: "accepted moves a sweep above which they attempt one move after the other again; at least rejection_free_below", builtIn: 1, values: "a number from 0", accepts: (x) => x >= 0 && x < Infinity },
  tile_rows: { doc: "rows of a product of matrices that a WASM kernel computes at once", builtIn: 4, values: "1, 2, 4 or 8", accepts: powerOfTwo(1, 8) },
  tile_terms: { doc: "terms of their sums that it takes before it goes on to the next rows", builtIn: 256, values: "a power of 2 from 16 to 65536", accepts: powerOfTwo(16, 65536) },
  tensor_starts: { doc: "starts of a sample from which on --target tfjs moves them together as tensors", builtIn: 1, values: "a whole number from 1", accepts: (x) => Number.isInteger(x) && x >= 1 },
};

export const builtInConstants: MeasuredConstants = {
  rejection_free_below: measuredConstants.rejection_free_below.builtIn, rejection_free_above: measuredConstants.rejection_free_above.builtIn,
  tile_rows: measuredConstants.tile_rows.builtIn, tile_terms: measuredConstants.tile_terms.builtIn, tensor_starts: measuredConstants.tensor_starts.builtIn,
};

/** All of them, with those that a settings file gives. */
export const constantsWith = (given: Partial<MeasuredConstants> | undefined): MeasuredConstants => ({ ...builtInConstants, ...given });

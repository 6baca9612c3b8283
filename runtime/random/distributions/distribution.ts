import type { Stream } from "../stream.ts";

/**
 * How the entries of a quenched array, or of an initial state, are drawn.
 *
 * Entry i of the array in row-major order is made from entry (0, i) of the stream alone, unless `doc` says otherwise; a change
 * of the parameters transforms the same underlying numbers.
 */
export interface Distribution {
  readonly name: string;
  /** One sentence: what one entry, or the whole array, is. */
  readonly doc: string;
  /** Names of the parameters, in the order in which `fill` takes their values. */
  readonly parameters: readonly string[];
  /**
   * Fills `out`, which holds an array of the given shape (row-major, last index fastest).
   * @throws RangeError where the parameters are none of the distribution
   */
  fill(out: Float64Array, stream: Stream, parameters: readonly number[], shape: readonly number[]): void;
}

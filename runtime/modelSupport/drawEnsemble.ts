import { quenchedAddress } from "../random/address.ts";
import { findDistribution } from "../random/distributions/index.ts";
import { Stream } from "../random/stream.ts";

/**
 * Draws the entries of a quenched array: a function of the address and the shape alone.
 *
 * @throws RangeError where the arguments are none of the distribution
 */
export function drawEnsemble(
  out: Float64Array,
  distribution: string,
  arguments_: readonly number[],
  shape: readonly number[],
  address: { readonly seed: number; readonly model: string; readonly ensemble: string; readonly sample: number },
): void {
  findDistribution(distribution).fill(out, new Stream(quenchedAddress({ ...address, sizes: shape })), arguments_, shape);
}

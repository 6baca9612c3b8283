/**
 * Initial states that are uniform on compact constraint sets with a continuous symmetry: spheres and products of spheres.
 * (Uniform states of finite domains and intervals are the distributions `sign`, `bernoulli`, `categorical` and `uniform`.)
 *
 * A standard Gaussian vector has a uniform direction (M. Muller, Comm. ACM 2, 19 (1959)). Entry i of the state array takes normal
 * (0, i) of the stream, so the spheres of one array are independent of each other and of the order in which they are drawn.
 */
import type { Stream } from "./stream.ts";

/**
 * Makes out[offset … offset + length − 1] uniform on the sphere of squared Euclidean norm `norm2`; nothing else is written.
 *
 * @param norm2 squared radius, finite and not negative: N for the spherical p-spin model, 1 for a unit vector
 * @throws RangeError for another norm2, for an empty sphere, or for entries that `out` lacks
 */
export function uniformOnSphere(out: Float64Array, offset: number, length: number, norm2: number, stream: Stream): void {
  requireSphere(length, norm2);
  if (!(offset >= 0 && offset + length <= out.length)) {
    throw new RangeError(`sphere on entries ${offset} … ${offset + length - 1} of an array of ${out.length}`);
  }
  const entries = out.subarray(offset, offset + length);
  stream.normals(entries, offset);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += entries[i] * entries[i];
  const scale = Math.sqrt(norm2 / sum);
  for (let i = 0; i < length; i++) entries[i] *= scale;
}

/**
 * Makes `out` uniform on a product of spheres: the entries out[group[0]], out[group[1]], … of each group form a vector of squared
 * norm norm2, independently of the other groups. Entries in no group are left as they are.
 *
 * For groups of consecutive entries the result is that of `uniformOnSphere`.
 *
 * @param groups disjoint lists of positions in `out`; columns of a matrix, say
 * @param norm2 squared radius of every sphere, or one a group
 * @throws RangeError as `uniformOnSphere`
 */
export function uniformOnSpheres(
  out: Float64Array,
  groups: readonly ArrayLike<number>[],
  norm2: number | readonly number[],
  stream: Stream,
): void {
  const normals = new Float64Array(out.length);
  stream.normals(normals, 0);
  groups.forEach((group, number) => {
    const groupNorm2 = typeof norm2 === "number" ? norm2 : norm2[number];
    requireSphere(group.length, groupNorm2);
    let sum = 0;
    for (let i = 0; i < group.length; i++) sum += normals[group[i]] * normals[group[i]];
    // A position outside of the array reads undefined, and makes the sum NaN.
    if (!(sum > 0)) throw new RangeError(`sphere ${number} has entries outside of an array of ${out.length}`);
    const scale = Math.sqrt(groupNorm2 / sum);
    for (let i = 0; i < group.length; i++) out[group[i]] = scale * normals[group[i]];
  });
}

function requireSphere(length: number, norm2: number): void {
  if (!(norm2 >= 0 && norm2 < Infinity))
    throw new RangeError(`sphere of squared norm ${norm2}: it must be finite and not negative`);
  if (!(length >= 1)) throw new RangeError(`sphere of squared norm ${norm2} without entries`);
}

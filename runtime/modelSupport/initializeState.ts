import { retract } from "../geometry/retract.ts";
import type { Sphere } from "../model.ts";
import { distributions, findDistribution } from "../random/distributions/index.ts";
import { uniformOnSpheres } from "../random/state.ts";
import type { Stream } from "../random/stream.ts";

/** How one state array starts: `draw` from a distribution, `computed` by a kernel before, or uniform on its `domain` and spheres. */
export type InitialState = {
  readonly name: string;
  /** Of the array in the state vector. */
  readonly offset: number;
  readonly shape: readonly number[];
  /** All spheres of the model. */
  readonly spheres: readonly Sphere[];
} & (
  | { readonly draw: string; readonly arguments: readonly number[] }
  | { readonly domain: string; readonly arguments: readonly number[] }
  | { readonly computed: true }
);

/**
 * Writes the initial value of one state array. Draws and computed values are projected on the spheres; without either the state is uniform on the
 * spheres, the finite domain or the interval.
 *
 * @throws RangeError for real variables without a distribution that no sphere holds
 */
export function initializeState(out: Float64Array, stream: Stream, initial: InitialState): void {
  const own = initial.spheres.filter((s) => s.offset >= initial.offset && s.offset < initial.offset + out.length).map((s) => ({ ...s, offset: s.offset - initial.offset }));
  if ("draw" in initial) findDistribution(initial.draw).fill(out, stream, initial.arguments, initial.shape);
  if (!("domain" in initial)) return retract(own, out);
  const [a, b] = initial.arguments;
  switch (initial.domain) {
    case "spin": return distributions.sign.fill(out, stream, [], initial.shape);
    case "bit": return distributions.bernoulli.fill(out, stream, [0.5], initial.shape);
    case "potts": return distributions.categorical.fill(out, stream, [a!], initial.shape);
    case "interval": return distributions.uniform.fill(out, stream, [a!, b!], initial.shape);
    case "angle": return distributions.uniform.fill(out, stream, [0, 2 * Math.PI], initial.shape);
  }
  const groups = own.flatMap((s) => Array.from({ length: s.count }, (_, g) => Array.from({ length: s.length }, (_, e) => s.offset + g * s.groupStride + e * s.elementStride)));
  const held = groups.reduce((sum, g) => sum + g.length, 0);
  if (held < out.length) throw new RangeError(`state ${initial.name} is real, and no sphere holds it: its declaration or the run must say where it starts`);
  uniformOnSpheres(out, groups, own.flatMap((s) => Array.from({ length: s.count }, () => s.norm2)), stream);
}

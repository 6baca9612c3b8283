import type { EvaluationNoise } from "../model.ts";

/**
 * `to` is `from` with round(fraction · length) distinct entries reversed, which are chosen anew at each evaluation (partial Fisher-Yates
 * on uniforms (step, 0…) of the stream): x becomes −x, and 1 − x for bits.
 *
 * @param purpose names the random stream
 * @throws RangeError for a fraction outside [0, 1]
 */
export function flip(from: Float64Array, to: Float64Array, fraction: number, bits: boolean, noise: EvaluationNoise, purpose: string): void {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`flip: the fraction of entries is ${fraction}, and lies between 0 and 1`);
  const count = Math.round(fraction * from.length);
  const uniforms = new Float64Array(count);
  noise.stream(purpose).uniforms(uniforms, 0, noise.step);
  const places = Int32Array.from(from, (_, k) => k);
  to.set(from);
  for (let k = 0; k < count; k++) {
    const other = k + Math.floor(uniforms[k] * (from.length - k));
    const place = places[other];
    places[other] = places[k];
    to[place] = bits ? 1 - from[place] : -from[place];
  }
}

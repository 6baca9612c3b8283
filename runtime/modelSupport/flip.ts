import { Stream } from "../random/stream.ts";

/** Random numbers of one array that is drawn anew at every evaluation of an observable: one step of a stream for each. */
export interface EvaluationNoise { stream: Stream; evaluations: number }

/** One for each name; `begin` starts them over on streams of their own, for one task. */
export function evaluationNoise(names: readonly string[]): { readonly of: Readonly<Record<string, EvaluationNoise>>; readonly begin: (stream: (array: string) => Stream) => void } {
  const of = Object.fromEntries(names.map((name): [string, EvaluationNoise] => [name, { stream: new Stream(["evaluations", name]), evaluations: 0 }]));
  return {
    of,
    begin(stream) {
      for (const name of names) Object.assign(of[name], { stream: stream(name), evaluations: 0 });
    },
  };
}

/**
 * `to` is `from` with round(fraction · length) distinct entries reversed, which are chosen anew at each call (partial Fisher-Yates):
 * x becomes −x, and 1 − x for bits.
 *
 * @throws RangeError for a fraction outside [0, 1]
 */
export function flip(from: Float64Array, to: Float64Array, fraction: number, bits: boolean, noise: EvaluationNoise): void {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`flip: the fraction of entries is ${fraction}, and lies between 0 and 1`);
  const count = Math.round(fraction * from.length);
  const uniforms = new Float64Array(count);
  noise.stream.uniforms(uniforms, 0, noise.evaluations++);
  const places = Int32Array.from(from, (_, k) => k);
  to.set(from);
  for (let k = 0; k < count; k++) {
    const other = k + Math.floor(uniforms[k] * (from.length - k));
    const place = places[other];
    places[other] = places[k];
    to[place] = bits ? 1 - from[place] : -from[place];
  }
}

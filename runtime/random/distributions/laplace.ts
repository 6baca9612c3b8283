import type { Distribution } from "./distribution.ts";

/** Independent entries with a density that falls as exp(−|x − mean|/scale). By inversion of the distribution function; other arguments transform the same numbers. */
export const laplace: Distribution = {
  name: "laplace",
  doc: "Independent entries with a density that falls as exp(−|x − mean|/scale).",
  parameters: ["mean", "scale"],
  fill(out, stream, [mean, scale]) {
    if (!(Number.isFinite(mean) && scale > 0 && scale < Infinity)) throw new RangeError(`laplace(mean ${mean}, scale ${scale}): the mean is finite, the scale positive and finite`);
    stream.uniforms(out, 0);
    for (let i = 0; i < out.length; i++) out[i] = mean + scale * (out[i]! < 0.5 ? Math.log(2 * out[i]!) : -Math.log(2 * (1 - out[i]!)));
  },
};

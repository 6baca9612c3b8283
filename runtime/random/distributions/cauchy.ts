import type { Distribution } from "./distribution.ts";

/** Independent entries with a Lorentzian density of half width scale at half maximum. By inversion of the distribution function; other arguments transform the same numbers. */
export const cauchy: Distribution = {
  name: "cauchy",
  doc: "Independent entries with a Lorentzian density of half width scale at half maximum.",
  parameters: ["median", "scale"],
  fill(out, stream, [median, scale]) {
    if (!(Number.isFinite(median) && scale > 0 && scale < Infinity)) throw new RangeError(`cauchy(median ${median}, scale ${scale}): the median is finite, the scale positive and finite`);
    stream.uniforms(out, 0);
    for (let i = 0; i < out.length; i++) out[i] = median + scale * Math.tan(Math.PI * (out[i]! - 0.5));
  },
};

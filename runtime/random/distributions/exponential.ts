import type { Distribution } from "./distribution.ts";

/** Independent positive entries of mean 1/rate. By inversion of the distribution function; other arguments transform the same numbers. */
export const exponential: Distribution = {
  name: "exponential",
  doc: "Independent positive entries of mean 1/rate.",
  parameters: ["rate"],
  fill(out, stream, [rate]) {
    if (!(rate > 0 && rate < Infinity)) throw new RangeError(`exponential(rate ${rate}): the rate is positive and finite`);
    stream.uniforms(out, 0);
    for (let i = 0; i < out.length; i++) out[i] = -Math.log(out[i]!) / rate;
  },
};

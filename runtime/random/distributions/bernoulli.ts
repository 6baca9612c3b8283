import type { Distribution } from "./distribution.ts";

/** 0 or 1. An entry that is 1 stays 1 when p grows: it is 1 where its uniform number is below p. */
export const bernoulli: Distribution = {
  name: "bernoulli",
  doc: "Independent entries, 1 with probability p and 0 otherwise.",
  parameters: ["p"],
  fill(out, stream, [p]) {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`bernoulli(p ${p}): a probability is in [0, 1]`);
    stream.uniforms(out, 0);
    for (let i = 0; i < out.length; i++) out[i] = out[i] < p ? 1 : 0;
  },
};

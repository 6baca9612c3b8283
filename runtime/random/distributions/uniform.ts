import type { Distribution } from "./distribution.ts";

/** Uniform on the interval (a, b); rounding may return an end point where b − a is tiny beside |a|. */
export const uniform: Distribution = {
  name: "uniform",
  doc: "Independent entries, uniform between a and b.",
  parameters: ["a", "b"],
  fill(out, stream, [a, b]) {
    const width = b - a;
    if (!(width >= 0 && width < Infinity)) throw new RangeError(`uniform(a ${a}, b ${b}): the interval needs finite ends, a ≤ b`);
    stream.uniforms(out, 0);
    for (let i = 0; i < out.length; i++) out[i] = a + width * out[i];
  },
};

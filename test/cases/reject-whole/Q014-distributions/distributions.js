import { defineDistribution } from "quench/extend";

const uniform = { doc: "Uniform on [0, 1].", element: "real", parameters: [], fill: (out, stream) => stream.uniforms(out, 0), samples: [[]] };
export const Mean = defineDistribution({ ...uniform, moments: () => ({ mean: 0.6, variance: 1 / 12 }) });
export const Spread = defineDistribution({ ...uniform, moments: () => ({ mean: 0.5, variance: 1 / 6 }) });
export const Law = defineDistribution({ ...uniform, cdf: (x) => Math.min(1, Math.max(0, x)) ** 1.2 });
export const Falling = defineDistribution({ ...uniform, cdf: (x) => 1 - Math.min(1, Math.max(0, x)) });
export const Whole = defineDistribution({ ...uniform, element: "integer" });
let calls = 0;
export const Counting = defineDistribution({ ...uniform, fill: (out) => { out.fill(calls++); } });
export const Gap = defineDistribution({ ...uniform, fill: (out) => { out.fill(NaN); } });
export const Parameter = defineDistribution({ ...uniform, samples: [[1]] });

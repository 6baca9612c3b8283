import type { Distribution } from "./distribution.ts";

/** Gaussian. Another variance scales, and another mean shifts, the same standard normal numbers. */
export const normal: Distribution = {
  name: "normal",
  doc: "Independent Gaussian entries of the given mean and variance.",
  parameters: ["mean", "variance"],
  fill(out, stream, [mean, variance]) {
    if (!Number.isFinite(mean) || !(variance >= 0) || variance === Infinity) {
      throw new RangeError(
        `normal(mean ${mean}, variance ${variance}): the mean must be finite, the variance finite and not negative`,
      );
    }
    const deviation = Math.sqrt(variance);
    stream.normals(out, 0);
    if (mean === 0 && deviation === 1) return;
    for (let i = 0; i < out.length; i++) out[i] = mean + deviation * out[i];
  },
};

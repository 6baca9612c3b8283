import type { Distribution } from "./distribution.ts";

/** Rademacher numbers: −1 or +1. */
export const sign: Distribution = {
  name: "sign",
  doc: "Independent entries, −1 or +1 with equal probability.",
  parameters: [],
  fill(out, stream) {
    stream.signs(out, 0);
  },
};

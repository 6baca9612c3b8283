import { exp, exponentialInFloat32 } from "./exp.ts";
import type { VectorFunction } from "../webassembly/vectorFunction.ts";

/** 1/(1 + exp(−x)): with e = exp(−|x|) it is 1/(1 + e) for x ≥ 0 and e/(1 + e) below, accurate in the lower tail. */
export const sigmoid: VectorFunction = {
  name: "sigmoid", ulps: 4, uses: [exp],
  body: (b, x) => {
    const e = b.keep(b.call(exp, b.sub(b.constant(0), b.abs(x))));
    return b.div(b.choose(b.less(x, b.constant(0)), e, b.constant(1)), b.add(b.constant(1), e));
  },
  single: {
    ulps: 4,
    body: (b, x) => {
      const e = b.keep(exponentialInFloat32(b, b.keep(b.sub(b.constant(0), b.abs(x)))));
      return b.div(b.choose(b.less(x, b.constant(0)), e, b.constant(1)), b.add(b.constant(1), e));
    },
  },
};

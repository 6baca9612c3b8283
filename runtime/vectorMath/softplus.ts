import { exp } from "./exp.ts";
import { log1p } from "./log1p.ts";
import type { VectorFunction } from "../webassembly/vectorFunction.ts";

/** log(1 + exp(x)) = max(x, 0) + log1p(exp(−|x|)), without overflow and accurate in the lower tail. */
export const softplus: VectorFunction = {
  name: "softplus", ulps: 5, uses: [exp, log1p],
  body: (b, x) => b.add(b.greater(x, b.constant(0)), b.call(log1p, b.call(exp, b.sub(b.constant(0), b.abs(x))))),
};

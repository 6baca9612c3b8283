/** Scalar functions that generated code calls as `special.NAME` because JavaScript's `Math` lacks them. */
export { erf, erfc, erfcx } from "./errorFunction.ts";
export { gaussCdf, gaussTail, logGaussCdf, logGaussTail } from "./gaussian.ts";
export { modulo } from "./modulo.ts";
export { sigmoid } from "./sigmoid.ts";
export { softplus } from "./softplus.ts";

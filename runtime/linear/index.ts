/** Dense linear algebra that generated observables call. Matrices are row-major. */
export { projectGradient } from "../geometry/projectGradient.ts";
export { determinant } from "./determinant.ts";
export { atStates, eachBlock, eachValue } from "./eachValue.ts";
export { eigenvalues } from "./eigenvalues.ts";
export { firstBlock } from "./firstBlock.ts";
export { hessianByColumns } from "./hessianByColumns.ts";
export { hessianFromBlocks } from "./hessianFromBlocks.ts";
export { hessianSpectrum, MOST_DENSE_VARIABLES } from "./hessianSpectrum.ts";
export { riemannianHessian } from "./riemannianHessian.ts";
export { solve } from "./solve.ts";
export { tangentHessian } from "./tangentHessian.ts";
export { traceEstimate } from "./traceEstimate.ts";

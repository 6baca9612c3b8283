/** Geometry of the constraint sets that dynamics move on: products of spheres, free entries beside them. */
export { euclideanNorm } from "./euclideanNorm.ts";
export { backwardVelocity } from "./backwardVelocity.ts";
export { fold, foldsOf, squaredDistance } from "./fold.ts";
export { geodesic } from "./geodesic.ts";
export { projectGradient } from "./projectGradient.ts";
export { retract } from "./retract.ts";
export { SmoothConstraints } from "./smoothConstraints.ts";
export { tangentProposal } from "./tangentProposal.ts";

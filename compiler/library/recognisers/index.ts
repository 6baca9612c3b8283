/** What the compiler can see in the mathematics of a model. */
export { gaussianCovariance } from "./gaussianCovariance.ts";
export type { GaussianCovariance } from "./gaussianCovariance.ts";
export { sphereConstraints } from "./sphereConstraints.ts";
export type { RefusedConstraint, SphereConstraint, SphereConstraints } from "./sphereConstraints.ts";

/**
 * Names of what stands beside a state array: its part of the gradient, of a direction, of a Hessian-vector product, and blocks of the Hessian.
 * `$` stands in no name of a specification, nor in those of temporary arrays, so that `let gradient_w` is not the gradient by w.
 */
export const stateVectors = { state: "", gradient: "gradient$", direction: "direction$", product: "product$" } as const;

export const gradientName = (state: string): string => stateVectors.gradient + state;
export const directionName = (state: string): string => stateVectors.direction + state;
export const productName = (state: string): string => stateVectors.product + state;
export const hessianName = (a: string, b: string): string => `hessian$${a}$${b}`;

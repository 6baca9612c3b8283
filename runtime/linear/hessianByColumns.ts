/**
 * The Hessian from Hessian-vector products with all unit vectors: row k of `out` is the product with unit vector k.
 *
 * @param run reads `direction` and writes `product`, both of the dimension
 * @param out dimension × dimension, row-major
 */
export function hessianByColumns(run: () => void, direction: Float64Array, product: Float64Array, out: Float64Array): void {
  const dimension = direction.length;
  direction.fill(0);
  for (let k = 0; k < dimension; k++) {
    direction[k] = 1;
    run();
    direction[k] = 0;
    out.set(product, k * dimension);
  }
}

/** Products of labelled tensors, summed over labels: as products of matrices where there is a sum that does not stay inside one operand. */
import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./tfjs.ts";

/** A tensor with a label for each of its axes. */
export interface Labelled { readonly tensor: Tensor; readonly labels: readonly string[] }

/** The matrix form of a right operand, made once for all evaluations if the operand is quenched. */
export type MatrixCache = (make: () => Tensor) => Tensor;

const within = (a: Labelled, b: Labelled): boolean => a.labels.every((l) => b.labels.includes(l));
const sizeOf = (of: Labelled, labels: readonly string[]): number => labels.reduce((n, l) => n * of.tensor.shape[of.labels.indexOf(l)]!, 1);
const shapeOf = (of: Labelled, labels: readonly string[]): number[] => labels.map((l) => of.tensor.shape[of.labels.indexOf(l)]!);

/** The axes in this order. `labels` has all labels of `of`. */
function arranged(tf: TensorFlow, of: Labelled, labels: readonly string[]): Tensor {
  const order = labels.map((l) => of.labels.indexOf(l));
  return order.every((axis, k) => axis === k) ? of.tensor : tf.transpose(of.tensor, order);
}

/** The axes in this order, with axes of length 1 for the labels that `of` lacks. */
export function aligned(tf: TensorFlow, of: Labelled, labels: readonly string[]): Tensor {
  if (of.labels.length === 0) return of.tensor;
  const own = labels.filter((l) => of.labels.includes(l));
  const shape = labels.map((l) => (own.includes(l) ? of.tensor.shape[of.labels.indexOf(l)]! : 1));
  const tensor = arranged(tf, of, own);
  return own.length === labels.length ? tensor : tf.reshape(tensor, shape);
}

/**
 * Data of its own. The wasm backend keeps packed weights by the identity of a right matrix's data, whatever its shape: without this a reshaped view
 * would be multiplied as the matrix that it was before (tfjs 4.22, `operator_cache` of xnn_matmul).
 */
const owned = (tf: TensorFlow, tensor: Tensor): Tensor => tf.mul(tensor, 1);

/** Σ left · right over the labels outside of `out`, each of which is in both. */
export function contractTensors(tf: TensorFlow, left: Labelled, right: Labelled, out: readonly string[], cache: MatrixCache): Tensor {
  const summed = left.labels.filter((l) => !out.includes(l));
  if (summed.length === 0) return tf.mul(aligned(tf, left, out), aligned(tf, right, out));
  if (within(right, left) || within(left, right)) {
    const labels = (within(right, left) ? left : right).labels;
    const product = tf.mul(aligned(tf, left, labels), aligned(tf, right, labels));
    const kept = labels.filter((l) => out.includes(l));
    return arranged(tf, { tensor: tf.sum(product, summed.map((l) => labels.indexOf(l))), labels: kept }, out);
  }
  const shared = left.labels.filter((l) => right.labels.includes(l) && out.includes(l));
  const [leftFree, rightFree] = [left, right].map((o) => o.labels.filter((l) => !summed.includes(l) && !shared.includes(l))) as [string[], string[]];
  const labels = [...shared, ...leftFree, ...rightFree];
  const shape = [...shapeOf(left, shared), ...shapeOf(left, leftFree), ...shapeOf(right, rightFree)];
  const common = sizeOf(left, shared);
  const block = shared.length === 0 ? [] : [common];
  const a = tf.reshape(arranged(tf, left, [...shared, ...leftFree, ...summed]), [...block, sizeOf(left, leftFree), sizeOf(left, summed)]);
  const b = cache(() => {
    const matrix = tf.reshape(arranged(tf, right, [...shared, ...summed, ...rightFree]), [...block, sizeOf(right, summed), sizeOf(right, rightFree)]);
    return common === 1 ? owned(tf, matrix) : matrix;
  });
  return arranged(tf, { tensor: tf.reshape(tf.matMul(a, b), shape), labels }, out);
}

/**
 * The elementwise primitives of tensor programs, by the name that the compiler's operator table gives them. Truth values are float32
 * 0 and 1 between steps.
 */
import type { Tensor } from "@tensorflow/tfjs-core";
import type { TensorFlow } from "./tfjs.ts";

type Primitive = (tf: TensorFlow, x: Tensor, y: Tensor, z: Tensor) => Tensor;

const number = (tf: TensorFlow, truth: Tensor): Tensor => tf.cast(truth, "float32");
const holds = (tf: TensorFlow, x: Tensor): Tensor => tf.notEqual(x, 0);

export const tensorPrimitives: Readonly<Record<string, Primitive | undefined>> = {
  add: (tf, x, y) => tf.add(x, y),
  sub: (tf, x, y) => tf.sub(x, y),
  div: (tf, x, y) => tf.div(x, y),
  neg: (tf, x) => tf.neg(x),
  pow: (tf, x, y) => tf.pow(x, y),
  sqrt: (tf, x) => tf.sqrt(x),
  exp: (tf, x) => tf.exp(x),
  expm1: (tf, x) => tf.expm1(x),
  log: (tf, x) => tf.log(x),
  log1p: (tf, x) => tf.log1p(x),
  sin: (tf, x) => tf.sin(x),
  cos: (tf, x) => tf.cos(x),
  tan: (tf, x) => tf.tan(x),
  asin: (tf, x) => tf.asin(x),
  acos: (tf, x) => tf.acos(x),
  atan: (tf, x) => tf.atan(x),
  sinh: (tf, x) => tf.sinh(x),
  cosh: (tf, x) => tf.cosh(x),
  tanh: (tf, x) => tf.tanh(x),
  atanh: (tf, x) => tf.atanh(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  softplus: (tf, x) => tf.softplus(x),
  relu: (tf, x) => tf.relu(x),
  abs: (tf, x) => tf.abs(x),
  sign: (tf, x) => tf.sign(x),
  floor: (tf, x) => tf.floor(x),
  ceil: (tf, x) => tf.ceil(x),
  mod: (tf, x, y) => tf.mod(x, y),
  minimum: (tf, x, y) => tf.minimum(x, y),
  maximum: (tf, x, y) => tf.maximum(x, y),
  equal: (tf, x, y) => number(tf, tf.equal(x, y)),
  notEqual: (tf, x, y) => number(tf, tf.notEqual(x, y)),
  less: (tf, x, y) => number(tf, tf.less(x, y)),
  lessEqual: (tf, x, y) => number(tf, tf.lessEqual(x, y)),
  greater: (tf, x, y) => number(tf, tf.greater(x, y)),
  greaterEqual: (tf, x, y) => number(tf, tf.greaterEqual(x, y)),
  logicalAnd: (tf, x, y) => number(tf, tf.logicalAnd(holds(tf, x), holds(tf, y))),
  logicalOr: (tf, x, y) => number(tf, tf.logicalOr(holds(tf, x), holds(tf, y))),
  logicalNot: (tf, x) => number(tf, tf.equal(x, 0)),
  where: (tf, x, y, z) => tf.where(holds(tf, x), y, z),
};

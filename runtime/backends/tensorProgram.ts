/**
 * A tensor program: energy and gradient of a batch of states as a list of operations on whole tensors, as plain data that can be sent to a
 * worker. The compiler makes it (compiler/4-schedule/tensor), `createTensorModel` runs it.
 *
 * Axes bear labels. A tensor has the labels of its definition, and each operand renames them by position, so `w[i]` and `w[j]` are two operands
 * of one tensor. Thermal tensors have one more axis before all others, the batch (`starts`), which is never written. A label that an operand
 * lacks is an axis along which it is constant.
 */

/** The label of the batch. */
export const STARTS = "starts";

/** JavaScript source of a number over `parameters` (header parameters by name), `Math` and `special` (runtime/special). */
export type ScalarText = string;

export interface TensorProgram {
  readonly model: string;
  readonly labels: Readonly<Record<string, TensorRange>>;
  readonly inputs: readonly TensorInput[];
  /** In order; steps that are not thermal are done once after each draw. */
  readonly steps: readonly TensorStep[];
  /** The energy is the sum of these terms; their entries are added on the host in float64. */
  readonly energy: readonly { readonly value: TensorOperand; readonly scale: ScalarText }[];
  /** Code of the fused steps: a WASM module, and the body of a function of `special` that gives them as functions by name; absent for none. */
  readonly kernels?: { readonly wasm: Uint8Array; readonly javascript: string };
  /** One for each state array, of which `axes` are the labels; without a value the gradient is 0. */
  readonly gradients: readonly { readonly state: string; readonly axes: readonly string[]; readonly value?: TensorOperand }[];
}

/** All integers from lower to upper; `text` is the number of them as on paper. */
export interface TensorRange { readonly lower: ScalarText; readonly upper: ScalarText; readonly text: string }

export type TensorInput = { readonly name: string; readonly axes: readonly string[] } & (
  | { readonly kind: "state"; readonly state: string }
  /** A drawn array. `orders[k]` relates slot k to the one before it: these are stored packed, and every order of the subscripts reads the same entry. */
  | { readonly kind: "array"; readonly array: string; readonly orders: readonly ("<" | "<=" | null)[] }
  | { readonly kind: "scalar"; readonly value: ScalarText }
  /** The values of an index along its only axis. */
  | { readonly kind: "index" }
);

export interface TensorOperand { readonly tensor: string; readonly axes: readonly string[] }

export type TensorStep = { readonly out: string; readonly axes: readonly string[]; readonly thermal: boolean } & (
  /** Product of left and right, summed over the labels that `axes` lacks; each of these is in both operands. Left is thermal if only one is. */
  | { readonly kind: "contract"; readonly left: TensorOperand; readonly right: TensorOperand }
  /** A primitive of `tensorPrimitives.ts`, entry by entry. */
  | { readonly kind: "map"; readonly primitive: string; readonly operands: readonly TensorOperand[] }
  /** The sum, largest or smallest entry over the labels that `axes` lacks. */
  | { readonly kind: "reduce"; readonly combine: "sum" | "max" | "min"; readonly operand: TensorOperand }
  /** What the steps of `composition` compute, by a kernel whose arguments are, for each of `loops`, the product of the sizes of its labels, and then the operands. */
  | { readonly kind: "fused"; readonly kernel: string; readonly operands: readonly TensorOperand[]; readonly loops: readonly (readonly string[])[]; readonly composition: readonly TensorStep[] }
);

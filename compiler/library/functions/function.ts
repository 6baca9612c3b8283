/** A function of whole arrays, or of the derivatives of a scalar. Operators on scalars are in `library/ops`. */
export interface LibraryFunction {
  /** One sentence, as printed by `quench functions`. */
  readonly doc: string;
  readonly arguments: readonly ArgumentKind[];
  /** Named options with what they mean. */
  readonly options?: Readonly<Record<string, string>>;
  readonly result: ResultRule;
  /** Name of the runtime primitive that makes the result from whole arrays; absent where the function is written out in sums. */
  readonly runtime?: string;
  /** Whether energies can read its runtime form while the states move: its value, its derivative too, or its second derivative too. */
  readonly inEnergies?: "value" | "derivative" | "second derivative";
  /** Whether its value depends on what was evaluated before in the same task. */
  readonly fold?: true;
}

/**
 * "array": any array; "sameShape": an array of the shape of the one before it; "vector": one axis; "matrix": two axes of one length;
 * "number": a scalar;
 * "differentiable": a scalar that depends on the states, all of which are continuous; "class": an integer that picks an entry of the array before it.
 */
export type ArgumentKind = "number" | "array" | "sameShape" | "vector" | "matrix" | "differentiable" | "class";

/**
 * "scalar"; "sameShape": that of the first argument; "row": the first axis of a matrix;
 * "gradient": the shape of the state, or all states one after the other in a vector; "tangentMatrix": both axes run over the
 * dimension of the tangent space (number of state entries minus number of scalar constraints).
 */
export type ResultRule = "scalar" | "sameShape" | "row" | "gradient" | "tangentMatrix";

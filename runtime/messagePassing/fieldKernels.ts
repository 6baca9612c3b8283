/**
 * The loops over all messages between P factors and N variables in field form (`fieldMessages.ts`). Rows have room for an even number of
 * variables; the one behind an odd last one has coefficient 0, so that its messages stay 0. Where the engine has SIMD, the loops are
 * WASM code that takes two messages at once (`vectorFieldKernels.ts`); it differs from the form here by the last bits of tanh and of sums.
 */

/** |u| of a message: beyond it a variable is decided. */
export const LARGEST_FIELD = 30;

export interface FieldArrays {
  readonly rows: number;
  /** Entries of a row. */
  readonly stride: number;
  /** u_{a→i}, c_{ai} and the cavity means tanh(total_i − u_{a→i}), at a · stride + i. */
  readonly messages: Float64Array;
  readonly coefficients: Float64Array;
  readonly cavity: Float64Array;
  /** Of each factor: mean and variance of its field, and the derivatives g, g' of its log Z. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  readonly slopes: Float64Array;
  readonly curvatures: Float64Array;
  /** Of each variable: the sum of its fields, and what is added to it. */
  readonly totals: Float64Array;
  readonly added: Float64Array;
}

export interface FieldKernels extends FieldArrays {
  /** added_i += Σ_a u_{a→i}. */
  readonly contribute: () => void;
  /** Cavity means from the totals; adds Σ_i c m to the means and Σ_i c² (1 − m²) to the variances. */
  readonly gather: () => void;
  /** Moves each message by the part `by` of the way to c g − c² m g', within ±LARGEST_FIELD; adds the changes to `added`. Returns the largest. */
  readonly send: (by: number) => number;
}

export const evenStride = (variables: number): number => variables + (variables % 2);

/** The reference, one message after the other. */
export function plainFieldKernels(rows: number, variables: number): FieldKernels {
  const stride = evenStride(variables);
  const [matrix, row, column] = [rows * stride, rows, stride].map((length) => () => new Float64Array(length)) as [() => Float64Array, () => Float64Array, () => Float64Array];
  const arrays: FieldArrays = {
    rows, stride, messages: matrix(), coefficients: matrix(), cavity: matrix(),
    means: row(), variances: row(), slopes: row(), curvatures: row(), totals: column(), added: column(),
  };
  const { messages, coefficients, cavity, means, variances, slopes, curvatures, totals, added } = arrays;
  const forAll = (visit: (e: number, a: number, i: number) => void): void => {
    for (let a = 0, e = 0; a < rows; a++) for (let i = 0; i < stride; i++, e++) visit(e, a, i);
  };
  return {
    ...arrays,
    contribute: () => { forAll((e, _, i) => { added[i] += messages[e]; }); },
    gather: () => {
      forAll((e, a, i) => {
        const c = coefficients[e];
        const m = cavity[e] = Math.tanh(totals[i] - messages[e]);
        means[a] += c * m;
        variances[a] += c * c * (1 - m * m);
      });
    },
    send: (by) => {
      let largest = 0;
      forAll((e, a, i) => {
        const c = coefficients[e];
        const wanted = c * slopes[a] - c * c * cavity[e] * curvatures[a];
        const change = by * (Math.max(-LARGEST_FIELD, Math.min(LARGEST_FIELD, wanted)) - messages[e]);
        messages[e] += change;
        added[i] += change;
        largest = Math.max(largest, Math.abs(change));
      });
      return largest;
    },
  };
}

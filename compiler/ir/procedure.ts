/**
 * A procedure: what a kernel computes, as accumulations in index notation, before loops exist.
 *
 *     for all (indices) where (conditions):  target[subscripts]  combine=  value
 *
 * All targets start at the identity of `combine` (0, 1, −inf, +inf) unless they are inputs or updated. Values contain no reductions:
 * a reduction is an accumulation. Reverse mode maps a procedure to a procedure (adjoints are accumulated by scattering),
 * so gradients and Hessians have the cost of the energy and never need delta functions.
 * Statements run in order; those with the same `indices` and `conditions` objects share one loop nest.
 */
import type { Combine, Expression, Index } from "./expression.ts";
import type { Slot, Status } from "./program.ts";

export interface Procedure {
  readonly name: string;
  /** One sentence for `explain` and for the generated code. */
  readonly doc: string;
  readonly arrays: readonly ProcedureArray[];
  readonly statements: readonly Statement[];
}

export interface ProcedureArray {
  readonly name: string;
  readonly role: "input" | "output" | "temporary" | "updated";
  readonly status: Status;
  readonly slots: readonly Slot[];
  /** Where the rows of a list begin (`3-passes/incidence.ts`): entry r is the first place of row r, so that entry r + 1 ends it. */
  readonly rowStarts?: true;
  /** Truth values, kept as bits (`3-passes/delta/counts.ts`). The last axis has room for a multiple of 128; statements overwrite their entries. */
  readonly bits?: true;
}

export interface Statement {
  readonly indices: readonly Index[];
  readonly conditions: readonly Expression[];
  readonly target: string;
  readonly subscripts: readonly Expression[];
  readonly combine: Combine;
  readonly value: Expression;
  /** A function of whole arrays makes the target: `value` then only says which entries it depends on. */
  readonly call?: StatementCall;
  /** The target is the product of all factors but one (`3-passes/productDerivative.ts`): `value` says so for given counts of zeros, and is not differentiated. */
  readonly others?: { readonly product: string; readonly subscripts: readonly Expression[]; readonly factor: Expression };
}

export interface StatementCall {
  /** Key of the function. */
  readonly function: string;
  /** The arrays that it takes; of an adjoint, the adjoint of the result comes first. */
  readonly arguments: readonly string[];
  /** Number of the argument whose adjoint it adds to the target; absent for the value, which the target becomes. */
  readonly adjointOf?: number;
  /** It adds to the target by how much that, or the value, changes: `arguments` are followed by the directions in which they change. */
  readonly tangent?: true;
  /** The first slots of all these arrays, for each value of which it is called. */
  readonly each: number;
}

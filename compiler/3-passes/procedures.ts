/**
 * Everything of one model that becomes kernels: what the passes end with and the scheduler starts from.
 */
import type { Procedure } from "../ir/procedure.ts";
import type { Incidence } from "./incidence.ts";
import type { FactorGraph } from "./factorGraph.ts";
import type { MoveProcedures } from "./delta/moveProcedures.ts";
import type { LibraryCall, Program } from "../ir/program.ts";
import type { InitialValue } from "./initialValues.ts";

export interface ModelProcedures {
  readonly program: Program;
  /**
   * Run in this order after the ensembles are drawn: quenched `let`s that something reads, hoisted quenched products and
   * packed couplings (`outputs` of these are inputs of the others).
   */
  readonly prepare: readonly Procedure[];
  /** Library calls on the disorder, whose arguments are drawn or made by `prepare`. */
  readonly preparedCalls: readonly CallStep[];
  /** Lists of the places of integer arrays that kernels run over, each made once its array is known. */
  readonly incidences: readonly Incidence[];
  /** The energy as written, dense and unoptimised: the reference that every optimised kernel is tested against. */
  readonly reference: Procedure;
  readonly energy: Procedure;
  /** Outputs: the energy, then for each state array `NAME` an array `gradient_NAME` of its shape (Euclidean). */
  readonly energyAndGradient: Procedure;
  /** Why the energy has no gradient; `energyAndGradient` then has the energy as its only output. Absent where there is one. */
  readonly gradientRefusal?: string;
  /** Energy differences of local moves; a reason, where they are found by evaluating the energy twice; absent where no dynamics asks for them. */
  readonly moves?: MoveProcedures | string;
  /** The energy of a mini-batch and its Euclidean gradient, for `program.batch`. */
  readonly batchGradient?: Procedure;
  /** The energies of the factors of each term, for message passing. */
  readonly factors?: { readonly graph: FactorGraph; readonly procedures: readonly Procedure[] };
  /** `state w = expr`: the output is the state array. */
  readonly initial?: readonly InitialValue[];
  /** Gradients, Hessians and Hessian-vector products (the procedure of "columns") that observables ask for, by the scalar that they differentiate. */
  readonly derivatives: readonly { readonly of: string; readonly gradient?: Procedure; readonly hessian?: PlannedHessian; readonly product?: Procedure }[];
  /** One for each array of the program that an observable needs, in dependency order: `procedure` for definitions, `call` for library functions of arrays. */
  readonly observables: readonly ObservableStep[];
}

/**
 * Dense Euclidean Hessian blocks: for state arrays A and B (A not after B) an output `hessian$A$B` with the slots of A then those of B
 * (stored as every array is: where A has ordered slots and B has not, the axes of B come first).
 * "direct" accumulates the entries in the loop nests of the energy; "columns" is a Hessian-vector product that is applied to each
 * unit vector: inputs `direction$A`, outputs `product$A`.
 */
export interface HessianProcedure { readonly method: "direct" | "columns"; readonly procedure: Procedure }

/** With `spectrumOnly`, only its eigenvalues are asked for: they need no matrix where there are many variables. */
export interface PlannedHessian extends HessianProcedure { readonly spectrumOnly: boolean }

export type ObservableStep =
  | { readonly kind: "procedure"; readonly array: string; readonly procedure: Procedure }
  | CallStep;

/** The call that makes an array of the program. */
export type CallStep = { readonly array: string } & LibraryCall;

/** Every procedure of a model, for what holds of each. */
export const proceduresOf = (m: ModelProcedures): readonly Procedure[] => [
  ...m.prepare, m.reference, m.energy, m.energyAndGradient, ...(m.batchGradient ? [m.batchGradient] : []), ...(m.factors?.procedures ?? []), ...(m.initial ?? []).map((i) => i.procedure),
  ...m.derivatives.flatMap((d) => [...(d.gradient ? [d.gradient] : []), ...(d.hessian ? [d.hessian.procedure] : []), ...(d.product ? [d.product] : [])]),
  ...m.observables.flatMap((o) => (o.kind === "procedure" ? [o.procedure] : [])),
  ...(m.moves === undefined || typeof m.moves === "string" ? [] : [...(m.moves.initialise ? [m.moves.initialise] : []), ...(m.moves.derive ? [m.moves.derive] : []), ...m.moves.arrays.flatMap((a) => [a.propose, ...(a.accept ? [a.accept] : []), ...(a.refresh ? [a.refresh] : []), ...(a.kept ? [a.kept.propose, a.kept.update] : [])])]),
];

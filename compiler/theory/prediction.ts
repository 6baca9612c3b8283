/** What a theory says, and how far it can be trusted. */
export type TheoryStatus = "exact" | "large-N" | "ansatz(rs)" | "ansatz(rsb1)";

/** A number with the residual of the equation that it solves (0 for closed forms), or the reason why there is none. */
export type Prediction =
  | { readonly value: number; readonly residual: number }
  | { readonly refused: string };

export interface Theory {
  readonly method: string;
  readonly status: TheoryStatus;
  readonly assumptions: readonly string[];
  readonly quantities: readonly Quantity[];
  /** Why it has no solution at its parameters. */
  readonly unsolved?: string | undefined;
  readonly predict: (quantity: string, arguments_: readonly number[]) => Prediction;
  /** Mean of a scalar observable of the model, for a method that evaluates the observables themselves. */
  readonly observable?: (name: string) => Prediction;
  /** Patterns per variable and the mean loss of a fresh one; `inputs` names what is drawn anew for it: what observables are predicted from. */
  readonly perPattern?: () => { readonly load: number; readonly fresh: number } | { readonly refused: string };
  readonly inputs?: string | undefined;
  /** (1/n) Σ_i v_i w_i with a direction v, and which one: "uniform" (ones), or an ensemble of the model. */
  readonly magnetisation?: Prediction | undefined;
  readonly direction?: string | undefined;
  /** Where the direction is one of many patterns: its number. The overlap with any other is 0. */
  readonly pattern?: number | undefined;
  /** The derived equations, a line each, for `explain`. */
  readonly equations: readonly (string | { readonly text: string; readonly latex: string })[];
}

export interface Quantity {
  readonly name: string;
  readonly doc: string;
  /** Names of its positional arguments; `form` says whether it is written `E_inf`, `E[k]` or `complexity(u, k)`. */
  readonly arguments: readonly { readonly name: string; readonly optional?: boolean }[];
  readonly form: "value" | "subscript" | "call";
}

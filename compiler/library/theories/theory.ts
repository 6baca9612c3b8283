/** A method that derives a theory from a model, as the checker knows it: `theory NAME of MODEL = METHOD(…)`. */
export interface TheoryRecord {
  readonly name: string;
  /** One sentence, as printed by `quench functions`. */
  readonly doc: string;
  /** Words that stand first, without a name: `replica(rs, …)`. */
  readonly words: readonly { readonly name: string; readonly doc: string; readonly choices: readonly string[] }[];
  /** Named numbers; `choices` are words that may stand for one. All are optional. */
  readonly parameters: readonly { readonly name: string; readonly doc: string; readonly choices?: readonly string[] }[];
  readonly quantities: readonly TheoryQuantity[];
  /** Whether it predicts the model's own scalar observables and its energy under their names. */
  readonly predictsObservables: boolean;
}

export interface TheoryQuantity {
  readonly name: string;
  readonly doc: string;
  /** Whether it is written `E_inf`, `E[k]` or `complexity(u, k)`. */
  readonly form: "value" | "subscript" | "call";
  readonly arguments: readonly { readonly name: string; readonly optional?: boolean }[];
  /** Named arguments of its own, beside the parameters of the theory: the overlap of `entropy(q = r)`. */
  readonly named?: readonly string[];
}

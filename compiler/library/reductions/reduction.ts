import type { Combine } from "../../ir/expression.ts";

/** A reduction `NAME(binders) body`. How far the body extends is the grammar's business. */
export interface Reduction {
  /** One sentence, as printed by `quench functions`. */
  readonly doc: string;
  /** What the body must be. */
  readonly body: "number" | "truth";
  /** "body": the type of the body (truth values are added as integers); "index": a value of the one index that it binds. */
  readonly result: "body" | "real" | "integer" | "truth" | "index";
  /** How values are combined in the IR; absent for those that are made of several combinations. */
  readonly combine?: Combine;
  /** The operator that combines two arguments of a call `max(a, b)`, as it is written in a specification; absent where there is no such call. */
  readonly pairwise?: string;
  /** "results" for those of theories and claims only. */
  readonly scope: "everywhere" | "results";
}

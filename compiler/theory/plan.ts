import type { ResultExpression } from "../../runtime/results/expression.ts";

/** What a `theory` item asks for, checked: the input of `classify → potential → solver`. */
export interface TheoryPlan {
  readonly name: string;
  /** The model that it is derived from; absent for a theory that declares its own free energy. */
  readonly model?: string;
  /** A method of `compiler/library/theories`, or "declared". */
  readonly method: string;
  readonly arguments: {
    /** Words that stand first: `rs`. */
    readonly words: readonly string[];
    /** Named values: numbers, or words such as `star`. */
    readonly named: Readonly<Record<string, number | string>>;
  };
  /** What a theory with its own free energy declares. */
  readonly declared?: DeclaredTheory;
  /** Offsets into the specification. */
  readonly span: { readonly start: number; readonly end: number };
}

/** Order parameters, potential and observables of a theory that a specification writes down; expressions read the names declared in it. */
export interface DeclaredTheory {
  readonly parameters: readonly { readonly name: string; readonly default: number }[];
  readonly orders: readonly { readonly name: string; readonly lower: ResultExpression; readonly upper: ResultExpression; readonly start?: ResultExpression }[];
  /** Each after those that it reads. */
  readonly definitions: readonly { readonly name: string; readonly role: "let" | "free energy" | "observable"; readonly expression: ResultExpression }[];
  /** The name of the free energy whose stationary points are meant; absent where there are no order parameters. */
  readonly potential?: string;
}

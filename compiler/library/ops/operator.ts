import type { Expression } from "../../ir/expression.ts";
import type { VectorFunction } from "../../../runtime/webassembly/vectorFunction.ts";
import type { Build } from "./index.ts";

/** What a type rule works on: every scalar is a number; truth values may stand where numbers do. */
export type ScalarType = "real" | "integer" | "truth";

/** Whole multiples of 2^-places, of at most this absolute value. */
export interface Fixed { readonly bound: number; readonly places: number }

/** How an application is written in some notation, with as few parentheses as it needs. */
export interface Notation {
  /** How tightly the result binds: 20 stands anywhere. */
  readonly precedence: number;
  /** The precedence below which each argument needs parentheses: 0 between commas or braces. */
  readonly arguments: readonly number[];
  /** Takes arguments that already have the parentheses they need. */
  readonly print: (...x: string[]) => string;
}

/** Everything the compiler knows about one operator on scalars. Nothing outside this record may name the operator. */
export interface Operator {
  /** One sentence, as printed by `quench functions`. */
  readonly doc: string;
  readonly arity: 1 | 2 | 3;
  /** How it is written in a specification: a function name, an infix sign, or neither (made by the compiler only). */
  readonly syntax: { readonly function?: string; readonly infix?: string; readonly prefix?: string };
  readonly type: (arguments_: readonly ScalarType[]) => ScalarType;
  readonly value: (...x: number[]) => number;
  /** Adjoints of the arguments, given the adjoint of the result; "none" where it has no derivative almost everywhere to use. */
  readonly adjoint: ((dy: Expression, x: readonly Expression[], b: Build) => readonly Expression[]) | "none";
  /** The operator in terms of others, for one that is written out where models are lowered. */
  readonly formula?: (x: readonly Expression[]) => Expression;
  /** Sound identities left = right over the operator's domain; the table's tests check both sides on samples. */
  readonly rules?: (b: Build, x: Expression, y: Expression, z: Expression) => readonly (readonly [left: Expression, right: Expression])[];
  /** TypeScript source of an application, in the precedences of JavaScript (MDN: call 17, unary 14, `*` 12, `+` 11, … `?:` 2). */
  readonly typescript: Notation & {
    /** For truth values, the same as a JavaScript boolean: `x < y` where `print` gives `x < y ? 1 : 0`. */
    readonly condition?: Notation;
    /** For a plain call of a function of `Math` or of runtime/special: its name. WASM kernels import it. */
    readonly callee?: string;
  };
  /**
   * WASM instructions for f64, f64x2 and (`single`, wherever there is `vector`) f32x4 lanes, to be written after the arguments are on the stack; absent where there are none:
   * without a `vectorFunction` either, the kernel calls the function that `typescript` calls, or runs as TypeScript where that is no plain call.
   * `order` is the order in which the arguments are pushed (as written if absent).
   */
  readonly wasm?: { readonly scalar: readonly number[]; readonly vector?: readonly number[]; readonly single?: readonly number[]; readonly order?: readonly number[] };
  /**
   * WASM instructions for i16x8 lanes of whole multiples of 2^-places, and what is known of the result; absent where it is none, or may not be. With `aligned`
   * arguments are brought to the same number of places.
   */
  readonly fixed?: { readonly code: readonly number[]; readonly aligned: boolean; readonly range: (...x: readonly Fixed[]) => Fixed };
  /** A function of two float64 at once in WASM, for an operator of one argument without instructions. */
  readonly vectorFunction?: VectorFunction;
  /** The runtime primitive of the tfjs target; absent where there is none. */
  readonly tfjs?: string;
  /** Mathematics as on paper for `explain`, in the precedences of `compiler/ir/print.ts`, and LaTeX; absent for `NAME(…)`. */
  readonly mathematics?: { readonly text: Notation; readonly latex: Notation };
  /** Floating-point operations counted for one application. */
  readonly cost: number;
  /** Arguments inside the domain, for the table's own tests; at least two. */
  readonly samples: readonly (readonly number[])[];
}

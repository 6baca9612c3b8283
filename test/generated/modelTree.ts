/** A model as a tree: what `arbitraryModel.ts` makes up, `modelText.ts` writes and `modelValue.ts` evaluates without the compiler. */

/** Header parameters that are sizes. */
export type Size = "N" | "M" | "K";

export interface Slot {
  readonly size: Size;
  readonly periodic?: boolean;
  /** Relation to the slot before. */
  readonly order?: "<" | "<=";
}

/** The values lower … size − less of an index. */
export interface Range { readonly size: Size; readonly lower: number; readonly less: number }

export type Binders =
  | { readonly kind: "free"; readonly indices: readonly { readonly name: string; readonly range: Range; readonly written: boolean }[] }
  | { readonly kind: "related"; readonly names: readonly string[]; readonly relation: "<" | "!="; readonly size: Size }
  | { readonly kind: "edges"; readonly names: readonly [string, string] }
  | { readonly kind: "neighbours"; readonly name: string; readonly of: string }
  /** A vertex and each of its neighbours. */
  | { readonly kind: "steps"; readonly names: readonly [string, string] };

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  /** A size, a parameter, an index or a scalar. */
  | { readonly kind: "name"; readonly name: string }
  /** `copy` of a state, 1 if absent. */
  | { readonly kind: "read"; readonly array: string; readonly subscripts: readonly Expression[]; readonly copy?: number }
  /** `+ - * / ^ < <= == != and or not if`, the unary minus as `negate`, and functions of one or two numbers by their names. */
  | { readonly kind: "apply"; readonly operator: string; readonly arguments: readonly Expression[] }
  | { readonly kind: "reduce"; readonly reduction: string; readonly binders: Binders; readonly body: Expression }
  /** A function of whole arrays, or of slices of them: `rows` are the leading subscripts that are fixed. */
  | { readonly kind: "whole"; readonly function: string; readonly arrays: readonly WholeArray[] }
  /** A call of a `fn` of `functions.ts`, and what it stands for. */
  | { readonly kind: "call"; readonly function: string; readonly arguments: readonly (WholeArray | Expression)[]; readonly meaning: Expression }
  /** `object with array = by`: an array of the same shape in the place of one that is drawn. */
  | { readonly kind: "with"; readonly object: Expression; readonly array: string; readonly by: string };

/** `column` is the last subscript of an array of two axes, where the first is free. */
export interface WholeArray { readonly array: string; readonly rows: readonly Expression[]; readonly column?: Expression; readonly copy?: number }

export interface State { readonly name: string; readonly domain: string; readonly slots: readonly Slot[]; readonly start?: string }
export interface Ensemble { readonly name: string; readonly distribution: string; readonly slots: readonly Slot[]; readonly onEdges?: boolean; /** Its entries stand in slots of this size. */ readonly into?: Size; readonly integer?: boolean }
export interface Definition { readonly name: string; readonly indices: readonly { readonly name: string; readonly slot: Slot }[]; readonly body: Expression }

export interface Model {
  readonly sizes: Readonly<Record<Size, number>>;
  /** The real parameter. */
  readonly coupling: { readonly name: string; readonly value: number };
  readonly graph?: string;
  /** Whether the text declares the `fn`s of `functions.ts`. */
  readonly functions: boolean;
  readonly states: readonly State[];
  readonly ensembles: readonly Ensemble[];
  readonly lets: readonly Definition[];
  readonly constraint?: string;
  readonly energy: Expression;
  readonly observables: readonly Definition[];
  /** Functions of derivatives that are observed: `norm(grad(H))`, `laplacian(H)`. */
  readonly derivatives: boolean;
  /** Number that picks among the dynamics which the states have. */
  readonly dynamics: number;
}

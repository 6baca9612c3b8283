/**
 * What the checker makes of expressions: the syntax tree with names resolved, binders with ranges, reductions and calls told apart,
 * and a type and a status on every node. `2-lower` builds the IR from it without looking at names again.
 */
import type { Span } from "../../grammar/span.ts";
import type { Status } from "../ir/program.ts";
import type { OperatorName } from "../library/ops/index.ts";
import type { LibraryFunctionName } from "../library/functions/index.ts";
import type { ReductionName } from "../library/reductions/index.ts";
import type { BoundIndex } from "./indices.ts";
import type { SizeRange } from "./sizes.ts";
import type { CheckedSource } from "./sources.ts";
import type { ArraySymbol, CheckedFunction, GraphSymbol, ModelSymbol, ParameterSymbol, SizeSymbol } from "./symbols.ts";
import type { Type } from "./types.ts";

interface Node {
  readonly type: Type;
  readonly status: Status;
  readonly span: Span;
  /** For integers: the range in which their values lie, where it is known. */
  readonly values?: SizeRange | undefined;
}

export type CheckedExpression =
  | ConstantNode | ParameterNode | SizeNode | IndexNode | NameNode | ElementNode | SliceNode | ApplyNode | ReduceNode | ReduceArrayNode | InlineNode | LibraryNode | WithNode | ReplicaNode | OpaqueNode;

export interface ConstantNode extends Node { readonly kind: "constant"; readonly value: number }
export interface ParameterNode extends Node { readonly kind: "parameter"; readonly symbol: ParameterSymbol }
/** A size that a call of a `fn`, or a data source, binds. */
export interface SizeNode extends Node { readonly kind: "size"; readonly symbol: SizeSymbol }
export interface IndexNode extends Node { readonly kind: "index"; readonly index: BoundIndex }
/** A scalar, a whole array or a graph by its name. */
export interface NameNode extends Node { readonly kind: "name"; readonly symbol: ArraySymbol | GraphSymbol }
/** One entry of an array. */
export interface ElementNode extends Node {
  readonly kind: "element";
  readonly array: CheckedExpression;
  /** One an axis. Those of ordered axes are sorted already where their order is known. */
  readonly subscripts: readonly CheckedExpression[];
  /** Whether the subscript can leave its (periodic) axis. */
  readonly wraps: readonly boolean[];
  /** Positions [first, last] of each group of ordered axes with subscripts of unknown order: these are sorted when they are evaluated. */
  readonly unsorted: readonly (readonly [number, number])[];
  /** Pairs of axes over the edges of a graph: the position of the first, and the index whose binder makes the pair an edge. */
  readonly edges?: readonly (readonly [number, BoundIndex])[];
}
/** `z[mu,:]`: an array over the axes where `null` stands. */
export interface SliceNode extends Node { readonly kind: "slice"; readonly array: CheckedExpression; readonly subscripts: readonly (CheckedExpression | null)[]; readonly wraps: readonly boolean[]; readonly edges?: ElementNode["edges"] }
export interface ApplyNode extends Node { readonly kind: "apply"; readonly operator: OperatorName; readonly arguments: readonly CheckedExpression[] }
export interface ReduceNode extends Node {
  readonly kind: "reduce";
  readonly reduction: ReductionName;
  readonly binders: readonly CheckedBinder[];
  readonly body: CheckedExpression;
}
/** `i`, `i < j < k`, `i != j`: relations stand between neighbours, and `!=` between every pair. */
export interface CheckedBinder {
  /** What it binds. */
  readonly indices: readonly BoundIndex[];
  /** What the relations stand between: in `sum(j != i)` inside of something that binds `i` also that one. */
  readonly related: readonly BoundIndex[];
  readonly relations: readonly ("<" | "<=" | "!=")[];
  /** `(i, j) in G`: each edge once. */
  readonly edges?: GraphSymbol;
  /** `j in G[i]` */
  readonly neighbours?: { readonly graph: GraphSymbol; readonly of: CheckedExpression };
}
/** `mean(s)`: a reduction over all entries of an array. */
export interface ReduceArrayNode extends Node { readonly kind: "reduceArray"; readonly reduction: ReductionName; readonly array: CheckedExpression }
/** A call of a `fn`. */
export interface InlineNode extends Node {
  readonly kind: "inline";
  readonly function: CheckedFunction;
  readonly arguments: readonly CheckedExpression[];
  /** What the sizes of the function's parameters stand for in this call. */
  readonly sizes: ReadonlyMap<SizeSymbol, CheckedExpression>;
}
/** A call of a function on whole arrays. */
export interface LibraryNode extends Node {
  readonly kind: "library";
  readonly function: LibraryFunctionName;
  readonly arguments: readonly CheckedExpression[];
  /** Named options that are given: numbers made of parameters. */
  readonly options?: Readonly<Record<string, CheckedExpression>>;
}
/** `E with …`: `object` under replaced arrays and sizes; what is derived from them follows. */
export interface WithNode extends Node { readonly kind: "with"; readonly object: CheckedExpression; readonly replacements: readonly CheckedReplacement[] }
export type CheckedReplacement =
  /** `(x, y) = source(…)` */
  | { readonly kind: "source"; readonly arrays: readonly ArraySymbol[]; readonly source: CheckedSource; readonly span: Span }
  /** `fresh(x, P = n)`: ensembles that are drawn again, and sizes that are named. */
  | { readonly kind: "fresh"; readonly arrays: readonly ArraySymbol[]; readonly sizes: ReadonlyMap<ModelSymbol, CheckedExpression>; readonly span: Span }
  /** `w = flip(v, fraction)`: anew at every evaluation. */
  | { readonly kind: "flip"; readonly array: ArraySymbol; readonly of: CheckedExpression; readonly fraction: CheckedExpression; readonly bits: boolean; readonly span: Span }
  /** `w = v` */
  | { readonly kind: "value"; readonly array: ArraySymbol; readonly value: CheckedExpression; readonly span: Span };
/** `E@2`: `object` as the states of another copy make it; what is derived from them follows. */
export interface ReplicaNode extends Node { readonly kind: "replica"; readonly object: CheckedExpression; readonly replica: string }
/** Erroneous: reported, never lowered. */
export interface OpaqueNode extends Node { readonly kind: "opaque" }

/** What names of a model or a `fn` stand for. Callables have a name space of their own. */
import type { DataDeclaration, EnergyDeclaration, EnsembleDeclaration, FunctionItem, LetDeclaration, ObservableDeclaration, Slotted, StateDeclaration } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import type { Domain, Element, Status } from "../ir/program.ts";
import type { BuildUp } from "./buildUp.ts";
import type { CheckedDistribution } from "./distributions.ts";
import type { CheckedInitial } from "./initial.ts";
import type { BoundIndex } from "./indices.ts";
import type { CheckedSource } from "./sources.ts";
import type { SizeRange } from "./sizes.ts";
import type { CheckedExpression, CheckedReplacement } from "./tree.ts";
import type { Axis, Type } from "./types.ts";

export type ModelSymbol = ParameterSymbol | SizeSymbol | ArraySymbol | GraphSymbol;

/** A header parameter. */
export interface ParameterSymbol {
  readonly kind: "parameter";
  readonly name: string;
  readonly span: Span;
  /** Integers (by their default) are sizes or counts. */
  readonly number: "integer" | "real";
  readonly default: number;
}

/** A size that is bound by a data source (`d in D` of `data`), by the call of a `fn`, or by the data source of a `with`. */
export interface SizeSymbol {
  readonly kind: "size";
  readonly name: string;
  readonly span: Span;
  readonly boundBy: "data" | "call" | "with";
  /** Of a `with`: the size in whose place it stands, and the arrays that keep theirs. */
  readonly binding?: { readonly replacement: CheckedReplacement; readonly size: ModelSymbol; readonly kept: ReadonlySet<ArraySymbol> };
}

export type ArrayRole = "let" | "ensemble" | "data" | "state" | "energy" | "observable" | "argument";

/**
 * A scalar or an array. Everything below `target` is filled in when the declaration is checked, which happens when it is first read:
 * the order of declaration doesn't matter.
 */
export interface ArraySymbol {
  readonly kind: "array";
  readonly role: ArrayRole;
  readonly name: string;
  readonly span: Span;
  readonly target: Slotted;
  readonly declaration?: LetDeclaration | EnsembleDeclaration | DataDeclaration | StateDeclaration | EnergyDeclaration | ObservableDeclaration;
  progress: "open" | "visiting" | "done";
  status: Status;
  element: Element;
  axes: readonly Axis[];
  /** False when its shape or type could not be found out: everything that reads it is of unknown type. */
  sound: boolean;
  /** One an axis: what its slots bind in `body`. */
  indices: readonly BoundIndex[];
  /** Of `let`, `energy` and `observable`. */
  body?: CheckedExpression;
  /** How many definitions `body` is built on, one inside of the other. */
  levels?: number;
  /** Of an ensemble. */
  distribution?: CheckedDistribution;
  /** Of a state, where its declaration says how it begins. */
  initial?: CheckedInitial;
  /** Of data. */
  source?: CheckedSource;
  domain?: Domain["name"];
  domainArguments?: readonly CheckedExpression[];
  /** For integers: the range of the entries, where it is known. */
  values?: SizeRange | undefined;
}

/** `ensemble G ~ RandomRegular(N, degree = 3)` */
export interface GraphSymbol {
  readonly kind: "graph";
  readonly name: string;
  readonly span: Span;
  readonly declaration: EnsembleDeclaration;
  vertices: SizeRange | undefined;
  distribution?: CheckedDistribution;
  /** Whether the number of edges is drawn. */
  random?: boolean;
  progress: "open" | "visiting" | "done";
}

/** Whether an axis is the first of a pair that runs over the edges of a graph. */
export function isFirstEnd(axes: readonly Axis[], k: number): boolean {
  let first = k;
  while (axes[first - 1]?.edges) first--;
  return axes[k]?.edges !== undefined && (k - first) % 2 === 0;
}

/** A `fn`, checked once for all sizes. */
export interface CheckedFunction {
  readonly name: string;
  readonly item: FunctionItem;
  readonly parameters: readonly ArraySymbol[];
  readonly sizes: readonly SizeSymbol[];
  /** A reduction in it that only theories and claims have: models can't call it. */
  resultsOnly?: string;
  /** Absent when it has errors: calls of it are of unknown type. */
  body?: CheckedExpression;
  buildUp?: BuildUp;
}

export const typeOf = (symbol: ModelSymbol): Type => {
  switch (symbol.kind) {
    case "parameter": return { kind: "scalar", element: symbol.number };
    case "size": return { kind: "scalar", element: "integer" };
    case "graph": return { kind: "graph", graph: symbol };
    case "array":
      if (!symbol.sound) return { kind: "unknown" };
      return symbol.axes.length === 0 ? { kind: "scalar", element: symbol.element } : { kind: "array", element: symbol.element, axes: symbol.axes };
  }
};

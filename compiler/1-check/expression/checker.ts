/**
 * Checks one expression of a model or a `fn`: a dispatch over the kinds of nodes, which live in the files beside this one, and what they
 * share: the indices in scope, what is known about their order, and the checks that wait until all ranges are known.
 */
import type { Expression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/span.ts";
import type { ExtensionNames } from "../../library/extensionNames.ts";
import { applyNode, unknownNode } from "../build.ts";
import type { BoundIndex } from "../indices.ts";
import type { Report } from "../report.ts";
import type { ArraySymbol, CheckedFunction, GraphSymbol, ModelSymbol } from "../symbols.ts";
import type { CheckedExpression } from "../tree.ts";
import { describeType } from "../types.ts";
import { checkCall } from "./calls.ts";
import { checkLiteral, checkName } from "./names.ts";
import { checkBinary, checkCompare, checkConditional, checkUnary } from "./operators.ts";
import { checkReduction } from "./reductions.ts";
import { checkReplica, checkWith } from "./replacements.ts";
import { checkSubscript } from "./subscripts.ts";

/** What a model, or a `fn`, offers to the expressions in it. */
export interface Names {
  readonly report: Report;
  /** "model" or "fn": a `fn` reads no model names. */
  readonly kind: "model" | "fn";
  readonly lookup: (name: string) => ModelSymbol | undefined;
  readonly names: () => readonly string[];
  /** Finds the shape, type and status of a symbol, and checks its declaration if that wasn't done yet; a circle is reported here. */
  readonly resolve: (symbol: ArraySymbol | GraphSymbol, from: Span) => void;
  /** Notes a reduction that only theories and claims have: an error in a model, and in a `fn` what its callers learn. */
  readonly resultsOnly: (span: Span, reduction: string, through?: CheckedFunction) => void;
  readonly function: (name: string, from: Span) => CheckedFunction | undefined;
  /** Whether a name may be declared where the file could not be read, or a callable in another file: not knowing it is no error. */
  readonly excused: (name: string, kind: "name" | "callable") => boolean;
  /** What `use` brings in. */
  readonly extensions: ExtensionNames;
  readonly functionNames: () => readonly string[];
  readonly states: () => readonly ArraySymbol[];
  /** Number of state entries minus number of scalar equality constraints. */
  readonly tangentDimension: (span: Span) => CheckedExpression | undefined;
}

/** What is known where a subscript stands: index `smaller` is below `larger` ("<", "<="), or differs from it ("!="). */
export interface OrderFact { readonly smaller: BoundIndex; readonly larger: BoundIndex; readonly relation: "<" | "<=" | "!=" }

/** What a binder says: the two vertices are the ends of an edge. `known` is the index by which the edge is found. */
export interface EdgeFact { readonly graph: GraphSymbol; readonly known: BoundIndex; readonly ends: readonly [CheckedExpression, CheckedExpression] }

export class ExpressionChecker {
  readonly names: Names;
  /** Names that any reduction of this declaration binds: for the error about a left-over index. */
  readonly boundSomewhere: ReadonlyMap<string, Expression>;
  readonly indices = new Map<string, BoundIndex>();
  /** Indices of the declared array: its distribution and domain don't know them. */
  readonly declaredSlots = new Set<string>();
  /** How many subscripts around are being checked. */
  inSubscript = 0;
  facts: readonly OrderFact[] = [];
  edgeFacts: readonly EdgeFact[] = [];
  private waiting: (() => void)[] = [];

  constructor(names: Names, boundSomewhere: ReadonlyMap<string, Expression>) {
    this.names = names;
    this.boundSomewhere = boundSomewhere;
  }

  get report(): Report {
    return this.names.report;
  }

  check(e: Expression): CheckedExpression {
    switch (e.kind) {
      case "number": case "string": return checkLiteral(e);
      case "name": return checkName(this, e);
      case "unary": return checkUnary(this, e);
      case "binary": return checkBinary(this, e);
      case "compare": return checkCompare(this, e);
      case "conditional": return checkConditional(this, e);
      case "reduction": return checkReduction(this, e);
      case "call": return checkCall(this, e);
      case "subscript": return checkSubscript(this, e);
      case "replica": return checkReplica(this, e);
      case "with": return checkWith(this, e);
      case "member": case "at":
        return this.misplaced(e.span, `${e.kind === "at" ? "`at`" : "a member"} picks results of runs and theories: it has no meaning in a model`,
          e.kind === "member" && e.arguments ? `functions have no prefix: write \`${e.name.name}(…)\`` : "what is measured in a model is an `observable`; results stand in claims, plots and tables");
      case "schedule": return this.misplaced(e.span, "a schedule `a -> b` stands only in the arguments of a dynamics");
      case "range": return this.misplaced(e.span, "a range `a..b` stands only behind `in`");
      case "tuple": case "list": return this.misplaced(e.span, "a list is no value in a model", e.kind === "list" && e.entries.length === 1 && e.entries[0]!.kind === "compare" ? "a truth value in parentheses counts as 0 or 1: `(h[mu] > 0)`" : "an array has a declaration: `let a[i in N] = …`");
    }
  }

  /** A scalar; a truth value counts as 0 or 1. */
  number(e: Expression): CheckedExpression {
    return this.asNumber(this.check(e));
  }

  asNumber(checked: CheckedExpression): CheckedExpression {
    switch (checked.type.kind) {
      case "scalar": case "unknown": return checked;
      case "array":
        this.report.error("Q220", `${describeType(checked.type)} stands where a number is needed`, [{ span: checked.span, message: "the whole array" }], helpForArray(checked));
        return unknownNode(checked.span);
      default:
        this.report.error("Q224", `${describeType(checked.type)} stands where a number is needed`, checked.span);
        return unknownNode(checked.span);
    }
  }

  truth(e: Expression, wanted: string): CheckedExpression {
    const checked = this.number(e);
    if (checked.type.kind === "scalar" && checked.type.element !== "truth") {
      this.report.error("Q222", `${wanted} needs a truth value, and this is a number`, [{ span: checked.span, message: "a number" }], "compare it with something, in parentheses: `(… > 0)`");
      return unknownNode(checked.span);
    }
    return checked;
  }

  apply(operator: Parameters<typeof applyNode>[0], arguments_: readonly CheckedExpression[], span: Span): CheckedExpression {
    return applyNode(operator, arguments_, span);
  }

  /** Puts off a check until the ranges of all indices of the declaration are known. */
  later(check: () => void): void {
    this.waiting.push(check);
  }

  finish(): void {
    for (const check of this.waiting.splice(0)) check();
  }

  /** Runs `inside` with these indices in scope and these facts known; an inner index hides an outer one of its name. */
  within<T>(indices: readonly BoundIndex[], facts: readonly OrderFact[], inside: () => T, edgeFacts: readonly EdgeFact[] = []): T {
    const factsBefore = this.facts;
    const edgeFactsBefore = this.edgeFacts;
    this.edgeFacts = [...edgeFactsBefore, ...edgeFacts];
    const hidden = indices.map((i) => [i.name, this.indices.get(i.name)] as const);
    this.facts = [...factsBefore, ...facts];
    for (const index of indices) this.indices.set(index.name, index);
    const result = inside();
    for (const [name, before] of hidden) {
      if (before) this.indices.set(name, before);
      else this.indices.delete(name);
    }
    this.facts = factsBefore;
    this.edgeFacts = edgeFactsBefore;
    return result;
  }

  misplaced(span: Span, message: string, help?: string): CheckedExpression {
    this.report.error("Q225", message, span, help);
    return unknownNode(span);
  }
}

function helpForArray(e: CheckedExpression): string | undefined {
  if (e.kind !== "name" || e.type.kind !== "array") return undefined;
  const letters = ["i", "j", "k", "l", "m", "n"];
  if (e.type.axes.length === 2) return `write an entry, \`${e.symbol.name}[i,j]\`; products of arrays are sums that are written out: \`sum(j) ${e.symbol.name}[i,j] * …\``;
  return `write an entry, \`${e.symbol.name}[${e.type.axes.map((_, k) => letters[k] ?? `i${k}`).join(",")}]\`, or a function of the whole array, \`sum(${e.symbol.name})\``;
}

/**
 * Bound indices and how they get their ranges: from `in`, or from the slots in which `i`, `i + c` or `i - c` stands (LANGUAGE.md,
 * "Arrays and indices"). Two different ranges are an error that shows both places.
 */
import type { Span } from "../../grammar/span.ts";
import { addPolynomials, constantValue, equalRanges, isNonPositive, multiplyPolynomials, polynomialOf } from "./sizes.ts";
import type { Polynomial, SizeRange } from "./sizes.ts";
import { expressionText } from "./text.ts";
import type { CheckedExpression } from "./tree.ts";
import type { Axis } from "./types.ts";
import { applyNode, constantNode, sizeRange } from "./build.ts";
import type { Report } from "./report.ts";

/** An index that a slot or a reduction binds. Indices of one chain `i < j < k` share a range. */
export interface BoundIndex {
  readonly id: number;
  readonly name: string;
  readonly span: Span;
  readonly extent: Extent;
  /** A slot of a declaration, or an index that is free in a constraint: it stands for one value all through it. */
  readonly ofSlot: boolean;
  used: boolean;
}

/** The range of the indices of one binder, and where it is known from. */
export interface Extent {
  readonly names: readonly string[];
  /** How the binder is written with another range: "sum(i in N - 1)". */
  readonly rewritten: (range: string) => string;
  /** What stands behind `in`. */
  readonly declared?: { readonly range: SizeRange; readonly span: Span };
  readonly evidence: Evidence[];
  resolved?: SizeRange;
  periodic: boolean;
  /** Something that it stands in was reported: having no range is no further error. */
  excused: boolean;
  /** True once an error about it was reported. */
  failed: boolean;
}

/** A slot in which the index stands. */
export interface Evidence {
  readonly axis: Axis;
  /** Which axis of the array. */
  readonly position: number;
  readonly array: string;
  readonly index: BoundIndex;
  readonly span: Span;
}

let nextId = 0;
export const bindIndex = (name: string, span: Span, extent: Extent, ofSlot: boolean): BoundIndex => ({ id: nextId++, name, span, extent, ofSlot, used: false });
export const makeExtent = (names: readonly string[], rewritten: Extent["rewritten"], declared?: Extent["declared"], periodic = false): Extent =>
  ({ names, rewritten, evidence: [], periodic, excused: false, failed: false, ...(declared ? { declared, resolved: declared.range } : {}) });

/** Finds the range of an extent once all slots in which its indices stand are known. `helpFor` says what would fit at the second place. */
export function resolveExtent(extent: Extent, place: Span, report: Report, helpFor: (wanted: Evidence, found: Evidence) => string | undefined): void {
  if (extent.failed || extent.declared) return;
  const [first, ...others] = extent.evidence;
  const name = extent.names.join(", ");
  if (!first) {
    extent.failed = true;
    if (!extent.excused) report.error("Q206", `index \`${name}\` has no range: no slot shows what it runs over`, place, `say what it runs over: \`${extent.rewritten("N")}\``);
    return;
  }
  extent.resolved = first.axis.range;
  extent.periodic = extent.evidence.some((e) => e.axis.periodic);
  const different = others.find((e) => !equalRanges(e.axis.range, first.axis.range));
  if (different) {
    extent.failed = true;
    report.error(
      "Q204", `index \`${different.index.name}\` ranges over two different sizes`,
      [{ span: first.span, message: `${first.axis.range.text}, from ${first.array}` }, { span: different.span, message: `${different.axis.range.text}, from ${different.array}` }],
      helpFor(first, different),
      { index: different.index.name, first: first.axis.range.text, second: different.axis.range.text },
    );
  }
}

/** index + constant, if the subscript is of that form. */
export function shiftedIndex(e: CheckedExpression): { readonly index: BoundIndex; readonly shift: number } | undefined {
  if (e.kind === "index") return { index: e.index, shift: 0 };
  if (e.kind !== "apply" || (e.operator !== "add" && e.operator !== "sub")) return undefined;
  const [x, y] = e.arguments as [CheckedExpression, CheckedExpression];
  const left = shiftedIndex(x);
  const right = constantOf(y);
  if (left && right !== undefined) return { index: left.index, shift: left.shift + (e.operator === "add" ? right : -right) };
  const swapped = e.operator === "add" ? shiftedIndex(y) : undefined;
  const constant = constantOf(x);
  return swapped && constant !== undefined ? { index: swapped.index, shift: swapped.shift + constant } : undefined;
}
/** i, in i + c or i − c, where c depends on no index: the slot in which it stands shows the range of i. */
export function indexOfSlot(e: CheckedExpression): BoundIndex | undefined {
  if (e.kind === "index") return e.index;
  if (e.kind !== "apply" || (e.operator !== "add" && e.operator !== "sub")) return undefined;
  const [x, y] = e.arguments as [CheckedExpression, CheckedExpression];
  if (!mentionsIndex(y)) return indexOfSlot(x);
  return e.operator === "add" && !mentionsIndex(x) ? indexOfSlot(y) : undefined;
}

const constantOf = (e: CheckedExpression): number | undefined => constantValue(polynomialOf(e));

/** Between which values an integer expression lies, as far as its indices and arrays say. */
function boundsOf(e: CheckedExpression): readonly [Polynomial, Polynomial] | undefined {
  if (e.kind === "index") return e.index.extent.resolved && [polynomialOf(e.index.extent.resolved.lower), polynomialOf(e.index.extent.resolved.upper)];
  if (e.kind === "apply") {
    const [x, y] = e.arguments.map(boundsOf);
    if (e.operator === "add" && x && y) return [addPolynomials(x[0], y[0]), addPolynomials(x[1], y[1])];
    if (e.operator === "sub" && x && y) return [addPolynomials(x[0], y[1], -1), addPolynomials(x[1], y[0], -1)];
    // A remainder lies between 0 and what it is divided by.
    if (e.operator === "mod" && y && e.type.kind === "scalar" && e.type.element === "integer") return [new Map(), addPolynomials(y[1], new Map([["", 1]]), -1)];
    if (e.operator === "neg" && x) return [addPolynomials(new Map(), x[1], -1), addPolynomials(new Map(), x[0], -1)];
    if (e.operator === "mul" && x && y) {
      const [constant, other] = e.arguments[0]!.kind === "constant" ? [e.arguments[0], y] : [e.arguments[1]!, x];
      if (constant.kind === "constant") {
        const scaled = other.map((p) => multiplyPolynomials(p, new Map([["", constant.value]]))) as [Polynomial, Polynomial];
        return constant.value >= 0 ? scaled : [scaled[1], scaled[0]];
      }
    }
  }
  if (e.values) return [polynomialOf(e.values.lower), polynomialOf(e.values.upper)];
  // Parameters and derived sizes are what they are; anything else has unknown values.
  return e.status === "parameter" && !mentionsIndex(e) ? [polynomialOf(e), polynomialOf(e)] : undefined;
}

export function mentionsIndex(e: CheckedExpression): boolean {
  switch (e.kind) {
    case "index": return true;
    case "apply": return e.arguments.some(mentionsIndex);
    case "element": return e.subscripts.some(mentionsIndex);
    case "constant": case "parameter": case "size": case "name": return false;
    default: return true;
  }
}

const indicesIn = (e: CheckedExpression): readonly BoundIndex[] =>
  e.kind === "index" ? [e.index] : e.kind === "apply" ? e.arguments.flatMap(indicesIn) : e.kind === "element" ? e.subscripts.flatMap(indicesIn) : [];

/** An entry of given data that holds integers: labels, or ends of edges. */
const isGivenInteger = (e: CheckedExpression): boolean =>
  e.kind === "element" && e.array.kind === "name" && e.array.symbol.kind === "array" && e.array.symbol.role === "data" && e.array.symbol.element === "integer";

/** Whether a subscript stays in its axis; reports where it can leave one that doesn't wrap. */
export function checkBounds(subscript: CheckedExpression, axis: Axis, array: string, report: Report): boolean {
  if (subscript.type.kind === "unknown" || indicesIn(subscript).some((i) => i.extent.failed || !i.extent.resolved)) return true;
  const bounds = boundsOf(subscript);
  const below = bounds && isNonPositive(addPolynomials(polynomialOf(axis.range.lower), bounds[0], -1));
  const above = bounds && isNonPositive(addPolynomials(bounds[1], polynomialOf(axis.range.upper), -1));
  if (below === true && above === true) return true;
  if (axis.periodic) return false;
  // What a file holds is looked at when it is read (`bindData`).
  if (!bounds && isGivenInteger(subscript)) return true;
  // `w[2]` is an entry or none: the sizes say, when they are known (`checkSizes`).
  const fixed = subscript.status === "parameter" && !mentionsIndex(subscript);
  if (fixed && below !== false && above !== false) return true;
  // `sum(i in 2..4) w[i]`, `sum(i in floor(N/2)) w[2*i]`: likewise, where the range that is written is made of numbers and of what the slot's is made of.
  const written = isArithmetic(subscript) && indicesIn(subscript).every((i) => i.extent.declared && madeOf(i.extent.declared.range).every((name) => madeOf(axis.range).includes(name)));
  if (written && bounds && below !== false && above !== false) return true;
  const single = shiftedIndex(subscript);
  const declared = single?.index.extent.declared;
  if (single && declared && single.shift === 0 && (below === undefined || above === undefined)) {
    report.error("Q204", `index \`${single.index.name}\` ranges over two different sizes`,
      [{ span: declared.span, message: `${declared.range.text}, declared here` }, { span: subscript.span, message: `${axis.range.text}, from ${array}` }], `without \`in\` it takes its range from the slot, ${axis.range.text}`);
    single.index.extent.failed = true;
    return false;
  }
  const text = expressionText(subscript);
  const how = fixed ? `\`${text}\` is outside of ${axis.range.text}, the range of this slot of ${array}` : !bounds ? `\`${text}\` is not known to stay in ${axis.range.text}` : `\`${text}\` can leave ${axis.range.text}, the range of this slot of ${array}`;
  report.error("Q205", how, [{ span: subscript.span, message: bounds && boundsText(subscript) ? `runs over ${boundsText(subscript)}` : "" }], 
    single && single.shift !== 0 ? `write \`${narrowed(single, axis)}\`, or declare the slot periodic`
    : axis.range.text.startsWith("1..") && bounds && below === false && constantValue(bounds[0]) === 0 ? "indices run from 1, here and everywhere: the first entry is number 1"
    : stretched(subscript, axis));
  return false;
}

/** Over which range the index must run so that index + shift stays in the axis. */
function narrowed({ index, shift }: { index: BoundIndex; shift: number }, axis: Axis): string {
  const move = (end: CheckedExpression, by: number): CheckedExpression => {
    const value = constantOf(end);
    if (value !== undefined) return constantNode(value + by, end.span);
    return by === 0 ? end : applyNode(by < 0 ? "sub" : "add", [end, constantNode(Math.abs(by), end.span)], end.span);
  };
  const lower = move(axis.range.lower, Math.max(0, -shift));
  const upper = move(axis.range.upper, Math.min(0, -shift));
  const plain = lower.kind === "constant" && lower.value === 1;
  return index.extent.rewritten(plain ? expressionText(upper) : sizeRange(lower, upper).text);
}

/** What `checkSizes` can follow when numbers are known. */
const isArithmetic = (e: CheckedExpression): boolean =>
  e.kind === "apply" ? ["add", "sub", "neg", "mul", "mod"].includes(e.operator) && e.arguments.every(isArithmetic) : e.kind === "index" || (e.status === "parameter" && !mentionsIndex(e));

/** The names of parameters and sizes in the ends of a range. */
function madeOf({ lower, upper }: SizeRange): readonly string[] {
  const names = (e: CheckedExpression): readonly string[] =>
    e.kind === "parameter" || e.kind === "size" || e.kind === "name" ? (e.kind === "name" && e.symbol.kind === "array" && e.symbol.body ? names(e.symbol.body) : [e.symbol.name])
    : e.kind === "apply" ? e.arguments.flatMap(names) : e.kind === "constant" ? [] : ["@"];
  return [lower, upper].flatMap(names);
}

/** How far the index may run in `2 * i` and the like. */
function stretched(e: CheckedExpression, { range }: Axis): string | undefined {
  if (e.kind !== "apply" || e.operator !== "mul") return indicesIn(e).length > 0 && e.values === undefined ? `let ${indicesIn(e).map((i) => `\`${i.name}\``).join(", ")} run over values for which \`${expressionText(e)}\` is in ${range.text}` : undefined;
  const [factor, index] = e.arguments[0]!.kind === "constant" ? e.arguments : [...e.arguments].reverse();
  if (factor?.kind !== "constant" || index?.kind !== "index" || !(factor.value > 1)) return undefined;
  const upper = constantOf(range.upper);
  return `write \`${index.index.extent.rewritten(upper !== undefined ? String(Math.floor(upper / factor.value)) : `floor(${expressionText(range.upper)} / ${factor.value})`)}\``;
}

function boundsText(e: CheckedExpression): string {
  const single = shiftedIndex(e);
  const range = single?.index.extent.resolved ?? e.values;
  if (!range) return "";
  const shift = single?.shift ?? 0;
  if (shift === 0) return range.text;
  const move = (end: CheckedExpression): CheckedExpression => {
    const value = constantOf(end);
    return value !== undefined ? constantNode(value + shift, end.span) : applyNode(shift < 0 ? "sub" : "add", [end, constantNode(Math.abs(shift), end.span)], end.span);
  };
  return sizeRange(move(range.lower), move(range.upper)).text;
}

/** `X[i,j+1]`, `z[mu,:]`, `s[v[a,l]]`: number, type, range and order of subscripts. */
import type { Expression, SubscriptExpression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/span.ts";
import { unknownNode } from "../build.ts";
import { checkBounds, indexOfSlot, shiftedIndex } from "../indices.ts";
import type { BoundIndex } from "../indices.ts";
import { addPolynomials, constantValue, equalPolynomials, polynomialOf } from "../sizes.ts";
import { expressionText, syntaxChildren } from "../text.ts";
import type { CheckedExpression, ElementNode } from "../tree.ts";
import { arrayType, maximalStatus } from "../types.ts";
import type { Axis } from "../types.ts";
import type { ExpressionChecker } from "./checker.ts";
import { constants, reportUnknown } from "./names.ts";

export function checkSubscript(c: ExpressionChecker, e: SubscriptExpression): CheckedExpression {
  const checked = checkEntry(c, e);
  // What is unknown was reported: the indices that stand in it may have their range from there.
  if (checked.type.kind === "unknown") excuse(c, e);
  return checked;
}

function excuse(c: ExpressionChecker, e: Expression): void {
  if (e.kind === "name") {
    const index = c.indices.get(e.name);
    if (index) index.extent.excused = true;
  }
  for (const child of syntaxChildren(e)) excuse(c, child);
}

/** The array that is read. Where an index took its name (an error that was reported) the array is meant. */
function arrayOf(c: ExpressionChecker, object: Expression, subscripts: number): CheckedExpression {
  const index = object.kind === "name" ? c.indices.get(object.name) : undefined;
  if (object.kind === "name" && !index && !c.names.lookup(object.name) && constants[object.name] === undefined) {
    reportUnknown(c, object, subscripts);
    return unknownNode(object.span);
  }
  if (!index || c.names.lookup(index.name)?.kind !== "array") return c.check(object);
  c.indices.delete(index.name);
  const array = c.check(object);
  c.indices.set(index.name, index);
  return array;
}

function checkEntry(c: ExpressionChecker, e: SubscriptExpression): CheckedExpression {
  const array = arrayOf(c, e.object, e.subscripts.length);
  c.inSubscript++;
  const subscripts = e.subscripts.map((s) => (s.kind === "slice" ? null : integerSubscript(c, c.check(s))));
  c.inSubscript--;
  const { type } = array;
  if (type.kind === "unknown") return unknownNode(e.span);
  if (type.kind === "graph") {
    c.report.error("Q225", `\`${expressionText(array)}[…]\`, the neighbours of a vertex, stands only behind \`in\``, e.span, `write \`sum(j in ${expressionText(array)}[i]) …\``);
    return unknownNode(e.span);
  }
  const axes = type.kind === "array" ? type.axes : [];
  const name = expressionText(array);
  if (axes.length !== subscripts.length) {
    const takes = axes.length === 0 ? "is a scalar: it takes no subscripts" : `has ${axes.length} ${axes.length === 1 ? "slot" : "slots"}, over ${axes.map((a) => a.range.text).join(" × ")}`;
    c.report.error("Q209", `\`${name}\` ${takes}, and is read with ${subscripts.length}`, e.span, helpForSubscripts(e, name, axes), { array: name, slots: axes.length, subscripts: subscripts.length });
    return unknownNode(e.span);
  }
  if (type.kind !== "array") return unknownNode(e.span);
  const wraps = axes.map(() => false);
  subscripts.forEach((s, k) => {
    if (s) place(c, s, axes[k]!, k, name, (leaves) => (wraps[k] = leaves));
  });
  const status = maximalStatus(array.status, ...subscripts.flatMap((s) => (s ? [s.status] : [])));
  const edges = edgesOf(c, axes, subscripts, name, e.span);
  if (edges === undefined) return unknownNode(e.span);
  if (subscripts.some((s) => s === null)) {
    const held = subscripts.some((s, k) => s === null && (axes[k]!.order === "<" || axes[k + 1]?.order === "<"));
    if (held) {
      c.report.error("Q212", `\`${name}\` has no diagonal, and this slice would hold it`, e.span, `sum over the entries that there are: \`sum(j) (if i == j then 0 else ${name}[i,j])\``);
      return unknownNode(e.span);
    }
    if (subscripts.some((s) => s?.type.kind === "unknown")) return unknownNode(e.span);
    const { sorted } = sortOrdered(c, subscripts, axes, name, e.span);
    return { kind: "slice", array, subscripts: sorted, wraps, ...(edges.length > 0 ? { edges } : {}), type: arrayType(type.element, axes.filter((_, k) => subscripts[k] === null)), status, span: e.span, ...(array.values ? { values: array.values } : {}) };
  }
  if (subscripts.some((s) => s!.type.kind === "unknown")) return unknownNode(e.span);
  const { sorted, unsorted } = sortOrdered(c, subscripts, axes, name, e.span);
  return { kind: "element", array, subscripts: sorted.flatMap((s) => s ?? []), wraps, unsorted, ...(edges.length > 0 ? { edges } : {}), type: arrayType(type.element, []), status, span: e.span, ...(array.values ? { values: array.values } : {}) };
}

/** `J[i][j]`, `s[a]` for a row, and an index of a scalar. */
function helpForSubscripts(e: SubscriptExpression, name: string, axes: readonly Axis[]): string | undefined {
  const written = e.subscripts.map((s) => (s.kind === "name" ? s.name : s.kind === "number" ? s.text : s.kind === "slice" ? ":" : "…"));
  if (axes.length === 0) return e.object.kind === "name" ? `if there is one for each value of \`${written.join(", ")}\`, declare it so: \`${name}[${written.map((w) => `${/^\p{L}/u.test(w) ? w : "i"} in N`).join(", ")}]\`` : undefined;
  if (written.length >= axes.length) return undefined;
  return `all subscripts stand in one pair of brackets, \`${name}[${[...written, ...["i", "j", "k"].filter((w) => !written.includes(w))].slice(0, axes.length).join(",")}]\`${axes.some((a) => a.order) ? "" : `; the row is the slice \`${name}[${[...written, ...axes.slice(written.length).map(() => ":")].join(",")}]\``}`;
}

/** Which binder makes each pair of subscripts over the edges of a graph an edge; undefined where none does. */
function edgesOf(c: ExpressionChecker, axes: readonly Axis[], subscripts: readonly (CheckedExpression | null)[], array: string, span: Span): ElementNode["edges"] & {} | undefined {
  const found: (readonly [number, BoundIndex])[] = [];
  for (let k = 0; k < axes.length; k++) {
    const graph = axes[k]!.edges;
    if (!graph) continue;
    const pair = [subscripts[k], subscripts[k + 1]];
    const same = (a: CheckedExpression | null | undefined, b: CheckedExpression): boolean => !!a && equalPolynomials(polynomialOf(a), polynomialOf(b));
    const fact = c.edgeFacts.find((f) => f.graph === graph && [[0, 1], [1, 0]].some(([x, y]) => same(pair[x!], f.ends[0]) && same(pair[y!], f.ends[1])));
    if (!fact) {
      const text = pair.map((s) => (s ? expressionText(s) : ":")).join(",");
      c.report.error("Q227", `\`${array}\` holds the edges of \`${graph.name}\`, and \`${text}\` is not known to be one`, span, `bind the pair: \`sum((i, j) in ${graph.name}) ${array}[i,j]\`, or \`sum(j in ${graph.name}[i]) ${array}[i,j]\``);
      return undefined;
    }
    found.push([k, fact.known]);
    k++;
  }
  return found;
}

/** Where a quotient stands in it, that is what has to be rounded. */
function helpForReal(e: CheckedExpression): string {
  const quotient = (x: CheckedExpression): CheckedExpression | undefined =>
    x.kind !== "apply" ? undefined : x.operator === "div" ? x : x.arguments.map(quotient).find((found) => found !== undefined);
  const found = quotient(e);
  return found ? `\`/\` gives a real number: write \`round(${expressionText(found)})\` or \`floor(${expressionText(found)})\`` : "write `round(…)` where a whole number is meant";
}

/** A subscript is an integer. */
function integerSubscript(c: ExpressionChecker, s: CheckedExpression): CheckedExpression {
  const number = c.asNumber(s);
  if (number.type.kind === "scalar" && number.type.element !== "integer") {
    c.report.error("Q211", `a subscript is an integer, and \`${expressionText(number)}\` is ${number.type.element === "truth" ? "a truth value" : "a real number"}`, number.span,
      number.type.element !== "real" ? undefined
      : number.kind === "element" && number.array.kind === "name" && number.array.symbol.kind === "array" && number.array.symbol.role === "ensemble" ? "random integers from 1 to N are drawn by `Categorical(N)`, distinct ones in a row by `Distinct(N)`" : helpForReal(number));
    return unknownNode(s.span);
  }
  return number;
}

/** Takes the slot as evidence for the range of `i`, `i + c`, `i - c`, and checks later that the subscript stays in it. */
function place(c: ExpressionChecker, subscript: CheckedExpression, axis: Axis, position: number, array: string, leaves: (wraps: boolean) => void): void {
  const index = indexOfSlot(subscript);
  if (index) index.extent.evidence.push({ axis, position, array, index, span: subscript.span });
  c.later(() => leaves(!checkBounds(subscript, axis, array, c.report)));
}

/** Puts the subscripts of ordered axes in order, where it is known; a diagonal is an error. Groups that a slice leaves open stay as they are. */
function sortOrdered(c: ExpressionChecker, subscripts: readonly (CheckedExpression | null)[], axes: readonly Axis[], array: string, span: Span): { sorted: readonly (CheckedExpression | null)[]; unsorted: readonly (readonly [number, number])[] } {
  const sorted = [...subscripts];
  const unsorted: (readonly [number, number])[] = [];
  for (let first = 0; first < axes.length; ) {
    let last = first;
    while (axes[last + 1]?.order) last++;
    const group = sorted.slice(first, last + 1).flatMap((s) => s ?? []);
    if (last > first && group.length === last + 1 - first) {
      const strict = axes.slice(first + 1, last + 1).every((a) => a.order === "<");
      if (strict) for (let a = 0; a < group.length; a++) for (let b = a + 1; b < group.length; b++) checkDiagonal(c, group[a]!, group[b]!, array, span);
      const order = [...group].sort((a, b) => { const r = compare(c, a, b); return r === "<" || r === "<=" ? -1 : r === ">" || r === ">=" ? 1 : 0; });
      const known = order.every((a, k) => order.slice(k + 1).every((b) => ["<", "<=", "=="].includes(compare(c, a, b) ?? "")));
      if (known) order.forEach((s, k) => (sorted[first + k] = s));
      else unsorted.push([first, last]);
    }
    first = last + 1;
  }
  return { sorted, unsorted };
}

function checkDiagonal(c: ExpressionChecker, a: CheckedExpression, b: CheckedExpression, array: string, span: Span): void {
  const relation = compare(c, a, b);
  if (relation === "<" || relation === ">" || relation === "!=") return;
  const [x, y] = [expressionText(a), expressionText(b)];
  const help = a.kind === "index" && b.kind === "index" && a.index !== b.index ? `sum over ordered pairs, \`sum(${x} < ${y})\`, or over different ones, \`sum(${x} != ${y})\`` : undefined;
  c.report.error("Q212", relation === "==" ? `\`${array}\` holds only ordered pairs: it has no diagonal` : `\`${x}\` can equal \`${y}\`, and \`${array}\` has no diagonal`, span, help);
}

/** How two subscripts compare for all values of their indices, as far as the binders say. */
function compare(c: ExpressionChecker, a: CheckedExpression, b: CheckedExpression): "<" | "<=" | "==" | ">" | ">=" | "!=" | undefined {
  const difference = constantValue(addPolynomials(polynomialOf(a), polynomialOf(b), -1));
  if (difference !== undefined) return difference === 0 ? "==" : difference < 0 ? "<" : ">";
  const x = shiftedIndex(a);
  const y = shiftedIndex(b);
  if (!x || !y) return undefined;
  const shift = x.shift - y.shift;
  // What the facts leave of a − b: at most `most`, at least `least`; `different` where it isn't 0.
  let [least, most, different] = [-Infinity, Infinity, false];
  for (const fact of c.facts) {
    const along = fact.smaller === x.index && fact.larger === y.index;
    const against = fact.smaller === y.index && fact.larger === x.index;
    if (!along && !against) continue;
    // i < j means i − j ≤ −1, and a − b = (i − j) + shift.
    if (fact.relation === "!=") different ||= shift === 0;
    else if (along) most = Math.min(most, (fact.relation === "<" ? -1 : 0) + shift);
    else least = Math.max(least, (fact.relation === "<" ? 1 : 0) + shift);
  }
  if (most < 0 || (most === 0 && different)) return "<";
  if (least > 0 || (least === 0 && different)) return ">";
  return most === 0 ? "<=" : least === 0 ? ">=" : different ? "!=" : undefined;
}

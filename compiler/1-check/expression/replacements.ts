/** `w@2` and `L with …`: expressions under other states, or other inputs. */
import type { CallExpression, ReplicaExpression, Replacement, WithExpression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/span.ts";
import { nearest } from "../../../grammar/nearest.ts";
import { nameOfKey } from "../../../runtime/extensions/addEntry.ts";
import { isSourceName } from "../../library/sources/index.ts";
import { checkSource, holdsClasses } from "../sources.ts";
import { unknownNode, withSizes } from "../build.ts";
import { arraysIn, boundByReplacement, dependsOn, keptArrays, rangeNamesSize, replacedArrays } from "../dependencies.ts";
import type { ArraySymbol, ModelSymbol } from "../symbols.ts";
import type { CheckedExpression, CheckedReplacement } from "../tree.ts";
import type { ExpressionChecker } from "./checker.ts";
import { scalar } from "../types.ts";
import { sameShape } from "./libraryCalls.ts";

/** `w@1` is `w`. Other copies have its type, and so has what is derived from them: `h@2[mu]`. */
export function checkReplica(c: ExpressionChecker, e: ReplicaExpression): CheckedExpression {
  const object = c.check(e.object);
  if (object.type.kind === "unknown") return object;
  if (object.status !== "thermal") {
    c.report.error("Q261", "only what depends on the states has replicas: the disorder is the same in all of them", e.span);
    return unknownNode(e.span);
  }
  if (e.replica.name === "1") return object;
  return { kind: "replica", object, replica: e.replica.name, type: object.type, status: "thermal", span: e.span, ...(object.values ? { values: object.values } : {}) };
}

export function checkWith(c: ExpressionChecker, e: WithExpression): CheckedExpression {
  const object = c.check(e.object);
  const replacements = e.replacements.map((r) => (r.kind === "assign" ? checkAssignment(c, r) : checkFresh(c, r)));
  const complete = replacements.filter((r) => r !== undefined);
  if (object.type.kind === "unknown") return object;
  if (complete.length < replacements.length) return { kind: "opaque", type: object.type, status: object.status, span: e.span };
  c.later(() => checkKept(c, e, object, complete));
  return { kind: "with", object, replacements: complete, type: shapeUnder(object, complete), status: object.status, span: e.span };
}

/** The type of an expression under replacements: its axes have the sizes that `fresh(…, P = n)` names, and those that a source binds. */
function shapeUnder(object: CheckedExpression, replacements: readonly CheckedReplacement[]): CheckedExpression["type"] {
  if (object.type.kind !== "array") return object.type;
  const kept = keptArrays(object, new Set(replacements.flatMap(replacedArrays)));
  const sizes = new Map(replacements.flatMap((r): (readonly [ModelSymbol, CheckedExpression])[] => (r.kind === "fresh" ? [...r.sizes]
    : boundByReplacement(r, kept).map((size) => [size, { kind: "size", symbol: { kind: "size", name: size.name, span: r.span, boundBy: "with", binding: { replacement: r, size, kept } }, type: scalar("integer"), status: "parameter", span: r.span }]))));
  return { ...object.type, axes: object.type.axes.map((a) => ({ ...a, range: withSizes(a.range, sizes) })) };
}

/** A kept array whose range would change is an error at both places. */
function checkKept(c: ExpressionChecker, e: WithExpression, object: CheckedExpression, replacements: readonly CheckedReplacement[]): void {
  const replaced = new Set(replacements.flatMap(replacedArrays));
  const kept = keptArrays(object, replaced);
  for (const r of replacements) {
    if (r.kind !== "fresh") continue;
    for (const size of r.sizes.keys()) {
      const array = [...kept].find((s) => s.axes.some((a) => rangeNamesSize(a.range, size)));
      if (array) c.report.error("Q263", `\`${array.name}\` is kept, and \`${size.name}\` in its range is replaced`, [{ span: r.span, message: `replaces \`${size.name}\`` }, { span: array.span, message: `runs over \`${size.name}\`` }], `replace \`${array.name}\` too, or leave \`${size.name}\` as it is`);
    }
  }
  if (replaced.size > 0 && ![...arraysIn(object)].some((s) => dependsOn(s, replaced))) {
    c.report.error("Q260", "nothing on the left of `with` reads what it replaces", [{ span: { start: e.object.span.end, end: e.span.end }, message: "" }, { span: e.object.span, message: "reads none of it" }]);
  }
}

/** `(x, y) = source(…)`, `w = flip(w, 0.05)`, `w = v`. */
function checkAssignment(c: ExpressionChecker, r: Replacement & { kind: "assign" }): CheckedReplacement | undefined {
  const targets = r.targets.map((t) => replaceable(c, t.name, t.span));
  const arrays = targets.filter((t) => t !== undefined);
  if (r.value.kind === "call" && r.value.callee.name === "flip") {
    const flipped = checkFlip(c, r.value, arrays[0]);
    return flipped && arrays[0] ? { kind: "flip", array: arrays[0], ...flipped, span: r.span } : undefined;
  }
  if (r.value.kind === "call" && (targets.length > 1 || isSourceName(r.value.callee.name) || c.names.extensions.sources.has(r.value.callee.name))) {
    const source = checkSource(c, r.value, targets.length);
    const odd = arrays.find((s, k) => source && s.sound && (s.role !== "data" || s.source) && s.element !== "real" && !holdsClasses(source, s.name, k));
    if (odd) c.report.error("Q223", `\`${odd.name}\` holds integers, and \`${nameOfKey(source!.name)}\` gives real numbers`, r.span, "say which arrays hold class labels: `classes = \"y\"`");
    return source && !odd && arrays.length === targets.length ? { kind: "source", arrays, source, span: r.span } : undefined;
  }
  if (r.value.kind === "call" && r.value.callee.name === "fresh") {
    c.report.error("Q225", "a new draw has no `=`: `fresh` names the ensembles itself", r.value.callee.span, `write \`with fresh(${r.targets.map((t) => t.name).join(", ")})\``);
    return undefined;
  }
  if (arrays[0] && arrays[0].axes.length > 0 && ["binary", "unary", "number", "conditional", "compare"].includes(r.value.kind)) {
    const { name, axes } = arrays[0], slots = axes.map((_, k) => "ijklmn"[k] ?? `i${k}`).join(",");
    c.report.error("Q223", `\`${name}\` takes an array of its own shape, and arithmetic is of numbers`, r.value.span, `declare the array, \`let ${name}_2[${slots}] = …\` of \`${name}[${slots}]\`, then \`with ${name} = ${name}_2\``);
    return undefined;
  }
  const value = c.check(r.value);
  if (targets.length > 1) {
    c.report.error("Q246", "several arrays are replaced at once only by a data source", r.value.span);
    return undefined;
  }
  expectShape(c, targets[0], value);
  return arrays[0] && value.type.kind !== "unknown" ? { kind: "value", array: arrays[0], value, span: r.span } : undefined;
}

/** The values `of` with a fraction of the entries reversed. */
export interface CheckedFlip { readonly of: CheckedExpression; readonly fraction: CheckedExpression; readonly bits: boolean }

/** `flip(v, fraction)` in the place of an array. */
export function checkFlip(c: ExpressionChecker, call: CallExpression, array: ArraySymbol | undefined): CheckedFlip | undefined {
  const [value, probability] = call.arguments;
  if (!value || !probability || call.arguments.length !== 2) {
    c.report.error("Q231", "`flip` takes an array and a probability", call.span);
    return undefined;
  }
  const of = c.check(value.value);
  const fraction = c.number(probability.value);
  expectShape(c, array, of);
  if (!array?.sound || of.type.kind === "unknown" || fraction.type.kind === "unknown") return undefined;
  const domains = [array, ...arraysIn(of)].map((s) => s.domain);
  let reason: readonly [string, Span] | undefined;
  if (fraction.status !== "parameter") reason = [`the fraction of entries is made of parameters, and this is ${fraction.status}`, fraction.span];
  else if (of.type.kind !== "array") reason = ["`flip` reverses entries of an array, and this is a number", of.span];
  else if (domains.includes("potts") || domains.includes("angle")) reason = ["`flip` reverses signs or bits, and these have neither", of.span];
  if (reason) {
    c.report.error("Q260", reason[0], reason[1]);
    return undefined;
  }
  return { of, fraction, bits: domains.includes("bit") };
}

function expectShape(c: ExpressionChecker, target: ArraySymbol | undefined, value: CheckedExpression): void {
  if (!target?.sound || value.type.kind === "unknown") return;
  const axes = value.type.kind === "array" ? value.type.axes : [];
  if (!sameShape(target.axes, axes)) c.report.error("Q223", `\`${target.name}\` takes an array of its own shape, and this has another`, value.span);
}

/** `fresh(x, P = 5000)`: the ensembles that are drawn again, and the sizes that change. */
function checkFresh(c: ExpressionChecker, r: Replacement & { kind: "fresh" }): CheckedReplacement | undefined {
  const arrays: ArraySymbol[] = [];
  const sizes = new Map<ModelSymbol, CheckedExpression>();
  let sound = true;
  const fail = (code: string, message: string, span: Span, help?: string): void => {
    sound = false;
    c.report.error(code, message, span, help);
  };
  for (const a of r.arguments) {
    if (a.name) {
      const size = c.names.lookup(a.name.name);
      if (!size) {
        const near = nearest(a.name.name, c.names.names());
        fail("Q200", `unknown name \`${a.name.name}\``, a.name.span, near ? `did you mean \`${near}\`?` : undefined);
      } else if (size.kind === "array") c.names.resolve(size, a.name.span);
      const value = c.number(a.value);
      if (size && (size.kind === "graph" || (size.kind === "array" && (size.status !== "parameter" || size.axes.length > 0)))) fail("Q260", `\`fresh\` replaces sizes, and \`${size.name}\` is none`, a.name.span);
      else if (size && value.type.kind === "scalar") {
        if (value.status !== "parameter" || value.type.element !== "integer") fail("Q213", `a size is an integer made of parameters, and this is ${value.status === "parameter" ? "a real number" : value.status}`, a.value.span, "`round(x)` makes a whole number");
        sizes.set(size, value);
      } else sound = false;
    } else if (a.value.kind === "name") {
      const symbol = replaceable(c, a.value.name, a.value.span);
      if (symbol && symbol.role !== "ensemble") fail("Q260", `\`fresh\` draws ensembles again, and \`${symbol.name}\` is none`, a.value.span);
      else if (symbol) arrays.push(symbol);
      else sound = false;
    } else {
      fail("Q260", "`fresh` takes names of ensembles", a.span);
    }
  }
  return sound ? { kind: "fresh", arrays, sizes, span: r.span } : undefined;
}

/** Ensembles, data and states can be replaced; what is derived follows from them. */
function replaceable(c: ExpressionChecker, name: string, span: ReplicaExpression["span"]): ArraySymbol | undefined {
  const symbol = c.names.lookup(name);
  if (!symbol) {
    if (c.names.excused(name, "name")) return undefined;
    const near = nearest(name, c.names.names());
    c.report.error("Q200", `unknown name \`${name}\``, span, near ? `did you mean \`${near}\`?` : "`with` replaces an ensemble, data or a state of the model");
    return undefined;
  }
  if (symbol.kind !== "array" || !["ensemble", "data", "state"].includes(symbol.role)) {
    c.report.error("Q260", `\`with\` replaces ensembles, data and states, and \`${name}\` is ${symbol.kind === "array" ? "derived" : `a ${symbol.kind}`}`, span, symbol.kind === "parameter" ? `another size comes with a draw: \`fresh(x, ${name} = …)\`; other values of a parameter with a run: \`sweep ${name} in […]\`` : undefined);
    return undefined;
  }
  c.names.resolve(symbol, span);
  return symbol;
}

/** Functions of whole arrays: written out in sums where they can be, else arrays that the runtime makes from others. */
import type { ArraySymbol } from "../1-check/symbols.ts";
import type { CheckedExpression, LibraryNode } from "../1-check/tree.ts";
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import { apply, constant, freshIndex, identity, indexValue, read, reduce, substitute } from "../ir/expression.ts";
import type { Expression, Index } from "../ir/expression.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import type { LibraryCall, Slot } from "../ir/program.ts";
import { libraryFunctions } from "../library/functions/index.ts";
import type { LibraryFunction } from "../library/functions/index.ts";
import { entryCount, overEntries } from "./arrayValue.ts";
import type { ArrayValue } from "./arrayValue.ts";
import { atEveryValue } from "./atEveryValue.ts";
import { atOwnStates, emptyEnvironment } from "./environment.ts";
import type { LoweringEnvironment } from "./environment.ts";
import { internal } from "./internal.ts";
import { applied } from "./applied.ts";
import { statusOf } from "./lowerWith.ts";
import type { Lowering } from "./lowering.ts";

export function lowerLibraryScalar(l: Lowering, e: LibraryNode, env: LoweringEnvironment): Expression {
  const [first, second] = e.arguments;
  switch (e.function) {
    case "norm": return apply("sqrt", overBoth(l.array(first!, env), l.array(first!, env), "mul"));
    case "dot": return overBoth(l.array(first!, env), l.array(second!, env), "mul");
    case "overlap": return overlap(l, first!, second!, env);
    case "distance": return distance(l, first!, second!, env);
    case "cross_entropy": return crossEntropy(l.array(first!, env), l.expression(second!, env));
    case "trace": return trace(l, e, first!, env);
    default: return callEntry(runtimeCall(l, e, env), []);
  }
}

export function lowerLibraryArray(l: Lowering, e: LibraryNode, env: LoweringEnvironment): ArrayValue {
  if (e.function === "softmax") return softmax(l.array(e.arguments[0]!, env));
  const call = runtimeCall(l, e, env);
  const declared = l.arrays.find((a) => a.name === call.name)!;
  return { slots: declared.slots.slice(call.free.length), entry: (s) => callEntry(call, s), ...(call.free.length > 0 ? {} : { declared: call.name }) };
}

/** Of any matrix a sum; of a Hessian with probes an estimate that needs no matrix. */
function trace(l: Lowering, e: LibraryNode, of: CheckedExpression, env: LoweringEnvironment): Expression {
  if (e.options && of.kind === "library") return callEntry(derivativeCall(l, e, "traceEstimate", of.arguments[0]!, env), []);
  const matrix = l.array(of, env);
  const i = freshIndex("i", matrix.slots[0]!.range);
  const shift = applied("sub", [matrix.slots[1]!.range.lower, i.range.lower]);
  return reduce("sum", [i], matrix.entry([indexValue(i), applied("add", [indexValue(i), shift])]));
}

/** Σ over all entries of a ∘ b. */
function overBoth(a: ArrayValue, b: ArrayValue, operator: "mul" | "eq" | "ne"): Expression {
  const o = overEntries(a);
  return reduce("sum", o.indices, apply(operator, o.entry, b.entry(o.indices.map(indexValue))), o.where);
}

function overlap(l: Lowering, a: CheckedExpression, b: CheckedExpression, env: LoweringEnvironment): Expression {
  const [x, y] = [l.array(a, env), l.array(b, env)];
  const potts = [a, b].map(symbolOf).find((s) => s?.domain === "potts");
  const [colours] = potts?.domainArguments ?? [];
  if (!colours) return apply("div", overBoth(x, y, "mul"), entryCount(x));
  const q = l.expression(colours, env);
  const matches = apply("div", overBoth(x, y, "eq"), entryCount(x));
  return apply("div", apply("sub", apply("mul", q, matches), constant(1)), apply("sub", q, constant(1)));
}

/** Hamming for integers, Euclidean for reals. */
function distance(l: Lowering, a: CheckedExpression, b: CheckedExpression, env: LoweringEnvironment): Expression {
  const [x, y] = [l.array(a, env), l.array(b, env)];
  const discrete = [a, b].every((e) => e.type.kind === "array" && e.type.element !== "real");
  if (discrete) return apply("div", overBoth(x, y, "ne"), entryCount(x));
  const o = overEntries(x);
  const difference = apply("sub", o.entry, y.entry(o.indices.map(indexValue)));
  return apply("sqrt", reduce("sum", o.indices, apply("mul", difference, difference), o.where));
}

const symbolOf = (e: CheckedExpression): ArraySymbol | undefined =>
  e.kind === "name" && e.symbol.kind === "array" ? e.symbol : e.kind === "slice" ? symbolOf(e.array) : e.kind === "replica" || e.kind === "with" ? symbolOf(e.object) : undefined;

const largest = (z: ArrayValue): Expression => {
  const o = overEntries(z);
  return reduce("max", o.indices, o.entry, o.where);
};
/** Σ exp(z − max z) */
const partition = (z: ArrayValue, most: Expression): Expression => {
  const o = overEntries(z);
  return reduce("sum", o.indices, apply("exp", apply("sub", o.entry, most)), o.where);
};

function softmax(z: ArrayValue): ArrayValue {
  const most = largest(z);
  return { slots: z.slots, entry: (s) => apply("div", apply("exp", apply("sub", z.entry(s), most)), partition(z, most)) };
}

/** max z + log Σ exp(z − max z) − z[class], the last as a sum over the entry that is the class: no gather. */
function crossEntropy(z: ArrayValue, label: Expression): Expression {
  const most = largest(z);
  const o = overEntries(z);
  const chosen = reduce("sum", o.indices, apply("select", apply("eq", indexValue(o.indices[0]!), label), o.entry, constant(0)), o.where);
  return apply("sub", apply("add", most, apply("log", partition(z, most))), chosen);
}

/** Tells the calls of a `fn` apart: what stands in its body is another array for other arguments. */
const calls = new WeakMap<LoweringEnvironment["arguments"], number>();
let nextCall = 0;
function callText({ arguments: given }: LoweringEnvironment): string {
  if (given.size === 0) return "";
  let call = calls.get(given);
  if (call === undefined) calls.set(given, (call = nextCall++));
  return ` in call ${call}`;
}

/** What is the same for all calls that stand at one place and mean the same. */
const placeText = (e: CheckedExpression, env: LoweringEnvironment): string => `${e.span.start}${callText(env)} ${env.replaced?.key ?? ""}`;

/** The array that a runtime primitive makes, declared when it is first needed, with slots for the values of the indices that are free in its arguments. */
interface Call { readonly name: string; readonly free: readonly Index[] }

const callEntry = ({ name, free }: Call, subscripts: readonly Expression[]): Expression => read(name, [...free.map(indexValue), ...subscripts]);

function runtimeCall(l: Lowering, e: LibraryNode, env: LoweringEnvironment): Call {
  const record: LibraryFunction = libraryFunctions[e.function];
  const [only] = e.arguments;
  if (!record.runtime || !only) return internal(`${e.function} is written out`);
  // The eigenvalues of a Hessian, which need not be stored as a matrix.
  if (e.function === "eigenvalues" && only.kind === "library" && only.function === "hessian") return derivativeCall(l, e, "hessianSpectrum", only.arguments[0]!, env);
  if (record.arguments[0] === "differentiable") return derivativeCall(l, e, record.runtime, only, env);
  const { names, free } = declaredArguments(l, e, record, env);
  return { free, name: l.derived(`${e.function}(${names.join()})`, `${nameOfKey(e.function)}_${names.join("_")}`, (name) => ({
    name, status: e.status, element: "real", slots: [...slotsOver(free), ...slotsOf(l, e, env)], span: e.span,
    origin: { kind: "call", function: record.runtime!, arguments: names, ...(free.length > 0 ? { each: { ranges: free.map((i) => i.range) } } : {}) },
  })) };
}

const slotsOver = (free: readonly Index[]): readonly Slot[] => free.map((i) => ({ range: i.range, periodic: false }));

/** Declared arrays for the arguments of a call; each has slots for the values of all indices that are free in one of them. */
function declaredArguments(l: Lowering, e: LibraryNode, record: LibraryFunction, env: LoweringEnvironment): { readonly names: readonly string[]; readonly free: readonly Index[] } {
  const found = e.arguments.map((a, k) => {
    const scalar = record.arguments[k] === "number";
    const value: ArrayValue = scalar ? { slots: [], entry: () => l.expression(a, env) } : l.array(a, env);
    const own = value.slots.map((s, axis) => freshIndex(`i${axis + 1}`, s.range));
    return { a, value, own, entry: value.entry(own.map(indexValue)) };
  });
  const free = [...new Set(found.flatMap(({ entry, own }) => freeIndices(entry).filter((i) => !own.includes(i))))];
  const names = found.map(({ a, value, own, entry }) => {
    if (free.length === 0) {
      if (value.declared !== undefined) return value.declared;
      if (entry.kind === "read" && entry.subscripts.length === 0) return entry.array;
    }
    const each = free.map((i) => freshIndex(i.name, i.range));
    const body = atEveryValue(l, substitute(entry, new Map(free.map((i, k) => [i, indexValue(each[k]!)]))), each);
    return l.derived(`argument ${placeText(a, env)}`, value.slots.length === 2 ? "matrix" : "argument", (name) => ({
      name, status: a.status, element: "real", slots: [...slotsOver(free), ...value.slots], span: a.span, origin: { kind: "definition", role: "derived", indices: [...each, ...own], body },
    }));
  });
  return { names, free };
}

/** The arrays that stand in the place of the states: those of a copy, or what `with` says. */
function statesAt(l: Lowering, e: LibraryNode, { replaced }: LoweringEnvironment): NonNullable<LibraryCall["at"]> {
  if (!replaced?.others) return [];
  return [...replaced.arrays].flatMap(([symbol, value]) => {
    if (symbol.role !== "state") return [];
    const isCopy = value.declared !== undefined && l.arrays.some((a) => a.name === value.declared && (a.origin.kind === "copy" || a.origin.kind === "state"));
    const array = isCopy ? value.declared! : l.derived(`${symbol.name} at ${replaced.key}`, `${symbol.name}_with`, (name) => {
      const indices = value.slots.map((s, k) => freshIndex(`i${k + 1}`, s.range));
      const body = value.entry(indices.map(indexValue));
      return { name, status: statusOf(l, body), element: symbol.element, slots: l.slots(symbol.axes, emptyEnvironment), span: e.span, origin: { kind: "definition", role: "derived", indices, body } };
    });
    return [{ state: symbol.name, array }];
  });
}

/** A function of the derivatives of a scalar; with `e.options`, numbers that it takes beside. */
function derivativeCall(l: Lowering, e: LibraryNode, primitive: string, of: CheckedExpression, env: LoweringEnvironment): Call {
  const own = atOwnStates(env);
  const at = statesAt(l, e, env);
  const body = l.expression(of, own);
  const free = freeIndices(body);
  const selected = free.map((i, k) => l.derived(`selected ${k} ${placeText(of, env)}`, `selected_${i.name}`, (name) => ({ name, status: "thermal", element: "integer", slots: [], span: of.span, origin: { kind: "gathered" } })));
  const scalar = scalarName(l, substitute(atEveryValue(l, body, free), new Map(free.map((i, k) => [i, read(selected[k]!)]))), of);
  const options = Object.fromEntries(Object.entries(e.options ?? {}).map(([name, value]) => [name, l.expression(value, own)]));
  const text = Object.entries(options).map(([name, value]) => `, ${name} = ${identity(value)}`).join("");
  return { free, name: l.derived(`${primitive}(${scalar}${text}) ${at.map((s) => s.array).join()}`, `${nameOfPrimitive[primitive] ?? primitive}_${scalar}${env.replaced?.suffix ?? (at.length > 0 ? "_with" : "")}`, (name) => ({
    name, status: "thermal", element: "real", slots: [...slotsOver(free), ...slotsOf(l, e, own)], span: e.span,
    origin: {
      kind: "call", function: primitive, arguments: [scalar], ...(Object.keys(options).length > 0 ? { options } : {}),
      ...(free.length > 0 ? { each: { ranges: free.map((i) => i.range), selected } } : {}), ...(at.length > 0 ? { at } : {}),
    },
  })) };
}

const nameOfPrimitive: Readonly<Record<string, string>> = { hessianSpectrum: "eigenvalues_hessian", traceEstimate: "trace" };

function slotsOf(l: Lowering, e: LibraryNode, env: LoweringEnvironment): ArrayValue["slots"] {
  return e.type.kind === "array" ? l.slots(e.type.axes, env) : [];
}

/** The name of a scalar that is differentiated; a formula gets one. */
function scalarName(l: Lowering, body: Expression, e: CheckedExpression): string {
  if (body.kind === "read" && body.subscripts.length === 0) return body.array;
  return l.derived(`scalar ${identity(body)}`, "scalar", (name) => ({ name, status: "thermal", element: "real", slots: [], span: e.span, origin: { kind: "definition", role: "derived", indices: [], body } }));
}

/** Functions of whole arrays: written out in sums where they can be, else arrays that the runtime makes from others. */
import type { ArraySymbol } from "../1-check/symbols.ts";
import type { CheckedExpression, LibraryNode } from "../1-check/tree.ts";
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import { apply, constant, identity, indexValue, read, reduce } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { libraryFunctions } from "../library/functions/index.ts";
import type { LibraryFunction } from "../library/functions/index.ts";
import { entryCount, overEntries } from "./arrayValue.ts";
import type { ArrayValue } from "./arrayValue.ts";
import type { LoweringEnvironment } from "./environment.ts";
import { internal } from "./internal.ts";
import type { Lowering } from "./lowering.ts";

export function lowerLibraryScalar(l: Lowering, e: LibraryNode, env: LoweringEnvironment): Expression {
  const [first, second] = e.arguments;
  switch (e.function) {
    case "norm": return apply("sqrt", overBoth(l.array(first!, env), l.array(first!, env), "mul"));
    case "dot": return overBoth(l.array(first!, env), l.array(second!, env), "mul");
    case "overlap": return overlap(l, first!, second!, env);
    case "distance": return distance(l, first!, second!, env);
    case "cross_entropy": return crossEntropy(l.array(first!, env), l.expression(second!, env));
    case "trace": return read(e.options?.["probes"] ? traceEstimate(l, first!, e.options["probes"], env) : runtimeCall(l, e, env));
    default: return read(runtimeCall(l, e, env));
  }
}

export function lowerLibraryArray(l: Lowering, e: LibraryNode, env: LoweringEnvironment): ArrayValue {
  if (e.function === "softmax") return softmax(l.array(e.arguments[0]!, env));
  const name = runtimeCall(l, e, env);
  const declared = l.arrays.find((a) => a.name === name);
  return { slots: declared!.slots, entry: (s) => read(name, s), declared: name };
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

/** The array that a runtime primitive makes, declared when it is first needed. */
function runtimeCall(l: Lowering, e: LibraryNode, env: LoweringEnvironment): string {
  const record: LibraryFunction = libraryFunctions[e.function];
  const [only] = e.arguments;
  if (e.function === "eigenvalues" && only?.kind === "library" && only.function === "hessian") return hessianSpectrum(l, e, only, env);
  if (!record.runtime) return internal(`${e.function} is written out`);
  const arguments_ = e.arguments.map((a, k) => (record.arguments[k] === "differentiable" || record.arguments[k] === "number" ? scalarName(l, a, env) : l.declare(l.array(a, env), `array ${a.span.start}${callText(env)}`, "matrix", { status: a.status, element: "real", span: a.span })));
  return l.derived(`${e.function}(${arguments_.join()})`, `${nameOfKey(e.function)}_${arguments_.join("_")}`, (name) => ({
    name, status: e.status, element: "real", slots: slotsOf(l, e, env), span: e.span,
    origin: { kind: "call", function: record.runtime!, arguments: arguments_ },
  }));
}

/** The eigenvalues of a Hessian, which need not be stored as a matrix. */
function hessianSpectrum(l: Lowering, e: LibraryNode, of: LibraryNode, env: LoweringEnvironment): string {
  const scalar = scalarName(l, of.arguments[0]!, env);
  return l.derived(`hessianSpectrum(${scalar})`, `eigenvalues_hessian_${scalar}`, (name) => ({
    name, status: e.status, element: "real", slots: slotsOf(l, e, env), span: e.span, origin: { kind: "call", function: "hessianSpectrum", arguments: [scalar] },
  }));
}

/** The stochastic trace of the Hessian of a scalar; `of` is the call of `hessian`. */
function traceEstimate(l: Lowering, of: CheckedExpression, probes: CheckedExpression, env: LoweringEnvironment): string {
  if (of.kind !== "library" || of.function !== "hessian") return internal("only traces of Hessians are estimated");
  const scalar = scalarName(l, of.arguments[0]!, env);
  const count = l.expression(probes, env);
  return l.derived(`traceEstimate(${scalar}, ${identity(count)})`, `trace_${scalar}`, (name) => ({
    name, status: "thermal", element: "real", slots: [], span: of.span, origin: { kind: "call", function: "traceEstimate", arguments: [scalar], options: { probes: count } },
  }));
}

function slotsOf(l: Lowering, e: LibraryNode, env: LoweringEnvironment): ArrayValue["slots"] {
  return e.type.kind === "array" ? l.slots(e.type.axes, env) : [];
}

/** The name of a scalar that is differentiated; a formula gets one. */
function scalarName(l: Lowering, e: CheckedExpression, env: LoweringEnvironment): string {
  const body = l.expression(e, env);
  if (body.kind === "read" && body.subscripts.length === 0) return body.array;
  return l.derived(`scalar ${identity(body)}`, "scalar", (name) => ({ name, status: e.status, element: "real", slots: [], span: e.span, origin: { kind: "definition", role: "derived", indices: [], body } }));
}

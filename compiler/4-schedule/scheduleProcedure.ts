/** A procedure as a kernel: initial values of its targets, then one loop nest for each group of statements. */
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import type { Procedure, Statement, StatementCall } from "../ir/procedure.ts";
import { apply, constant, read, reduce, visit } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { print } from "../ir/print.ts";
import { freeIndices } from "../ir/text.ts";
import { groupStatements } from "./group.ts";
import { integerConstant, integerProduct } from "./integer.ts";
import { combineIdentity } from "./kernel.ts";
import type { Kernel, KernelStatement } from "./kernel.ts";
import { layoutOf } from "./layout.ts";
import type { Layout } from "./layout.ts";
import { Names } from "./names.ts";
import { scheduleNest } from "./nest.ts";
import type { ScheduledNest } from "./nest.ts";
import type { Sizes } from "./sizes.ts";
import { assertKernel } from "./verifyKernel.ts";
import { visitParts } from "./visitParts.ts";

/** @param avoided names that locals must not have, where the body is to stand inside another one */
export function scheduleProcedure(given: Procedure, sizes: Sizes, avoided: readonly string[] = []): Kernel {
  const procedure: Procedure = { ...given, statements: given.statements.map((s) => ({ ...s, value: sizes.inline(s.value), conditions: s.conditions.map((c) => sizes.inline(c)), subscripts: s.subscripts.map((x) => sizes.inline(x)) })) };
  const layouts = new Map(procedure.arrays.map((a) => [a.name, layoutOf(a.slots, sizes)]));
  const writers = (target: string): number => procedure.statements.filter((s) => s.target === target).length;
  const updated = new Set(procedure.arrays.filter((a) => a.role === "updated").map((a) => a.name));
  const rowStarts = new Set(procedure.arrays.filter((a) => a.rowStarts).map((a) => a.name));
  const bits = new Set(procedure.arrays.filter((a) => a.bits).map((a) => a.name));
  const groups = groupStatements(procedure.statements, (array) => bits.has(array));
  const taken = [...avoided, ...procedure.arrays.map((a) => a.name), ...parameterNames(procedure), ...[...sizes.derived, ...sizes.derivedReals].map((d) => d.name)];
  const nests = groups.map((g): ScheduledNest => {
    const [{ call, target }] = g.statements as readonly [Statement, ...Statement[]];
    if (call) return scheduleCall(call, target, layouts);
    const nest = scheduleNest(g, { layouts, sizes, names: new Names(taken), onlyWriter: (target) => writers(target) === 1 && !updated.has(target), isRowStart: (array) => rowStarts.has(array), isBits: (array) => bits.has(array) });
    // What stands inside the loops of one nest may be named alike in the next one.
    taken.push(...nest.statements.flatMap((s) => (s.kind === "let" || s.kind === "integer" ? [s.name] : [])));
    return nest;
  });
  const assigned = new Set(nests.flatMap((n) => n.assigned));
  const fills: KernelStatement[] = procedure.arrays
    .filter((a) => (a.role === "output" || a.role === "temporary") && !assigned.has(a.name) && !a.bits)
    .map((a) => ({ kind: "fill", array: a.name, length: layouts.get(a.name)!.length, value: combineIdentity[procedure.statements.find((s) => s.target === a.name)?.combine ?? "sum"] }));
  const body = [...fills, ...nests.flatMap((n) => n.statements)];
  const used = freeNames(body);
  const touched = touchedArrays(body);
  const kernel: Kernel = {
    name: procedure.name,
    doc: [procedure.doc, ...mathematics(procedure)].join("\n"),
    sizes: [...used.integers],
    reals: [...used.reals],
    arrays: procedure.arrays.filter((a) => touched.has(a.name)).map((a) => ({ name: a.name, role: a.role, length: layouts.get(a.name)!.length, ...(a.bits ? { bits: true } : {}) })),
    body,
  };
  assertKernel(kernel);
  return kernel;
}

/** A call needs no loops; the value of a function leaves no entry of its target as it was. */
function scheduleCall({ function: name, arguments: given, adjointOf, tangent, each }: StatementCall, target: string, layouts: ReadonlyMap<string, Layout>): ScheduledNest {
  const groupsOf = (array: string): Layout["groups"] => layouts.get(array)!.groups;
  const blocks = groupsOf(target).slice(0, each).map((g) => g.length).reduce(integerProduct, integerConstant(1));
  const arguments_ = given.map((array) => ({ array, shape: groupsOf(array).slice(each).map((g) => g.length) }));
  return { statements: [{ kind: "call", function: name, ...(adjointOf === undefined ? {} : { adjointOf }), ...(tangent ? { tangent } : {}), blocks, arguments: arguments_, target }], assigned: adjointOf === undefined && !tangent ? [target] : [] };
}

/** Longer procedures print only so many of their statements. */
const printedStatements = 12;

/** The statements as on paper: the sum over the indices that are not in the target. */
function mathematics(procedure: Procedure): readonly string[] {
  const lines = procedure.statements.slice(0, printedStatements).map((s) => {
    if (s.call) return `    ${s.target} ${s.call.adjointOf === undefined && !s.call.tangent ? "←" : "+="} ${s.call.tangent ? "d" : ""}${nameOfKey(s.call.function)}${s.call.adjointOf === undefined ? "" : "ᵀ"}(${s.call.arguments.join(", ")})`;
    const free = new Set(s.subscripts.flatMap((e) => (e.kind === "index" ? [e.index] : [])));
    const bound = s.indices.filter((i) => !free.has(i));
    // Conditions on the indices of the target alone say which entries there are.
    const where = s.conditions.filter((c) => [...freeIndices(c)].some((i) => !free.has(i))).reduce<Expression | undefined>((a, b) => (a ? apply("and", a, b) : b), undefined) ?? constant(1);
    const value = bound.length === 0 ? s.value : reduce(s.combine, bound, s.value, where);
    return `    ${print(read(s.target, s.subscripts))} ${s.combine === "sum" ? "+=" : "←"} ${print(value)}`;
  });
  const left = procedure.statements.length - lines.length;
  return ["", ...lines, ...(left > 0 ? [`    … and ${left} more`] : [])];
}

function touchedArrays(body: readonly KernelStatement[]): ReadonlySet<string> {
  const names = new Set<string>();
  visitParts(body, {
    statement: (s) => {
      if (s.kind === "store" || s.kind === "fill") names.add(s.array);
      if (s.kind === "call") for (const name of [s.target, ...s.arguments.map((a) => a.array)]) names.add(name);
    },
    scalar: (s) => { if (s.kind === "load") names.add(s.array); },
  });
  return names;
}

/** Names of the parameters that a procedure reads. */
export function parameterNames(procedure: Procedure): readonly string[] {
  const names = new Set<string>();
  for (const s of procedure.statements) for (const root of [s.value, ...s.subscripts, ...s.conditions, ...s.indices.flatMap((i) => [i.range.lower, i.range.upper])]) {
    visit(root, (e) => { if (e.kind === "parameter") names.add(e.name); });
  }
  return [...names];
}

/** Names of scalars and integers that a body defines, those of loops included. */
export function definedNames(body: readonly KernelStatement[]): readonly string[] {
  const names = new Set<string>();
  visitParts(body, { statement: (s) => {
    if (s.kind === "for") names.add(s.variable);
    if (s.kind === "integer" || s.kind === "let") names.add(s.name);
  } });
  return [...names];
}

/** Sizes and real parameters that a body uses: names that it doesn't define. */
export function freeNames(body: readonly KernelStatement[]): { readonly integers: ReadonlySet<string>; readonly reals: ReadonlySet<string> } {
  const defined = new Set<string>();
  const integers = new Set<string>();
  const reals = new Set<string>();
  visitParts(body, {
    statement: (s) => {
      if (s.kind === "for") defined.add(s.variable);
      if (s.kind === "integer" || s.kind === "let") defined.add(s.name);
    },
    scalar: (s) => { if (s.kind === "real") reals.add(s.name); },
    atom: (a) => { if (a.kind === "variable") integers.add(a.name); },
  });
  return { integers: new Set([...integers].filter((n) => !defined.has(n))), reals: new Set([...reals].filter((n) => !defined.has(n))) };
}

/** Arrays of whole numbers, and how large these can be: what procedures sum over ranges of values that are whole and bounded. */
import { constant, type Expression, type Index } from "../ir/expression.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import type { Procedure, Statement } from "../ir/procedure.ts";
import type { Program } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";
import { finiteValues } from "./delta/finiteValues.ts";
import { isIntegerValued } from "./integerValued.ts";
import { simplify } from "./simplify.ts";

/** By name, of what these procedures make and of the program's arrays; as expressions of parameters. */
export function integerBounds(program: Program, procedures: readonly Procedure[]): ReadonlyMap<string, Expression> {
  const bounds = new Map<string, Expression>();
  for (const array of program.arrays) {
    const values = finiteValues(program, { kind: "read", array: array.name, subscripts: [] } as const);
    if (values?.every(Number.isInteger)) bounds.set(array.name, constant(Math.max(...values.map(Math.abs))));
  }
  for (const { arrays, statements } of procedures) for (const { name, role, bits } of arrays) {
    if (role === "input" || bits) continue;
    bounds.delete(name);
    const own = statements.filter((s) => s.target === name);
    const parts = own.map((s) => statementBound(s, bounds));
    if (own.length === 0 || !parts.every((p) => p !== undefined)) continue;
    bounds.set(name, simplify(parts.reduce((a, b) => build.add(a, b))));
  }
  return bounds;
}

/** How much a statement adds to an entry at most. */
function statementBound({ call, combine, value, subscripts, indices }: Statement, bounds: ReadonlyMap<string, Expression>): Expression | undefined {
  if (call || combine !== "sum") return undefined;
  const each = valueBound(value, bounds);
  return each && overIndices(each, indices.filter((i) => !subscripts.some((s) => s.kind === "index" && s.index === i)));
}

function overIndices(each: Expression, indices: readonly Index[]): Expression | undefined {
  if (indices.some(({ range }) => freeIndices(range.lower).length + freeIndices(range.upper).length > 0)) return undefined;
  return indices.reduce((product, { range }) => build.mul(product, build.add(build.sub(range.upper, range.lower), constant(1))), each);
}

/** The largest absolute value of a whole number; undefined for one that may be none. */
function valueBound(e: Expression, bounds: ReadonlyMap<string, Expression>): Expression | undefined {
  if (!isIntegerValued(e, (name) => bounds.has(name))) return undefined;
  const go = (x: Expression): Expression | undefined => {
    switch (x.kind) {
      case "constant": return constant(Math.abs(x.value));
      case "parameter": case "index": return undefined;
      case "read": return bounds.get(x.array);
      case "reduce": {
        const each = go(x.body);
        return x.combine === "sum" ? each && overIndices(each, x.indices) : x.combine === "product" ? undefined : each;
      }
      case "apply": break;
    }
    switch (x.operator) {
      case "add": case "sub": return both(go(x.arguments[0]!), go(x.arguments[1]!), build.add);
      case "mul": return both(go(x.arguments[0]!), go(x.arguments[1]!), build.mul);
      case "neg": case "abs": case "relu": return go(x.arguments[0]!);
      case "select": return both(go(x.arguments[1]!), go(x.arguments[2]!), build.add);
      case "lt": case "le": case "gt": case "ge": case "eq": case "ne": case "and": case "or": case "not": case "sign": return constant(1);
      default: return undefined;
    }
  };
  return go(e);
}

const both = (x: Expression | undefined, y: Expression | undefined, f: (x: Expression, y: Expression) => Expression): Expression | undefined => (x && y ? f(x, y) : undefined);

/**
 * The expressions of the IR: an immutable, hash-consed DAG that keeps bound indices.
 *
 * `===` is structural equality (bound indices compare by identity; `normalise` compares up to renaming). Nothing is ever
 * scalarised: a sum over N entries is one `reduce` node. All values are real numbers; truth values are 0 and 1, and
 * integers that can stand in a slot run from 1 (LANGUAGE.md, "One index base").
 */
import type { OperatorName } from "../library/ops/index.ts";

export type Expression = Constant | ParameterRead | IndexValue | Read | Apply | Reduce;

export interface Constant { readonly kind: "constant"; readonly value: number }
/** A header parameter of the model: a size, a count or a coupling. */
export interface ParameterRead { readonly kind: "parameter"; readonly name: string }
/** The value of a bound index, an integer in its range. */
export interface IndexValue { readonly kind: "index"; readonly index: Index }
/** One entry of a declared array; a scalar has no subscripts. */
export interface Read { readonly kind: "read"; readonly array: string; readonly subscripts: readonly Expression[] }
export interface Apply { readonly kind: "apply"; readonly operator: OperatorName; readonly arguments: readonly Expression[] }
/**
 * `combine` of `body` over all values of `indices` for which `where` (a truth value, the constant 1 if absent) holds.
 * `i < j < k` is three indices with `where = i < j and j < k`.
 */
export interface Reduce {
  readonly kind: "reduce";
  readonly combine: Combine;
  readonly indices: readonly Index[];
  readonly where: Expression;
  readonly body: Expression;
}
/** `mean` is lowered to sum / size, `count` to a sum of truth values, `any` and `all` to max and min. */
export type Combine = "sum" | "product" | "max" | "min";

/** A bound index: two are the same only if they are the same object. `name` is for people. */
export interface Index {
  readonly id: number;
  readonly name: string;
  readonly range: Range;
  /** For an index that conditions keep within one row of a list in rows (`3-passes/incidence.ts`): what the rows are. For costs only. */
  readonly rows?: Range;
}
/** All integers from `lower` to `upper`; both have status parameter. A plain size N is 1..N. */
export interface Range { readonly lower: Expression; readonly upper: Expression }

const interned = new Map<string, Expression>();
const identities = new WeakMap<Expression, number>();
let nextIdentity = 0;
let nextIndex = 0;

function intern<E extends Expression>(key: string, make: () => E): E {
  const known = interned.get(key);
  if (known) return known as E;
  const made: E = Object.freeze(make());
  interned.set(key, made);
  identities.set(made, nextIdentity++);
  return made;
}

/** A number that identifies the node within this process: children before parents. */
export const identity = (e: Expression): number => identities.get(e)!;
const key = (es: readonly Expression[]): string => es.map(identity).join();

export const constant = (value: number): Constant =>
  intern(`#${Object.is(value, -0) ? "-0" : value}`, () => ({ kind: "constant", value }));
export const parameter = (name: string): ParameterRead => intern(`$${name}`, () => ({ kind: "parameter", name }));
export const indexValue = (index: Index): IndexValue => intern(`^${index.id}`, () => ({ kind: "index", index }));
export const read = (array: string, subscripts: readonly Expression[] = []): Read =>
  intern(`${array}[${key(subscripts)}]`, () => ({ kind: "read", array, subscripts }));
export const apply = (operator: OperatorName, ...args: readonly Expression[]): Apply =>
  intern(`${operator}(${key(args)})`, () => ({ kind: "apply", operator, arguments: args }));
export const reduce = (combine: Combine, indices: readonly Index[], body: Expression, where: Expression = constant(1)): Reduce =>
  intern(`${combine}{${indices.map((i) => i.id).join()}|${identity(where)}}${identity(body)}`, () => ({ kind: "reduce", combine, indices, where, body }));

/** A new bound index, different from all others. */
export const freshIndex = (name: string, range: Range, rows?: Range): Index => ({ id: nextIndex++, name, range, ...(rows ? { rows } : {}) });
export const sizeRange = (size: Expression): Range => ({ lower: constant(1), upper: size });

/** The direct children of a node, `where` of a reduction included, ranges not. */
export function children(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case "read": return e.subscripts;
    case "apply": return e.arguments;
    case "reduce": return [e.where, e.body];
    default: return [];
  }
}

/** The same node over other children. */
export function withChildren(e: Expression, next: readonly Expression[]): Expression {
  switch (e.kind) {
    case "read": return read(e.array, next);
    case "apply": return apply(e.operator, ...next);
    case "reduce": return reduce(e.combine, e.indices, next[1]!, next[0]!);
    default: return e;
  }
}

/** Rebuilds bottom-up, each shared node once: the only traversal that rewrites. */
export function rewrite(root: Expression, replace: (e: Expression) => Expression): Expression {
  const done = new Map<Expression, Expression>();
  const go = (e: Expression): Expression => {
    let result = done.get(e);
    if (result === undefined) {
      const before = children(e);
      const after = before.map(go);
      result = replace(after.some((c, k) => c !== before[k]) ? withChildren(e, after) : e);
      done.set(e, result);
    }
    return result;
  };
  return go(root);
}

/** Visits every node once, children first. */
export function visit(root: Expression, enter: (e: Expression) => void): void {
  const seen = new Set<Expression>();
  const go = (e: Expression): void => {
    if (seen.has(e)) return;
    seen.add(e);
    children(e).forEach(go);
    enter(e);
  };
  go(root);
}

/** Replaces bound index values that are free in `root`. */
export const substitute = (root: Expression, values: ReadonlyMap<Index, Expression>): Expression =>
  values.size === 0 ? root : rewrite(root, (e) => (e.kind === "index" ? (values.get(e.index) ?? e) : e));

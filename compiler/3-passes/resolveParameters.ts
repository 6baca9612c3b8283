/**
 * Puts scalar definitions of status parameter (`let P = round(alpha * N)`) in place of their reads, ranges of indices and slots
 * included: sizes are then expressions of the header's parameters alone, and equal ranges are equal objects. Also applies the rules of
 * the operator table once, so that every later pass starts from the stable forms.
 */
import { indexValue, rewrite, reduce, freshIndex, type Expression, type Index, type Range } from "../ir/expression.ts";
import { fromNormal, normalise, positiveParameters } from "../ir/normalise.ts";
import type { ArrayDeclaration, Initial, Origin, Program, Slot } from "../ir/program.ts";
import { simplify } from "./simplify.ts";

export function resolveParameters(program: Program): Program {
  const values = new Map<string, Expression>();
  const indices = new Map<Index, Index>();
  // In normal form, as `normalise` has them: an index of a normal form and one of the program then have the same range.
  const bound = (e: Expression): Expression => fromNormal(normalise(resolve(e), { positive: positiveParameters(program) }));
  const range = (r: Range): Range => ({ lower: bound(r.lower), upper: bound(r.upper) });
  const indexOf = (index: Index): Index => {
    let known = indices.get(index);
    if (known === undefined) {
      const next = range(index.range);
      known = next.lower === index.range.lower && next.upper === index.range.upper ? index : freshIndex(index.name, next);
      indices.set(index, known);
    }
    return known;
  };
  const resolve = (e: Expression): Expression => simplify(rewrite(e, (x) => {
    if (x.kind === "read" && x.subscripts.length === 0) return values.get(x.array) ?? x;
    if (x.kind === "index") return indexValue(indexOf(x.index));
    if (x.kind === "reduce") return reduce(x.combine, x.indices.map(indexOf), x.body, x.where);
    return x;
  }));
  const slot = (s: Slot): Slot => ({ ...s, range: range(s.range) });
  const origin = (o: Origin): Origin => {
    switch (o.kind) {
      case "ensemble": return { ...o, arguments: o.arguments.map(resolve) };
      case "definition": return { ...o, indices: o.indices.map(indexOf), body: resolve(o.body) };
      case "call": return {
        ...o, ...(o.each ? { each: { ...o.each, ranges: o.each.ranges.map(range) } } : {}),
        ...(o.options ? { options: Object.fromEntries(Object.entries(o.options).map(([name, value]) => [name, resolve(value)])) } : {}),
      };
      case "data": case "gathered": case "given": return o;
      case "copy": return o.initial ? { ...o, initial: initial(o.initial) } : o;
      case "state": {
        const domain = { ...o.domain, arguments: o.domain.arguments.map(resolve) };
        return { ...o, domain, ...(o.initial ? { initial: initial(o.initial) } : {}) };
      }
    }
  };
  const initial = (i: Initial): Initial => {
    switch (i.kind) {
      case "draw": return { ...i, arguments: i.arguments.map(resolve) };
      case "flip": return { ...i, fraction: resolve(i.fraction) };
      case "value": return { ...i, indices: i.indices.map(indexOf), body: resolve(i.body) };
    }
  };
  // In dependency order: a definition may use those before it.
  const arrays = program.arrays.map((array): ArrayDeclaration => {
    const next = { ...array, slots: array.slots.map(slot), origin: origin(array.origin) };
    if (next.status === "parameter" && next.slots.length === 0 && next.origin.kind === "definition" && next.origin.body.kind !== "reduce") values.set(next.name, next.origin.body);
    return next;
  });
  const constraints = program.constraints.map((c) => ({ ...c, indices: c.indices.map(indexOf), left: resolve(c.left), right: resolve(c.right) }));
  const data = program.data?.map((d) => ({ ...d, arguments: Object.fromEntries(Object.entries(d.arguments).map(([name, value]) => [name, typeof value === "string" ? value : resolve(value)])) }));
  return { ...program, arrays, constraints, ...(data ? { data } : {}) };
}

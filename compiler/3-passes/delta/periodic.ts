/** Subscripts of periodic slots, which mean the same with any multiple of the period added. */
import { constant, read, rewrite, type Expression } from "../../ir/expression.ts";
import type { Term } from "../../ir/normal.ts";
import { fromNormal, key, normalise } from "../../ir/normalise.ts";
import type { Slot } from "../../ir/program.ts";
import { build } from "../../library/ops/index.ts";

/** The subscript without what only brings it into the range: for slots that wrap by themselves. */
export function unwrapped(subscript: Expression, { range }: Slot): Expression {
  const period = normalise(build.add(build.sub(range.upper, range.lower), constant(1)));
  const periodText = key(period);
  const isMultiple = (t: Term): boolean => {
    const whole = t.factors.find((f) => f.exponent === 1 && f.base.kind === "apply" && f.base.operator === "floor");
    if (!whole || t.indices.length > 0 || t.conditions.length > 0 || !Number.isInteger(t.coefficient)) return false;
    return key({ terms: [{ ...t, coefficient: 1, factors: t.factors.filter((f) => f !== whole) }] }) === periodText;
  };
  let some = false;
  const terms = normalise(subscript).terms.flatMap((t): Term[] => {
    if (isMultiple(t)) { some = true; return []; }
    const [only, ...more] = t.factors;
    const base = only?.base;
    if (more.length > 0 || only?.exponent !== 1 || !Number.isInteger(t.coefficient) || base?.kind !== "apply" || base.operator !== "mod" || key(normalise(base.arguments[1]!)) !== periodText) return [t];
    some = true;
    return normalise(unwrapped(base.arguments[0]!, { range, periodic: true })).terms.map((inner) => ({ ...inner, coefficient: inner.coefficient * t.coefficient }));
  });
  return some ? fromNormal(normalise(fromNormal({ terms }))) : subscript;
}

/** `e` with the subscripts of all periodic slots unwrapped. */
export const unwrapReads = (e: Expression, slotsOf: (array: string) => readonly Slot[] | undefined): Expression =>
  rewrite(e, (node) => {
    if (node.kind !== "read") return node;
    const slots = slotsOf(node.array);
    if (!slots?.some((s) => s.periodic)) return node;
    return read(node.array, node.subscripts.map((s, k) => (slots[k]!.periodic && s.kind !== "index" ? unwrapped(s, slots[k]!) : s)));
  });

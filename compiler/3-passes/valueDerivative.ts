/**
 * Derivatives of one value (an expression without reductions) with respect to the reads in it, by reverse mode over the DAG.
 * Each distinct read is one variable: `w[i] * w[i]` has the derivative `w[i] + w[i]`; `w[i] * w[j]` has one for each read, which
 * is right also where i = j because both are accumulated into the same entry. Products are differentiated as a whole: each
 * factor gets the product of the others, without division.
 */
import { constant, type Expression, type Read } from "../ir/expression.ts";
import { build, ops, writtenAs } from "../library/ops/index.ts";
import { asProduct, fromProduct, sumOf } from "./product.ts";
import { simplify } from "./simplify.ts";

/** Raised as a value: the derivative is refused rather than wrong. */
export interface Refusal { readonly refused: string }
export const isRefusal = (x: object): x is Refusal => "refused" in x;

const isProduct = (e: Expression): boolean => e.kind === "apply" && (e.operator === "mul" || e.operator === "neg");
const parts = (e: Expression): readonly Expression[] =>
  e.kind !== "apply" ? [] : isProduct(e) ? asProduct(e).factors : e.arguments;

/** For each read of an array for which `variable` holds its nonzero derivative, in the order in which the reads stand. */
export function valueDerivative(value: Expression, variable: (array: string) => boolean): ReadonlyMap<Read, Expression> | Refusal {
  const depends = new Map<Expression, boolean>();
  const order: Expression[] = [];
  const go = (e: Expression): boolean => {
    const known = depends.get(e);
    if (known !== undefined) return known;
    depends.set(e, false);
    const some = e.kind === "read" ? variable(e.array) : parts(e).map(go).some(Boolean);
    depends.set(e, some);
    order.push(e);
    return some;
  };
  go(value);
  const adjoints = new Map<Expression, Expression[]>([[value, [constant(1)]]]);
  const result = new Map<Read, Expression>();
  const give = (e: Expression, dy: Expression): void => {
    if (!depends.get(e) || (dy.kind === "constant" && dy.value === 0)) return;
    adjoints.set(e, [...(adjoints.get(e) ?? []), dy]);
  };
  for (const e of [...order].reverse()) {
    const contributions = adjoints.get(e);
    if (!contributions || !depends.get(e)) continue;
    const dy = simplify(sumOf(contributions));
    if (dy.kind === "constant" && dy.value === 0) continue;
    if (e.kind === "read") result.set(e, dy);
    else if (e.kind === "apply" && isProduct(e)) {
      const { coefficient, factors } = asProduct(e);
      const outer = asProduct(dy);
      factors.forEach((f, k) => give(f, fromProduct({
        coefficient: outer.coefficient * coefficient,
        factors: [...outer.factors, ...factors.slice(0, k), ...factors.slice(k + 1)],
      })));
    } else if (e.kind === "apply") {
      const { adjoint } = ops[e.operator];
      if (adjoint === "none") return { refused: `${writtenAs(e.operator)} has no derivative, and its argument depends on the state` };
      adjoint(dy, e.arguments, build).forEach((d, k) => give(e.arguments[k]!, depends.get(e.arguments[k]!) ? simplify(d) : d));
    }
  }
  // In the order of the reads in the value, so that equal inputs give equal procedures.
  return new Map(order.filter((e): e is Read => e.kind === "read" && result.has(e)).map((r) => [r, result.get(r)!]));
}

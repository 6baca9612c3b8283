/** Expressions as products: taken apart into factors, and built with the trivial cases folded. */
import { constant, identity, type Expression } from "../ir/expression.ts";
import { build } from "../library/ops/index.ts";

/** A value as `coefficient × Π factors`; divisions are factors `1/d`. Order as written. */
export interface Product {
  readonly coefficient: number;
  readonly factors: readonly Expression[];
}

/** Takes `e` apart along multiplication, division and negation. */
export function asProduct(e: Expression): Product {
  if (e.kind === "constant") return { coefficient: e.value, factors: [] };
  if (e.kind === "apply") {
    if (e.operator === "neg") {
      const p = asProduct(e.arguments[0]!);
      return { coefficient: -p.coefficient, factors: p.factors };
    }
    if (e.operator === "mul") return times(asProduct(e.arguments[0]!), asProduct(e.arguments[1]!));
    if (e.operator === "div") {
      const numerator = asProduct(e.arguments[0]!);
      const denominator = e.arguments[1]!;
      if (denominator.kind === "constant" && denominator.value !== 0)
        return { coefficient: numerator.coefficient / denominator.value, factors: numerator.factors };
      if (numerator.factors.length === 0 && numerator.coefficient === 1) return { coefficient: 1, factors: [e] };
      return times(numerator, { coefficient: 1, factors: [build.div(constant(1), denominator)] });
    }
  }
  return { coefficient: 1, factors: [e] };
}

export const times = (a: Product, b: Product): Product => ({ coefficient: a.coefficient * b.coefficient, factors: [...a.factors, ...b.factors] });

/** The expression of a product: 0, the constant, or the chain of multiplications with the coefficient first. */
export function fromProduct({ coefficient, factors }: Product): Expression {
  if (coefficient === 0) return constant(0);
  const [first, ...rest] = factors;
  if (first === undefined) return constant(coefficient);
  if (coefficient === -1 && rest.length === 0) return build.neg(first);
  const start = coefficient === 1 ? first : build.mul(constant(coefficient), first);
  return rest.reduce<Expression>((product, f) => build.mul(product, f), start);
}

/** Sum of expressions; zeros are dropped and equal products added up, whatever the order of their factors. */
export function sumOf(terms: readonly Expression[]): Expression {
  const merged = new Map<string, Product>();
  for (const term of terms) {
    const product = asProduct(term);
    const key = product.factors.map(identity).sort((a, b) => a - b).join();
    const before = merged.get(key);
    merged.set(key, before ? { ...before, coefficient: before.coefficient + product.coefficient } : product);
  }
  const kept = [...merged.values()].filter((p) => p.coefficient !== 0).map(fromProduct);
  return kept.length === 0 ? constant(0) : kept.slice(1).reduce<Expression>((sum, t) => build.add(sum, t), kept[0]!);
}

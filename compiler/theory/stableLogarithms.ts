/** Logarithms of what overflows or vanishes long before they do, as a specification writes them: `log(2*cosh(x))`, `log(erfc(x)/2)`. */
import { constant, rewrite } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";

export const stableLogarithms = (e: Expression): Expression =>
  rewrite(e, (node) => (node.kind === "apply" && node.operator === "log" ? (logarithm(node.arguments[0]!) ?? node) : node));

/** The logarithm of a product with such a factor, or of a sum of two exponentials; undefined for others. */
function logarithm(e: Expression): Expression | undefined {
  if (e.kind !== "apply") return undefined;
  const [x, y] = e.arguments as readonly [Expression, Expression];
  switch (e.operator) {
    case "exp": return x;
    // softplus(2x) − x = log 2cosh x.
    case "cosh": return b.sub(b.sub(b.softplus(b.mul(constant(2), x)), x), constant(Math.LN2));
    case "erfc": return b.add(constant(Math.LN2), b.log_gauss_tail(b.mul(constant(Math.SQRT2), x)));
    case "gauss_tail": return b.log_gauss_tail(x);
    case "gauss_cdf": return b.log_gauss_cdf(x);
    case "mul": case "div": {
      const [left, right] = [logarithm(x), logarithm(y)];
      if (!left && !right) return undefined;
      return e.operator === "mul" ? b.add(left ?? b.log(x), right ?? b.log(y)) : b.sub(left ?? b.log(x), right ?? b.log(y));
    }
    case "add": {
      const [left, right] = [exponent(x), exponent(y)];
      return left && right ? b.add(left, b.softplus(b.sub(right, left))) : undefined;
    }
    default: return undefined;
  }
}

/** x of exp(x), and 0 of 1. */
const exponent = (e: Expression): Expression | undefined => (e === constant(1) ? constant(0) : e.kind === "apply" && e.operator === "exp" ? e.arguments[0] : undefined);

import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { estimators } from "../../../runtime/estimators/index.ts";

/** Whether an expression is an estimator that makes a histogram and no number. */
export const isHistogram = (e: ResultExpression): boolean => e.kind === "estimator" && estimators[e.estimator]?.result === "histogram";

/** Whether it is or holds one, where only a number makes sense. */
export const holdsHistogram = (e: ResultExpression): boolean => holds(e, isHistogram);

/** Whether an expression or a part of it is such. */
export function holds(e: ResultExpression, such: (part: ResultExpression) => boolean): boolean {
  if (such(e)) return true;
  const inside = (part: ResultExpression): boolean => holds(part, such);
  switch (e.kind) {
    case "apply": case "estimator": return e.arguments.some(inside);
    case "at": return inside(e.body) || e.values.some((v) => inside(v.value));
    case "theory": return [...e.arguments, ...Object.values(e.named)].some(inside);
    case "integral": return [...(e.from ? [e.from] : []), ...(e.to ? [e.to] : []), e.body].some(inside);
    case "root": return [e.from, e.to, e.body].some(inside);
    default: return false;
  }
}

import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { estimators } from "../../../runtime/estimators/index.ts";

/** Whether an expression is an estimator that makes a histogram and no number. */
export const isHistogram = (e: ResultExpression): boolean => e.kind === "estimator" && estimators[e.estimator]?.result === "histogram";

/** Whether it is or holds one, where only a number makes sense. */
export function holdsHistogram(e: ResultExpression): boolean {
  if (isHistogram(e)) return true;
  switch (e.kind) {
    case "apply": case "estimator": return e.arguments.some(holdsHistogram);
    case "at": return holdsHistogram(e.body) || e.values.some((v) => holdsHistogram(v.value));
    case "theory": return [...e.arguments, ...Object.values(e.named)].some(holdsHistogram);
    case "integral": return [...(e.from ? [e.from] : []), ...(e.to ? [e.to] : []), e.body].some(holdsHistogram);
    case "root": return [e.from, e.to, e.body].some(holdsHistogram);
    default: return false;
  }
}

import type { ResultExpression } from "./expression.ts";

/** The direct parts of an expression, in the order in which they are written. */
export function children(expression: ResultExpression): readonly ResultExpression[] {
  switch (expression.kind) {
    case "constant":
    case "variable":
    case "runParameter":
      return [];
    case "observable":
      return expression.subscripts;
    case "apply":
    case "estimator":
      return expression.arguments;
    case "theory":
      return [...expression.arguments, ...Object.values(expression.named)];
    case "at":
      return [expression.body, ...expression.values.map((entry) => entry.value)];
    case "integral":
      return [...(expression.from ? [expression.from] : []), ...(expression.to ? [expression.to] : []), expression.body];
    case "root":
      return [expression.from, expression.to, expression.body];
  }
}

/** The expression and everything below it. */
export function* parts(expression: ResultExpression): Generator<ResultExpression> {
  yield expression;
  for (const child of children(expression)) yield* parts(child);
}

/** Names of the runs whose records or parameters are read, in the order of appearance. */
export function runsOf(expressions: readonly ResultExpression[]): string[] {
  const names = new Set<string>();
  for (const expression of expressions) {
    for (const part of parts(expression)) {
      if (part.kind === "observable" || part.kind === "runParameter") names.add(part.run);
      if (part.kind === "estimator") part.runs.forEach((run) => names.add(run));
    }
  }
  return [...names];
}

/** Whether data of runs enters. */
export const hasEstimator = (expression: ResultExpression): boolean =>
  [...parts(expression)].some((part) => part.kind === "estimator");

/** The estimator that an expression consists of, if it is nothing else. */
export function estimatorBelowAt(expression: ResultExpression): (ResultExpression & { kind: "estimator" }) | undefined {
  if (expression.kind === "at") return estimatorBelowAt(expression.body);
  return expression.kind === "estimator" ? expression : undefined;
}

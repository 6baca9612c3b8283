/** A table: a row for each sweep point of its run, a column for each expression. */
import type { Point, ResultEnvironment } from "./environment.ts";
import { PointEvaluator } from "./evaluate.ts";
import type { ErrorLevel } from "./evaluate.ts";
import type { TablePlan } from "./expression.ts";
import { pointsOf } from "./points.ts";

export interface TableResult {
  readonly run: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
  /** Why rows or cells are absent or not to be relied on. */
  readonly reasons: readonly string[];
}

export interface TableRow {
  readonly at: Point;
  readonly cells: readonly TableCell[];
}

export interface TableCell {
  readonly value: number;
  /** 0 for what is exact, such as a sweep variable; NaN where the data allow none. */
  readonly error: number;
  /** Half the width of the 95% confidence interval. */
  readonly halfWidth: number;
  readonly over: readonly ErrorLevel[];
}

export function evaluateTable(plan: TablePlan, environment: ResultEnvironment): TableResult {
  const columns = plan.columns.map((column) => column.label);
  if (plan.undecidable !== undefined) return { run: plan.run, columns, rows: [], reasons: [plan.undecidable] };
  const expressions = plan.columns.map((column) => column.expression);
  const { points, reasons } = pointsOf(expressions, environment, [], [plan.run]);
  const all = new Set(reasons);
  const rows = points.map((at) => {
    const evaluator = new PointEvaluator(environment, expressions, at, [plan.run]);
    const cells = expressions.map((expression) => {
      const { value, error, halfWidth, over, reasons } = evaluator.evaluate(expression);
      reasons.forEach((reason) => all.add(reason));
      return { value, error, halfWidth, over };
    });
    return { at, cells };
  });
  return { run: plan.run, columns, rows, reasons: [...all] };
}

/** A claim judged at every sweep point that it ranges over. */
import type { Point, ResultEnvironment } from "./environment.ts";
import { PointEvaluator } from "./evaluate.ts";
import type { ErrorLevel, Evaluated, TheoryUse } from "./evaluate.ts";
import type { Claim, ResultExpression } from "./expression.ts";
import { pointsOf } from "./points.ts";
import type { Comparison, Judgement, Verdict } from "./verdict.ts";
import { decidingCount, judgeApproximately, judgeComparison, worst } from "./verdict.ts";

export interface ClaimResult {
  readonly text: string;
  readonly verdict: Verdict;
  /** Both sides, the standard error of their difference and the tolerance, at the first point with the worst verdict; NaN where there is none. */
  readonly left: number;
  readonly right: number;
  readonly error: number;
  /** NaN for a comparison. */
  readonly tolerance: number;
  readonly span: { readonly start: number; readonly end: number };
  /** One entry a point and comparison; empty where the range of points could not be found. */
  readonly points: readonly ClaimPoint[];
  /** Why it is undecided. */
  readonly reasons: readonly string[];
  /** What errors are over, and how many samples would decide it. */
  readonly notes: readonly string[];
  /** Status and assumptions of each theory that it uses. */
  readonly theories: readonly string[];
}

export interface ClaimPoint {
  /** Values of the free sweep variables. */
  readonly at: Point;
  readonly operator: "~=" | Comparison;
  readonly verdict: Verdict;
  readonly left: number;
  readonly right: number;
  readonly leftError: number;
  readonly rightError: number;
  /** Joint standard error of left − right. */
  readonly error: number;
  /** Half the widths of the 95% confidence intervals of both sides. */
  readonly leftHalfWidth: number;
  readonly rightHalfWidth: number;
  readonly tolerance: number;
  readonly over: readonly ErrorLevel[];
  readonly reasons: readonly string[];
  readonly theories: readonly TheoryUse[];
  /** How many of the units of `over[0]` would decide it, if the values stay as they are. */
  readonly needed?: number;
}

interface Statement {
  readonly operator: "~=" | Comparison;
  readonly left: ResultExpression;
  readonly right: ResultExpression;
  readonly tolerance?: ResultExpression;
}

/** Never throws for what a specification or missing data can cause: that makes the claim undecided, with the reason. */
export function judgeClaim(claim: Claim, environment: ResultEnvironment): ClaimResult {
  const { text, span } = claim;
  const nothing = { text, span, verdict: "undecided", left: NaN, right: NaN, error: NaN, tolerance: NaN, points: [], notes: [], theories: [] } as const;
  if (claim.undecidable !== undefined) return { ...nothing, reasons: [claim.undecidable] };
  const statements = statementsOf(claim);
  const expressions = statements.flatMap(({ left, right, tolerance }) => (tolerance === undefined ? [left, right] : [left, right, tolerance]));
  const range = pointsOf(expressions, environment);
  if (range.reasons.length > 0) return { ...nothing, reasons: range.reasons };

  const points = range.points.flatMap((at) => {
    const evaluator = new PointEvaluator(environment, expressions, at);
    return statements.map((statement) => judge(statement, at, evaluator));
  });
  const verdict = worst(points.map((point) => point.verdict));
  const shown = points.find((point) => point.verdict === verdict) ?? points[0];
  if (shown === undefined) return { ...nothing, reasons: ["it ranges over no sweep point"] };
  const { left, right, error, tolerance } = shown;
  const undecided = points.filter((point) => point.verdict === "undecided");
  return {
    text, span, verdict, left, right, error, tolerance, points,
    reasons: distinct(undecided.flatMap((point) => point.reasons)),
    notes: distinct([...points.flatMap(({ over }) => (over.length > 0 ? [`errors over ${over.map((level) => level.label).join(" and ")}`] : [])), ...undecided.flatMap(neededNote)]),
    theories: distinct(points.flatMap((point) => point.theories.map(({ theory, status, assumptions }) => `${theory}: ${[status, ...assumptions].join("; ")}`))),
  };
}

function statementsOf({ statement }: Claim): Statement[] {
  if (statement.kind === "comparisons") return [...statement.comparisons];
  return [{ operator: "~=", left: statement.left, right: statement.right, tolerance: statement.tolerance }];
}

function judge(statement: Statement, at: Point, evaluator: PointEvaluator): ClaimPoint {
  const left = evaluator.evaluate(statement.left);
  const right = evaluator.evaluate(statement.right);
  // Against an exact side the error of the difference is that of the other side.
  const difference = right.over.length === 0 && right.error === 0
    ? { ...left, value: right.value - left.value }
    : evaluator.evaluate(differenceOf(statement.right, statement.left));
  const tolerance = statement.tolerance && evaluator.evaluate(statement.tolerance);
  const { operator } = statement;
  // The sides may be exact and their difference not a number: inf - inf.
  const error = left.error === 0 && right.error === 0 ? 0 : difference.error;
  const judged: Judgement = operator === "~="
    ? judgeApproximately(difference.value, error, tolerance?.value ?? NaN)
    : judgeComparison(operator, left.value, right.value, difference.value, error);

  const margin = tolerance?.value ?? Math.abs(difference.value);
  const used = [left, right, ...(tolerance ? [tolerance] : [])];
  const theories = used.flatMap((side) => side.theories).filter((use, i, all) => all.findIndex((other) => other.theory === use.theory && other.quantity === use.quantity) === i);
  const reasons = new Set(used.flatMap((side) => side.reasons));
  for (const use of theories) {
    if (use.residual > margin) reasons.add(`${use.theory}.${use.quantity} is only solved to ${use.residual.toPrecision(2)}, which exceeds the ${tolerance ? "tolerance" : "difference"}`);
  }
  if (tolerance && !(tolerance.value >= 0)) reasons.add("the tolerance is not a number above 0");
  const verdict = reasons.size > 0 ? "undecided" : judged.verdict;
  if (verdict === "undecided" && reasons.size === 0) reasons.add(undecidedReason(operator, difference, error, tolerance?.value));
  const needed = difference.over.length > 0 ? decidingCount(difference.over[0].count, error, judged.decidingError) : undefined;
  return {
    at, operator, verdict, left: left.value, right: right.value, leftError: left.error, rightError: right.error, error,
    leftHalfWidth: left.halfWidth, rightHalfWidth: right.halfWidth,
    tolerance: tolerance?.value ?? NaN, over: difference.over, reasons: [...reasons], theories,
    ...(verdict === "undecided" && needed !== undefined && { needed }),
  };
}

const differenceOf = (a: ResultExpression, b: ResultExpression): ResultExpression =>
  ({ kind: "apply", operator: "sub", value: (x, y) => x - y, arguments: [a, b] });

function undecidedReason(operator: string, { value, over }: Evaluated, error: number, tolerance: number | undefined): string {
  if (Number.isNaN(error)) return over.length > 0 ? `too few ${over[0].units} for a standard error` : "it has no standard error";
  if (Number.isNaN(value)) return "the difference of the sides is not a number";
  if (operator !== "~=") return "the sides are within three standard errors of each other";
  return Math.abs(value) > tolerance! ? "the difference is within three standard errors of the tolerance" : "the standard error is above half of the tolerance";
}

function neededNote({ at, over, needed }: ClaimPoint): string[] {
  if (needed === undefined) return [];
  const where = Object.entries(at).map(([name, value]) => `${name} = ${value}`).join(", ");
  const units = over[0].units === "blocks in time" ? `${(needed / over[0].count).toPrecision(2)} times the measurement` : `about ${needed} ${over[0].units}`;
  return [`${units} would decide it${where && ` at ${where}`}`];
}

const distinct = (items: readonly string[]): string[] => [...new Set(items)];

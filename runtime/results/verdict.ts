/** The rules by which a claim is judged (LANGUAGE.md, section 5), on numbers alone. */
export type Verdict = "holds" | "fails" | "undecided";

export type Comparison = "<" | "<=" | ">" | ">=" | "==" | "!=";

export interface Judgement {
  readonly verdict: Verdict;
  /** For an undecided one, the standard error below which it would be decided if the values stay as they are; 0 if there is none. */
  readonly decidingError?: number;
}

/**
 * `a ~= b +- t` with d = |a − b| and its standard error s: fails if d > t + 3s; undecided if s > t/2 or t < d ≤ t + 3s; else holds.
 * What is not a number is undecided.
 */
export function judgeApproximately(difference: number, error: number, tolerance: number): Judgement {
  const d = Math.abs(difference);
  if (Number.isNaN(d) || Number.isNaN(error) || !(tolerance >= 0)) return { verdict: "undecided" };
  if (d > tolerance + 3 * error) return { verdict: "fails" };
  if (d > tolerance) return { verdict: "undecided", decidingError: (d - tolerance) / 3 };
  if (error > tolerance / 2) return { verdict: "undecided", decidingError: tolerance / 2 };
  return { verdict: "holds" };
}

/**
 * `left OP right` with difference = right − left and its standard error s. `<` holds if the difference is above 3s, fails if it is
 * below −3s, else it is undecided; with s = 0 the numbers themselves are compared. With s > 0 `<=` is as `<` (equality has probability
 * zero), `==` can only fail and `!=` only hold.
 */
export function judgeComparison(operator: Comparison, left: number, right: number, difference: number, error: number): Judgement {
  if (Number.isNaN(left) || Number.isNaN(right) || Number.isNaN(error)) return { verdict: "undecided" };
  if (error === 0) return { verdict: exactly[operator](left, right) ? "holds" : "fails" };
  const apart = Math.abs(difference) > 3 * error;
  const undecided: Judgement = { verdict: "undecided", decidingError: Math.abs(difference) / 3 };
  switch (operator) {
    case "<":
    case "<=":
      return apart ? { verdict: difference > 0 ? "holds" : "fails" } : undecided;
    case ">":
    case ">=":
      return apart ? { verdict: difference < 0 ? "holds" : "fails" } : undecided;
    case "==":
      return apart ? { verdict: "fails" } : undecided;
    case "!=":
      return apart ? { verdict: "holds" } : undecided;
  }
}

const exactly: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b,
};

/** Fails before undecided before holds. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("fails")) return "fails";
  return verdicts.includes("undecided") || verdicts.length === 0 ? "undecided" : "holds";
}

/**
 * How many samples (or starts, blocks) bring the error from `error` at `count` down to the deciding one: errors fall as 1/sqrt(count).
 * Undefined where no number does, or none below 1e9.
 */
export function decidingCount(count: number, error: number, decidingError: number | undefined): number | undefined {
  if (decidingError === undefined || !(decidingError > 0) || !(error > 0)) return undefined;
  const needed = Math.floor(count * (error / decidingError) ** 2) + 1;
  return needed <= 1e9 ? needed : undefined;
}

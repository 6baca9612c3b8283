import type { Span } from "../../../grammar/span.ts";
import type { RunSymbol } from "./names.ts";
import type { Context } from "./scope.ts";

/** Skips a run for a construct that this version knows and cannot do: one warning a run, at the first such construct. */
export function skipRun(context: Context, run: RunSymbol, what: string, span: Span): void {
  if (run.skipped !== undefined) return;
  run.skipped = { reason: `${what} is not supported by this version yet: run ${run.name} is skipped`, span };
  context.report.warning("Q902", `${what} is not supported by this version yet: run ${run.name} is skipped and claims about it stay undecided`, span);
}

/** `samples`, `starts`, `seed`: whole numbers that are known before the run, each given at most once. */
import type { RunStep } from "../../../grammar/ast.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { RunSymbol } from "./names.ts";
import { runScope } from "./runScope.ts";
import type { Context } from "./scope.ts";

type Count = "samples" | "starts" | "seed";

export function checkCounts(context: Context, run: RunSymbol, seed: number | undefined): void {
  const { names, report } = context;
  for (const kind of ["samples", "starts", "seed"] as const) {
    const steps = run.item.steps.filter((s): s is Extract<RunStep, { kind: Count }> => s.kind === kind);
    const step = steps[0];
    if (step === undefined) continue;
    for (const again of steps.slice(1)) report.error("Q412", `\`${kind}\` is given twice`, [{ span: again.span, message: "" }, { span: step.span, message: "here too" }]);
    const value = checkCount(context, run, step.value, kind);
    if (value === undefined) continue;
    run[kind] = value;
    if (kind === "samples" && value > 1 && run.model && !run.model.hasEnsembles && names.complete) {
      report.error("Q413", `\`${run.model.name}\` has no ensembles: its samples are all the same`, step.span, `for several initial states write \`starts ${value}\``);
    }
  }
  if (seed !== undefined) run.seed = seed;
}

function checkCount(context: Context, run: RunSymbol, e: Extract<RunStep, { kind: Count }>["value"], kind: Count): number | undefined {
  const typed = context.check(e, runScope(context, run));
  if (typed.type === "unknown") return undefined;
  const lowest = kind === "seed" ? 0 : 1;
  const points = run.points.length === 0 ? [{}] : run.points.map((p) => ({ ...p.parameters, ...p.sweep }));
  const values = points.map((p) => evaluateConstant(typed.expression, p));
  const value = values[0];
  if (value === undefined && run.points.length === 0) return undefined;
  if (values.some((v) => v !== value)) context.report.error("Q411", `\`${kind}\` is the same at all points, and this depends on what is swept`, e.span);
  else if (value === undefined || !Number.isSafeInteger(value) || value < lowest) context.report.error("Q411", `\`${kind}\` is a whole number from ${lowest}, not ${value}`, e.span);
  else return value;
  return undefined;
}

/** Conditions behind `until`: `gradient < x`, `change < x`, `error(e) < x`, or a truth value of observables. */
import type { Expression } from "../../../grammar/ast.ts";
import type { PerPoint, StopCondition } from "../../../runtime/engine/plan.ts";
import { syntaxChildren } from "../text.ts";
import { checkPrecision } from "./checkPrecision.ts";
import { conditionSource } from "./conditionSource.ts";
import type { RunSymbol } from "./names.ts";
import { perPoint, pointText, runScope, valuesAtPoints } from "./runScope.ts";
import type { Context } from "./scope.ts";
import { hasContinuousState } from "./fitsModel.ts";

export function checkUntil(context: Context, run: RunSymbol, e: Expression, step: "evolve" | "measure"): StopCondition | undefined {
  const { report } = context;
  const soft = softCondition(run, e);
  if (soft !== undefined) {
    if (soft.name === "gradient" && run.model && !hasContinuousState(run.model)) {
      report.error("Q443", `\`${run.model.name}\` has no gradient: its states are discrete`, e.span, "end with a condition on observables, or with `change < x`");
      return undefined;
    }
    const below = checkThreshold(context, run, soft.threshold, soft.name);
    return below === undefined ? undefined : { kind: soft.name, below };
  }
  const part = findPart(run, e);
  if (part?.kind === "name") {
    report.error("Q443", `\`${part.name}\` stands alone in \`${part.name} < x\``, part.span, `write \`until ${part.name} < 1e-6\``);
    return undefined;
  }
  if (part !== undefined) {
    if (step === "measure") return checkPrecision(context, run, e);
    part.arguments.forEach((a) => void context.check(a.value, runScope(context, run, true)));
    report.error("Q442", "the error of an estimate exists only in `measure`", part.span, "an `evolve` ends by `E == 0`, `gradient < x` or `change < x`");
    return undefined;
  }
  const typed = context.check(e, runScope(context, run, true));
  if (typed.type === "number") {
    report.error("Q440", "a condition is a truth value, and this is a number", e.span, "compare it with something: `until E == 0`");
    return undefined;
  }
  if (typed.type === "unknown" || run.model === undefined) return undefined;
  if (typed.records.length === 0) {
    report.error("Q440", "this condition never changes: there is no observable in it", e.span, "write `until E == 0`, `until gradient < 1e-6`");
    return undefined;
  }
  const condition = conditionSource(context, run, typed.expression, e.span);
  return condition && { kind: "observables", ...condition };
}

type SoftWord = "gradient" | "change";

/** `gradient` and `change` are words here unless the model or the run gives them another meaning. */
const isSoft = (run: RunSymbol, name: string): name is SoftWord =>
  (name === "gradient" || name === "change") && !run.model?.observables.has(name) && !run.model?.parameters.has(name) && !run.model?.scalars.has(name) && !run.sweep.some((s) => s.name === name);

/** `gradient < x`, also written `x > gradient`. */
function softCondition(run: RunSymbol, e: Expression): { readonly name: SoftWord; readonly threshold: Expression } | undefined {
  if (e.kind !== "compare" || e.operands.length !== 2) return undefined;
  const [left, right] = e.operands as [Expression, Expression];
  const sign = e.operators[0]!;
  if ((sign === "<" || sign === "<=") && left.kind === "name" && isSoft(run, left.name)) return { name: left.name, threshold: right };
  if ((sign === ">" || sign === ">=") && right.kind === "name" && isSoft(run, right.name)) return { name: right.name, threshold: left };
  return undefined;
}

/** A soft word, or `error(…)`, somewhere inside. */
function findPart(run: RunSymbol, e: Expression): Extract<Expression, { kind: "name" | "call" }> | undefined {
  if (e.kind === "name" && isSoft(run, e.name)) return e;
  if (e.kind === "call" && e.callee.name === "error") return e;
  for (const child of syntaxChildren(e)) {
    const found = findPart(run, child);
    if (found !== undefined) return found;
  }
  return undefined;
}

function checkThreshold(context: Context, run: RunSymbol, e: Expression, word: SoftWord): PerPoint | undefined {
  const values = valuesAtPoints(context, run, e);
  if (values === undefined) return undefined;
  const bad = values.findIndex((v) => !(v > 0));
  if (bad < 0) return perPoint(values);
  context.report.error("Q443", `\`${word}\` is a length and never below ${values[bad]}${pointText(run, bad)}`, e.span, `write \`until ${word} < 1e-6\``);
  return undefined;
}

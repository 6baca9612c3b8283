import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { CheckedModel } from "./1-check/checkModels.ts";
import type { TheoryPlan } from "./theory/plan.ts";
import { derivability } from "./theory/question.ts";
import { answerQuestions } from "./theory/theoryOracle.ts";

/** Theories that are outside of their method's class at the model's defaults. */
export function checkTheories(theories: readonly TheoryPlan[], models: readonly CheckedModel[]): Diagnostic[] {
  const answer = answerQuestions(theories, models);
  return theories.flatMap((plan) => {
    // A model with errors has no program; they were reported.
    const question = models.some((m) => m.name === plan.model && m.program) ? derivability(plan, models) : undefined;
    const found = question && answer(question);
    return found && "refused" in found ? [underivable(plan, found.refused)] : [];
  });
}

/** Q608, at the theory's own line. */
export const underivable = ({ name, span }: TheoryPlan, reason: string): Diagnostic => ({
  severity: "warning", code: "Q608", message: `\`${name}\` cannot be derived: ${reason}`, labels: [{ span, message: "" }], help: "claims about it stay undecided", arguments: { theory: name },
});

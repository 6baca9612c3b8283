import type { TheoryAnswer, TheoryRequest } from "../../runtime/results/environment.ts";
import type { CheckedModel } from "../1-check/checkModels.ts";
import { deriveTheory } from "./deriveTheory.ts";
import type { TheoryPlan } from "./plan.ts";
import type { Theory } from "./prediction.ts";

/**
 * Answers what claims and plots ask of theories. A theory is derived once for each set of parameters; these are looked up in this order:
 * arguments of the call, values of the theory's declaration, the point it is compared with, the model's defaults.
 */
export function theoryOracle(plans: readonly TheoryPlan[], models: readonly CheckedModel[]): (request: TheoryRequest) => TheoryAnswer {
  const derived = new Map<string, ReturnType<typeof deriveTheory>>();
  return ({ theory: name, quantity, arguments: arguments_, named, context }) => {
    const plan = plans.find((p) => p.name === name);
    if (!plan) throw new Error(`internal: there is no theory ${name}`);
    if (plan.unsupported !== undefined) return { refused: plan.unsupported };
    const model = models.find((m) => m.name === plan.model);
    const program = model?.program;
    if (!model || !program) return { refused: `the model ${plan.model ?? ""} of ${name} cannot be compiled by this version` };
    const parameters = Object.fromEntries(program.parameters.map((p) => {
      const declared = plan.arguments.named[p.name];
      return [p.name, named[p.name] ?? (typeof declared === "number" ? declared : undefined) ?? context[p.name] ?? p.default];
    }));
    const key = `${name} ${JSON.stringify(parameters)}`;
    if (!derived.has(key)) derived.set(key, deriveTheory(plan, program, parameters));
    const theory: Theory | { readonly refused: string } = derived.get(key)!;
    if ("refused" in theory) return { refused: `${name} cannot be derived: ${theory.refused}` };
    const answer = theory.predict(quantity, arguments_);
    return "refused" in answer ? answer : { ...answer, status: theory.status, assumptions: theory.assumptions };
  };
}

/** A question to a theory with all that its answer is a function of, beside the specification: plain data, that any thread can answer. */
import type { TheoryRequest } from "../../runtime/results/environment.ts";
import type { CheckedModel } from "../1-check/checkModels.ts";
import type { Program } from "../ir/program.ts";
import { lowerForTheory } from "./lowerForTheory.ts";
import type { TheoryPlan } from "./plan.ts";
import { theoryParameters } from "./theoryParameters.ts";

export interface TheoryQuestion {
  readonly theory: string;
  /** Absent: whether the theory can be derived at all. */
  readonly quantity?: string;
  readonly arguments: readonly number[];
  /** Of the model and of the method, or those that the theory declares: each has its value. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** The question behind a request: parameters are looked up among the arguments of the call, the theory's declaration, the point that it is compared with and the defaults. */
export function theoryQuestion(plan: TheoryPlan, models: readonly CheckedModel[], { quantity, arguments: arguments_, named, context }: Omit<TheoryRequest, "theory">): TheoryQuestion | { readonly refused: string } {
  const question = { theory: plan.name, quantity, arguments: arguments_ };
  if (plan.declared) return { ...question, parameters: Object.fromEntries(plan.declared.parameters.map((p) => [p.name, named[p.name] ?? context[p.name] ?? p.default])) };
  const program = programOf(plan, models);
  return "refused" in program ? program : { ...question, parameters: theoryParameters(plan, program, named, context) };
}

/** Whether a theory can be derived at the model's defaults; a temperature that isn't written comes with the quantity, and any will do here. */
export function derivability(plan: TheoryPlan, models: readonly CheckedModel[]): TheoryQuestion | undefined {
  if (plan.declared) return undefined;
  const program = programOf(plan, models);
  return "refused" in program ? undefined : { theory: plan.name, arguments: [], parameters: { T: 1, ...theoryParameters(plan, program) } };
}

export function modelOf(plan: TheoryPlan, models: readonly CheckedModel[]): CheckedModel {
  const model = models.find((m) => m.name === plan.model);
  if (!model) throw new Error(`internal: there is no model ${plan.model}`);
  return model;
}

export const programOf = (plan: TheoryPlan, models: readonly CheckedModel[]): Program | { readonly refused: string } => lowerForTheory(modelOf(plan, models));

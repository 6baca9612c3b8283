import { theories } from "../library/theories/index.ts";
import type { SettledAnswer, TheoryRequest } from "../../runtime/results/environment.ts";
import type { CheckedModel } from "../1-check/checkModels.ts";
import { declaredTheory } from "./declaredTheory.ts";
import { predictObservable } from "./predictObservable.ts";
import type { DeclaredForm } from "./declaredTheory.ts";
import { deriveTheory } from "./deriveTheory.ts";
import type { TheoryPlan } from "./plan.ts";
import type { Theory } from "./prediction.ts";
import { modelOf, programOf, theoryQuestion, type TheoryQuestion } from "./question.ts";

/** Answers what claims and plots ask of theories, in this thread. */
export function theoryOracle(plans: readonly TheoryPlan[], models: readonly CheckedModel[]): (request: TheoryRequest) => SettledAnswer {
  const answer = answerQuestions(plans, models);
  return (request) => {
    const question = theoryQuestion(planOf(plans, request.theory), models, request);
    return "refused" in question ? question : answer(question);
  };
}

export function planOf(plans: readonly TheoryPlan[], name: string): TheoryPlan {
  const plan = plans.find((p) => p.name === name);
  if (!plan) throw new Error(`internal: there is no theory ${name}`);
  return plan;
}

/** Answers questions; a theory is derived once for each set of parameters. */
export function answerQuestions(plans: readonly TheoryPlan[], models: readonly CheckedModel[]): (question: TheoryQuestion) => SettledAnswer {
  const derived = new Map<string, ReturnType<typeof deriveTheory>>();
  const forms = new Map<string, DeclaredForm>();
  return ({ theory: name, quantity, arguments: arguments_, parameters }) => {
    const plan = planOf(plans, name);
    const key = `${name} ${valuesText(parameters)}`;
    if (plan.declared) {
      const { declared } = plan;
      if (!forms.has(name)) forms.set(name, declaredTheory(name, declared));
      if (!derived.has(key)) derived.set(key, forms.get(name)!.solve(parameters));
      return answerOf(derived.get(key)!, quantity, arguments_, name, "solved");
    }
    const program = programOf(plan, models);
    if ("refused" in program) return program;
    if (!derived.has(key)) derived.set(key, deriveTheory(plan, program, parameters));
    const theory = derived.get(key)!;
    const observable = "refused" in theory || quantity === undefined || !predictsOwn(plan, models, quantity) ? undefined
      : theory.observable ? theory.observable(quantity) : predictObservable(modelOf(plan, models), program, theory, quantity, parameters);
    return answerOf(observable && !("refused" in theory) ? { ...theory, predict: () => observable } : theory, quantity, arguments_, name, "derived");
  };
}

/** Whether a name is that of an observable of the model, rather than of a quantity of the theory: the name is the specification's. */
export function predictsOwn(plan: TheoryPlan, models: readonly CheckedModel[], quantity: string): boolean {
  const model = modelOf(plan, models);
  const program = programOf(plan, models);
  return model.item.declarations.some((d) => d.kind === "observable" && d.target.name.name === quantity)
    || (!("refused" in program) && quantity === program.energy && theories[plan.method]?.quantities.every((q) => q.name !== quantity) === true);
}

function answerOf(theory: Theory | { readonly refused: string }, quantity: string | undefined, arguments_: readonly number[], name: string, done: string): SettledAnswer {
  if (quantity === undefined) return "refused" in theory ? theory : { value: 0, residual: 0, status: theory.status, assumptions: [] };
  if ("refused" in theory) return { refused: `${name} cannot be ${done}: ${theory.refused}` };
  const answer = theory.predict(quantity, arguments_);
  return "refused" in answer ? answer : { ...answer, status: theory.status, assumptions: theory.assumptions };
}

/** JSON has no infinities. */
const valuesText = (values: Readonly<Record<string, number>>): string => Object.entries(values).map(([name, value]) => `${name}=${value}`).join();

import { theories } from "../library/theories/index.ts";
import type { TheoryAnswer, TheoryRequest } from "../../runtime/results/environment.ts";
import type { CheckedModel } from "../1-check/checkModels.ts";
import { declaredTheory } from "./declaredTheory.ts";
import { lowerForTheory } from "./lowerForTheory.ts";
import { predictObservable } from "./predictObservable.ts";
import type { DeclaredForm } from "./declaredTheory.ts";
import { deriveTheory } from "./deriveTheory.ts";
import type { TheoryPlan } from "./plan.ts";
import type { Theory } from "./prediction.ts";
import { theoryParameters } from "./theoryParameters.ts";

/**
 * Answers what claims and plots ask of theories. A theory is derived once for each set of parameters; these are looked up in this order:
 * arguments of the call, values of the theory's declaration, the point it is compared with, the model's defaults.
 */
export function theoryOracle(plans: readonly TheoryPlan[], models: readonly CheckedModel[]): (request: TheoryRequest) => TheoryAnswer {
  const derived = new Map<string, ReturnType<typeof deriveTheory>>();
  const forms = new Map<string, DeclaredForm>();
  return ({ theory: name, quantity, arguments: arguments_, named, context }) => {
    const plan = plans.find((p) => p.name === name);
    if (!plan) throw new Error(`internal: there is no theory ${name}`);
    if (plan.unsupported !== undefined) return { refused: plan.unsupported };
    if (plan.declared) {
      const { declared } = plan;
      const values = Object.fromEntries(declared.parameters.map((p) => [p.name, named[p.name] ?? context[p.name] ?? p.default]));
      const key = `${name} ${valuesText(values)}`;
      if (!forms.has(name)) forms.set(name, declaredTheory(name, declared));
      if (!derived.has(key)) derived.set(key, forms.get(name)!.solve(values));
      return answerOf(derived.get(key)!, quantity, arguments_, name, "solved");
    }
    const model = models.find((m) => m.name === plan.model);
    if (!model) throw new Error(`internal: there is no model ${plan.model}`);
    const program = lowerForTheory(model);
    if ("refused" in program) return program;
    const parameters = theoryParameters(plan, program, named, context);
    const key = `${name} ${valuesText(parameters)}`;
    if (!derived.has(key)) derived.set(key, deriveTheory(plan, program, parameters));
    const theory = derived.get(key)!;
    // An observable of the model before a quantity of the theory: the name is the specification's.
    const own = model.item.declarations.some((d) => d.kind === "observable" && d.target.name.name === quantity) || (quantity === program.energy && theories[plan.method]?.quantities.every((q) => q.name !== quantity) === true);
    const observable = "refused" in theory || !own ? undefined : theory.observable ? theory.observable(quantity) : predictObservable(model, program, theory, quantity, parameters);
    return answerOf(observable && !("refused" in theory) ? { ...theory, predict: () => observable } : theory, quantity, arguments_, name, "derived");
  };
}

function answerOf(theory: Theory | { readonly refused: string }, quantity: string, arguments_: readonly number[], name: string, done: string): TheoryAnswer {
  if ("refused" in theory) return { refused: `${name} cannot be ${done}: ${theory.refused}` };
  const answer = theory.predict(quantity, arguments_);
  return "refused" in answer ? answer : { ...answer, status: theory.status, assumptions: theory.assumptions };
}

/** JSON has no infinities. */
const valuesText = (values: Readonly<Record<string, number>>): string => Object.entries(values).map(([name, value]) => `${name}=${value}`).join();

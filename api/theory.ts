import { theories } from "../compiler/library/theories/index.ts";
import { theoryOracle } from "../compiler/theory/theoryOracle.ts";
import { compile, requireAccepted, type Specification } from "./compile.ts";

/** A value with how far the equation behind it is from being solved, its status ("exact", "large-N", "ansatz(rs)", …) and its assumptions. */
export type TheoryValue = { readonly value: number; readonly residual: number; readonly status: string; readonly assumptions: readonly string[] } | { readonly refused: string };

export interface TheoryPredictions {
  readonly name: string;
  /** Names of what the method, or the theory's own declaration, predicts; observables of the model may come in addition. */
  readonly quantities: readonly string[];
  /**
   * A prediction, or why there is none.
   *
   * @param parameters values of parameters, for those that the theory's declaration doesn't set
   * @param positional arguments of the quantity: k of `E[k]`
   */
  readonly predict: (quantity: string, parameters?: Readonly<Record<string, number>>, positional?: readonly number[]) => TheoryValue;
}

/**
 * A theory of a specification by its name. Predictions are computed in this thread when they are asked for.
 *
 * @throws Rejection for a specification that was rejected, Error for a name that no theory has
 */
export function theory(specification: Specification | string, name: string): TheoryPredictions {
  const spec = typeof specification === "string" ? compile(specification) : specification;
  requireAccepted(spec);
  const plan = spec.theories.find((t) => t.name === name);
  if (!plan) throw new Error(`there is no theory \`${name}\`; there are ${spec.theories.map((t) => t.name).join(", ") || "none"}`);
  const oracle = theoryOracle(spec.theories, spec.models);
  return {
    name,
    quantities: plan.declared ? plan.declared.definitions.map((d) => d.name).concat(plan.declared.orders.map((o) => o.name)) : (theories[plan.method]?.quantities ?? []).map((q) => q.name),
    predict: (quantity, parameters = {}, positional = []) => oracle({ theory: name, quantity, arguments: positional, named: parameters, context: {} }),
  };
}

import type { Program } from "../ir/program.ts";
import { theories } from "../library/theories/index.ts";
import type { TheoryPlan } from "./plan.ts";

/**
 * Values of the model's parameters and of the method's own (a temperature), looked up in this order: `named`, arguments of the call;
 * what the theory's declaration says; `context`, the point it is compared with; the model's defaults.
 */
export function theoryParameters(plan: TheoryPlan, program: Program, named: Readonly<Record<string, number>> = {}, context: Readonly<Record<string, number>> = {}): Record<string, number> {
  const given = (parameter: string): number | undefined => {
    const declared = plan.arguments.named[parameter];
    return named[parameter] ?? (typeof declared === "number" ? declared : undefined) ?? context[parameter];
  };
  const parameters: Record<string, number> = Object.fromEntries(program.parameters.map((p) => [p.name, given(p.name) ?? p.default]));
  for (const { name } of theories[plan.method]?.parameters ?? []) {
    const value = given(name);
    if (value !== undefined) parameters[name] ??= value;
  }
  return parameters;
}

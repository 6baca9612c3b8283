import type { Program } from "../ir/program.ts";
import type { TheoryPlan } from "./plan.ts";
import type { Theory } from "./prediction.ts";

/** How a method derives the theory of a model at some values of its parameters, or why the model is outside of its class. */
export type Derivation = (plan: TheoryPlan, program: Program, parameters: Readonly<Record<string, number>>) => Theory | { readonly refused: string };

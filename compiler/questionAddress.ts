/** The content address of a question to a theory: what its answer is a function of, as a hash. Other runs and claims, comments and names of files have no part in it. */
import { createHash } from "node:crypto";
import type { Compilation } from "./compile.ts";
import { closure } from "./ir/closure.ts";
import { contentText } from "./ir/contentText.ts";
import type { Program } from "./ir/program.ts";
import { arraysInConstraints } from "./ir/readsOf.ts";
import type { TheoryPlan } from "./theory/plan.ts";
import { programOf, type TheoryQuestion } from "./theory/question.ts";
import { planOf, predictsOwn } from "./theory/theoryOracle.ts";

export type TheorySources = Pick<Compilation, "theories" | "models" | "source">;

/** @param version of everything that answers */
export function questionAddresses({ theories, models, source }: TheorySources, version: string): (question: TheoryQuestion) => string {
  const definitions = new Map<string, string>();
  const definitionOf = (plan: TheoryPlan, quantity: string | undefined): string => {
    const own = quantity !== undefined && !plan.declared && predictsOwn(plan, models, quantity) ? quantity : undefined;
    const key = JSON.stringify([plan.name, own]);
    const known = definitions.get(key) ?? hash([version, { ...plan, name: undefined }, plan.declared ? undefined : modelContent(programOf(plan, models), own, source.text)]);
    definitions.set(key, known);
    return known;
  };
  return ({ theory, quantity, arguments: arguments_, parameters }) =>
    hash([definitionOf(planOf(theories, theory), quantity), quantity, arguments_, parameters]);
}

/** What a theory reads of its model: the energy, and an observable that it predicts; the whole text for one that has no program. */
function modelContent(program: Program | { readonly refused: string }, observable: string | undefined, text: string): unknown {
  if ("refused" in program) return text;
  if (observable !== undefined && !program.observables.includes(observable)) return text;
  const states = program.arrays.filter((a) => a.origin.kind === "state").map((a) => a.name);
  const arrays = closure(program, [program.energy, ...states, ...(observable === undefined ? [] : [observable]), ...arraysInConstraints(program.constraints)]);
  return { arrays, observable, energy: program.energy, constraints: program.constraints, parameters: program.parameters.map(({ name, kind }) => ({ name, kind })), data: program.data };
}

const hash = (value: unknown): string => createHash("sha256").update(contentText(value)).digest("hex").slice(0, 32);

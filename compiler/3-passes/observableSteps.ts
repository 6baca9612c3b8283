/** The arrays that observables need, in dependency order: a procedure for each definition, a library call for each `call`. */
import { indexValue, visit, type Expression } from "../ir/expression.ts";
import { findArray, type ArrayDeclaration, type Program } from "../ir/program.ts";
import { contract } from "./contract.ts";
import type { Preparation } from "./preparation.ts";
import { ProcedureBuilder } from "./procedureBuilder.ts";
import type { ObservableStep } from "./procedures.ts";
import { prune } from "./prune.ts";
import { orderConditions } from "./slotConditions.ts";

/** Calls that differentiate a scalar: their argument is not evaluated as an array first. */
const derivativeCalls: ReadonlySet<string> = new Set(["grad", "hessian", "laplacian", "traceEstimate", "hessianSpectrum"]);
export const isDerivativeCall = (name: string): boolean => derivativeCalls.has(name);

/**
 * The energy itself is no step: it is given by the energy kernel, and steps that read it have it as an input, as they have
 * the results of steps before them and the prepared arrays.
 */
export function observableSteps(program: Program, preparation: Preparation): readonly ObservableStep[] {
  const given = new Set(program.arrays.filter((a) => (a.status === "thermal" && a.origin.kind !== "state") || a.origin.kind === "call").map((a) => a.name));
  const steps: ObservableStep[] = [];
  const done = new Set<string>([program.energy]);
  const visitArray = (array: ArrayDeclaration): void => {
    if (done.has(array.name)) return;
    done.add(array.name);
    const { origin } = array;
    // What only the disorder determines is prepared, also where no kernel reads it.
    if (origin.kind === "call" && array.status !== "thermal") return preparation.call(array, origin);
    for (const name of reads(array)) visitArray(findArray(program, name));
    if (origin.kind === "call") {
      preparation.prepareArguments(isDerivativeCall(origin.function) ? { ...origin, arguments: (origin.at ?? []).map((s) => s.array) } : origin);
      steps.push({ array: array.name, ...origin });
    }
    if (origin.kind !== "definition") return;
    const recorded = program.observables.includes(array.name);
    // Quenched definitions come from the preparation; one that is recorded is a step that nothing moves.
    if (array.status !== "thermal" && !recorded) return;
    const builder = new ProcedureBuilder({ program, lowering: contract, preparation, hoist: true, given });
    builder.declare({ name: array.name, role: "output", status: array.status, slots: array.slots });
    const { indices, body } = origin;
    contract(builder, { name: array.name, subscripts: indices.map(indexValue), indices, conditions: orderConditions(array.slots, indices) }, body);
    steps.push({ kind: "procedure", array: array.name, procedure: prune(builder.finish(`observe_${array.name}`, `The ${origin.role} ${array.name}.`)) });
  };
  const { tested = [], smooth } = program.constraintFunctions ?? {};
  for (const name of [...program.observables, ...tested.map((t) => t.residual), ...(smooth?.residuals ?? [])]) visitArray(findArray(program, name));
  return steps;
}

/** Arrays that a definition or a call needs to be there. */
function reads(array: ArrayDeclaration): readonly string[] {
  if (array.origin.kind === "call") return isDerivativeCall(array.origin.function) ? (array.origin.at ?? []).map((s) => s.array) : array.origin.arguments;
  if (array.origin.kind !== "definition") return [];
  const found = new Set<string>();
  visit(array.origin.body, (e: Expression) => { if (e.kind === "read") found.add(e.array); });
  return [...found];
}

/** Procedures of the initial states that are given by an expression, `state w = expr`. */
import { indexValue } from "../ir/expression.ts";
import type { Procedure } from "../ir/procedure.ts";
import { findArray, type ArrayDeclaration, type Initial, type Program } from "../ir/program.ts";
import { materialise } from "./materialise.ts";
import type { Preparation } from "./preparation.ts";
import { ProcedureBuilder } from "./procedureBuilder.ts";
import { prune } from "./prune.ts";
import { orderConditions } from "./slotConditions.ts";

/** An initial value; `replica` is that of a copy which starts in its own way. */
export interface InitialValue { readonly state: string; readonly replica?: string; readonly procedure: Procedure }

/** The state arrays of a program that say how they start, each with the array of copy 1 that stands for it. */
export function initialsOf(program: Program): readonly { readonly state: string; readonly replica?: string; readonly initial: Initial }[] {
  return program.arrays.flatMap(({ name, origin }) => {
    if ((origin.kind !== "state" && origin.kind !== "copy") || origin.initial === undefined) return [];
    const { copy, initial } = origin;
    return [copy ? { state: copy.of, replica: copy.replica, initial } : { state: name, initial }];
  });
}

/** One for each state with `= expr`; the state array of copy 1 is the output. Reductions of quenched arrays are prepared. */
export function initialValues(program: Program, preparation: Preparation): readonly InitialValue[] {
  return initialsOf(program).flatMap(({ state, replica, initial }): InitialValue[] => {
    const array: ArrayDeclaration = findArray(program, state);
    if (initial.kind === "flip") {
      const of = findArray(program, initial.of);
      if (of.origin.kind === "definition") preparation.define(of, of.origin);
    }
    if (initial.kind !== "value") return [];
    const { indices, body } = initial;
    const builder = new ProcedureBuilder({ program, lowering: materialise, preparation, hoist: true });
    builder.declare({ name: array.name, role: "output", status: "thermal", slots: array.slots });
    materialise(builder, { name: array.name, subscripts: indices.map(indexValue), indices, conditions: orderConditions(array.slots, indices) }, body);
    const name = replica === undefined ? array.name : `${array.name}@${replica}`;
    return [{ state, ...(replica === undefined ? {} : { replica }), procedure: prune(builder.finish(`initial_${name}`, `The initial value of ${name}.`)) }];
  });
}

/** Procedures of the initial states that are given by an expression, `state w = expr`. */
import { indexValue } from "../ir/expression.ts";
import type { Procedure } from "../ir/procedure.ts";
import type { Program } from "../ir/program.ts";
import { materialise } from "./materialise.ts";
import type { Preparation } from "./preparation.ts";
import { ProcedureBuilder } from "./procedureBuilder.ts";
import { prune } from "./prune.ts";
import { orderConditions } from "./slotConditions.ts";

/** One for each state with `= expr`; the state array itself is the output. Reductions of quenched arrays are prepared. */
export function initialValues(program: Program, preparation: Preparation): readonly { readonly state: string; readonly procedure: Procedure }[] {
  return program.arrays.flatMap((array) => {
    if (array.origin.kind !== "state" || array.origin.initial?.kind !== "value") return [];
    const { indices, body } = array.origin.initial;
    const builder = new ProcedureBuilder({ program, lowering: materialise, preparation, hoist: true });
    builder.declare({ name: array.name, role: "output", status: "thermal", slots: array.slots });
    materialise(builder, { name: array.name, subscripts: indices.map(indexValue), indices, conditions: orderConditions(array.slots, indices) }, body);
    return [{ state: array.name, procedure: prune(builder.finish(`initial_${array.name}`, `The initial value of ${array.name}.`)) }];
  });
}

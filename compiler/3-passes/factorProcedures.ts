/** Procedures of a factor graph: the energies of all factors of a term, and what is computed after the draw. */
import { indexValue } from "../ir/expression.ts";
import type { Procedure } from "../ir/procedure.ts";
import { findArray } from "../ir/program.ts";
import { contract } from "./contract.ts";
import type { FactorGraph } from "./factorGraph.ts";
import type { Preparation } from "./preparation.ts";
import { ProcedureBuilder } from "./procedureBuilder.ts";
import { prune } from "./prune.ts";

/** Arrays of the graph that stay between two draws. */
export const quenchedArraysOf = ({ terms }: FactorGraph): readonly string[] =>
  terms.flatMap((t) => [t.present, ...t.reads.map((r) => r.sites), ...(t.field ? [t.field.offsets, ...t.field.coefficients.map((c) => c.array)] : [])]);

/** One for each term; what only the disorder determines is prepared. */
export function factorProcedures(graph: FactorGraph, preparation: Preparation): readonly Procedure[] {
  const { program, terms } = graph;
  for (const name of quenchedArraysOf(graph)) {
    const array = findArray(program, name);
    if (array.origin.kind === "definition") preparation.define(array, array.origin);
  }
  return terms.map(({ energies, indices, conditions, body, field, reads }, k) => {
    const builder = new ProcedureBuilder({ program, lowering: contract, preparation, hoist: true });
    builder.declare({ name: energies, role: "output", status: "thermal", slots: findArray(program, energies).slots });
    contract(builder, { name: energies, subscripts: indices.map(indexValue), indices, conditions }, body);
    return prune(builder.finish(`factors_${k + 1}`, `Energies of the factors of term ${k + 1}, from ${field ? "their fields" : `the values of ${reads.length} entries`}.`));
  });
}

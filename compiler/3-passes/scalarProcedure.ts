/** Procedures of scalars of a model: the reference as written, the optimised value, gradient and Hessian. */
import type { Expression } from "../ir/expression.ts";
import type { Procedure, ProcedureArray } from "../ir/procedure.ts";
import { findArray, statesOf, type Program } from "../ir/program.ts";
import { atDefaults, contract, contractFlat } from "./contract.ts";
import { arraySize, procedureCost } from "./cost.ts";
import { columnHessian, directHessian, readsStatesDirectly } from "./hessian.ts";
import { inlinePolynomials } from "./inlinePolynomials.ts";
import { materialise } from "./materialise.ts";
import type { Preparation } from "./preparation.ts";
import { ProcedureBuilder, type Lowering } from "./procedureBuilder.ts";
import type { HessianProcedure } from "./procedures.ts";
import { prune } from "./prune.ts";
import { reverse } from "./reverse.ts";
import { isRefusal, type Refusal } from "./valueDerivative.ts";

export const stateArrays = (program: Program): readonly ProcedureArray[] =>
  statesOf(program).map((a) => ({ name: a.name, role: "input", status: a.status, slots: a.slots }));

/** The body of a scalar definition. */
export function scalarBody(program: Program, name: string): Expression {
  const array = findArray(program, name);
  if (array.origin.kind !== "definition" || array.slots.length > 0) throw new Error(`internal: ${name} is not a scalar definition`);
  return array.origin.body;
}

function lowered(program: Program, preparation: Preparation, name: string, body: Expression, lowering: Lowering, selfContained: boolean): ProcedureBuilder {
  const builder = new ProcedureBuilder({ program, lowering, preparation, hoist: !selfContained, selfContained });
  builder.declare({ name, role: "output", status: findArray(program, name).status, slots: [] });
  lowering(builder, { name, subscripts: [], indices: [], conditions: [] }, body);
  return builder;
}

/** Dense and as written; needs nothing but draws and states. */
export const referenceProcedure = (program: Program, preparation: Preparation, name: string): Procedure =>
  lowered(program, preparation.fork(), name, scalarBody(program, name), materialise, true)
    .finish(`reference_${name}`, `${name} as written in the specification: dense and unoptimised.`);

/** The cheapest of: `let`s as arrays, or polynomial `let`s inlined; each with the plans of `contract`. */
export function valueProcedure(program: Program, preparation: Preparation, name: string): Procedure {
  const body = scalarBody(program, name);
  const inlined = inlinePolynomials(program, body);
  let best: { builder: ProcedureBuilder; cost: number } | undefined;
  for (const candidate of new Set([body, inlined])) {
    const builder = lowered(program, preparation.fork(), name, candidate, contract, false);
    const cost = atDefaults(program, procedureCost({ statements: builder.statements }));
    if (best === undefined || cost < best.cost) best = { builder, cost };
  }
  preparation.adopt(best!.builder.options.preparation);
  return prune(best!.builder.finish(`value_${name}`, `The value of ${name}.`));
}

/** The value and, for each state array, `gradient_NAME`. */
export function gradientProcedure(value: Procedure, name: string, states: readonly ProcedureArray[]): Procedure | Refusal {
  const made = reverse(value, name, states);
  if (isRefusal(made)) return made;
  const known = new Set(made.arrays.map((a) => a.name));
  // A state that nothing depends on is an input all the same: generated functions have one signature.
  const arrays = [...made.arrays, ...states.filter((s) => !known.has(s.name))];
  return { ...made, arrays, name: `gradient_${name}`, doc: `The value of ${name} and its Euclidean gradient.` };
}

/** The product of the Hessian with a direction, whatever a dense Hessian would be made by. */
export function columnProduct(gradient: Procedure, name: string, states: readonly ProcedureArray[]): Procedure | Refusal {
  const columns = columnHessian(gradient, name, states, `hessianProduct_${name}`);
  return isRefusal(columns) ? columns : columns.procedure;
}

/** Direct where the value reads the states directly, or does in expanded form at no more operations than column by column. */
export function hessianProcedure(
  program: Program, preparation: Preparation, name: string, value: Procedure, gradient: Procedure,
): HessianProcedure | Refusal {
  const states = stateArrays(program);
  const title = `hessian_${name}`;
  if (readsStatesDirectly(value, name, states)) return directHessian(value, name, states, title);
  const columns = columnHessian(gradient, name, states, title);
  if (isRefusal(columns)) return columns;
  const trial = preparation.fork();
  const flat = prune(lowered(program, trial, name, inlinePolynomials(program, scalarBody(program, name)), contractFlat, false).finish(`flat_${name}`, ""));
  if (!readsStatesDirectly(flat, name, states)) return columns;
  const direct = directHessian(flat, name, states, title);
  if (isRefusal(direct)) return columns;
  const dimension = states.reduce((n, s) => n + atDefaults(program, arraySize(s.slots)), 0);
  const cost = (p: Procedure): number => atDefaults(program, procedureCost(p));
  if (cost(direct.procedure) > dimension * cost(columns.procedure)) return columns;
  preparation.adopt(trial);
  return direct;
}

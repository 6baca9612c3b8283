/** The energy difference of local moves, what is kept for it and what an accepted move adds, as formulas: read off the procedures that become kernels. */
import { constant, reduce, substitute, visit, indexValue, type Expression, type Index } from "./ir/expression.ts";
import { evaluate } from "./ir/evaluate.ts";
import { freeIndices } from "./ir/freeIndices.ts";
import { normalise } from "./ir/normalise.ts";
import { printEquation, type Style } from "./ir/print.ts";
import type { Procedure, Statement } from "./ir/procedure.ts";
import { longFormula, writtenSize } from "./ir/writtenSize.ts";
import { build } from "./library/ops/index.ts";
import type { ModelProcedures } from "./3-passes/procedures.ts";

/** Formulas, and sentences that say what they hold; nothing where a move evaluates the energy. */
export function moveFormulas({ moves, program }: ModelProcedures, parameters: Readonly<Record<string, number>>, style: Style): { readonly formulas: readonly string[]; readonly notes: readonly string[] } {
  if (moves === undefined || typeof moves === "string") return { formulas: [], notes: moves === undefined ? [] : [`found by evaluating the energy twice: ${moves}`] };
  const bits = moves.derive !== undefined;
  const line = (name: string, procedure: Procedure | undefined, target: string): readonly string[] => (procedure ? equation(name, procedure.statements.filter((s) => s.target === target), parameters, style) : []);
  const formulas = [
    ...moves.arrays.flatMap(({ names, propose }) => (bits ? [] : line(`Δ${program.energy}`, propose, names.difference))),
    ...moves.caches.flatMap((c) => line(c.name, moves.initialise, c.name)),
    ...moves.arrays.flatMap(({ accept }) => (accept ? moves.caches.flatMap((c) => line(`Δ${c.name}`, accept, c.name)) : [])),
  ];
  return {
    formulas,
    notes: [
      ...moves.arrays.map(({ state, names }) => `${names.change} = ${names.proposed} − ${state}${names.site.length > 0 ? `[${names.site.join(",")}]` : ""}`),
      ...(bits ? [`Δ${program.energy} counts the truth values that the move changes, which are kept as bits for each value of the entry`] : []),
    ],
  };
}

/** All that statements add to a target, in one sum; none where that cannot be written in one line. */
function equation(name: string, statements: readonly Statement[], parameters: Readonly<Record<string, number>>, style: Style): readonly string[] {
  const [first] = statements;
  if (!first || statements.some((s) => s.call || s.combine !== "sum") || !first.subscripts.every((s) => s.kind === "index")) return [];
  const places = first.subscripts.flatMap((s) => (s.kind === "index" ? [s.index] : []));
  let sum: Expression = constant(0);
  for (const s of statements) {
    const own = s.subscripts.flatMap((x) => (x.kind === "index" ? [x.index] : []));
    if (own.length !== places.length) return [];
    // What only small lattices need, where a site is its own neighbour.
    if (s.conditions.some((c) => isFalse(c, parameters))) continue;
    const rename = (e: Expression): Expression => substitute(e, new Map(own.map((index, k): [Index, Expression] => [index, indexValue(places[k]!)])));
    const inner = s.indices.filter((i) => !own.includes(i));
    const where = s.conditions.reduce((all, c) => (all === constant(1) ? c : build.and(all, c)), constant(1) as Expression);
    const value = rename(s.value);
    sum = build.add(sum, inner.length > 0 ? reduce("sum", inner, value, rename(where)) : where === constant(1) ? value : build.mul(rename(where), value));
  }
  if (writtenSize(sum) > longFormula / 40) return [];
  return [printEquation(name, places, normalise(sum), style)];
}

function isFalse(condition: Expression, parameters: Readonly<Record<string, number>>): boolean {
  let known = freeIndices(condition).length === 0;
  visit(condition, (e) => { if (e.kind === "read" || (e.kind === "parameter" && parameters[e.name] === undefined)) known = false; });
  return known && evaluate(condition, { parameters, entry: () => NaN }) === 0;
}

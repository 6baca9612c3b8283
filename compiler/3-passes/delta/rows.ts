/**
 * What a move reads of the disorder in contiguous rows: `x[mu,site]` for all mu is a column, so a copy with the site's axes first is made
 * once after the draw, and kernels walk it in vectors.
 */
import { freshIndex, indexValue, read, rewrite, visit, type Expression } from "../../ir/expression.ts";
import type { Program } from "../../ir/program.ts";
import { materialise } from "../materialise.ts";
import type { Preparation } from "../preparation.ts";
import { ProcedureBuilder } from "../procedureBuilder.ts";
import type { Move } from "./move.ts";

export function alongRows(program: Program, preparation: Preparation, move: Move, e: Expression): Expression {
  const site = new Set(move.site);
  return rewrite(e, (node) => {
    if (node.kind !== "read" || node.subscripts.length < 2) return node;
    const array = program.arrays.find((a) => a.name === node.array) ?? preparation.find(node.array);
    if (!array || array.status === "thermal" || array.slots.some((s) => s.order !== undefined || s.periodic)) return node;
    const fixed = node.subscripts.map((s) => isFixed(s, site));
    if (!fixed.some(Boolean) || !fixed.at(-1) || fixed.every(Boolean)) return node;
    const order = [...fixed.keys()].sort((a, b) => Number(fixed[b]) - Number(fixed[a]) || a - b);
    const slots = order.map((k) => array.slots[k]!);
    const indices = slots.map((s, k) => freshIndex(`i${k + 1}`, s.range));
    const at = node.subscripts.map((_, k) => indexValue(indices[order.indexOf(k)]!));
    const builder = new ProcedureBuilder({ program, lowering: materialise, preparation, hoist: false });
    const name = preparation.hoist(`${node.array} by axes ${order.join()}`, slots, `${node.array}_by_site`, (base) => builder.freshName(base, true),
      (b, made) => { materialise(b, { name: made, subscripts: indices.map(indexValue), indices, conditions: [] }, read(node.array, at)); },
      `${node.array} with the axes of a move's site first, copied once after the draw.`);
    return read(name, order.map((k) => node.subscripts[k]!));
  });
}

/** Whether a subscript is a function of the site alone. */
function isFixed(e: Expression, site: ReadonlySet<Expression>): boolean {
  let [some, other] = [false, false];
  visit(e, (x) => {
    if (site.has(x)) some = true;
    if (x.kind === "index" || x.kind === "read") other = true;
  });
  return some && !other;
}

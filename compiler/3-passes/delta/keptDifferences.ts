/**
 * What a count would be after each move, kept for all sites at once. Where the site enters truth values by one number of two values,
 *
 *     Σ_mu T'(mu) = Σ_mu lower(mu) + Σ_mu X[mu,site] weight(mu),   weight = upper − lower in {−1, 0, 1},
 *
 * with X whether the number has its upper value, and lower and upper the truth values for its two values. An accepted move changes few of the
 * weights, most of which are 0, and each that changes adds a row of X. That costs more than a count but serves all sites: it pays where few moves are accepted
 * (`4-schedule/sweepKernel.ts` decides). The weights with which the sums were made are kept, so that these can be brought up to date at any later time.
 */
import { constant, freshIndex, indexValue, read, rewrite, type Expression, type Index, type Range, type Read } from "../../ir/expression.ts";
import type { Program, Slot } from "../../ir/program.ts";
import { build } from "../../library/ops/index.ts";
import { materialise } from "../materialise.ts";
import type { Preparation } from "../preparation.ts";
import type { ProcedureBuilder } from "../procedureBuilder.ts";
import { simplify } from "../simplify.ts";
import { finiteValues } from "./finiteValues.ts";
import type { Move } from "./move.ts";

export interface KeptCount {
  /** The count after the move. */
  readonly after: Expression;
  /** Arrays that live on, 0 at first: the weights, the sums. */
  readonly arrays: readonly KeptArray[];
  /** Numbers that are computed anew whenever the sums are. */
  readonly totals: KeptArray;
  /** Largest absolute values of entries, which are whole numbers, by array. */
  readonly bounds: ReadonlyMap<string, Expression>;
  /** Brings all up to date. */
  readonly update: (builder: ProcedureBuilder) => void;
}

export interface KeptArray { readonly name: string; readonly slots: readonly Slot[] }

export interface CountForm {
  readonly program: Program;
  readonly preparation: Preparation;
  readonly freshName: (base: string) => string;
  readonly move: Move;
  /** The two values of an entry of the state. */
  readonly pair: readonly [number, number];
  readonly number: Read;
  /** The index that is summed over. */
  readonly bit: Index;
  /** Axes of the state along which the site enters the truth values. */
  readonly axes: readonly number[];
  /** Truth values for an entry of the lower or the upper value, and for the lower or upper value of the number. */
  readonly tables: readonly (readonly Expression[])[];
  /** Those for the lower value of the number as bits, for such an entry, at these sites and this index. */
  readonly lower: (entry: 0 | 1, sites: readonly Expression[], at: Expression) => Expression;
}

const [zero, one] = [constant(0), constant(1)];
const plain = (range: Range): Slot => ({ range, periodic: false });

export function keptCount(name: string, { program, preparation, freshName, move, pair, number, bit, axes, tables, lower }: CountForm): KeptCount {
  // Where only the product of number and entry counts, the other entry changes the sign of the weights.
  const isOdd = tables[0]![0] === tables[1]![1] && tables[0]![1] === tables[1]![0];
  const [weights, changes, sums, totals] = ["weights", "changes", "sums", "totals"].map((what) => freshName(`${what}_of_${name}`)) as [string, string, string, string];
  const sites = move.slots.map(({ range }, k) => freshIndex(`i${k + 1}`, range));
  const own = freshIndex(bit.name, bit.range);
  const used = axes.map((k) => sites[k]!);
  const values = new Map<Expression, Expression>([...sites.map((i, k) => [move.site[k]!, indexValue(i)] as const), [indexValue(bit), indexValue(own)]]);
  const placed = (e: Expression): Expression => simplify(rewrite(e, (x) => values.get(x) ?? x));
  const variants = isOdd ? [0] : [0, 1];
  const of = (v: number): readonly Expression[] => (isOdd ? [] : [constant(v + 1)]);
  const variantSlot = plain({ lower: one, upper: constant(2) });
  const slotsOf = (indices: readonly Index[]): readonly Slot[] => [...(isOdd ? [] : [variantSlot]), ...indices.map((i) => plain(i.range))];
  const isUpper = upperRows({ program, preparation, freshName, move, number, bit });
  const at = [...used, own].map(indexValue);
  const places = sites.map(indexValue);
  const count = build.add(build.sub(bit.range.upper, bit.range.lower), one);

  const update = (builder: ProcedureBuilder): void => {
    builder.declare({ name: changes, role: "temporary", status: "thermal", slots: slotsOf([...used, own]) });
    const add = (target: string, subscripts: readonly Expression[], indices: readonly Index[], value: Expression, conditions: readonly Expression[] = []): void =>
      builder.add({ name: target, subscripts, indices, conditions }, builder.liftReductions(value, [], indices));
    for (const v of variants) add(changes, [...of(v), ...at], [...used, own], build.sub(placed(build.sub(tables[v]![1]!, tables[v]![0]!)), read(weights, [...of(v), ...at])));
    const unused = sites.filter((i) => !used.includes(i));
    for (const v of variants) {
      const change = read(changes, [...of(v), ...at]);
      add(sums, [...of(v), ...places], [...used, own, ...unused], build.mul(change, read(isUpper.name, [indexValue(own), ...isUpper.axes.map((k) => places[k]!)])), [build.ne(change, zero)]);
      add(weights, [...of(v), ...at], [...used, own], change);
    }
    for (const v of [0, 1] as const) add(totals, [constant(v + 1), ...used.map(indexValue)], [...used, own], lower(v, used.map(indexValue), indexValue(own)));
  };
  const isSecond = build.eq(move.entry, constant(pair[1]));
  const sum = read(sums, [...(isOdd ? [] : [build.add(one, isSecond)]), ...move.site]);
  return {
    after: build.add(read(totals, [build.add(one, isSecond), ...axes.map((k) => move.site[k]!)]), isOdd ? build.mul(sum, build.sub(one, build.mul(constant(2), isSecond))) : sum),
    arrays: [{ name: weights, slots: slotsOf([...used, own]) }, { name: sums, slots: slotsOf(sites) }],
    bounds: new Map([[weights, one], [changes, constant(2)], [sums, simplify(count)]]),
    totals: { name: totals, slots: [variantSlot, ...used.map((i) => plain(i.range))] },
    update,
  };
}

/** Whether the number has its upper value, in rows along the sites. */
function upperRows({ program, preparation, freshName, move, number, bit }: Pick<CountForm, "program" | "preparation" | "freshName" | "move" | "number" | "bit">): { readonly name: string; readonly axes: readonly number[] } {
  const axes = move.site.flatMap((s, k) => (number.subscripts.includes(s) ? [k] : []));
  const own = freshIndex(bit.name, bit.range);
  const sites = axes.map((k) => freshIndex(`i${k + 1}`, move.slots[k]!.range));
  const at = new Map<Expression, Expression>([[indexValue(bit), indexValue(own)], ...axes.map((k, n): [Expression, Expression] => [move.site[k]!, indexValue(sites[n]!)])]);
  const indices = [own, ...sites];
  const key = `upper values of ${number.array} by ${number.subscripts.map((s) => (s.kind === "constant" ? s.value : [...at.keys()].indexOf(s))).join()}`;
  const name = preparation.hoist(key, indices.map((i) => plain(i.range)), `upper_of_${number.array}`, freshName,
    (b, array) => { materialise(b, { name: array, subscripts: indices.map(indexValue), indices, conditions: [] }, build.eq(read(number.array, number.subscripts.map((s) => at.get(s) ?? s)), constant(finiteValues(program, number)![1]!))); },
    `Whether an entry of ${number.array} has the upper one of its two values, in rows along the sites of moves, once after the draw.`);
  return { name, axes };
}

/**
 * Text of an expression in which indices bear given names: equal texts mean equal expressions up to renaming of the bound
 * indices and the order of the arguments of commutative operators. Used to recognise what can be shared or interchanged.
 */
import { identity, type Expression, type Index, type Range } from "../ir/expression.ts";
import type { OperatorName } from "../library/ops/index.ts";

const commutative: ReadonlySet<OperatorName> = new Set<OperatorName>(["add", "mul", "eq", "ne", "min2", "max2", "and", "or"]);

/** A range as text; two indices with equal texts run over the same values. */
export const rangeText = (range: Range): string => `${identity(range.lower)}:${identity(range.upper)}`;

/** `names` must hold every free index. */
export function structureText(e: Expression, names: ReadonlyMap<Index, string>): string {
  const go = (x: Expression): string => structureText(x, names);
  switch (e.kind) {
    case "constant": return String(e.value);
    case "parameter": return `$${e.name}`;
    case "index": {
      const name = names.get(e.index);
      if (name === undefined) throw new Error(`internal: the index ${e.index.name} has no name`);
      return name;
    }
    case "read": return `${e.array}[${e.subscripts.map(go).join()}]`;
    case "apply": {
      const texts = e.arguments.map(go);
      return `${e.operator}(${(commutative.has(e.operator) ? texts.sort() : texts).join()})`;
    }
    case "reduce": {
      const inner = new Map(names);
      for (const index of e.indices) inner.set(index, `b${inner.size}:${rangeText(index.range)}`);
      return `${e.combine}{${e.indices.map((i) => inner.get(i)).join()}|${structureText(e.where, inner)}}(${structureText(e.body, inner)})`;
    }
  }
}

/** Expressions as a message writes them: in the language's own notation. */
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import type { Expression } from "../../grammar/ast.ts";
import { ops } from "../library/ops/index.ts";
import type { CheckedExpression } from "./tree.ts";

const strength: Readonly<Record<string, number>> = { "+": 1, "-": 1, "*": 2, "/": 2, "^": 4 };

/** A checked size or subscript: `N - 1`, `round(alpha * N)`, `i + 1`. */
export function expressionText(e: CheckedExpression, outer = 0): string {
  switch (e.kind) {
    case "constant": return String(e.value);
    case "parameter": case "size": case "name": return e.symbol.name;
    case "index": return e.index.name;
    case "element": return `${expressionText(e.array, 9)}[${e.subscripts.map((s) => expressionText(s)).join(",")}]`;
    case "inline": return `${e.function.name}(…)`;
    case "library": return `${nameOfKey(e.function)}(${e.arguments.map((a) => expressionText(a)).join(", ")})`;
    case "reduce": case "reduceArray": return `${e.reduction}(…)`;
    case "with": return `${expressionText(e.object, 9)} with …`;
    case "replica": return `${expressionText(e.object, 9)}@${e.replica}`;
    case "slice": case "opaque": return "…";
    case "apply": {
      const { syntax } = ops[e.operator];
      const [x, y] = e.arguments;
      if (syntax.infix !== undefined && x && y) {
        const mine = strength[syntax.infix] ?? 0;
        const text = `${expressionText(x, mine)} ${syntax.infix} ${expressionText(y, mine + 0.5)}`;
        return mine < outer ? `(${text})` : text;
      }
      if (syntax.prefix !== undefined && x) return outer > 1 ? `(${syntax.prefix}${expressionText(x, 3)})` : `${syntax.prefix}${expressionText(x, 3)}`;
      return `${syntax.function ?? e.operator}(${e.arguments.map((a) => expressionText(a)).join(", ")})`;
    }
  }
}

/** `1..N` */
export const rangeText = (lower: CheckedExpression, upper: CheckedExpression): string => `${expressionText(lower, 1)}..${expressionText(upper, 1)}`;

/** The direct subexpressions of a syntax tree, bodies and ranges of binders included. */
export function syntaxChildren(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case "number": case "string": case "name": return [];
    case "tuple": case "list": return e.entries;
    case "unary": return [e.operand];
    case "binary": return [e.left, e.right];
    case "compare": return e.operands;
    case "conditional": return [e.condition, e.then, e.otherwise];
    case "reduction": return [...e.binders.flatMap((b) => (b.range ? [b.range] : [])), e.body];
    case "call": return e.arguments.map((a) => a.value);
    case "member": return [e.object, ...(e.arguments ?? []).map((a) => a.value)];
    case "subscript": return [e.object, ...e.subscripts.filter((s) => s.kind !== "slice")];
    case "replica": return [e.object];
    case "at": return [e.object, ...e.arguments.map((a) => a.value)];
    case "with": return [e.object, ...e.replacements.flatMap((r) => (r.kind === "assign" ? [r.value] : r.arguments.map((a) => a.value)))];
    case "schedule": return [e.from, e.to];
    case "range": return [e.from, e.to, ...(e.by ? [e.by] : [])];
  }
}

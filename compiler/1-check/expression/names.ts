/** Literals, constants, indices and names. */
import type { NameExpression, NumberLiteral, StringLiteral } from "../../../grammar/ast.ts";
import { isBuiltIn } from "../builtIns.ts";
import { nearest } from "../../../grammar/nearest.ts";
import { constantNode, unknownNode } from "../build.ts";
import { typeOf } from "../symbols.ts";
import type { CheckedExpression } from "../tree.ts";
import { scalar } from "../types.ts";
import type { ExpressionChecker } from "./checker.ts";

/** `pi` and `inf`: names that every expression knows and that nothing may redefine. */
export const constants: Readonly<Record<string, number>> = { pi: Math.PI, inf: Infinity };

const isIntegerLiteral = (e: NumberLiteral): boolean => Number.isInteger(e.value) && !e.text.includes(".");

export function checkLiteral(e: NumberLiteral | StringLiteral): CheckedExpression {
  if (e.kind === "number") return constantNode(e.value, e.span, isIntegerLiteral(e) ? "integer" : "real");
  return { kind: "opaque", type: { kind: "text" }, status: "parameter", span: e.span };
}

export function checkName(c: ExpressionChecker, e: NameExpression): CheckedExpression {
  const { name, span } = e;
  const index = c.indices.get(name);
  if (index) {
    index.used = true;
    return { kind: "index", index, type: scalar("integer"), status: "parameter", span };
  }
  const constant = constants[name];
  if (constant !== undefined) return constantNode(constant, span, "real");
  const symbol = c.names.lookup(name);
  if (!symbol) {
    reportUnknown(c, e);
    return unknownNode(span);
  }
  switch (symbol.kind) {
    case "parameter": return { kind: "parameter", symbol, type: typeOf(symbol), status: "parameter", span };
    case "size": return { kind: "size", symbol, type: typeOf(symbol), status: "parameter", span };
    case "graph": case "array": {
      c.names.resolve(symbol, span);
      return { kind: "name", symbol, type: typeOf(symbol), status: symbol.kind === "array" ? symbol.status : "quenched", span, ...(symbol.kind === "array" && symbol.values ? { values: symbol.values } : {}) };
    }
  }
}

function reportUnknown(c: ExpressionChecker, { name, span }: NameExpression): void {
  if (c.names.excused(name, "name")) return;
  const reduction = c.boundSomewhere.get(name);
  if (reduction?.kind === "reduction") {
    c.report.error(
      "Q203", `index \`${name}\` is used outside the ${reduction.name.name} that binds it`,
      [{ span, message: "not bound here" }, { span: { start: reduction.span.start, end: reduction.span.end }, message: `the body of this ${reduction.name.name} ends here` }],
      `a longer body needs parentheses: \`${reduction.name.name}(${name}) (… + …)\``,
    );
    return;
  }
  if (isBuiltIn(name) || c.names.functionNames().includes(name)) {
    c.report.error("Q200", `\`${name}\` is a function: it needs arguments, \`${name}(…)\``, span);
    return;
  }
  const where = c.names.kind === "fn" ? " in this function: a `fn` reads its own parameters only" : "";
  const near = nearest(name, [...c.names.names(), ...c.indices.keys(), ...Object.keys(constants)]);
  const help = near ? `did you mean \`${near}\`?` : c.names.kind === "fn" ? `make it a parameter: \`fn …(…, ${name})\`` : undefined;
  c.report.error("Q200", `unknown name \`${name}\`${where}`, span, help, { name });
}

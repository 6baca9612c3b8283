/** Literals, constants, indices and names. */
import { isExtensionName } from "../../library/extensionNames.ts";
import type { NameExpression, NumberLiteral, StringLiteral } from "../../../grammar/ast.ts";
import { isBuiltIn } from "../builtIns.ts";
import { elsewhere } from "../elsewhere.ts";
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

/** A name that nothing declares; `subscripts`: how many it is read with. */
export function reportUnknown(c: ExpressionChecker, { name, span }: NameExpression, subscripts = 0): void {
  // The names of slots, and letters that are nothing else.
  const isIndex = subscripts === 0 && c.inSubscript > 0;
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
  if (c.declaredSlots.has(name)) {
    c.report.error("Q200", `the index \`${name}\` isn't known here: all entries have the same domain`, span, "a bound that differs is a `constraint`, or a scale in the energy", { name });
    return;
  }
  if (isBuiltIn(name) || c.names.functionNames().includes(name) || isExtensionName(c.names.extensions, name)) {
    c.report.error("Q200", `\`${name}\` is a function: it needs arguments, \`${name}(…)\``, span);
    return;
  }
  const where = c.names.kind === "fn" ? " in this function: a `fn` reads its own parameters only" : "";
  c.report.errorOnce(c.names, "Q200", `unknown name \`${name}\`${where}`, span, isIndex ? `nothing binds this index, and nothing is summed by itself: \`sum(${name}) …\`` : helpForUnknown(c, name, subscripts), { name });
}

function helpForUnknown(c: ExpressionChecker, name: string, subscripts: number): string {
  const isArray = (candidate: string): boolean => {
    const symbol = c.names.lookup(candidate);
    return symbol?.kind === "array" && (symbol.target.slots?.length ?? 0) > 0;
  };
  const copy = /^(.+?)_?([1-9])$/.exec(name);
  if (copy && c.names.states().some((s) => s.name === copy[1])) return `an independent copy of the state is \`${copy[1]}@${copy[2]}\``;
  const near = nearest(name, [...c.names.names(), ...(subscripts > 0 ? [] : [...c.indices.keys(), ...Object.keys(constants)])].filter((candidate) => subscripts === 0 || isArray(candidate)));
  if (near) return `did you mean \`${near}\`?`;
  if (c.names.kind === "fn") return `make it a parameter: \`fn …(…, ${name})\``;
  const known = elsewhere("name", name);
  if (known !== undefined) return known;
  const size = c.names.names().find((n) => { const s = c.names.lookup(n); return s?.kind === "size" || (s?.kind === "parameter" && s.number === "integer"); }) ?? "N";
  const slots = ["i", "j", "k", "l"].slice(0, subscripts).map((index) => `${index} in ${size}`).join(", ");
  if (subscripts === 0) return `declare it: as a parameter in the head of the model, \`${name} = 1\`, or by \`let ${name} = …\``;
  const drawn = `\`ensemble ${name}[${slots}] ~ Normal(0, var = 1)\``;
  return c.names.states().length === 0 ? `declare it: \`state ${name}[${slots}] : spin\`, or ${drawn}` : `declare it: ${drawn}, \`let ${name}[${slots}] = …\` or \`state ${name}[${slots}] : spin\``;
}

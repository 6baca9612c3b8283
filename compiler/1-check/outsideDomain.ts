/** Whether what a state begins with has values that its domain doesn't have, as far as that is known before anything is drawn. */
import type { DomainRecord } from "../library/domains/index.ts";
import { domains } from "../library/domains/index.ts";
import { addPolynomials, constantPolynomial, constantValue, polynomialOf } from "./sizes.ts";
import type { ArraySymbol } from "./symbols.ts";
import { expressionText } from "./text.ts";
import type { CheckedExpression } from "./tree.ts";

/** What cannot stand there: its place, and why in words. */
export interface OutsideDomain { readonly part: CheckedExpression; readonly why: string }

export function outsideDomain(symbol: ArraySymbol, e: CheckedExpression): OutsideDomain | undefined {
  if (symbol.domain === undefined) return undefined;
  if (e.kind === "apply" && e.operator === "select") {
    return outsideDomain(symbol, e.arguments[1]!) ?? outsideDomain(symbol, e.arguments[2]!);
  }
  const record: DomainRecord = domains[symbol.domain];
  const domain = domainText(symbol);
  const drawn = record.continuous ? undefined : realEnsemble(e);
  if (drawn) return { part: e, why: `\`${drawn.name}\` holds real numbers, and \`${symbol.name}\` values of \`${domain}\`` };
  const value = polynomialOf(e);
  const known = constantValue(value);
  const from = (limit: number | CheckedExpression): number | undefined =>
    constantValue(addPolynomials(value, typeof limit === "number" ? constantPolynomial(limit) : polynomialOf(limit), -1));
  const [lower, upper] = symbol.values ? [symbol.values.lower, symbol.values.upper] : symbol.domain === "interval" ? symbol.domainArguments ?? [] : [];
  const outside =
    record.pair !== undefined ? known !== undefined && !record.pair.includes(known)
    : (!record.continuous && known !== undefined && !Number.isInteger(known)) || (lower !== undefined && (from(lower) ?? 0) < 0) || (upper !== undefined && (from(upper) ?? 0) > 0);
  return outside ? { part: e, why: `\`${expressionText(e)}\` is no value of \`${domain}\`` } : undefined;
}

/** `potts(3)` */
export const domainText = ({ domain, domainArguments = [] }: ArraySymbol): string =>
  domainArguments.length === 0 ? `${domain}` : `${domain}(${domainArguments.map((a) => expressionText(a)).join(", ")})`;

/** Its values in words, as the table of domains says them with the arguments in their places. */
export function valuesOf({ domain, domainArguments = [] }: ArraySymbol): string {
  if (domain === undefined) return "";
  const { doc, parameters }: DomainRecord = domains[domain];
  const words = parameters.reduce((text, { name }, k) => text.replace(new RegExp(`\\b${name}(?![a-z])`), domainArguments[k] ? expressionText(domainArguments[k]) : name), doc);
  return words.charAt(0).toLowerCase() + words.slice(1).replace(/\.$/, "");
}

/** The ensemble of real numbers that an expression reads an entry of. */
function realEnsemble(e: CheckedExpression): ArraySymbol | undefined {
  if (e.kind === "element" || e.kind === "slice") return realEnsemble(e.array);
  return e.kind === "name" && e.symbol.kind === "array" && e.symbol.role === "ensemble" && e.symbol.element === "real" ? e.symbol : undefined;
}

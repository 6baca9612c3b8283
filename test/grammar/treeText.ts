/** Syntax trees as text for golden files: expressions fully parenthesised, everything else as `kind{field: value}`. */
import type { Argument, Binder, Expression, Replacement } from "../../grammar/ast.ts";

const isRecord = (value: unknown): value is Record<string, unknown> & { kind?: string } => typeof value === "object" && value !== null;

const expressionKinds: ReadonlySet<string> = new Set([
  "number", "string", "name", "tuple", "list", "unary", "binary", "compare", "conditional", "reduction", "call", "member", "subscript", "replica", "at", "with", "schedule", "range",
]);

/** The text of any node; written without the printer, so that the printer can be held to it. */
export function treeText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(treeText).join("; ")}]`;
  if (!isRecord(value)) return String(value);
  const { kind } = value;
  if (kind === "identifier") return value["name"] as string;
  if (kind === "chain" || kind === "edge") return binder(value as unknown as Binder);
  if (kind === "argument") return argument(value as unknown as Argument);
  // A member of `startValue` or `state` is called `value` or `draw`, and has an expression; a number has the kind too.
  if (kind !== undefined && expressionKinds.has(kind)) return expression(value as unknown as Expression);
  const fields = Object.entries(value).filter(([key]) => key !== "kind" && key !== "span" && key !== "comments");
  return `${kind ?? ""}{${fields.map(([key, entry]) => `${key}: ${treeText(entry)}`).join(", ")}}`;
}

const all = (values: readonly unknown[]): string => values.map(treeText).join(", ");

function expression(e: Expression): string {
  switch (e.kind) {
    case "number": return e.text;
    case "string": return JSON.stringify(e.value);
    case "name": return e.name;
    case "tuple": return `tuple(${all(e.entries)})`;
    case "list": return `list(${all(e.entries)})`;
    case "unary": return `(${e.operator} ${treeText(e.operand)})`;
    case "binary": return `(${treeText(e.left)} ${e.operator} ${treeText(e.right)})`;
    case "compare": return `(${e.operands.map((operand, i) => (i === 0 ? "" : ` ${e.operators[i - 1]} `) + treeText(operand)).join("")})`;
    case "conditional": return `(if ${treeText(e.condition)} then ${treeText(e.then)} else ${treeText(e.otherwise)})`;
    case "reduction": return `${e.name.name}<${all(e.binders)}>{${treeText(e.body)}}`;
    case "call": return `${e.callee.name}(${all(e.arguments)})`;
    case "member": return `${treeText(e.object)}.${e.name.name}${e.arguments ? `(${all(e.arguments)})` : ""}`;
    case "subscript": return `${treeText(e.object)}[${e.subscripts.map((each) => (each.kind === "slice" ? ":" : treeText(each))).join(", ")}]`;
    case "replica": return `${treeText(e.object)}@${e.replica.name}`;
    case "at": return `(${treeText(e.object)} AT ${all(e.arguments)})`;
    case "with": return `(${treeText(e.object)} WITH ${e.replacements.map(replacement).join(" & ")})`;
    case "schedule": return `(${treeText(e.from)} -> ${treeText(e.to)}${e.shape ? ` ${e.shape.name}` : ""})`;
    case "range": return `(${treeText(e.from)} .. ${treeText(e.to)}${e.by ? ` by ${treeText(e.by)}` : ""})`;
  }
}

const argument = (e: Argument): string => (e.name ? `${e.name.name} = ` : "") + treeText(e.value);

function replacement(e: Replacement): string {
  return e.kind === "fresh" ? `fresh(${all(e.arguments)})` : `${e.targets.map((target) => target.name).join(",")} := ${treeText(e.value)}`;
}

function binder(e: Binder): string {
  const names = e.names.map((name) => name.name);
  if (e.kind === "edge") return `edge(${names.join(",")}) in ${treeText(e.range)}`;
  return names.map((name, i) => (i === 0 ? "" : ` ${e.relations[i - 1]} `) + name).join("") + (e.range ? ` in ${treeText(e.range)}` : "") + (e.periodic ? " periodic" : "");
}

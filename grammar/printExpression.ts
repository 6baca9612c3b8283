/**
 * Expressions → text, with the fewest parentheses that read back as the same tree, in the style of the specs: products
 * are spaced, but tight within a sum (`1 + 4*x`), below a fraction bar of a number (`1/d`), in subscripts and ranges.
 */
import type { Argument, Binder, Expression, Replacement, Slice } from "./ast.ts";
import { Level, operatorLevel, tighter } from "./precedence.ts";
import { factorReductions, isReductionName } from "./words.ts";

/** The loosest form that an expression prints as. */
function levelOf(e: Expression): Level {
  switch (e.kind) {
    case "schedule":
    case "range": return Level.schedule;
    case "conditional": return Level.conditional;
    case "binary": return operatorLevel[e.operator];
    case "compare": return Level.compare;
    case "at":
    case "with": return Level.applied;
    case "unary": return e.operator === "not" ? Level.not : Level.prefix;
    // An open `if` at the end takes everything that follows.
    case "reduction": return endsInConditional(e) ? Level.conditional : Level.prefix;
    default: return Level.postfix;
  }
}

const endsInConditional = (e: Expression): boolean => e.kind === "conditional" || (e.kind === "reduction" && endsInConditional(e.body));

/** Whether a `*` behind it would be taken into the body of a reduction. */
function takesProducts(e: Expression): boolean {
  if (e.kind === "reduction") return !factorReductions.has(e.name.name) || (e.body.kind === "reduction" && takesProducts(e.body));
  if (e.kind === "unary") return takesProducts(e.operand);
  return e.kind === "binary" && operatorLevel[e.operator] === Level.product && takesProducts(e.right);
}

/** Whether it may end with a call such as `max(a, b)`, which a name or bracket behind it would turn into a reduction. */
function endsInReductionCall(e: Expression): boolean {
  switch (e.kind) {
    case "call": return isReductionName(e.callee.name);
    case "binary": return endsInReductionCall(e.right);
    case "unary": return endsInReductionCall(e.operand);
    case "reduction": return endsInReductionCall(e.body);
    case "compare": return endsInReductionCall(e.operands.at(-1)!);
    case "conditional": return endsInReductionCall(e.otherwise);
    case "with": {
      const last = e.replacements.at(-1)!;
      return e.replacements.length === 1 && last.kind === "assign" && endsInReductionCall(last.value);
    }
    default: return false;
  }
}

const hasReduction = (e: Expression): boolean =>
  e.kind === "reduction" || (e.kind === "unary" && hasReduction(e.operand)) || (e.kind === "binary" && operatorLevel[e.operator] >= Level.product && (hasReduction(e.left) || hasReduction(e.right)));

/** Spaces around arithmetic: everywhere, none around `*` and `/`, none. */
type Style = "spaced" | "close" | "tight";

/** Prints an expression; `min` is the loosest level that needs no parentheses. */
export function printExpression(e: Expression, min: Level = Level.schedule, style: Style = "spaced"): string {
  if (levelOf(e) < min) return `(${printExpression(e, Level.schedule, style === "close" ? "spaced" : style)})`;
  switch (e.kind) {
    case "number": return e.text;
    case "string": return `"${e.value}"`;
    case "name": return e.name;
    case "tuple": return `(${list(e.entries)})`;
    case "list": return `[${list(e.entries)}]`;
    case "unary": return unary(e, style);
    case "binary": return binary(e, style);
    case "compare": return e.operands.map((operand, i) => (i === 0 ? "" : ` ${e.operators[i - 1]} `) + printExpression(operand, Level.applied, style)).join("");
    case "conditional":
      return `if ${printExpression(e.condition, Level.or)} then ${printExpression(e.then, Level.or)} else ${printExpression(e.otherwise, Level.conditional)}`;
    case "reduction": return `${e.name.name}(${printBinders(e.binders)}) ${body(e.body, factorReductions.has(e.name.name) ? Level.power : Level.product, style)}`;
    case "call": return `${e.callee.name}(${printArguments(e.arguments)})`;
    case "member": return `${place(e.object)}.${e.name.name}${e.arguments ? `(${printArguments(e.arguments)})` : ""}`;
    case "subscript": return `${subscripted(e.object)}[${e.subscripts.map(subscript).join(",")}]`;
    case "replica": return `${place(e.object)}@${e.replica.name}`;
    case "at": return `${printExpression(e.object, Level.applied, style)} at (${printArguments(e.arguments)})`;
    case "with": return `${printExpression(e.object, Level.applied, style)} with ${replacements(e.replacements)}`;
    case "schedule": {
      const to = printExpression(e.to, Level.conditional);
      const open = e.shape !== undefined && (endsInReductionCall(e.to) || endsInConditional(e.to));
      return `${printExpression(e.from, Level.conditional)} -> ${open ? `(${to})` : to}${e.shape ? ` ${e.shape.name}` : ""}`;
    }
    case "range": return printRange(e);
  }
}

const list = (entries: readonly Expression[]): string => entries.map((entry) => printExpression(entry)).join(", ");

function unary(e: Extract<Expression, { kind: "unary" }>, style: Style): string {
  if (e.operator === "not") return `not ${printExpression(e.operand, Level.not)}`;
  // `+-x` would be read as plus-minus, and `--x` as a slip.
  const signed = e.operand.kind === "unary";
  const operand = printExpression(e.operand, e.operand.kind === "reduction" && !endsInConditional(e.operand) ? Level.prefix : Level.power, style);
  return e.operator + (signed && !operand.startsWith("(") ? `(${operand})` : operand);
}

function binary(e: Extract<Expression, { kind: "binary" }>, style: Style): string {
  const level = operatorLevel[e.operator];
  if (e.operator === "^") return `${printExpression(e.left, Level.postfix)}^${exponent(e.right, style)}`;
  const product = level === Level.product;
  const arithmetic = level === Level.sum || product;
  const close = arithmetic && (style === "tight" || (product && (style === "close" || isFraction(e))));
  const inner = (part: Expression): Style => (style === "tight" ? style : level === Level.sum ? (isCloseProduct(part) ? "close" : "spaced") : style);
  const operand = (part: Expression, min: Level): string => printExpression(part, min, inner(part));
  let left = operand(e.left, level);
  if (product && takesProducts(e.left)) left = parenthesised(left);
  const right = operand(e.right, tighter(level));
  // `a+-b` would be read as plus-minus.
  return close && !/^[+-]/.test(right) ? `${left}${e.operator}${right}` : `${left} ${e.operator} ${right}`;
}

const parenthesised = (text: string): string => `(${text})`;

/** `1/d`, `-1/sqrt(h)`: a number above a single place. */
const isFraction = (e: Extract<Expression, { kind: "binary" }>): boolean =>
  e.operator === "/" && levelOf(e.right) === Level.postfix && (e.left.kind === "number" || (e.left.kind === "unary" && e.left.operand.kind === "number"));

/** A product within a sum stands close, unless it has a reduction, which reads over its whole length. */
const isCloseProduct = (e: Expression): boolean => e.kind === "binary" && operatorLevel[e.operator] === Level.product && !hasReduction(e);

function exponent(e: Expression, style: Style): string {
  if (e.kind === "unary" && e.operator !== "not") return e.operator + (e.operand.kind === "unary" ? `(${printExpression(e.operand)})` : printExpression(e.operand, Level.power, style));
  return printExpression(e, Level.power, style);
}

/** What `.name`, `[…]` and `@k` follow: a number or a text only in parentheses. */
function place(e: Expression): string {
  const text = printExpression(e, Level.postfix);
  return e.kind === "number" || e.kind === "string" ? `(${text})` : text;
}

function subscripted(e: Expression): string {
  const text = place(e);
  return e.kind === "call" && isReductionName(e.callee.name) ? `(${text})` : text;
}

function subscript(e: Expression | Slice): string {
  return e.kind === "slice" ? ":" : printExpression(e, Level.conditional, "tight");
}

/** A reduction's body; it may not begin with a sign, which would make the head a call. */
function body(e: Expression, min: Level, style: Style): string {
  if (e.kind === "conditional" || e.kind === "reduction") return printExpression(e, Level.conditional, style);
  const text = printExpression(e, min, style);
  return /^[+-]/.test(text) ? `(${text})` : text;
}

function replacements(all: readonly Replacement[]): string {
  const [only] = all;
  if (all.length === 1) return replacement(only!, Level.sum);
  return `(${all.map((each) => replacement(each, Level.conditional)).join(", ")})`;
}

function replacement(e: Replacement, min: Level): string {
  if (e.kind === "fresh") return `fresh(${printArguments(e.arguments)})`;
  const targets = e.targets.map((target) => target.name);
  return `${targets.length === 1 ? targets[0] : `(${targets.join(", ")})`} = ${printExpression(e.value, min)}`;
}

/** The arguments of a call, without its parentheses. */
export function printArguments(all: readonly Argument[]): string {
  return all.map((each) => (each.name ? `${each.name.name} = ` : "") + printExpression(each.value)).join(", ");
}

/** Index declarations, without brackets around them. */
export function printBinders(all: readonly Binder[]): string {
  return all.map(binder).join(", ");
}

function binder(e: Binder): string {
  if (e.kind === "edge") return `(${e.names.map((name) => name.name).join(", ")}) in ${printRange(e.range)}`;
  const names = e.names.map((name, i) => (i === 0 ? "" : ` ${e.relations[i - 1]} `) + name.name).join("");
  const range = e.range ? ` in ${printRange(e.range, e.periodic)}` : "";
  return `${names}${range}${e.periodic ? " periodic" : ""}`;
}

/** What stands behind `in`; `named` when a word follows that mustn't be read as the body of a reduction. */
export function printRange(e: Expression, named = false): string {
  if (e.kind === "range") {
    const to = printExpression(e.to, Level.sum, "tight");
    return `${printExpression(e.from, Level.sum, "tight")}..${named && endsInReductionCall(e.to) ? `(${to})` : to}${e.by ? ` by ${printExpression(e.by, Level.sum)}` : ""}`;
  }
  const text = printExpression(e, Level.sum);
  return named && endsInReductionCall(e) ? `(${text})` : text;
}

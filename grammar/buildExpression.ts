/**
 * Concrete tree → expressions. The grammar reads operands and operators in turn; `fold` nests them by the levels of
 * `precedence` and names the parentheses that are missing where a form binds too loosely for its place.
 */
import type { CstNode, IToken } from "chevrotain";
import type {
  Argument, BinaryOperator, Binder, CompareOperator, Expression, Identifier, RangeExpression, Replacement, ScheduleExpression, Slice,
} from "./ast.ts";
import { nestingLimit } from "./brackets.ts";
import { has, node, nodes, placeOf, token, tokens } from "./cst.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { isCompare, Level, operatorLevel, tighter } from "./precedence.ts";
import { reservedName } from "./reservedName.ts";
import { cover } from "./span.ts";
import type { Span } from "./span.ts";
import { syntaxError } from "./syntaxError.ts";
import { spanOf } from "./token.ts";
import * as t from "./tokens.ts";
import { keyword } from "./tokens.ts";
import { factorReductions, isReserved } from "./words.ts";

/** How many operators one expression may chain: each deepens the tree by one. */
export const chainLimit = 1000;

/** The operators that remain to be folded. */
interface Chain {
  readonly links: readonly CstNode[];
  next: number;
}

/** One spelling for one name: composed characters, and the micro sign as the Greek letter that it looks like. */
export const canonicalName = (image: string): string => image.normalize("NFC").replaceAll("µ", "μ");

export const identifier = (at: IToken): Identifier => ({ kind: "identifier", name: canonicalName(at.image), span: spanOf(at) });

export const identifiers = (names: CstNode): Identifier[] => tokens(names, t.Name).map(identifier);

export class ExpressionBuilder {
  readonly #text: string;
  protected readonly report: (diagnostic: Diagnostic) => void;

  constructor(text: string, report: (diagnostic: Diagnostic) => void) {
    this.#text = text;
    this.report = report;
  }

  /** An expression; `min` is the loosest level that may stand here without parentheses. */
  expression(at: CstNode, min: Level = Level.conditional): Expression {
    const links = nodes(at, "link");
    if (links.length > chainLimit) {
      this.report(syntaxError("Q115", "this expression is too long", [[placeOf(at), `${links.length} operators in one chain`]], { help: "name parts of it with `let`, or write a `sum`" }));
      return this.#fold({ links: [], next: 0 }, node(at, "operand"), 0, Level.conditional);
    }
    const chain: Chain = { links, next: 0 };
    const first = node(at, "operand");
    const tight = this.#fold(chain, first, 0, min);
    if (chain.next === links.length) return tight;
    this.#needsParentheses(placeOf(links[chain.next]!), linkName(links[chain.next]!), "here", placeOf(at));
    return this.#fold({ links, next: 0 }, first, 0, Level.conditional);
  }

  expressions(list: CstNode): Expression[] {
    return nodes(list, "expression").map((each) => this.expression(each));
  }

  /** `e` or `a..b`; the parts are arithmetic. */
  range(at: CstNode, by?: CstNode): Expression {
    const [from, to] = nodes(at, "expression").map((each) => this.expression(each, Level.sum));
    if (to === undefined) return from!;
    const step = by && this.expression(by, Level.sum);
    const range: RangeExpression = { kind: "range", from: from!, to, ...(step ? { by: step } : {}), span: step ? cover(from!.span, step.span) : cover(from!.span, to.span) };
    return range;
  }

  arguments(list: CstNode): Argument[] {
    const built = nodes(list, "argument").map((each) => this.#argument(each));
    const named = built.findIndex((each) => each.name !== undefined);
    const late = named < 0 ? undefined : built.slice(named).find((each) => each.name === undefined);
    if (late) {
      this.report(syntaxError("Q136", "a positional argument follows a named one", [[late.span, "has no name"], [built[named]!.span, "is named"]], {
        help: "put the arguments without names first",
      }));
    }
    return built;
  }

  binders(list: CstNode): Binder[] {
    return nodes(list, "binder").map((each) => this.#binder(each));
  }

  replica(at: CstNode): Identifier {
    const [name] = [...tokens(at, t.Name), ...tokens(at, t.NumberToken)];
    if (has(at, t.NumberToken) && !/^\d+$/.test(name!.image)) {
      this.report(syntaxError("Q141", "a copy has a whole number or a name", [[spanOf(name!), "not a whole number"]], { help: "write `w@1`, `w@2` or `w@ref`" }));
    }
    return identifier(name!);
  }

  #argument(at: CstNode): Argument {
    const span = placeOf(at);
    const [from, to] = nodes(at, "expression").map((each) => this.expression(each));
    const name = has(at, t.Name) ? { name: identifier(token(at, t.Name)) } : {};
    if (to === undefined) return { kind: "argument", ...name, value: from!, span };
    const [shape] = [...tokens(at, keyword.geometric), ...tokens(at, keyword.linear)];
    const value: ScheduleExpression = {
      kind: "schedule", from: from!, to, ...(shape ? { shape: identifier(shape) } : {}), span: { start: from!.span.start, end: span.end },
    };
    return { kind: "argument", ...name, value, span };
  }

  #binder(at: CstNode): Binder {
    const span = placeOf(at);
    const [edge] = nodes(at, "edgeBinder");
    if (edge) return { kind: "edge", names: identifiers(node(edge, "names")), range: this.range(node(edge, "range")), span };
    const chain = node(at, "chainBinder");
    const relations = [t.Less, t.LessEqual, t.NotEqual].flatMap((type) => tokens(chain, type)).sort((a, b) => a.startOffset - b.startOffset);
    const [range] = nodes(chain, "range");
    return {
      kind: "chain",
      names: identifiers(chain),
      relations: relations.map((each) => each.image as "<" | "<=" | "!="),
      ...(range ? { range: this.range(range) } : {}),
      periodic: has(chain, keyword.periodic),
      span,
    };
  }

  /** Reads an operand from its prefix number `skip` on, and every operator behind it that binds at least as tightly as `min`. */
  #fold(chain: Chain, operand: CstNode, skip: number, min: Level, exponent = false): Expression {
    const prefixes = nodes(operand, "prefix");
    if (skip === 0 && prefixes.length > nestingLimit) {
      this.report(syntaxError("Q115", "this expression nests too deeply", [[placeOf(operand), `${prefixes.length} prefixes`]], { help: "name a part of it with `let`" }));
      skip = prefixes.length;
    }
    let left = skip < prefixes.length ? this.#prefixed(chain, operand, skip, min, exponent) : this.#unprefixed(operand, min);
    let applied = false;
    for (;;) {
      const link = chain.links[chain.next];
      const level = link && linkLevel(link);
      if (link === undefined || level! < min) return left;
      const arithmetic = level! >= Level.sum;
      if (applied && arithmetic) left = this.#continued(chain, left, link);
      else if (level === Level.compare) left = this.#compared(chain, left);
      else if (level === Level.applied) left = this.#applied(chain, left, link);
      else {
        chain.next += 1;
        const operator = operatorOf(link);
        // Powers nest to the right, everything else to the left.
        const power = operator === "^";
        const right = this.#fold(chain, node(link, "operand"), 0, power ? Level.power : tighter(level!), power);
        left = { kind: "binary", operator, left, right, span: cover(left.span, right.span) };
      }
      // An assignment's value takes the arithmetic behind it, so only a closed form can be followed by more.
      applied = level === Level.applied;
    }
  }

  #prefixed(chain: Chain, operand: CstNode, skip: number, min: Level, exponent: boolean): Expression {
    const prefix = nodes(operand, "prefix")[skip]!;
    const { start } = placeOf(prefix);
    const [sign] = tokens(prefix, t.Sign);
    if (sign) {
      const inner = this.#fold(chain, operand, skip + 1, Level.power, exponent);
      return { kind: "unary", operator: sign.image as "+" | "-", operand: inner, span: { start, end: inner.span.end } };
    }
    if (has(prefix, keyword.not)) {
      const nested = skip > 0 && has(nodes(operand, "prefix")[skip - 1]!, keyword.not);
      if (min > Level.not && !nested) this.#needsParentheses(placeOf(prefix), "`not`", "inside of a tighter operator", placeOf(operand));
      const inner = this.#fold(chain, operand, skip + 1, Level.not);
      return { kind: "unary", operator: "not", operand: inner, span: { start, end: inner.span.end } };
    }
    const name = identifier(token(prefix, t.ReductionName));
    if (exponent) this.#needsParentheses(placeOf(prefix), `the reduction \`${name.name}\``, "in an exponent", placeOf(operand));
    const binders = this.binders(node(prefix, "binders"));
    const conditional = skip + 1 === nodes(operand, "prefix").length ? nodes(operand, "conditional")[0] : undefined;
    const body = conditional ? this.#conditional(conditional) : this.#fold(chain, operand, skip + 1, factorReductions.has(name.name) ? Level.power : Level.product);
    return { kind: "reduction", name, binders, body, span: { start, end: body.span.end } };
  }

  #unprefixed(operand: CstNode, min: Level): Expression {
    const [conditional] = nodes(operand, "conditional");
    if (conditional) {
      if (min > Level.conditional) this.#needsParentheses({ ...placeOf(conditional), end: placeOf(conditional).start + 2 }, "`if`", "inside of an operator", placeOf(conditional));
      return this.#conditional(conditional);
    }
    const [number] = tokens(operand, t.NumberToken);
    if (number) return this.#number(number);
    const [text] = tokens(operand, t.Text);
    if (text) return { kind: "string", value: text.image.slice(1, -1), span: spanOf(text) };
    return this.#place(node(operand, "place"));
  }

  #conditional(at: CstNode): Expression {
    const [condition, then, otherwise] = nodes(at, "expression").map((each) => this.expression(each));
    return { kind: "conditional", condition: condition!, then: then!, otherwise: otherwise!, span: placeOf(at) };
  }

  #number(at: IToken): Expression {
    const value = Number(at.image);
    if (!Number.isFinite(value)) {
      this.report(syntaxError("Q109", `\`${at.image}\` is larger than any number`, [[spanOf(at), "above 1.8e308"]], { help: "write `inf` for infinity" }));
    }
    return { kind: "number", value, text: at.image, span: spanOf(at) };
  }

  #place(at: CstNode): Expression {
    let result = this.#head(at);
    const { start } = result.span;
    const postfixes = nodes(at, "postfix");
    if (postfixes.length > nestingLimit) {
      this.report(syntaxError("Q115", "this expression nests too deeply", [[placeOf(at), `${postfixes.length} times \`.name\`, \`[…]\` or \`@k\``]], { help: "name a part of it with `let`" }));
      return result;
    }
    for (const postfix of postfixes) {
      const span: Span = { start, end: placeOf(postfix).end };
      const object = result;
      if (has(postfix, t.LeftBracket)) result = { kind: "subscript", object, subscripts: nodes(postfix, "subscript").map((each) => this.#subscript(each)), span };
      else if (has(postfix, t.At)) result = { kind: "replica", object, replica: this.replica(node(postfix, "replica")), span };
      else {
        const [list] = nodes(postfix, "arguments");
        result = { kind: "member", object, name: identifier(token(postfix, t.Name)), ...(list ? { arguments: this.arguments(list) } : {}), span };
      }
    }
    return result;
  }

  #head(at: CstNode): Expression {
    const [name] = tokens(at, t.Name);
    if (name) {
      const [list] = nodes(at, "arguments");
      const callee = identifier(name);
      return list
        ? { kind: "call", callee, arguments: this.arguments(list), span: { start: callee.span.start, end: placeOf(list).end } }
        : { kind: "name", name: callee.name, span: callee.span };
    }
    const [group] = nodes(at, "group");
    if (group) {
      const entries = this.expressions(node(group, "expressions"));
      // The place of what stands in parentheses contains them: the place of a sum around it must.
      return entries.length === 1 ? { ...entries[0]!, span: placeOf(group) } : { kind: "tuple", entries, span: placeOf(group) };
    }
    const list = node(at, "list");
    return { kind: "list", entries: this.expressions(list), span: placeOf(list) };
  }

  #subscript(at: CstNode): Expression | Slice {
    return has(at, t.Colon) ? { kind: "slice", span: placeOf(at) } : this.expression(node(at, "expression"));
  }

  /** `a < b < c` is one comparison of three. */
  #compared(chain: Chain, first: Expression): Expression {
    const operands = [first];
    const operators: CompareOperator[] = [];
    for (let link = chain.links[chain.next]; link && linkLevel(link) === Level.compare; link = chain.links[chain.next]) {
      chain.next += 1;
      operators.push(operatorOf(link) as unknown as CompareOperator);
      operands.push(this.#fold(chain, node(link, "operand"), 0, tighter(Level.compare)));
    }
    return { kind: "compare", operands, operators, span: cover(first.span, operands.at(-1)!.span) };
  }

  #applied(chain: Chain, object: Expression, link: CstNode): Expression {
    chain.next += 1;
    if (has(link, keyword.at)) {
      const list = node(link, "arguments");
      return { kind: "at", object, arguments: this.arguments(list), span: cover(object.span, placeOf(list)) };
    }
    const replacement = node(link, "replacement");
    const [targets] = nodes(replacement, "targets");
    if (targets === undefined) {
      const listed = nodes(replacement, "listedReplacement");
      const replacements = (listed.length > 0 ? listed : [replacement]).map((each) => this.#closedReplacement(each));
      return { kind: "with", object, replacements, span: cover(object.span, placeOf(replacement)) };
    }
    const value = this.#fold(chain, node(replacement, "operand"), 0, Level.sum);
    const assign: Replacement = { kind: "assign", targets: this.#targets(targets), value, span: cover(placeOf(targets), value.span) };
    return { kind: "with", object, replacements: [assign], span: cover(object.span, value.span) };
  }

  #closedReplacement(at: CstNode): Replacement {
    const [fresh] = nodes(at, "fresh");
    if (fresh) return { kind: "fresh", arguments: this.arguments(node(fresh, "arguments")), span: placeOf(fresh) };
    return { kind: "assign", targets: this.#targets(node(at, "targets")), value: this.expression(node(at, "expression")), span: placeOf(at) };
  }

  #targets(at: CstNode): Identifier[] {
    const list = nodes(at, "names")[0] ?? at;
    // Before a `=` in parentheses the lexer takes every word for a name, as in a call.
    for (const name of tokens(list, t.Name)) if (isReserved(name.image)) this.report(reservedName(name));
    return identifiers(list);
  }

  /** Arithmetic behind `at (…)` or `with …`: reported with the parentheses that it needs, and read as though they were there. */
  #continued(chain: Chain, left: Expression, link: CstNode): Expression {
    const operator = operatorOf(link);
    chain.next += 1;
    const right = this.#fold(chain, node(link, "operand"), 0, Level.applied);
    const quote = (part: Expression): string => {
      const text = this.#text.slice(part.span.start, part.span.end).replaceAll(/\s+/g, " ");
      return (part.kind === "at" || part.kind === "with") && !isGrouped(text) ? `(${text})` : text;
    };
    const word = left.kind === "at" ? "at (…)" : "with …";
    const whole = `${quote(left)} ${operator} ${quote(right)}`;
    this.report(syntaxError("Q133", `arithmetic doesn't continue after \`${word}\``, [
      [{ start: placeOf(link).start, end: placeOf(link).start + operator.length }, "not allowed here"],
      [left.span, `\`${left.kind}\` applies to all of the arithmetic on its left`],
    ], { help: whole.length <= 160 ? `write \`${whole}\`` : `put the part with \`${left.kind}\` in parentheses` }));
    return { kind: "binary", operator, left, right, span: cover(left.span, right.span) };
  }

  #needsParentheses(at: Span, what: string, where: string, whole: Span): void {
    const text = this.#text.slice(whole.start, whole.end).replaceAll(/\s+/g, " ");
    this.report(syntaxError("Q134", `${what} needs parentheses ${where}`, [[at, "binds too loosely"]], { help: text.length <= 100 ? `write \`(${text})\`` : "put it in parentheses" }));
  }
}

/** Whether a text is one pair of parentheses around everything. */
function isGrouped(text: string): boolean {
  if (!text.startsWith("(") || !text.endsWith(")")) return false;
  let depth = 0;
  for (let i = 0; i < text.length - 1; i += 1) {
    if (text[i] === "(") depth += 1;
    else if (text[i] === ")" && (depth -= 1) === 0) return false;
  }
  return true;
}

const operatorOf = (link: CstNode): BinaryOperator => token(link, t.BinaryOperator).image as BinaryOperator;

function linkLevel(link: CstNode): Level {
  return has(link, t.BinaryOperator) ? operatorLevel[operatorOf(link)] : Level.applied;
}

function linkName(link: CstNode): string {
  if (has(link, t.BinaryOperator)) return isCompare(operatorOf(link)) ? "a comparison" : `\`${operatorOf(link)}\``;
  return has(link, keyword.at) ? "`at`" : "`with`";
}

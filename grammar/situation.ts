/** A place at which the parser stopped, as the rules that explain it see it. */
import type { IToken, TokenType } from "chevrotain";
import { endsOperand, startsOperand } from "./beginnings.ts";
import type { Segment } from "./outline.ts";
import type { Stop } from "./parser.ts";
import type { Span } from "./span.ts";
import { is, onNewLine, spanOf } from "./token.ts";
import { LeftBrace, LeftParenthesis, Name, NumberToken, RightBrace, RightBracket, RightParenthesis, Text } from "./tokens.ts";
import { isReserved } from "./words.ts";

/** Rules that read expressions up to a closing bracket. */
const expressionLists: ReadonlySet<string> = new Set(["arguments", "parameters", "group", "list", "postfix", "interval"]);

/** Declarations that don't end with an expression. */
const closedStatements: ReadonlySet<string> = new Set(["import", "use", "hold", "saddle", "transient", "start"]);

export class Situation {
  readonly segment: Segment;
  readonly tokens: readonly IToken[];
  /** The index of the token that couldn't be read; the number of tokens at the end of the segment. */
  readonly at: number;
  readonly rules: readonly string[];
  readonly #expected: readonly TokenType[];

  constructor(segment: Segment, stop: Stop) {
    this.segment = segment;
    this.tokens = segment.tokens;
    this.at = stop.found ? segment.tokens.indexOf(stop.found) : segment.tokens.length;
    this.rules = stop.rules;
    this.#expected = stop.expected;
  }

  /** The token that couldn't be read; undefined when the declaration ended too early. */
  get found(): IToken | undefined {
    return this.tokens[this.at];
  }

  get previous(): IToken {
    return this.tokens[this.at - 1]!;
  }

  /** The token at a distance from the one that couldn't be read. */
  peek(distance: number): IToken | undefined {
    return this.tokens[this.at + distance];
  }

  /** The place to point at: the token, or behind the last one where something is missing. */
  get place(): Span {
    if (this.found) return spanOf(this.found);
    const { end } = spanOf(this.previous);
    return { start: end, end };
  }

  /** Whether the token that couldn't be read is the first on its line. */
  get foundOnNewLine(): boolean {
    return this.found !== undefined && onNewLine(this.found, this.previous);
  }

  /** Whether exactly this, and nothing else, could have stood here. */
  expectsOnly(type: TokenType): boolean {
    return this.#expected.length > 0 && this.#expected.every((each) => each === type);
  }

  expects(type: TokenType): boolean {
    return this.#expected.includes(type);
  }

  /** Whether an operand could have stood here. */
  get expectsOperand(): boolean {
    return this.expects(NumberToken) && this.expects(LeftParenthesis);
  }

  /** What was found, in words. */
  get foundText(): string {
    const { found, segment } = this;
    if (found) return describe(found);
    if (segment.follow === undefined) return "the end of the file";
    return is(segment.follow, RightBrace) ? "the end of the block" : is(segment.follow, LeftBrace) ? "`{`" : `the next declaration, \`${segment.follow.image}\``;
  }

  /** What could have stood here, in words. */
  get expectedText(): string {
    if (this.expectsOperand) return "an expression";
    if (this.rules.at(-1) === "binder") return "an index";
    if (is(this.previous, LeftParenthesis) && this.expects(RightParenthesis)) return this.rules.at(-1) === "arguments" ? "an argument or `)`" : "a name or `)`";
    const labels = [...new Set(this.#expected.map((type) => type.LABEL ?? type.name))];
    const rule = this.rules.at(-1);
    // A list that ended without its bracket could also have gone on.
    if (labels.length === 1 && /^`[)\]]`$/.test(labels[0]!) && !["interval", "chainBinder"].includes(rule ?? "")) labels.unshift("`,`");
    if (labels.length === 0) return "an operator or the next declaration";
    return labels.length === 1 ? labels[0]! : `${labels.slice(0, -1).join(", ")} or ${labels.at(-1)}`;
  }

  /** Whether an expression is complete here and an operator could have gone on with it. */
  get afterExpression(): boolean {
    if (!endsOperand(this.previous)) return false;
    if (this.#expected.length === 0) return !closedStatements.has(this.segment.word) && this.previous !== this.tokens[0];
    return expressionLists.has(this.rules.at(-1) ?? "") && (this.expects(RightParenthesis) || this.expects(RightBracket));
  }

  /** Whether the operand in front of the stop and the token there stand side by side. */
  get sideBySide(): boolean {
    return startsOperand(this.found) && !["+", "-"].includes(this.found!.image) && !isReserved(this.found!.image);
  }
}

/** A token in the terms of the language. */
export function describe(token: IToken): string {
  if (is(token, Text)) return `the text ${token.image.length <= 30 ? token.image : `${token.image.slice(0, 27)}…"`}`;
  if (is(token, NumberToken)) return `the number \`${token.image}\``;
  if (isReserved(token.image) && !is(token, Name)) return `the word \`${token.image}\``;
  return `\`${token.image.length <= 40 ? token.image : `${token.image.slice(0, 37)}…`}\``;
}

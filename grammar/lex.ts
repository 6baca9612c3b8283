/**
 * text → tokens and comments, with every finding about single characters and words.
 *
 * What is foreign but plainly meant (`**`, `≤`, typographic quotes) is reported and replaced, so that the parser reads
 * on as though it had been written well. What had to be dropped is listed in `losses`: a syntax error behind it in the
 * same declaration would only repeat it.
 */
import type { ILexingError, IToken } from "chevrotain";
import type { Comment } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { foreignCharacters, foreignOperators, latexHelp } from "./foreign.ts";
import type { Span } from "./span.ts";
import { syntaxError } from "./syntaxError.ts";
import { is, isOneOf, onNewLine, retag, spanOf } from "./token.ts";
import {
  allTokens, Assign, Comma, Dot, ForeignComment, ForeignOperator, ForeignText, Identifier, keyword, LeftBracket, LeftParenthesis, lexer, NumberToken, RightBracket, RightParenthesis, Semicolon, Text, UnterminatedText,
} from "./tokens.ts";
import { isReserved } from "./words.ts";

export interface Lexed {
  readonly tokens: readonly IToken[];
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
  /** Offsets at which something was dropped. */
  readonly losses: readonly number[];
}

/** Reads the tokens of a text. */
export function lex(text: string): Lexed {
  const { tokens: raw, errors, groups } = lexer().tokenize(text);
  const diagnostics: Diagnostic[] = [];
  const losses: number[] = [];
  const dropped = (span: Span, diagnostic?: Diagnostic): void => {
    losses.push(span.start);
    if (diagnostic) diagnostics.push(diagnostic);
  };

  for (const error of errors) dropped({ start: error.offset, end: error.offset + error.length }, unknownCharacters(text, error));

  const comments = (groups["comments"] ?? []).map((token) => comment(text, token));
  const tokens: IToken[] = [];
  const semicolons: Span[] = [];
  const foreignComments: IToken[] = [];
  /** Those that are open in the line: one that is left open must not reach into the next declaration. */
  let brackets = 0;
  let previous: IToken | undefined;
  for (const token of raw) {
    if (onNewLine(token, previous)) brackets = 0;
    previous = token;
    if (isOneOf(token, [LeftBracket, LeftParenthesis])) brackets++;
    else if (isOneOf(token, [RightBracket, RightParenthesis])) brackets--;
    if (is(token, ForeignComment)) foreignComments.push(token);
    else if (is(token, Semicolon) && brackets > 0) dropped(spanOf(token), inBrackets(spanOf(token)));
    else if (is(token, Semicolon)) semicolons.push(spanOf(token));
    else if (is(token, ForeignOperator)) {
      const kept = replaceForeign(token, diagnostics);
      if (kept) tokens.push(kept);
      else losses.push(token.startOffset);
    } else if (is(token, ForeignText)) {
      if (token.image.startsWith("'") && /[\p{L}\p{N}_)\]]/u.test(text[token.startOffset - 1] ?? "")) dropped(spanOf(token), prime(token.startOffset));
      else tokens.push(straightQuotes(token, diagnostics));
    } else if (is(token, UnterminatedText)) {
      dropped(spanOf(token), unterminated(token));
      token.image += '"';
      retag(token, Text);
      tokens.push(token);
    } else tokens.push(token);
  }
  for (const token of tokens) if (is(token, Identifier) && token.image in Object.prototype) diagnostics.push(foreignProperty(token));
  if (semicolons.length > 0) diagnostics.push(semicolon(semicolons));
  if (foreignComments.length > 0) diagnostics.push(foreignComment(foreignComments));
  freeWords(tokens);
  return { tokens, comments, diagnostics, losses };
}

/**
 * Behind a `.`, and before the `=` of a named argument, every word is a name. On a new line it may be what begins the next declaration, behind a `.`
 * that was left over: a name, a text or a number follows it then.
 */
function freeWords(tokens: readonly IToken[]): void {
  tokens.forEach((token, i) => {
    if (!isReserved(token.image)) return;
    const before = tokens[i - 1];
    const argument = (is(before, LeftParenthesis) || is(before, Comma)) && is(tokens[i + 1], Assign);
    const after = tokens[i + 1];
    const begins = onNewLine(token, before) && (isOneOf(after, [Identifier, Text, NumberToken]) || (after !== undefined && isReserved(after.image)));
    if (argument || (is(before, Dot) && !begins)) retag(token, Identifier);
  });
}

function comment(text: string, token: IToken): Comment {
  const image = token.image.trimEnd();
  let start = token.startOffset;
  while (start > 0 && !"\n\r".includes(text[start - 1]!) && /\s/.test(text[start - 1]!)) start -= 1;
  return {
    text: image,
    span: { start: token.startOffset, end: token.startOffset + image.length },
    ownLine: start === 0 || "\n\r".includes(text[start - 1]!),
  };
}

function unknownCharacters(text: string, error: ILexingError): Diagnostic {
  const span = { start: error.offset, end: error.offset + error.length };
  const characters = text.slice(span.start, span.end);
  if (characters.startsWith("'")) return prime(span.start);
  const [first] = characters;
  const code = first!.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  const shown = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(first!) ? `the character \`${first}\`` : `the character U+${code}`;
  const help =
    first === "\\" ? latexHelp(/^[A-Za-z]*/.exec(text.slice(span.start + 1))![0])
    : first === "$" ? "formulas are written as they are, without `$`"
    : first === "?" ? "a choice is `if c then a else b`"
    : /\p{L}/u.test(first!) ? "names may use Latin, Greek, Cyrillic, Hebrew, Arabic, Japanese, Chinese and Korean letters, digits and `_`"
    : undefined;
  return syntaxError("Q101", `${shown} isn't part of the language`, [[span, "not expected anywhere"]], { help, arguments: { character: first! } });
}

const prime = (offset: number): Diagnostic =>
  syntaxError("Q101", "names have no primes", [[{ start: offset, end: offset + 1 }, "not part of a name"]], { help: "number the variants, `x1`, or write `x_prime`" });

/** `constructor`, `toString`, …: every object of the generated code has a property of this name. The parser goes on with another one. */
function foreignProperty(token: IToken): Diagnostic {
  const name = token.image;
  token.image = `${name}_`;
  return syntaxError("Q122", `\`${name}\` is a reserved word`, [[spanOf(token), "a name of the generated code"]], { help: `choose another name, such as \`${name.replaceAll("_", "")}_1\`` });
}

function unterminated(token: IToken): Diagnostic {
  const { start, end } = spanOf(token);
  return syntaxError("Q102", "this text has no closing quote", [
    [{ start, end: start + 1 }, "opened here"],
    [{ start: end, end }, "the line ends without `\"`"],
  ], { help: "a text stays on one line: \"…\"" });
}

function straightQuotes(token: IToken, diagnostics: Diagnostic[]): IToken {
  const span = spanOf(token);
  const inner = token.image.slice(1, -1);
  const straight = `"${inner}"`;
  diagnostics.push(syntaxError("Q103", "a text stands in straight double quotes", [[span, `quoted with ${token.image[0]} and ${token.image.at(-1)}`]], { help: `write ${straight}` }));
  token.image = straight;
  retag(token, Text);
  return token;
}

function replaceForeign(token: IToken, diagnostics: Diagnostic[]): IToken | undefined {
  const spelling = token.image;
  const operator = foreignOperators[spelling];
  const { write, as } = (operator ?? foreignCharacters[spelling])!;
  const code = operator ? "Q105" : "Q107";
  const title = operator ? `\`${spelling}\` isn't an operator of the language` : `\`${spelling}\` has another spelling here`;
  diagnostics.push(syntaxError(code, title, [[spanOf(token), as === undefined ? "not an operator" : `means \`${as}\`?`]], { help: write, arguments: { found: spelling } }));
  if (as === undefined) return undefined;
  token.image = as;
  retag(token, isReserved(as) ? keyword[as] : (allTokens.find((type) => type.PATTERN === as) ?? Identifier));
  return token;
}

/** Places of one habit are one finding: a file with `;` behind every line has made one mistake. */
function several(spans: readonly Span[], first: string, next: string): [Span, string][] {
  const shown = 4;
  return spans.slice(0, shown).map((span, i) => [span, i === 0 ? first : i === shown - 1 && spans.length > shown ? `${next}, and ${spans.length - shown} more` : next]);
}

const semicolon = (spans: readonly Span[]): Diagnostic =>
  syntaxError("Q106", "nothing ends with `;`", several(spans, "not needed", "nor here"), { help: "leave it out: every declaration begins with its own word" });

const inBrackets = (span: Span): Diagnostic =>
  syntaxError("Q106", "no `;` stands in brackets", [[span, "not expected here"]], { help: "what stands in brackets is separated by `,`; an order of indices is `i < j in N`" });

function foreignComment(tokens: readonly IToken[]): Diagnostic {
  const sign = tokens[0]!.image.startsWith("%") ? "%" : tokens[0]!.image.slice(0, 2);
  const first = tokens[0]!.image.slice(sign.length).trim().split("\n")[0]!.replace(/\*\/$/, "").trim();
  return syntaxError("Q104", `\`${sign}\` doesn't start a comment`, several(tokens.map(spanOf), "comments start with `#`", "and here"), {
    help: first.length > 0 && first.length < 60 ? `write \`# ${first}\`` : "comments start with `#` and end with the line",
  });
}

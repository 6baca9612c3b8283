/** The brackets of one segment: which closes which, what is open or closes nothing, and whether they nest too deeply. */
import type { IToken } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import type { Segment } from "./outline.ts";
import { syntaxError } from "./syntaxError.ts";
import { is, isOneOf, spanOf } from "./token.ts";
import {
  Caret, Comma, keyword, LeftBrace, LeftBracket, LeftParenthesis, Name, NumberToken, RightBrace, RightBracket, RightParenthesis, Sign,
} from "./tokens.ts";
import { isReductionName } from "./words.ts";

const openers = [LeftParenthesis, LeftBracket, LeftBrace];
const closers = [RightParenthesis, RightBracket, RightBrace];
const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** How deep an expression may nest: far beyond what anyone writes, far below what the stack bears. */
export const nestingLimit = 200;

export interface Brackets {
  /** The index of the closing bracket for the index of each opening one. */
  readonly pairs: ReadonlyMap<number, number>;
  readonly diagnostic?: Diagnostic;
}

/** Matches the brackets of a segment. The brace that opens a block at the end of a head isn't one of them. */
export function matchBrackets(segment: Segment): Brackets {
  const { tokens } = segment;
  const pairs = new Map<number, number>();
  const open: number[] = [];
  const last = tokens.length - 1;
  for (let i = 0; i <= last; i += 1) {
    const token = tokens[i]!;
    if (isOneOf(token, openers)) {
      if (i === last && is(token, LeftBrace)) break;
      open.push(i);
    } else if (isOneOf(token, closers)) {
      const opener = open.pop();
      if (opener === undefined) return { pairs, diagnostic: closesNothing(token) };
      if (closing[tokens[opener]!.image] !== token.image) return { pairs, diagnostic: mismatch(tokens[opener]!, token) };
      pairs.set(opener, i);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) return { pairs, diagnostic: unclosedBracket(tokens[unclosed]!, tokens[last]!) };
  const deep = tooDeep(tokens);
  return deep ? { pairs, diagnostic: deep } : { pairs };
}

/**
 * A bound on the depth of the tree, from the tokens alone: brackets, and on each of their levels what nests without
 * them: `if`, signs and `not`, powers, heads of reductions. Signs and `if` count twice, with or without a parenthesis
 * before them, since the printer may add one: formatting never crosses the limit.
 */
function tooDeep(tokens: readonly IToken[]): Diagnostic | undefined {
  const levels = [{ bracket: 0, conditionals: 0, prefixes: 0 }];
  let depth = 0;
  const add = (key: "conditionals" | "prefixes", weight: number): void => {
    levels.at(-1)![key] += weight;
    depth += weight;
  };
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i]!;
    const level = levels.at(-1)!;
    if (isOneOf(token, openers)) {
      const bracket = is(token, LeftParenthesis) && isOneOf(tokens[i + 1], [Sign, keyword.if]) ? 0 : 1;
      levels.push({ bracket, conditionals: 0, prefixes: 0 });
      depth += bracket;
    } else if (isOneOf(token, closers) && levels.length > 1) {
      levels.pop();
      depth -= level.bracket + level.conditionals + level.prefixes;
    } else if (is(token, Comma)) {
      depth -= level.conditionals + level.prefixes;
      level.conditionals = level.prefixes = 0;
    } else if (is(token, keyword.if)) add("conditionals", 2);
    else if (is(token, Sign) && isOneOf(tokens[i - 1], [Name, NumberToken, RightParenthesis, RightBracket])) {
      depth -= level.prefixes;
      level.prefixes = 0;
    } else if (is(token, Sign)) add("prefixes", 2);
    else if (isOneOf(token, [keyword.not, Caret]) || (is(token, Name) && isReductionName(token.image))) add("prefixes", 1);
    if (depth > nestingLimit) {
      return syntaxError("Q115", "this expression nests too deeply", [[spanOf(token), `more than ${nestingLimit} levels`]], { help: "name a part of it with `let`" });
    }
  }
  return undefined;
}

function unclosedBracket(open: IToken, last: IToken): Diagnostic {
  const end = last.endOffset! + 1;
  const close = closing[open.image]!;
  return syntaxError("Q110", `\`${open.image}\` isn't closed`, [[spanOf(open), "opened here"], [{ start: end, end }, `\`${close}\` expected, at the latest here`]], {
    help: `close it with \`${close}\``,
  });
}

const mismatch = (open: IToken, close: IToken): Diagnostic =>
  syntaxError("Q110", `\`${close.image}\` can't close \`${open.image}\``, [[spanOf(close), `expected \`${closing[open.image]}\``], [spanOf(open), "opened here"]], {
    help: `close \`${open.image}\` with \`${closing[open.image]}\``,
  });

const closesNothing = (token: IToken): Diagnostic =>
  syntaxError("Q111", `\`${token.image}\` closes nothing`, [[spanOf(token), "no bracket is open here"]], { help: "remove it, or open the bracket before it" });

/**
 * Settles what the grammar can't see with three tokens of lookahead, by giving tokens their final type:
 * the head of a reduction against a call; in a plot `with` the operator against the clause, and `log` the axis clause; the `from` of a `start`.
 */
import type { IToken } from "chevrotain";
import { endsOperand } from "./beginnings.ts";
import type { Segment } from "./outline.ts";
import { is, isOneOf, retag } from "./token.ts";
import {
  Assign, Comma, Dot, From, keyword, LeftBracket, LeftParenthesis, LogClause, Name, NumberToken, ReductionName, RightParenthesis, Text, Tilde, WithClause, WithOperator,
} from "./tokens.ts";
import { isReductionName } from "./words.ts";

/** Retags the tokens of a segment; `pairs` are its matched brackets. */
export function classify(segment: Segment, pairs: ReadonlyMap<number, number>): void {
  const { tokens } = segment;
  const plot = segment.word === "plot";
  const from = segment.word === "start" ? fromOf(tokens) : undefined;
  let outermost = 0;
  tokens.forEach((token, i) => {
    const top = i >= outermost;
    if (top && pairs.has(i)) outermost = pairs.get(i)!;
    if (is(token, keyword.with)) retag(token, plot && top && !replaces(tokens, i + 1) ? WithClause : WithOperator);
    else if (plot && top && isAxis(tokens, i) && is(token, Name) && endsOperand(tokens[i - 1])) retag(token, LogClause);
    else if (i === from) retag(token, From);
    else if (isReductionHead(tokens, i, pairs)) retag(token, ReductionName);
  });
}

/** `NAME(…)` is a reduction exactly when its `)` is directly followed by the beginning of an unsigned operand. */
function isReductionHead(tokens: readonly IToken[], i: number, pairs: ReadonlyMap<number, number>): boolean {
  const token = tokens[i]!;
  if (!is(token, Name) || !isReductionName(token.image) || is(tokens[i - 1], Dot) || !is(tokens[i + 1], LeftParenthesis)) return false;
  const close = pairs.get(i + 1);
  if (close === undefined) return false;
  return !isAxis(tokens, close + 1) && isOneOf(tokens[close + 1], [NumberToken, Text, Name, LeftParenthesis, LeftBracket, keyword.if]);
}

/** Which `from` of a `start` names the run: the last before a name. A state may be called `from` too. */
function fromOf(tokens: readonly IToken[]): number | undefined {
  const end = tokens.findIndex((token) => isOneOf(token, [Assign, Tilde, keyword.at]));
  const found = tokens.findLastIndex((token, i) => (end < 0 || i < end) && token.image === "from" && is(tokens[i + 1], Name));
  return found < 0 ? undefined : found;
}

/** `log x` or `log y`. */
const isAxis = (tokens: readonly IToken[], i: number): boolean => tokens[i]?.image === "log" && /^[xy]$/.test(tokens[i + 1]?.image ?? "");

/** Whether what stands behind `with` replaces inputs: `fresh(`, `NAME =`, `(NAMES) =`, or a list of these in parentheses. */
function replaces(tokens: readonly IToken[], i: number): boolean {
  const fresh = (k: number): boolean => is(tokens[k], keyword.fresh) && is(tokens[k + 1], LeftParenthesis);
  if (fresh(i) || (is(tokens[i], Name) && is(tokens[i + 1], Assign))) return true;
  if (!is(tokens[i], LeftParenthesis)) return false;
  if (fresh(i + 1) || (is(tokens[i + 1], Name) && is(tokens[i + 2], Assign))) return true;
  if (is(tokens[i + 1], LeftParenthesis)) return replaces(tokens, i + 1);
  let k = i + 1;
  while (is(tokens[k], Name) && is(tokens[k + 1], Comma)) k += 2;
  return is(tokens[k], Name) && is(tokens[k + 1], RightParenthesis) && is(tokens[k + 2], Assign);
}

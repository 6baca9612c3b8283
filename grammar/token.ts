/** Questions about single tokens. `is` knows categories, as the parser does; positions are offsets of the text. */
import type { IToken, TokenType } from "chevrotain";
import type { Span } from "./span.ts";

/** Whether a token is of a type or of one of its categories. */
export function is(token: IToken | undefined, type: TokenType): boolean {
  return token !== undefined && (token.tokenTypeIdx === type.tokenTypeIdx || type.categoryMatchesMap?.[token.tokenTypeIdx] === true);
}

/** Whether a token is of one of several types. */
export const isOneOf = (token: IToken | undefined, types: readonly TokenType[]): boolean => types.some((type) => is(token, type));

/** Gives a token another type: the lexer sees characters only, the passes behind it also what stands around. */
export function retag(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
}

/** The place of a token. */
export const spanOf = (token: IToken): Span => ({ start: token.startOffset, end: token.endOffset! + 1 });

/** The place from the first token to the last. */
export const spanBetween = (first: IToken, last: IToken): Span => ({ start: first.startOffset, end: last.endOffset! + 1 });

/** Whether a line ends between two tokens. */
export const onNewLine = (token: IToken, previous: IToken | undefined): boolean => previous === undefined || token.startLine! > previous.endLine!;

/** Whether two tokens touch. */
export const adjacent = (first: IToken, second: IToken): boolean => first.endOffset! + 1 === second.startOffset;

/** Reading Chevrotain's concrete tree: children by the name of their rule or token type, in the order of the text. */
import type { CstNode, IToken, TokenType } from "chevrotain";
import type { Span } from "./span.ts";

/** The children that a rule read. */
export const nodes = (parent: CstNode, rule: string): readonly CstNode[] => (parent.children[rule] ?? []) as CstNode[];

/** The one child that a rule read, where the grammar says that there is one. */
export const node = (parent: CstNode, rule: string): CstNode => nodes(parent, rule)[0]!;

/** The tokens of a type. */
export const tokens = (parent: CstNode, type: TokenType): readonly IToken[] => (parent.children[type.name] ?? []) as IToken[];

/** The one token of a type, where the grammar says that there is one. */
export const token = (parent: CstNode, type: TokenType): IToken => tokens(parent, type)[0]!;

/** Whether a token of this type was read. */
export const has = (parent: CstNode, type: TokenType): boolean => tokens(parent, type).length > 0;

/** The place of a node. */
export const placeOf = (parent: CstNode): Span => ({ start: parent.location!.startOffset, end: parent.location!.endOffset! + 1 });

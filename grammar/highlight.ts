import { lex } from "./lex.ts";
import { is, spanOf } from "./token.ts";
import { LeftParenthesis, Text } from "./tokens.ts";
import { isReserved, itemWords } from "./words.ts";

/** What a piece of a specification is, for whoever shows it in colours. Pieces that are nothing special have no kind. */
export interface HighlightedText { readonly text: string; readonly kind?: "item" | "word" | "call" | "number" | "text" | "comment" }

/** The text in pieces, which together are the text. */
export function highlight(text: string): readonly HighlightedText[] {
  const { tokens, comments } = lex(text);
  const marked = [
    ...tokens.flatMap((token, k) => {
      const kind = kindOf(token, tokens[k + 1]);
      return kind ? [{ ...spanOf(token), kind }] : [];
    }),
    ...comments.map(({ span }) => ({ ...span, kind: "comment" as const })),
  ].sort((a, b) => a.start - b.start);
  const pieces: HighlightedText[] = [];
  let end = 0;
  for (const { start, end: next, kind } of marked) {
    if (start < end) continue;
    if (start > end) pieces.push({ text: text.slice(end, start) });
    pieces.push({ text: text.slice(start, next), kind });
    end = next;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

type Token = ReturnType<typeof lex>["tokens"][number];

function kindOf(token: Token, next: Token | undefined): HighlightedText["kind"] {
  if (is(token, Text)) return "text";
  if (/^[0-9]/.test(token.image)) return "number";
  if (token.tokenType.name !== "Identifier" && isReserved(token.image)) return items.has(token.image) ? "item" : "word";
  return /^\p{L}/u.test(token.image) && is(next, LeftParenthesis) && next?.startOffset === token.endOffset! + 1 ? "call" : undefined;
}

const items: ReadonlySet<string> = new Set(itemWords);

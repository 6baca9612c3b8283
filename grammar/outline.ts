/**
 * tokens → items with their declarations or steps, each a segment of tokens.
 *
 * Every declaration begins with a word of its own, so a file can be cut before it is parsed. That is the whole error
 * recovery: a mistake stays within its segment, and each segment reports its first one. What is found here concerns the
 * cut itself: braces, words that begin nothing, declarations in the wrong block.
 */
import type { IToken } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import { beginsAt, lacksWordAt, misspeltAt, wordOf } from "./beginnings.ts";
import type { Span } from "./span.ts";
import { beginningHelp } from "./foreign.ts";
import { syntaxError } from "./syntaxError.ts";
import { is, retag, spanBetween, spanOf } from "./token.ts";
import { keyword, LeftBrace, RightBrace } from "./tokens.ts";
import { itemWords, modelWords, stepWords, theoryWords } from "./words.ts";
import type { ReservedWord } from "./words.ts";

/** The tokens of one declaration, step or item head; `follow` is the token behind them. */
export interface Segment {
  readonly word: ReservedWord;
  readonly tokens: readonly IToken[];
  readonly follow: IToken | undefined;
}

export interface OutlinedItem {
  readonly head: Segment;
  /** Declarations or steps; empty for an item without a block. */
  readonly body: readonly Segment[];
  readonly close?: IToken;
}

/** The blocks, and what may stand in them. */
const blocks: Partial<Record<ReservedWord, { readonly words: readonly ReservedWord[]; readonly holds: string }>> = {
  model: { words: modelWords, holds: "declarations" },
  theory: { words: theoryWords, holds: "declarations" },
  run: { words: stepWords, holds: "steps" },
};
const homes: readonly [readonly ReservedWord[], string][] = [[modelWords, "a model"], [stepWords, "a run"], [theoryWords, "a theory"]];

/** Cuts a file's tokens into items and segments. */
export function outline(tokens: readonly IToken[]): { readonly items: readonly OutlinedItem[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const items: OutlinedItem[] = [];
  let at = 0;
  const closesMore = closings(tokens);
  /** Whether an item inside of another is being read. */
  let nested = false;

  /** Whether something begins here; a misspelt word is reported and read as what was meant. */
  const begins = (allowed: readonly ReservedWord[]): boolean => {
    if (beginsAt(tokens, at)) return true;
    const meant = misspeltAt(tokens, at, allowed);
    if (meant === undefined) return false;
    diagnostics.push(unknownWord(tokens[at]!, meant, allowed));
    tokens[at]!.image = meant;
    retag(tokens[at]!, keyword[meant]);
    return true;
  };

  /** From here to the next beginning, to the brace that closes the block, or (heads) through the one that opens it. */
  const take = (word: ReservedWord, allowed: readonly ReservedWord[], head: boolean): Segment => {
    const start = at;
    let depth = 0;
    for (at += 1; at < tokens.length && !begins(allowed) && !lacksWordAt(tokens, at); at += 1) {
      if (is(tokens[at], LeftBrace)) {
        if (head) {
          at += 1;
          break;
        }
        depth += 1;
      } else if (is(tokens[at], RightBrace) && (depth -= 1) < 0) break;
    }
    return { word, tokens: tokens.slice(start, at), follow: tokens[at] };
  };

  const readBody = (head: Segment, allowed: readonly ReservedWord[], holds: string): Omit<OutlinedItem, "head"> => {
    const body: Segment[] = [];
    const misplacedSegments: Segment[] = [];
    const finish = (close?: IToken): Omit<OutlinedItem, "head"> => {
      diagnostics.push(...misplaced(misplacedSegments, head, holds));
      return close ? { body, close } : { body };
    };
    const open = head.tokens.at(-1)!;
    while (at < tokens.length) {
      const token = tokens[at]!;
      if (is(token, RightBrace)) {
        at += 1;
        return finish(token);
      }
      if (!begins([...allowed, ...itemWords])) {
        diagnostics.push(unknownWord(token, undefined, allowed));
        take(head.word, [...allowed, ...itemWords], false);
        continue;
      }
      const word = wordOf(tokens[at]!)!;
      if ((itemWords as readonly ReservedWord[]).includes(word)) {
        if (!is(open, LeftBrace) || nested || !closesMore[at]) break;
        diagnostics.push(inside(token, head));
        nested = true;
        readItem();
        nested = false;
        continue;
      }
      const segment = take(word, [...allowed, ...itemWords], false);
      if (allowed.includes(word)) body.push(segment);
      else misplacedSegments.push(segment);
    }
    if (is(open, LeftBrace)) diagnostics.push(unclosedBlock(open, head, tokens[at], tokens[at - 1]!));
    return finish();
  };

  const readItem = (): void => {
    const word = wordOf(tokens[at]!)!;
    const block = blocks[word];
    const allowed: readonly ReservedWord[] = block ? [...block.words, ...itemWords] : itemWords;
    const head = take(word, allowed, block !== undefined);
    const opened = is(head.tokens.at(-1), LeftBrace);
    // Without its brace a block goes on all the same: the parser reports the head.
    const implied = block !== undefined && !head.tokens.some((token) => is(token, keyword.of) && word === "theory") && block.words.includes(wordOf(tokens[at])!);
    items.push({ head, ...(block && (opened || implied) ? readBody(head, block.words, block.holds) : { body: [] }) });
  };

  while (at < tokens.length) {
    const token = tokens[at]!;
    const word = begins(itemWords) ? wordOf(token) : undefined;
    if (word !== undefined && (itemWords as readonly ReservedWord[]).includes(word)) {
      readItem();
      continue;
    }
    diagnostics.push(is(token, RightBrace) ? strayBrace(token) : lacksWordAt(tokens, at) ? lacksWord(token) : word === undefined ? unknownWord(token, undefined, itemWords) : outside(token, word));
    // Up to the next item: what stands between belongs to the same mistake.
    for (at += 1; at < tokens.length; at += 1) {
      if (begins(itemWords) && (itemWords as readonly ReservedWord[]).includes(wordOf(tokens[at])!)) break;
    }
  }
  return { items, diagnostics };
}

const list = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(", ");

function unknownWord(token: IToken, meant: ReservedWord | undefined, allowed: readonly ReservedWord[]): Diagnostic {
  const place = (allowed as readonly string[]).includes("energy") || (allowed as readonly string[]).includes("order") ? "declaration" : (allowed as readonly string[]).includes("sweep") ? "step" : "item";
  const own = allowed.filter((word) => place === "item" || !(itemWords as readonly string[]).includes(word));
  const article = place === "item" ? "an" : "a";
  return syntaxError("Q120", `\`${token.image}\` begins no ${place}`, [[spanOf(token), `expected the word that begins ${article} ${place}`]], {
    help: meant === undefined ? beginningHelp(token.image) ?? `${article} ${place} begins with one of ${list(own)}` : `did you mean \`${meant}\`?`,
    arguments: { found: token.image },
  });
}

/** Declarations that belong in another kind of block: one finding for each kind. */
function misplaced(segments: readonly Segment[], head: Segment, holds: string): Diagnostic[] {
  const byHome = new Map<string, Segment[]>();
  for (const segment of segments) {
    const home = homes.find(([words]) => words.includes(segment.word))![1];
    byHome.set(home, [...(byHome.get(home) ?? []), segment]);
  }
  const name = head.tokens[1]?.image ?? "";
  return [...byHome].map(([home, [first, ...others]]) =>
    syntaxError(
      "Q121",
      `\`${first!.word}\` doesn't belong in a ${head.word}`,
      [
        [spanOf(first!.tokens[0]!), `belongs in ${home}`],
        ...others.slice(0, 3).map((other, i): [Span, string] => [spanOf(other.tokens[0]!), i === 2 && others.length > 3 ? `as do this and ${others.length - 3} more` : "as does this"]),
        [spanOf(head.tokens[0]!), `this is a ${head.word}`],
      ],
      { help: `${head.word} ${name} holds ${holds}: ${list(blocks[head.word]!.words)}` },
    ),
  );
}

/** At each token, whether a `}` from there on closes a block that was opened before. */
function closings(tokens: readonly IToken[]): readonly boolean[] {
  const found: boolean[] = [];
  // The lowest depth that is reached from a token on.
  let lowest = 0;
  for (let i = tokens.length - 1; i >= 0; i--) {
    lowest = Math.min(0, lowest) + (is(tokens[i], LeftBrace) ? 1 : is(tokens[i], RightBrace) ? -1 : 0);
    found[i] = lowest < 0;
  }
  return found;
}

/** An item between the braces of another. */
const inside = (token: IToken, head: Segment): Diagnostic =>
  syntaxError("Q121", `\`${token.image}\` stands inside of \`${head.word} ${head.tokens[1]?.image ?? ""}\``, [[spanOf(token), "belongs outside of every block"], [spanOf(head.tokens[0]!), `this ${head.word} is still open`]], {
    help: "close the block with `}` before it, or move it out",
  });

const lacksWord = (token: IToken): Diagnostic =>
  syntaxError("Q120", `\`${token.image}\` begins no item`, [[spanOf(token), "expected the word that begins an item"]], { help: `a run begins with its word: \`run ${token.image} of …\`` });

function outside(token: IToken, word: ReservedWord): Diagnostic {
  const home = homes.find(([words]) => words.includes(word))?.[1] ?? "a block";
  return syntaxError("Q121", `\`${word}\` stands outside of every block`, [[spanOf(token), `belongs in ${home}`]], {
    help: `put it between the braces of ${home}; is a \`}\` too early?`,
  });
}

function unclosedBlock(open: IToken, head: Segment, next: IToken | undefined, last: IToken): Diagnostic {
  const end = { start: last.endOffset! + 1, end: last.endOffset! + 1 };
  const name = head.tokens.length > 2 ? ` ${head.tokens[1]!.image}` : "";
  return syntaxError("Q112", `the block of \`${head.word}${name}\` isn't closed`, [
    [next ? spanOf(next) : end, next ? `expected \`}\` before \`${next.image}\`` : "the file ends without its `}`"],
    [spanOf(open), "opened here"],
  ], { help: "close the block with `}`" });
}

const strayBrace = (token: IToken): Diagnostic =>
  syntaxError("Q111", "`}` closes nothing", [[spanOf(token), "no block is open here"]], { help: "remove it, or look for a `}` too many above" });

/** The place of a segment. */
export const segmentSpan = (segment: Segment): ReturnType<typeof spanBetween> => spanBetween(segment.tokens[0]!, segment.tokens.at(-1)!);

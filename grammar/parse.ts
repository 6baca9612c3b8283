/**
 * text → syntax tree, in the steps lex, outline, and for each segment: brackets, classify, parse, build.
 * A segment that can't be read costs its own declaration only, and reports its first mistake.
 */
import type { CstNode, IToken } from "chevrotain";
import type { Item, ModelDeclaration, RunStep, SourceFile, TheoryDeclaration } from "./ast.ts";
import { matchBrackets } from "./brackets.ts";
import { Builder } from "./build.ts";
import type { Statement } from "./build.ts";
import { canonicalName } from "./buildExpression.ts";
import { classify } from "./classify.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { explain } from "./explain.ts";
import { lex } from "./lex.ts";
import { outline, segmentSpan } from "./outline.ts";
import type { OutlinedItem, Segment } from "./outline.ts";
import { readSegment } from "./parser.ts";
import { segmentRules } from "./segmentRules.ts";
import { syntaxError } from "./syntaxError.ts";
import { is, onNewLine, spanBetween } from "./token.ts";
import { Assign, Colon, Name, Tilde } from "./tokens.ts";
import { isReserved } from "./words.ts";

export interface ParseResult {
  /** What could be read; all of it when there are no diagnostics. */
  readonly file: SourceFile;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Names that may have been declared in what could not be read: not knowing one of them is no further error. */
  readonly unreadable: ReadonlySet<string>;
}

/** More errors than this are counted, not listed. */
const diagnosticLimit = 100;

/** Parses a whole file. Never throws: every mistake is a diagnostic, and the tree holds what is free of them. */
export function parse(text: string): ParseResult {
  try {
    return new FileReader(text).read();
  } catch (error) {
    // The limits on nesting are meant to come first; this is the net below them.
    if (!(error instanceof RangeError)) throw error;
    const span = { start: 0, end: text.length };
    const diagnostic = syntaxError("Q115", "this file nests too deeply to be read", [[{ start: 0, end: 0 }, "somewhere in this file"]], { help: "name parts of the deepest expression with `let`" });
    return { file: { kind: "file", items: [], comments: [], span }, diagnostics: [diagnostic], unreadable: new Set() };
  }
}

class FileReader {
  readonly #text: string;
  readonly #diagnostics: Diagnostic[] = [];
  readonly #unreadable = new Set<string>();
  readonly #builder: Builder;
  #losses: readonly number[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#builder = new Builder(text, (diagnostic) => this.#diagnostics.push(diagnostic));
  }

  read(): ParseResult {
    const { tokens, comments, diagnostics, losses } = lex(this.#text);
    this.#losses = losses;
    const outlined = outline(tokens);
    this.#diagnostics.push(...diagnostics, ...outlined.diagnostics);
    const items = outlined.items.flatMap((item) => this.#item(item) ?? []);
    const file: SourceFile = { kind: "file", items, comments, span: { start: 0, end: this.#text.length } };
    return { file, diagnostics: inOrder(this.#diagnostics), unreadable: this.#unreadable };
  }

  #item({ head, body, close }: OutlinedItem): Item | undefined {
    const tree = this.#segment(head);
    const block = head.word === "model" || head.word === "theory" || head.word === "run";
    if (!block) return tree && (this.#builder.statement(tree) as Item);
    const statements = body.flatMap((segment): Statement[] => {
      const read = this.#segment(segment);
      return read ? [this.#builder.statement(read)] : [];
    });
    if (tree === undefined) {
      for (const segment of body) this.#lose(segment);
      return undefined;
    }
    const last = close ?? body.at(-1)?.tokens.at(-1) ?? head.tokens.at(-1)!;
    const span = spanBetween(head.tokens[0]!, last);
    if (head.word === "run") return { kind: "run", ...this.#builder.runHead(tree), steps: statements as RunStep[], span };
    if (head.word === "model") return { kind: "model", ...this.#builder.head(tree), declarations: statements as ModelDeclaration[], span };
    return this.#builder.derivedTheory(tree) ?? { kind: "theory", ...this.#builder.head(tree), declarations: statements as TheoryDeclaration[], span };
  }

  #segment(segment: Segment): CstNode | undefined {
    const { pairs, diagnostic } = matchBrackets(segment);
    if (diagnostic) {
      this.#blame(segment, diagnostic, Infinity);
      return this.#lose(segment);
    }
    classify(segment, pairs);
    const { tree, stop } = readSegment(segmentRules[segment.word]!, segment.tokens);
    // Without what was dropped it reads as something else: what that would mean is nobody's mistake.
    if (stop === undefined && this.#lossIn(segment) && !["model", "theory", "run"].includes(segment.word)) return this.#lose(segment);
    if (stop === undefined) return tree;
    explain(segment, stop).forEach((each, i) => this.#blame(segment, each, i > 0 ? each.labels[0]!.span.start : (stop.found?.startOffset ?? Infinity)));
    // A whole declaration before a line that can't be read is still good.
    const before = stop.found && segment.tokens[segment.tokens.indexOf(stop.found) - 1];
    return tree && stop.found && onNewLine(stop.found, before) ? tree : this.#lose(segment);
  }

  /** Reports a mistake at an offset of a segment, unless the lexer dropped something before it there, or reported that very token: then that was the mistake. */
  #blame(segment: Segment, diagnostic: Diagnostic, offset: number): void {
    const { start, end } = segmentSpan(segment);
    const reach = Math.min(offset, segment.follow?.startOffset ?? Math.max(end, this.#text.length));
    const known = this.#losses.some((loss) => loss >= start && loss <= reach) || this.#diagnostics.some((each) => each.labels[0]!.span.start === offset);
    if (!known) this.#diagnostics.push(diagnostic);
  }

  #lossIn(segment: Segment): boolean {
    const { start, end } = segmentSpan(segment);
    return this.#losses.some((loss) => loss >= start && loss <= end);
  }

  /** Notes the names that a segment may have declared. */
  #lose(segment: Segment): undefined {
    const head = segment.tokens.at(-1)?.image === "{" || segment.word === "model" || segment.word === "theory" || segment.word === "run";
    const signed = segment.tokens.findIndex((token: IToken) => is(token, Assign) || is(token, Tilde) || is(token, Colon));
    for (const [k, token] of segment.tokens.slice(1, head || signed < 0 ? undefined : signed).entries()) if (is(token, Name) || (k === 0 && isReserved(token.image))) this.#unreadable.add(canonicalName(token.image));
    return undefined;
  }
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...diagnostics].sort((a, b) => a.labels[0]!.span.start - b.labels[0]!.span.start);
  const shown = sorted.slice(0, diagnosticLimit);
  const more = sorted.length - shown.length;
  if (more > 0) shown.push(syntaxError("Q199", `${more} more errors are not shown`, [[sorted[diagnosticLimit]!.labels[0]!.span, "the next one"]], { help: "mend the first ones, then look again" }));
  return shown;
}


/**
 * Syntax tree → canonical text (`quench fmt`): keywords in a column, heads of neighbouring declarations aligned, blank
 * lines as they were but never two. A comment stays before, or at the end of, the line that it belongs to; one from
 * inside of a declaration moves before it, since a declaration is one line.
 */
import type { Comment, Item, ModelItem, RunItem, SourceFile, TheoryItem } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { displayWidth } from "./displayWidth.ts";
import { parse } from "./parse.ts";
import { printParts } from "./printDeclaration.ts";

type Block = ModelItem | TheoryItem | RunItem;
type Unit = Item | ModelItem["declarations"][number] | TheoryItem["declarations"][number] | RunItem["steps"][number];

interface Line {
  readonly indent: string;
  /** Padded already. */
  readonly keyword: string;
  head: string;
  readonly tail: string;
  /** Lines of one group that follow each other have their heads aligned. */
  readonly group?: string;
  comment?: string;
  /** A blank line stands before it. */
  readonly blank: boolean;
}

/** Heads are aligned while their widths differ by no more than this; claims, which are titles, may differ more. */
const alignmentLimit = (group: string): number => (group === "claim" ? 24 : 12);

/** Comments at ends of lines are aligned while the lines differ by no more than this. */
const commentAlignmentLimit = 40;

/**
 * Prints a file. `source` is the text that the spans refer to: it tells where blank lines were. Without it items of
 * different kinds are set apart.
 */
export function print(file: SourceFile, source?: string): string {
  return new FilePrinter(file, source).print();
}

/** Formats a text; one with syntax errors is refused. */
export function format(text: string): { readonly text?: string; readonly diagnostics: readonly Diagnostic[] } {
  const { file, diagnostics } = parse(text);
  return diagnostics.length > 0 ? { diagnostics } : { text: print(file, text), diagnostics };
}

class FilePrinter {
  readonly #file: SourceFile;
  readonly #source: string | undefined;
  readonly #lines: Line[] = [];
  #nextComment = 0;
  /** The end of what was printed last, to see blank lines behind it. */
  #end = 0;
  /** The next line is the first of its block or file. */
  #first = true;

  constructor(file: SourceFile, source: string | undefined) {
    this.#file = file;
    this.#source = source;
  }

  print(): string {
    let previous: Item | undefined;
    for (const item of this.#file.items) {
      this.#unit(item, "", 0, previous !== undefined && (isBlock(previous) || isBlock(item) || previous.kind !== item.kind));
      previous = item;
    }
    this.#comments(Infinity, "");
    return layout(this.#lines);
  }

  #unit(unit: Unit, indent: string, width: number, apart: boolean): void {
    const block = isBlock(unit) ? unit : undefined;
    const pending = this.#comments(unit.span.start, indent, apart);
    const blank = !this.#first && (this.#source === undefined ? pending : this.#isBlankBefore(unit.span.start));
    // Comments from inside of the line move before it; those of a block's body stay there.
    const lineEnd = block ? headEnd(block) : unit.span.end;
    const hoisted = this.#take(lineEnd);
    hoisted.forEach((comment, i) => this.#push({ indent, keyword: "", head: comment.text, tail: "", blank: i === 0 && blank }));
    const { keyword, head, tail } = printParts(unit);
    this.#push({ indent, keyword: head === "" ? keyword : `${keyword.padEnd(width)} `, head, tail, ...(tail === "" ? {} : { group: unit.kind }), blank: hoisted.length === 0 && blank });
    this.#end = lineEnd;
    if (!block) return;
    this.#first = true;
    const units: readonly Unit[] = block.kind === "run" ? block.steps : block.declarations;
    const column = keywordColumn(block);
    for (const each of units) this.#unit(each, `${indent}  `, column, false);
    this.#comments(block.span.end, `${indent}  `);
    this.#push({ indent, keyword: "", head: "}", tail: "", blank: false });
    this.#end = block.span.end;
  }

  /** Prints the comments before an offset: at the end of the line that they stood on, else on lines of their own. Returns whether what follows is still to be set apart. */
  #comments(before: number, indent: string, apart = false): boolean {
    let pending = apart;
    for (const comment of this.#take(before)) {
      const line = this.#lines.at(-1);
      if (!comment.ownLine && line !== undefined && line.comment === undefined && !line.head.startsWith("#")) line.comment = comment.text;
      else {
        const blank = this.#source === undefined ? pending : this.#isBlankBefore(comment.span.start);
        this.#push({ indent, keyword: "", head: comment.text, tail: "", blank: blank && !this.#first });
        pending = false;
      }
      this.#end = comment.span.end;
    }
    return pending;
  }

  #take(before: number): readonly Comment[] {
    const from = this.#nextComment;
    const { comments } = this.#file;
    while (this.#nextComment < comments.length && comments[this.#nextComment]!.span.start < before) this.#nextComment += 1;
    return comments.slice(from, this.#nextComment);
  }

  #isBlankBefore(start: number): boolean {
    return /\n[^\S\n]*\n/.test((this.#source ?? "").slice(this.#end, start).replaceAll(/\r\n?/g, "\n"));
  }

  #push(line: Line): void {
    this.#lines.push(line);
    this.#first = false;
  }
}

const isBlock = (unit: Unit): unit is Block => unit.kind === "model" || unit.kind === "run" || unit.kind === "theory";

/** The end of what stands on a block's first line, up to its brace. */
function headEnd(block: Block): number {
  const last = block.kind === "run" ? (block.arguments.at(-1) ?? block.model) : (block.parameters.at(-1) ?? block.name);
  return last.span.end;
}

/** How wide the keywords of a block are: the widest that may stand in a model or theory, the widest that does in a run. */
function keywordColumn(block: Block): number {
  if (block.kind === "model") return "constraint".length;
  if (block.kind === "theory") return "free_energy".length;
  return Math.max(0, ...block.steps.map((step) => (step.kind === "transient" ? 0 : printParts(step).keyword.length)));
}

function layout(lines: readonly Line[]): string {
  for (const run of runs(lines, (line) => line.group, (line) => displayWidth(line.head), alignmentLimit)) {
    const width = Math.max(...run.map((line) => displayWidth(line.head)));
    for (const line of run) line.head += " ".repeat(width - displayWidth(line.head));
  }
  const texts = new Map(lines.map((line) => [line, `${line.indent}${line.keyword}${line.head}${line.tail === "" ? "" : ` ${line.tail}`}`]));
  const widthOf = (line: Line): number => displayWidth(texts.get(line)!);
  for (const run of runs(lines, (line) => (line.comment === undefined ? undefined : "comment"), widthOf, () => commentAlignmentLimit)) {
    const width = Math.max(...run.map(widthOf));
    for (const line of run) texts.set(line, `${texts.get(line)!}${" ".repeat(width - widthOf(line))}  ${line.comment}`);
  }
  return lines.map((line) => `${line.blank ? "\n" : ""}${texts.get(line)}\n`).join("");
}

/** Neighbouring lines of one group, cut where a blank line stands or widths would differ by more than the limit. */
function runs(lines: readonly Line[], groupOf: (line: Line) => string | undefined, widthOf: (line: Line) => number, limit: (group: string) => number): Line[][] {
  const found: Line[][] = [];
  let current: { group: string; least: number; most: number; lines: Line[] } | undefined;
  for (const line of lines) {
    const group = groupOf(line);
    if (group === undefined) {
      current = undefined;
      continue;
    }
    const width = widthOf(line);
    const joins = current !== undefined && !line.blank && current.group === group && Math.max(current.most, width) - Math.min(current.least, width) <= limit(group);
    if (!joins) {
      current = { group, least: width, most: width, lines: [] };
      found.push(current.lines);
    }
    current!.lines.push(line);
    current!.least = Math.min(current!.least, width);
    current!.most = Math.max(current!.most, width);
  }
  return found;
}

/**
 * A diagnostic as text, in the layout of LANGUAGE.md section 6: the headline with the place at its right, the line
 * before, each line that matters with carets and what they say, the help.
 */
import type { Diagnostic, Label } from "./diagnostic.ts";
import { displayWidth } from "./displayWidth.ts";
import { lineAt, lineNumber, lineText, partAt, positionAt } from "./source.ts";
import type { Source } from "./source.ts";

/** What a part of the output is, for colours. */
export type DiagnosticStyle = "error" | "warning" | "message" | "location" | "gutter" | "caret" | "help";

export interface RenderOptions {
  readonly color?: (style: DiagnosticStyle, text: string) => string;
}

/** The place stands at the right of a line of this width, unless the message needs more. */
const headlineWidth = 94;
/** Longer lines are shown in part. */
const lineWidth = 120;
const tabWidth = 4;
/** How much of a long line is shown before a label. */
const windowMargin = 30;

/** A label on one line, in columns of the terminal. */
interface Mark {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

/** Renders a diagnostic about a source; the text ends without a line break. */
export function renderDiagnostic(diagnostic: Diagnostic, source: Source, options: RenderOptions = {}): string {
  const color = options.color ?? ((_style, text): string => text);
  const { severity, code, message, labels, help } = diagnostic;
  const lines: string[] = [headline()];

  const numbers = [...new Set(labels.map((label) => lineAt(source, clamp(label.span.start, source))))].sort((a, b) => a - b);
  const gutterWidth = Math.max(...[0, ...numbers].map((n) => String(lineNumber(source, n)).length));
  const fileOf = (number: number): string => partAt(source, source.lines[number]!).name;
  let shown = numbers[0] === undefined ? 0 : Math.max(0, numbers[0] - 1);
  let file = labels[0] ? partAt(source, labels[0].span.start).name : source.name;
  for (const number of numbers) {
    if (fileOf(number) !== file) {
      file = fileOf(number);
      lines.push(color("location", `  ${" ".repeat(gutterWidth)} in ${file}`));
      if (number > 0 && fileOf(number - 1) === file && lineText(source, number - 1).trim() !== "") lines.push(numbered(number - 1));
    } else if (number > shown + 1) {
      if (number === shown + 2) lines.push(numbered(shown + 1));
      else lines.push(color("gutter", `  ${" ".repeat(gutterWidth)} :`));
    } else if (number > 0 && shown === number - 1 && number === numbers[0] && fileOf(number - 1) === file && lineText(source, number - 1).trim() !== "") lines.push(numbered(number - 1));
    lines.push(...marked(number));
    shown = number;
  }
  if (help !== undefined) lines.push(`${color("help", "  help:")} ${printable(help)}`);
  return lines.join("\n");

  function headline(): string {
    const kind = `${severity}[${code}]`;
    const [primary] = labels;
    const place = primary ? positionAt(source, primary.span.start) : undefined;
    const where = place ? `${partAt(source, primary!.span.start).name}:${place.line}:${place.column}` : source.name;
    const gap = Math.max(2, headlineWidth - displayWidth(`${kind}: ${printable(message)}${where}`));
    return `${color(severity, kind)}${color("message", `: ${printable(message)}`)}${" ".repeat(gap)}${color("location", where)}`;
  }

  function gutter(text: string): string {
    return color("gutter", `  ${text.padStart(gutterWidth)} |`);
  }

  function numbered(number: number): string {
    const text = cut(lineOf(source, number), 0);
    return `${gutter(String(lineNumber(source, number)))} ${text}`.trimEnd();
  }

  /** A line, with its labels below; far apart on a long line it is shown once for each. */
  function marked(number: number): string[] {
    const line = lineOf(source, number);
    const start = source.lines[number]!;
    const own = labels.filter((label) => lineAt(source, clamp(label.span.start, source)) === number);
    const marks = own.map((label) => toMark(label, line.columns, start, source)).sort((a, b) => a.from - b.from || a.to - b.to);
    return windows(line, marks).flatMap(({ offset, marks: inWindow }) => [
      `${gutter(String(lineNumber(source, number)))} ${cut(line, offset)}`.trimEnd(),
      ...caretLines(inWindow.map((mark) => ({ ...mark, from: mark.from - offset, to: Math.max(mark.from - offset + 1, Math.min(mark.to - offset, lineWidth)) }))).map(
        (line) => `${gutter("")} ${color("caret", line)}`,
      ),
    ]);
  }
}

const clamp = (offset: number, source: Source): number => Math.max(0, Math.min(offset, source.text.length));

/** A line as the terminal shows it: what stands for each character with the column where it begins, and the column of each offset, the end's last. */
interface ShownLine {
  readonly characters: readonly { readonly shown: string; readonly column: number }[];
  readonly columns: readonly number[];
}

/** Tabs become spaces, control characters visible. */
function expand(line: string): ShownLine {
  let width = 0;
  const columns: number[] = [];
  const characters: { shown: string; column: number }[] = [];
  for (const character of line) {
    for (let i = 0; i < character.length; i += 1) columns.push(width);
    const shown = character === "\t" ? " ".repeat(tabWidth - (width % tabWidth)) : printable(character);
    for (const each of shown) {
      characters.push({ shown: each, column: width });
      width += displayWidth(each);
    }
  }
  columns.push(width);
  return { characters, columns };
}

const shownLines = new WeakMap<Source, Map<number, ShownLine>>();

/** Many diagnostics may be about one line, which may be long. */
function lineOf(source: Source, number: number): ShownLine {
  let lines = shownLines.get(source);
  if (lines === undefined) shownLines.set(source, (lines = new Map<number, ShownLine>()));
  let line = lines.get(number);
  if (line === undefined) lines.set(number, (line = expand(lineText(source, number))));
  return line;
}

/** Characters that would steer the terminal, or reorder the line, become pictures of themselves. */
function printable(text: string): string {
  return text
    .replaceAll(/[\u0000-\u001f]/g, (control) => String.fromCodePoint(0x2400 + control.codePointAt(0)!))
    .replaceAll(/[\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "�");
}

function toMark(label: Label, columns: readonly number[], lineStart: number, source: Source): Mark {
  const last = columns.length - 1;
  const from = columns[Math.min(clamp(label.span.start, source) - lineStart, last)]!;
  // A label over several lines is marked on its first.
  const to = columns[Math.max(0, Math.min(label.span.end - lineStart, last))]!;
  return { from, to: Math.max(to, from + 1), message: printable(label.message) };
}

/** The parts of a long line to show, each around the labels that fit into it together. */
function windows({ columns }: ShownLine, marks: readonly Mark[]): { offset: number; marks: readonly Mark[] }[] {
  if (columns.at(-1)! <= lineWidth) return [{ offset: 0, marks }];
  const shown: { offset: number; marks: Mark[] }[] = [];
  for (const mark of marks) {
    const last = shown.at(-1);
    if (last && mark.from + windowMargin / 2 <= last.offset + lineWidth) last.marks.push(mark);
    else shown.push({ offset: mark.from + windowMargin <= lineWidth ? 0 : mark.from - windowMargin, marks: [mark] });
  }
  return shown;
}

/** The columns of a line from `offset` on, with `…` where something was left out. */
function cut({ characters }: ShownLine, offset: number): string {
  let [first, end] = [0, characters.length];
  while (first < end) {
    const middle = (first + end) >> 1;
    if (characters[middle]!.column < offset) first = middle + 1;
    else end = middle;
  }
  let text = "";
  for (let k = first; k < characters.length; k += 1) {
    const { shown, column } = characters[k]!;
    if (column >= offset + lineWidth) return `${text}…`;
    text += column === offset && offset > 0 ? "…" : shown;
  }
  return text;
}

/** Carets on one line; behind each, as far as there is room, what it says, else below with a stem. */
function caretLines(marks: readonly Mark[]): string[] {
  const carets = new Canvas();
  for (const mark of marks) carets.write(mark.from, "^".repeat(mark.to - mark.from));
  const below: Mark[] = [];
  marks.forEach((mark, i) => {
    if (mark.message === "") return;
    const next = marks.slice(i + 1).find((other) => other.from > mark.from);
    const overlapped = marks.some((other, j) => j !== i && other.from <= mark.to && (other.to > mark.to || (other.to === mark.to && j > i)));
    const fits = !overlapped && (next === undefined || mark.to + 1 + displayWidth(mark.message) + 1 < next.from);
    if (fits) carets.write(mark.to + 1, mark.message);
    else below.push(mark);
  });
  const lines = [carets];
  // From the right, so that stems of what is still to come pass at the left.
  for (let i = below.length - 1; i >= 0; i -= 1) {
    const line = new Canvas();
    for (const mark of below.slice(0, i)) line.write(mark.from, "|");
    line.write(below[i]!.from, below[i]!.message);
    lines.push(line);
  }
  return lines.map((line) => line.toString());
}

/** A line that is written at columns. */
class Canvas {
  readonly #cells: string[] = [];

  write(column: number, text: string): void {
    let at = column;
    for (const character of text) {
      const width = displayWidth(character);
      if (width === 0) {
        if (at > 0) this.#cells[at - 1] += character;
        continue;
      }
      this.#cells[at] = character;
      if (width === 2) this.#cells[at + 1] = "";
      at += width;
    }
  }

  toString(): string {
    return Array.from(this.#cells, (cell) => cell ?? " ").join("").trimEnd();
  }
}

/** A text with its name and the offsets at which its lines start: what places are shown in. */
export interface Source {
  readonly name: string;
  readonly text: string;
  /** The offset of the first character of each line. */
  readonly lines: readonly number[];
  /** Where other files begin that were appended to it, ascending; none: the text is one file. */
  readonly parts?: readonly SourcePart[];
}

export interface SourcePart { readonly name: string; readonly start: number }

/** The file that an offset is in. */
export const partAt = (source: Source, offset: number): SourcePart =>
  source.parts?.findLast((part) => part.start <= offset) ?? { name: source.name, start: 0 };

/** A source from a text; lines end with `\n`, `\r\n` or `\r`. */
export function createSource(name: string, text: string): Source {
  const lines = [0];
  for (const end of text.matchAll(/\r\n?|\n/g)) lines.push(end.index + end[0].length);
  return { name, text, lines };
}

/** A place for people: both count from 1, columns in characters. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The index in `lines` of the line that contains an offset. */
export function lineAt(source: Source, offset: number): number {
  let [low, high] = [0, source.lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (source.lines[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The text of a line, by its index, without its end. */
export function lineText(source: Source, index: number): string {
  return source.text.slice(source.lines[index], source.lines[index + 1] ?? source.text.length).replace(/\r\n?$|\n$/, "");
}

/** The number of a line in its own file, by its index. */
export const lineNumber = (source: Source, index: number): number =>
  index + 1 - lineAt(source, partAt(source, source.lines[index]!).start);

/** Line and column of an offset, in its own file. */
export function positionAt(source: Source, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  const index = lineAt(source, clamped);
  return { line: lineNumber(source, index), column: [...source.text.slice(source.lines[index], clamped)].length + 1 };
}

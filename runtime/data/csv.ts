/** Columns of comma-separated files (RFC 4180), parsed by csv-parse. */
import { createRequire } from "node:module";
import type { DataArray, DataSource, WantedArray } from "./source.ts";
import { DataError, classesByName, classesParameter, countOf, listed, shiftedClasses, taken, takeParameter } from "./source.ts";
import { readDataFile } from "./files.ts";

/** A row with the number of its (last) line in the file. */
interface Line { readonly record: readonly string[]; readonly info: { readonly lines: number } }
type Parse = (input: Buffer, options: Readonly<Record<string, unknown>>) => readonly Line[];
/** Loaded when the first file is read. */
const parse: Parse = (input, options) => (createRequire(import.meta.url)("csv-parse/sync") as { readonly parse: Parse }).parse(input, options);

export const csv: DataSource = {
  name: "csv",
  doc: "Columns of a comma-separated file: an array with one axis takes one column, one with two axes all columns that are left over, in the order of the file. A first line that is not all numbers gives the columns names.",
  parameters: [
    { name: "data", kind: "text", doc: "The file; its path starts at the directory of the specification." },
    { name: "columns", kind: "text", optional: true, doc: "Names (or numbers, from 1) of the columns to use, in the order in which the arrays take them; all if not given." },
    takeParameter,
    classesParameter,
    { name: "separator", kind: "text", optional: true, doc: "What stands between two cells: \",\" if not given, else \";\", another character, or a word for one: \"tab\", \"space\" (any number of spaces and tabs, with lines of comment that begin with #, as numpy writes them)." },
  ],
  holdsClasses: classesByName,
  read: (given, wanted, directory) => {
    const file = String(given["data"]);
    const separator = separatorOf(given["separator"]);
    const rows = rowsOf(readDataFile(file, directory), file, separator);
    const lines = rows.map((r) => r.record);
    const lineNumber = (row: number): number => rows[row]!.info.lines;
    const header = lines[0]!.some((cell) => cell.trim() !== "" && !isNumber(cell)) && !looksLikeData(lines) ? lines[0]!.map((c) => c.trim()) : undefined;
    const firstRow = header ? 1 : 0;
    if (lines[0]!.length === 1) suspectSeparator(lines, file, separator);
    const chosen = chosenColumns(file, given["columns"], header, lines[0]!.length);
    const count = taken(given, lines.length - firstRow, file, "rows");
    if (count === 0) throw new DataError(`${file} has no rows of data`);
    const groups = columnsOf(wanted, chosen, file);
    return wanted.map((array, k) => {
      const columns = groups[k]!;
      const classes = classesByName(given, array.name, k);
      const shape = array.axes === 1 ? [count] : [count, columns.length];
      const cells = Array.from({ length: count }, (_, row) => columns.map((c) => lines[firstRow + row]![c]!.trim())).flat();
      const lineOf = (at: number): number => lineNumber(firstRow + Math.floor(at / columns.length));
      if (classes && cells.some((c) => !isNumber(c))) return namedClasses(cells, shape, file, lineOf);
      const allTexts = cells.every((c) => c !== "" && !isNumber(c));
      const values = Float64Array.from(cells, (cell, at) => numberIn(cell, file, lineOf(at), nameOf(header, columns[at % columns.length]!), allTexts ? array.name : undefined));
      return classes ? shiftedClasses({ values, shape }, `${file}, ${array.name}`) : { values, shape };
    });
  },
};

/** As they are written in decimal. */
const isNumber = (cell: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell.trim());

/** Text in the first line is a header unless the second line has text in the same columns (class names, say) and numbers nowhere else differ. */
const looksLikeData = (lines: readonly (readonly string[])[]): boolean =>
  lines.length > 1 && lines[0]!.some(isNumber) && lines[0]!.every((cell, k) => isNumber(cell) === isNumber(lines[1]![k] ?? ""));

const separatorWords: Readonly<Record<string, string>> = { tab: "\t", comma: ",", semicolon: ";" };

function separatorOf(given: string | number | undefined): string {
  const separator = separatorWords[String(given ?? ",")] ?? String(given ?? ",");
  if (separator !== "space" && [...separator].length !== 1) throw new DataError(`separator = "${separator}": one character was expected, or a word for one`, `there are: "space", ${Object.keys(separatorWords).map((w) => `"${w}"`).join(", ")}`);
  return separator;
}

function rowsOf(content: Buffer, file: string, separator: string): readonly Line[] {
  try {
    const spaces = separator === "space";
    const text = spaces ? Buffer.from(content.toString("utf8").split("\n").map((line) => line.trim().replace(/[ \t]+/g, " ")).join("\n")) : content;
    const rows = parse(text, { bom: true, skip_empty_lines: true, relax_column_count: true, info: true, delimiter: spaces ? " " : separator, ...(spaces ? { comment: "#" } : {}) });
    const [first] = rows;
    if (!first) throw new DataError(`${file} is empty`);
    const width = first.record.length;
    const odd = rows.find((row) => row.record.length !== width);
    if (odd) {
      suspectSeparator(rows.map((r) => r.record), file, separator);
      throw new DataError(`${file}, row ${odd.info.lines}: it has ${countOf(odd.record.length, "cell")}, and ${width} ${width === 1 ? "was" : "were"} expected, as in the first row`);
    }
    return rows;
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${file} is no file of cells: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Where the first line would have several cells with another separator. */
function suspectSeparator(lines: readonly (readonly string[])[], file: string, separator: string): void {
  const [first] = lines;
  if (first!.length > 1) return;
  const found = ([[";", ";"], ["\t", "tab"], [" ", "space"], [",", "comma"]] as const).find(([character]) => character !== separator && first![0]!.trim().includes(character) && lines.slice(1).every((l) => l.join(separator).includes(character)));
  if (found && lines.length > 1) throw new DataError(`${file}, row 1: cells separated by ${separatorName(separator)} were expected, and there is "${first![0]!.trim().slice(0, 60)}"`, `for cells that are separated by ${separatorName(found[0])} say \`separator = "${found[1]}"\``);
}

const separatorName = (separator: string): string => ({ "\t": "tabs", " ": "spaces", space: "spaces" })[separator] ?? `\`${separator}\``;

const nameOf = (header: readonly string[] | undefined, column: number): string => (header ? `column \`${header[column]}\`` : `column ${column + 1}`);

/** `labels` is the array, where all that it would hold are texts. */
function numberIn(cell: string, file: string, row: number, column: string, labels: string | undefined): number {
  const value = isNumber(cell) ? Number(cell) : NaN;
  if (Number.isFinite(value)) return value;
  const help = labels !== undefined ? `if these are names of classes, say \`classes = "${labels}"\`` : /^[+-]?\d+,\d+$/.test(cell) ? "decimals have a point" : undefined;
  throw new DataError(`${file}, row ${row}, ${column}: a number was expected, and there is ${cell === "" ? "nothing" : `"${cell}"`}`, help);
}

function chosenColumns(file: string, columns: string | number | undefined, header: readonly string[] | undefined, width: number): readonly number[] {
  if (columns === undefined) return Array.from({ length: width }, (_, k) => k);
  return listed(columns).map((name) => {
    const named = header?.indexOf(name) ?? -1;
    if (named >= 0) return named;
    const number = Number(name);
    if (Number.isInteger(number) && number >= 1 && number <= width) return number - 1;
    throw new DataError(`${file} has no column \`${name}\``, header ? `its columns are ${header.join(", ")}` : `it has ${countOf(width, "column")} and no names: write their numbers, from 1`);
  });
}

/** The columns of each array. */
function columnsOf(wanted: readonly WantedArray[], chosen: readonly number[], file: string): readonly (readonly number[])[] {
  const wide = wanted.filter((w) => w.axes === 2);
  const odd = wanted.find((w) => w.axes < 1 || w.axes > 2);
  if (odd) throw new DataError(`\`${odd.name}\` has ${countOf(odd.axes, "axis", "axes")}, and the columns of a file fill arrays with one or two`);
  if (wide.length > 1) throw new DataError(`\`${wide[0]!.name}\` and \`${wide[1]!.name}\` both have two axes: how many columns each takes is not said`, "read them from a file each, with `columns`");
  const left = chosen.length - (wanted.length - wide.length);
  if (left < wide.length || (wide.length === 0 && left > 0)) throw new DataError(`${file} gives ${countOf(chosen.length, "column")}, and the arrays ${wanted.map((w) => w.name).join(", ")} take ${wide.length > 0 ? `at least ${wanted.length}` : wanted.length}`, "choose them with `columns`");
  let next = 0;
  return wanted.map((w) => chosen.slice(next, (next += w.axes === 2 ? left : 1)));
}

/** Labels that are texts: classes 1 … k in alphabetical order. */
function namedClasses(cells: readonly string[], shape: readonly number[], file: string, lineOf: (cell: number) => number): DataArray {
  const empty = cells.indexOf("");
  if (empty >= 0) throw new DataError(`${file}, row ${lineOf(empty)}: a class label was expected, and there is nothing`);
  const names = [...new Set(cells)].sort();
  const number = new Map(names.map((name, k) => [name, k + 1]));
  return { values: Float64Array.from(cells, (cell) => number.get(cell)!), shape };
}

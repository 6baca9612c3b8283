/** Columns of comma-separated files (RFC 4180), parsed by csv-parse. */
import { createRequire } from "node:module";
import type { DataArray, DataSource, WantedArray } from "./source.ts";
import { DataError, classesByName, classesParameter, listed, shiftedClasses, taken, takeParameter } from "./source.ts";
import { readDataFile } from "./files.ts";

type Parse = (input: Buffer, options: Readonly<Record<string, unknown>>) => string[][];
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
  ],
  holdsClasses: classesByName,
  read: (given, wanted, directory) => {
    const file = String(given["data"]);
    const lines = linesOf(readDataFile(file, directory), file);
    const header = lines[0]!.some((cell) => cell.trim() !== "" && Number.isNaN(Number(cell))) && !looksLikeData(lines) ? lines[0]!.map((c) => c.trim()) : undefined;
    const firstRow = header ? 1 : 0;
    const chosen = chosenColumns(file, given["columns"], header, lines[0]!.length);
    const count = taken(given, lines.length - firstRow, file, "rows");
    if (count === 0) throw new DataError(`${file} has no rows of data`);
    const groups = columnsOf(wanted, chosen, file);
    return wanted.map((array, k) => {
      const columns = groups[k]!;
      const classes = classesByName(given, array.name, k);
      const shape = array.axes === 1 ? [count] : [count, columns.length];
      const cells = Array.from({ length: count }, (_, row) => columns.map((c) => lines[firstRow + row]![c]!.trim())).flat();
      if (classes && cells.some((c) => c === "" || Number.isNaN(Number(c)))) return namedClasses(cells, shape, file, firstRow, columns.length);
      const values = Float64Array.from(cells, (cell, at) => numberIn(cell, file, firstRow + Math.floor(at / columns.length) + 1, nameOf(header, columns[at % columns.length]!)));
      return classes ? shiftedClasses({ values, shape }, `${file}, ${array.name}`) : { values, shape };
    });
  },
};

/** Text in the first line is a header unless the second line has text in the same columns (class names, say) and numbers nowhere else differ. */
const looksLikeData = (lines: readonly (readonly string[])[]): boolean => {
  const isNumber = (cell: string): boolean => cell.trim() !== "" && !Number.isNaN(Number(cell));
  return lines.length > 1 && lines[0]!.some(isNumber) && lines[0]!.every((cell, k) => isNumber(cell) === isNumber(lines[1]![k] ?? ""));
};

function linesOf(content: Buffer, file: string): string[][] {
  try {
    const lines = parse(content, { bom: true, skip_empty_lines: true, relax_column_count: true });
    if (lines.length === 0) throw new DataError(`${file} is empty`);
    const odd = lines.findIndex((line) => line.length !== lines[0]!.length);
    if (odd >= 0) throw new DataError(`${file}, row ${odd + 1}: it has ${lines[odd]!.length} cells, and ${lines[0]!.length} were expected, as in the first row`);
    return lines;
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${file} is no comma-separated file: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const nameOf = (header: readonly string[] | undefined, column: number): string => (header ? `column \`${header[column]}\`` : `column ${column + 1}`);

function numberIn(cell: string, file: string, row: number, column: string): number {
  const value = cell === "" ? NaN : Number(cell);
  if (Number.isFinite(value)) return value;
  throw new DataError(`${file}, row ${row}, ${column}: a number was expected, and there is ${cell === "" ? "nothing" : `"${cell}"`}`);
}

function chosenColumns(file: string, columns: string | number | undefined, header: readonly string[] | undefined, width: number): readonly number[] {
  if (columns === undefined) return Array.from({ length: width }, (_, k) => k);
  return listed(columns).map((name) => {
    const named = header?.indexOf(name) ?? -1;
    if (named >= 0) return named;
    const number = Number(name);
    if (Number.isInteger(number) && number >= 1 && number <= width) return number - 1;
    throw new DataError(`${file} has no column \`${name}\``, header ? `its columns are ${header.join(", ")}` : `it has ${width} columns and no names: write their numbers, from 1`);
  });
}

/** The columns of each array. */
function columnsOf(wanted: readonly WantedArray[], chosen: readonly number[], file: string): readonly (readonly number[])[] {
  const wide = wanted.filter((w) => w.axes === 2);
  const odd = wanted.find((w) => w.axes < 1 || w.axes > 2);
  if (odd) throw new DataError(`\`${odd.name}\` has ${odd.axes} axes, and the columns of a file fill arrays with one or two`);
  if (wide.length > 1) throw new DataError(`\`${wide[0]!.name}\` and \`${wide[1]!.name}\` both have two axes: how many columns each takes is not said`, "read them from a file each, with `columns`");
  const left = chosen.length - (wanted.length - wide.length);
  if (left < wide.length || (wide.length === 0 && left > 0)) throw new DataError(`${file} gives ${chosen.length} columns, and the arrays ${wanted.map((w) => w.name).join(", ")} take ${wide.length > 0 ? `at least ${wanted.length}` : wanted.length}`, "choose them with `columns`");
  let next = 0;
  return wanted.map((w) => chosen.slice(next, (next += w.axes === 2 ? left : 1)));
}

/** Labels that are texts: classes 1 … k in alphabetical order. */
function namedClasses(cells: readonly string[], shape: readonly number[], file: string, firstRow: number, width: number): DataArray {
  const empty = cells.indexOf("");
  if (empty >= 0) throw new DataError(`${file}, row ${firstRow + Math.floor(empty / width) + 1}: a class label was expected, and there is nothing`);
  const names = [...new Set(cells)].sort();
  const number = new Map(names.map((name, k) => [name, k + 1]));
  return { values: Float64Array.from(cells, (cell) => number.get(cell)!), shape };
}

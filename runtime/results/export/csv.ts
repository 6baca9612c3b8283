import type { ExportFormat } from "./exportFormat.ts";
import { entryNames, entryValues } from "./exportTable.ts";

/** RFC 4180. The first line names the columns, with units other than 1 in parentheses; numbers read back exactly. */
export const csv: ExportFormat = {
  extension: "csv",
  doc: "comma-separated text; the entries of arrays are columns, `g[1]`",
  write: async ({ columns, rows }) => {
    const entries = columns.flatMap((column) => entryNames(column).map((name, k) => ({ name: column.unit === "1" ? name : `${name} (${column.unit})`, values: entryValues(column, k) })));
    const lines = [entries.map(({ name }) => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join()];
    for (let row = 0; row < rows; row++) lines.push(entries.map(({ values }) => numberText(values[row]!)).join());
    return Buffer.from(`${lines.join("\n")}\n`);
  },
};

const numberText = (value: number): string => (Number.isNaN(value) ? "nan" : Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf");

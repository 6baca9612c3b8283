import type { ExportFormat } from "./exportFormat.ts";
import type { ExportColumn } from "./exportTable.ts";

/**
 * JSON lines: an object a record. The first line describes the columns: names, units, shapes. What is not a number is null, the infinities are
 * "inf" and "-inf": JSON has no other way.
 */
export const jsonl: ExportFormat = {
  extension: "jsonl",
  doc: "an object a line; the first line describes the columns",
  write: async ({ about, columns, rows }) => {
    const lines = [JSON.stringify({ about, columns: columns.map(({ name, unit, doc, kind, shape }) => ({ name, unit, doc, kind, shape })) })];
    for (let row = 0; row < rows; row++) lines.push(JSON.stringify(Object.fromEntries(columns.map((column) => [column.name, valueOf(column, row)]))));
    return Buffer.from(`${lines.join("\n")}\n`);
  },
};

function valueOf({ values, shape }: ExportColumn, row: number): unknown {
  const size = shape.reduce((product, n) => product * n, 1);
  const entries = Array.from(values.subarray(row * size, (row + 1) * size), (value) => (Number.isNaN(value) ? null : Number.isFinite(value) ? value : value > 0 ? "inf" : "-inf"));
  // Nested as its shape says: the innermost axis last.
  let nested: unknown[] = entries;
  for (const n of [...shape.slice(1)].reverse()) nested = Array.from({ length: nested.length / n }, (_, k) => nested.slice(k * n, (k + 1) * n));
  return shape.length === 0 ? entries[0] : nested;
}

import type { ExportFormat } from "./exportFormat.ts";
import { entryNames, entryValues } from "./exportTable.ts";

/** Apache Parquet: int64 and double columns; the entries of arrays are columns. Units are metadata of the file, `unit:NAME`. The only file that imports hyparquet-writer. */
export const parquet: ExportFormat = {
  extension: "parquet",
  doc: "Apache Parquet; the entries of arrays are columns, units are metadata",
  write: async ({ about, columns }) => {
    const { parquetWriteBuffer } = await import("hyparquet-writer");
    const columnData = columns.flatMap((column) => entryNames(column).map((name, k) => {
      const values = entryValues(column, k);
      return column.kind === "integer" ? { name, type: "INT64" as const, data: BigInt64Array.from(values, BigInt), nullable: false } : { name, type: "DOUBLE" as const, data: values, nullable: false };
    }));
    const facts = [...Object.entries(about), ...columns.map(({ name, unit }) => [`unit:${name}`, unit] as const)];
    return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata: facts.map(([key, value]) => ({ key, value })) }));
  },
};

/** The formats of `quench export`, by name. */
import { csv } from "./csv.ts";
import type { ExportFormat } from "./exportFormat.ts";
import { hdf5 } from "./hdf5.ts";
import { jsonl } from "./jsonl.ts";
import { npz } from "./npz.ts";
import { parquet } from "./parquet.ts";

export const exportFormats = { csv, jsonl, npz, hdf5, parquet } satisfies Record<string, ExportFormat>;
export type ExportFormatName = keyof typeof exportFormats;
export { exportTable } from "./exportTable.ts";

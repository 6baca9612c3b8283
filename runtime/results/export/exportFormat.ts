import type { ExportTable } from "./exportTable.ts";

/** A format of `quench export`: a file a run. */
export interface ExportFormat {
  readonly extension: string;
  readonly doc: string;
  readonly write: (table: ExportTable) => Promise<Uint8Array>;
}

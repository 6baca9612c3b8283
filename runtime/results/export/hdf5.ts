import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExportFormat } from "./exportFormat.ts";

/** HDF5: a dataset a column (int64 or float64, rows × shape) with the attributes `unit` and `description`; facts about the run are attributes of the file. The only file that imports h5wasm. */
export const hdf5: ExportFormat = {
  extension: "h5",
  doc: "HDF5: a dataset a column, with its unit as attribute",
  write: async ({ about, columns, rows }) => {
    const { default: h5wasm } = await import("h5wasm/node");
    await h5wasm.ready;
    // The library writes files, not bytes.
    const folder = await mkdtemp(join(tmpdir(), "quench-hdf5-"));
    try {
      const path = join(folder, "table.h5");
      const file = new h5wasm.File(path, "w");
      for (const [name, value] of Object.entries(about)) file.create_attribute(name, value);
      for (const { name, unit, doc, kind, shape, values } of columns) {
        const numbers = kind === "integer" ? { data: BigInt64Array.from(values, BigInt), dtype: "<q" } : { data: values, dtype: "<d" };
        const dataset = file.create_dataset({ name, shape: [rows, ...shape], ...numbers });
        dataset.create_attribute("unit", unit);
        dataset.create_attribute("description", doc);
      }
      file.close();
      return await readFile(path);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

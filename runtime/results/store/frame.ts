/**
 * One task in a file of samples. Such a file is a sequence of frames, each complete in itself:
 *
 *     bytes 0-3   length of the header H, unsigned, little-endian as all that follows
 *     bytes 4-11  length of the body B, unsigned
 *     H bytes     the header: JSON, UTF-8
 *     B bytes     the arrays of the header, one after the other, row-major
 *     4 bytes     CRC-32 of all that precedes
 *
 * The bytes of a frame are a function of what it holds.
 */
import { crc32 } from "node:zlib";
import type { TaskRecord } from "../records.ts";
import { pieceSize, type PiecewiseFile } from "./piecewiseFile.ts";

/** A task as it is stored. Numbers that JSON lacks are the strings "NaN", "Infinity" and "-Infinity". */
export interface FrameHeader {
  /** Content address of the task within its run. */
  readonly task: string;
  /** Values of the sweep variables. */
  readonly at: Readonly<Record<string, number>>;
  readonly sample: number;
  readonly start: number;
  readonly records: number;
  readonly steps: TaskRecord["steps"];
  readonly shapes?: TaskRecord["shapes"];
  /** Names of the copies that recorded states hold beside copy 1. */
  readonly copies?: readonly string[];
  readonly arrays: readonly FrameArray[];
}

export interface FrameArray {
  /** values: of an observable at each record. weights: of the records of an exact sum. final: the last state of a copy. recorded: the states of all copies at each record. */
  readonly kind: "values" | "weights" | "final" | "recorded";
  /** Of the observable, or the copy. */
  readonly name?: string;
  /** Content address of the observable's definition. */
  readonly definition?: string;
  readonly type: "float64" | "int8";
  readonly length: number;
}

/** A frame where it lies in a file: what is large of it is read when it is asked for. */
export interface Frame {
  readonly header: FrameHeader;
  readonly file: PiecewiseFile;
  /** Of its first byte; another one after the file was rewritten. */
  offset: number;
  /** Of its body, from `offset`. */
  readonly body: number;
  /** Bytes of the whole frame. */
  readonly length: number;
}

const PREFIX = 12;
const SUFFIX = 4;

export interface FrameContent extends Omit<FrameHeader, "arrays"> {
  readonly arrays: readonly (Pick<FrameArray, "kind" | "name" | "definition"> & { readonly entries: ArrayLike<number> })[];
}

/** The bytes of a frame, in pieces. */
export function* encodeFrame({ arrays, ...content }: FrameContent): Generator<Uint8Array> {
  const typed = arrays.map(({ entries, ...rest }) => {
    const type = rest.kind !== "values" && rest.kind !== "weights" && isSmall(entries) ? ("int8" as const) : ("float64" as const);
    return { entries, described: { ...rest, type, length: entries.length } };
  });
  const header = Buffer.from(JSON.stringify({ ...content, arrays: typed.map((t) => t.described) }, numberToText));
  const start = Buffer.alloc(PREFIX + header.length);
  start.writeUInt32LE(header.length, 0);
  start.writeBigUInt64LE(BigInt(typed.reduce((sum, { described }) => sum + bytesOf(described), 0)), 4);
  header.copy(start, PREFIX);
  let sum = crc32(start);
  yield start;
  for (const { entries, described } of typed) {
    for (const piece of encodeArray(entries, described.type)) {
      sum = crc32(piece, sum);
      yield piece;
    }
  }
  const end = Buffer.alloc(SUFFIX);
  end.writeUInt32LE(sum);
  yield end;
}

function* encodeArray(entries: ArrayLike<number>, type: FrameArray["type"]): Generator<Buffer> {
  const size = type === "int8" ? 1 : 8;
  const most = Math.max(1, Math.floor(pieceSize() / size));
  for (let first = 0; first < entries.length; first += most) {
    const count = Math.min(most, entries.length - first);
    const piece = Buffer.alloc(count * size);
    if (type === "int8") for (let k = 0; k < count; k++) piece.writeInt8(entries[first + k]!, k);
    else for (let k = 0; k < count; k++) piece.writeDoubleLE(entries[first + k]!, 8 * k);
    yield piece;
  }
}

/** The frame that begins at `offset` of a file of `size` bytes; undefined where there is no complete one with the right checksum. */
export async function readFrame(file: PiecewiseFile, offset: number, size: number): Promise<Frame | undefined> {
  if (offset + PREFIX > size) return undefined;
  const prefix = file.read(offset, PREFIX);
  const body = PREFIX + prefix.readUInt32LE(0);
  const length = body + Number(prefix.readBigUInt64LE(4)) + SUFFIX;
  if (offset + length > size) return undefined;
  let sum = 0;
  for await (const piece of file.pieces(offset, length - SUFFIX)) sum = crc32(piece, sum);
  if (sum !== file.read(offset + length - SUFFIX, SUFFIX).readUInt32LE(0)) return undefined;
  return { header: JSON.parse(file.read(offset + PREFIX, body - PREFIX).toString("utf8"), textToNumber) as FrameHeader, file, offset, body, length };
}

/** The entries of array number `index` of a frame. */
export function entriesOf({ header, file, offset, body }: Frame, index: number): Float64Array {
  const { type, length } = header.arrays[index]!;
  const first = offset + body + header.arrays.slice(0, index).reduce((sum, a) => sum + bytesOf(a), 0);
  const size = type === "int8" ? 1 : 8;
  const entries = new Float64Array(length);
  const most = Math.max(1, Math.floor(pieceSize() / size));
  for (let done = 0; done < length; done += most) {
    const count = Math.min(most, length - done);
    const piece = file.read(first + done * size, count * size);
    for (let k = 0; k < count; k++) entries[done + k] = type === "int8" ? piece.readInt8(k) : piece.readDoubleLE(8 * k);
  }
  return entries;
}

const bytesOf = ({ type, length }: Pick<FrameArray, "type" | "length">): number => (type === "int8" ? 1 : 8) * length;

/** Whether a signed byte holds each entry exactly: spins, bits and Potts variables. */
function isSmall(entries: ArrayLike<number>): boolean {
  for (let k = 0; k < entries.length; k++) if (!(Number.isInteger(entries[k]) && Math.abs(entries[k]!) <= 127) || Object.is(entries[k], -0)) return false;
  return true;
}

export const numberToText = (_: string, value: unknown): unknown => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
export const textToNumber = (key: string, value: unknown): unknown => (key !== "name" && (value === "NaN" || value === "Infinity" || value === "-Infinity") ? Number(value) : value);

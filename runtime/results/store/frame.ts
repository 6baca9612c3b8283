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

/** `bytes` are those of the whole frame. */
export interface Frame { readonly header: FrameHeader; readonly body: Uint8Array; readonly bytes: Uint8Array }

const PREFIX = 12;
const SUFFIX = 4;

export interface FrameContent extends Omit<FrameHeader, "arrays"> {
  readonly arrays: readonly (Pick<FrameArray, "kind" | "name" | "definition"> & { readonly entries: ArrayLike<number> })[];
}

export function encodeFrame({ arrays, ...content }: FrameContent): Uint8Array {
  const typed = arrays.map(({ entries, ...rest }) => {
    const type = rest.kind !== "values" && rest.kind !== "weights" && isSmall(entries) ? ("int8" as const) : ("float64" as const);
    return { entries, described: { ...rest, type, length: entries.length } };
  });
  const header = Buffer.from(JSON.stringify({ ...content, arrays: typed.map((t) => t.described) }, numberToText));
  const size = typed.reduce((sum, { described }) => sum + bytesOf(described), 0);
  const frame = Buffer.alloc(PREFIX + header.length + size + SUFFIX);
  frame.writeUInt32LE(header.length, 0);
  frame.writeBigUInt64LE(BigInt(size), 4);
  header.copy(frame, PREFIX);
  let offset = PREFIX + header.length;
  for (const { entries, described } of typed) {
    if (described.type === "int8") for (let k = 0; k < entries.length; k++) frame.writeInt8(entries[k]!, offset + k);
    else for (let k = 0; k < entries.length; k++) frame.writeDoubleLE(entries[k]!, offset + 8 * k);
    offset += bytesOf(described);
  }
  frame.writeUInt32LE(crc32(frame.subarray(0, offset)), offset);
  return frame;
}

/** The frame that begins at `offset`, with the place behind it; undefined where there is no complete one with the right checksum. */
export function decodeFrame(bytes: Buffer, offset: number): { readonly frame: Frame; readonly end: number } | undefined {
  if (offset + PREFIX > bytes.length) return undefined;
  const headerEnd = offset + PREFIX + bytes.readUInt32LE(offset);
  const bodyEnd = headerEnd + Number(bytes.readBigUInt64LE(offset + 4));
  if (bodyEnd + SUFFIX > bytes.length || crc32(bytes.subarray(offset, bodyEnd)) !== bytes.readUInt32LE(bodyEnd)) return undefined;
  const header = JSON.parse(bytes.toString("utf8", offset + PREFIX, headerEnd), textToNumber) as FrameHeader;
  return { frame: { header, body: bytes.subarray(headerEnd, bodyEnd), bytes: bytes.subarray(offset, bodyEnd + SUFFIX) }, end: bodyEnd + SUFFIX };
}

/** The entries of array number `index` of a frame. */
export function entriesOf({ header, body }: Frame, index: number): Float64Array {
  const array = header.arrays[index]!;
  const first = header.arrays.slice(0, index).reduce((sum, a) => sum + bytesOf(a), 0);
  const view = new DataView(body.buffer, body.byteOffset + first, bytesOf(array));
  return Float64Array.from({ length: array.length }, (_, k) => (array.type === "int8" ? view.getInt8(k) : view.getFloat64(8 * k, true)));
}

const bytesOf = ({ type, length }: Pick<FrameArray, "type" | "length">): number => (type === "int8" ? 1 : 8) * length;

/** Whether a signed byte holds each entry exactly: spins, bits and Potts variables. */
function isSmall(entries: ArrayLike<number>): boolean {
  for (let k = 0; k < entries.length; k++) if (!(Number.isInteger(entries[k]) && Math.abs(entries[k]!) <= 127) || Object.is(entries[k], -0)) return false;
  return true;
}

export const numberToText = (_: string, value: unknown): unknown => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
export const textToNumber = (key: string, value: unknown): unknown => (key !== "name" && (value === "NaN" || value === "Infinity" || value === "-Infinity") ? Number(value) : value);

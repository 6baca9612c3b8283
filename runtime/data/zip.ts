/** Files in a ZIP archive (PKWARE APPNOTE 6.3), stored or deflated, found by the central directory; with ZIP64 sizes, as numpy writes them. */
import { inflateRawSync } from "node:zlib";
import { DataError } from "./source.ts";

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const zip64Extra = 0x0001;

/** Names of the archive's files, with their contents when asked for. */
export function zipEntries(archive: Buffer, file: string): ReadonlyMap<string, () => Buffer> {
  const malformed = (what: string): DataError => new DataError(`${file} is no complete archive: ${what}`, "`numpy.savez(\"data.npz\", x = …, y = …)` writes one");
  let end = archive.length - 22;
  while (end >= 0 && archive.readUInt32LE(end) !== endOfDirectory) end--;
  if (end < 0) throw malformed("the directory at the end of a ZIP file is missing");
  const entries = new Map<string, () => Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let k = 0; k < archive.readUInt16LE(end + 10); k++) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== directoryEntry) throw malformed(`entry ${k + 1} of its directory is damaged`);
    const method = archive.readUInt16LE(at + 10);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) => archive.readUInt16LE(at + o)) as [number, number, number];
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const [size, full, offset] = wideSizes(archive.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength), [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24), archive.readUInt32LE(at + 42)]);
    entries.set(name, () => {
      if (offset + 30 > archive.length) throw malformed(`\`${name}\` lies outside of it`);
      const begin = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28);
      const content = archive.subarray(begin, begin + size);
      if (content.length < size || (method !== 0 && method !== 8)) throw malformed(content.length < size ? `\`${name}\` is cut off` : `\`${name}\` is compressed by method ${method}, and only deflate is known`);
      try {
        const inflated = method === 0 ? content : inflateRawSync(content);
        if (inflated.length !== full) throw malformed(`\`${name}\` has ${inflated.length} bytes, and ${full} were expected`);
        return inflated;
      } catch (error) {
        throw error instanceof DataError ? error : malformed(`\`${name}\` cannot be decompressed`);
      }
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

/** [compressed size, size, offset]: the 64-bit values of the extra field where the 32-bit ones are full. */
function wideSizes(extra: Buffer, [size, full, offset]: readonly [number, number, number]): readonly [number, number, number] {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== zip64Extra) continue;
    let next = at + 4;
    const wide = (value: number): number => {
      if (value !== 0xffffffff || next + 8 > extra.length) return value;
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    };
    const [f, s, o] = [wide(full), wide(size), wide(offset)];
    return [s, f, o];
  }
  return [size, full, offset];
}

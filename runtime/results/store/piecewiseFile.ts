/** Files of any size: Node reads and writes at most 2 GiB in one call, and a buffer has a largest size too. */
import { readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";

let most = 2 ** 24;
/** Bytes that are read or written in one call, at most. */
export const pieceSize = (): number => most;
/** For tests. */
export const limitPieces = (bytes: number): void => void (most = bytes);

/** Longest stretch of reading, in milliseconds, without a look at signals. */
const SLICE = 50;

export interface PiecewiseFile {
  /** So few bytes that one call gives them. @throws Error of the file system, or if the file ends before */
  readonly read: (offset: number, length: number) => Buffer;
  /** Many bytes, one piece after the other. */
  readonly pieces: (offset: number, length: number) => AsyncGenerator<Buffer>;
}

/** @param handle which may be another one later */
export function piecewiseFile(handle: () => { readonly fd: number }): PiecewiseFile {
  const read = (offset: number, length: number): Buffer => {
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const count = readSync(handle().fd, bytes, done, Math.min(most, length - done), offset + done);
      if (count === 0) throw new Error("a file of samples has become shorter while it was read");
      done += count;
    }
    return bytes;
  };
  return {
    read,
    pieces: async function* (offset, length) {
      let pause = performance.now() + SLICE;
      for (let done = 0; done < length; done += most) {
        yield read(offset + done, Math.min(most, length - done));
        if (performance.now() < pause) continue;
        await setImmediate();
        pause = performance.now() + SLICE;
      }
    },
  };
}

/**
 * Files that survive a crash at any moment: what is appended is synced before anybody hears of it, what is replaced is written under another
 * name, synced and renamed.
 */
import { open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { pieceSize } from "./piecewiseFile.ts";

/** The moments between the steps of writing, at which tests break in. */
export type Stage = "append-written" | "append-synced" | "replace-written" | "replace-synced" | "replace-renamed";

let breakIn: (stage: Stage, path: string) => void = () => {};
/** For tests: called at each stage; what it throws is an error of the file system. */
export const interceptWrites = (interceptor: (stage: Stage, path: string) => void): void => void (breakIn = interceptor);

/** Appends in the order of the calls, and syncs. */
export async function appendDurably(file: FileHandle, path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  for (const chunk of chunks) await writeWhole(file, chunk);
  breakIn("append-written", path);
  await file.datasync();
  breakIn("append-synced", path);
}

/** A short write (a full disk) is continued, so that the next error tells the reason. */
async function writeWhole(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.length; ) offset += (await file.write(chunk, offset, Math.min(pieceSize(), chunk.length - offset))).bytesWritten;
}

/** Makes `path` hold `content`, or leaves it as it was. The folder must exist. A link stays one, and a file keeps its permissions. */
export async function replaceDurably(link: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  const path = await realpath(link).catch(() => link);
  const mode = await stat(path).then((found) => found.mode, () => 0o666);
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(temporary, "w", mode);
    try {
      if (typeof content === "string") await writeWhole(file, Buffer.from(content));
      else if (content instanceof Uint8Array) await writeWhole(file, content);
      else for await (const chunk of content) await writeWhole(file, chunk);
      breakIn("replace-written", path);
      await file.sync();
    } finally {
      await file.close();
    }
    breakIn("replace-synced", path);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  breakIn("replace-renamed", path);
  await syncDirectory(dirname(path));
}

/** Makes names in a folder last. Some file systems can't, and don't need it. */
export async function syncDirectory(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

import writeFileAtomic from "write-file-atomic";

/**
 * Writes a file so that a reader, or a crash, sees either the old content or all of the new one: to a temporary name in the
 * same folder, synced, then renamed. The folder must exist. The only file that imports write-file-atomic.
 */
export async function writeAtomic(path: string, data: string | Uint8Array): Promise<void> {
  // The package takes Buffers; a view on the same memory saves the copy.
  const content = typeof data === "string" ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  await writeFileAtomic(path, content);
}

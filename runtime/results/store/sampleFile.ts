/** The tasks of one run that are finished, in a file of frames that grows; the last frame of a task counts. */
import { open, type FileHandle } from "node:fs/promises";
import { appendDurably, replaceDurably } from "./durableFile.ts";
import { decodeFrame, encodeFrame, type Frame, type FrameContent } from "./frame.ts";

export interface SampleFile {
  readonly path: string;
  /** By content address of the task. */
  readonly frames: ReadonlyMap<string, Frame>;
  /** Appends tasks; they are lasting when the promise is fulfilled. */
  readonly append: (tasks: readonly FrameContent[]) => Promise<void>;
  /** Rewrites the file with one frame a task, those of `order` first, in that order, so that its bytes don't tell how they came about. */
  readonly settle: (order: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What a crash has left half-written at the end is no frame, and is cut off when something is appended. */
export function readFrames(bytes: Buffer): { readonly frames: Map<string, Frame>; readonly end: number; readonly count: number } {
  const frames = new Map<string, Frame>();
  let end = 0;
  let count = 0;
  for (let next = decodeFrame(bytes, 0); next; next = decodeFrame(bytes, end)) {
    frames.set(next.frame.header.task, next.frame);
    end = next.end;
    count++;
  }
  return { frames, end, count };
}

export async function openSampleFile(path: string): Promise<SampleFile> {
  let file: FileHandle = await open(path, "a+");
  const bytes = await file.readFile();
  const found = readFrames(bytes);
  const { frames } = found;
  let length = bytes.length;
  /** Behind the last complete frame. */
  let end = found.end;
  /** Whether the file is as `settle` leaves it. */
  let settledOrder = found.count === frames.size ? [...frames.keys()].join() : undefined;
  return {
    path,
    frames,
    append: async (tasks) => {
      const encoded = tasks.map(encodeFrame);
      if (length > end) await file.truncate(end);
      length = Infinity; // until it is known that all of it is written
      await appendDurably(file, path, encoded);
      for (const chunk of encoded) {
        const { frame } = decodeFrame(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length), 0)!;
        frames.set(frame.header.task, frame);
        end += chunk.length;
      }
      length = end;
      settledOrder = undefined;
    },
    settle: async (order) => {
      const first = order.filter((task) => frames.has(task));
      const known = new Set(first);
      const all = [...first, ...[...frames.keys()].filter((task) => !known.has(task)).sort()];
      if (settledOrder === all.join() && length === end) return;
      const settled = Buffer.concat(all.map((task) => frames.get(task)!.bytes));
      await file.close();
      await replaceDurably(path, settled);
      file = await open(path, "a+");
      end = length = settled.length;
      settledOrder = all.join();
    },
    close: () => file.close(),
  };
}

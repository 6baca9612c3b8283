/** The tasks of one run that are finished, in a file of frames that grows; the last frame of a task counts. */
import { open, type FileHandle } from "node:fs/promises";
import { appendDurably, replaceDurably } from "./durableFile.ts";
import { encodeFrame, readFrame, type Frame, type FrameContent } from "./frame.ts";
import { piecewiseFile, type PiecewiseFile } from "./piecewiseFile.ts";

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

interface ReadFrames { readonly frames: Map<string, Frame>; readonly end: number; readonly count: number }

/** What a crash has left half-written at the end is no frame, and is cut off when something is appended. */
async function readFrames(file: PiecewiseFile, size: number): Promise<ReadFrames> {
  const frames = new Map<string, Frame>();
  let end = 0;
  let count = 0;
  for (let next = await readFrame(file, 0, size); next; next = await readFrame(file, end, size)) {
    frames.set(next.header.task, next);
    end += next.length;
    count++;
  }
  return { frames, end, count };
}

/** Reads a file that somebody else may write; `use` gets its frames, and its size. No frames if there is none. */
export async function withSampleFile<T>(path: string, use: (frames: ReadonlyMap<string, Frame>, size: number) => T | Promise<T>): Promise<T> {
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? undefined : Promise.reject(error)));
  if (!file) return use(new Map(), 0);
  try {
    const { size } = await file.stat();
    return await use((await readFrames(piecewiseFile(() => file), size)).frames, size);
  } finally {
    await file.close();
  }
}

export async function openSampleFile(path: string): Promise<SampleFile> {
  let file: FileHandle = await open(path, "a+");
  const content = piecewiseFile(() => file);
  let length = (await file.stat()).size;
  const found = await readFrames(content, length);
  const { frames } = found;
  /** Behind the last complete frame. */
  let end = found.end;
  /** Whether the file is as `settle` leaves it. */
  let settledOrder = found.count === frames.size ? [...frames.keys()].join() : undefined;
  return {
    path,
    frames,
    append: async (tasks) => {
      if (length > end) await file.truncate(end);
      length = Infinity; // until it is known that all of it is written
      await appendDurably(file, path, (function* () { for (const task of tasks) yield* encodeFrame(task); })());
      const { size } = await file.stat();
      for (let count = 0; count < tasks.length; count++) {
        const frame = await readFrame(content, end, size);
        if (!frame) throw new Error(`internal: what was written to ${path} is not there`);
        frames.set(frame.header.task, frame);
        end += frame.length;
      }
      length = end;
      settledOrder = undefined;
    },
    settle: async (order) => {
      const first = order.filter((task) => frames.has(task));
      const known = new Set(first);
      const all = [...first, ...[...frames.keys()].filter((task) => !known.has(task)).sort()];
      if (settledOrder === all.join() && length === end) return;
      const settled = all.map((task) => frames.get(task)!);
      await replaceDurably(path, (async function* () { for (const { offset, length: bytes } of settled) yield* content.pieces(offset, bytes); })());
      const before = file;
      file = await open(path, "a+");
      end = 0;
      for (const frame of settled) {
        frame.offset = end;
        end += frame.length;
      }
      length = end;
      settledOrder = all.join();
      await before.close();
    },
    close: () => file.close(),
  };
}

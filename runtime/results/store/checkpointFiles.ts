/** How far the tasks at work are: a file a task, which goes when the task is finished. */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { deserialize, serialize } from "node:v8";
import { crc32 } from "node:zlib";
import type { TaskCheckpoint } from "../../engine/checkpoint.ts";
import { replaceDurably } from "./durableFile.ts";

/** What a checkpoint is a checkpoint of. */
export interface CheckpointOwner {
  /** `RunAddress.states`. */
  readonly states: string;
  readonly task: string;
  /** Of what is recorded: names and definitions, and whether states are. */
  readonly recorded: string;
}

export interface SavedCheckpoint extends CheckpointOwner { readonly checkpoint: TaskCheckpoint }

export interface CheckpointFiles {
  readonly save: (run: string, saved: SavedCheckpoint) => Promise<void>;
  readonly remove: (run: string, owner: Pick<CheckpointOwner, "states" | "task">) => Promise<void>;
}

const CHECKSUM = 4;

export const checkpointFiles = (directory: string): CheckpointFiles => {
  const path = (run: string, { states, task }: Pick<CheckpointOwner, "states" | "task">): string =>
    join(directory, `${run}-${createHash("sha256").update(`${states} ${task}`).digest("hex").slice(0, 16)}`);
  return {
    save: async (run, saved) => {
      const content = serialize(saved);
      const sum = Buffer.alloc(CHECKSUM);
      sum.writeUInt32LE(crc32(content));
      await mkdir(directory, { recursive: true });
      await replaceDurably(path(run, saved), Buffer.concat([sum, content]));
    },
    remove: (run, owner) => rm(path(run, owner), { force: true }),
  };
};

/** All checkpoints of a folder; files that aren't whole are passed over. */
export async function readCheckpoints(directory: string): Promise<readonly SavedCheckpoint[]> {
  const names = await readdir(directory).catch(() => []);
  const found: SavedCheckpoint[] = [];
  for (const name of names.filter((n) => !n.endsWith(".tmp"))) {
    const bytes = await readFile(join(directory, name));
    if (bytes.length <= CHECKSUM || crc32(bytes.subarray(CHECKSUM)) !== bytes.readUInt32LE(0)) continue;
    found.push(deserialize(bytes.subarray(CHECKSUM)) as SavedCheckpoint);
  }
  return found;
}

/**
 * The folder of one study: what its runs have found so far, in a form that survives a crash at any moment.
 *
 *     spec.quench       the specification as it was run
 *     run.json          versions, settings, host, times: enough to run it again
 *     journal.jsonl     a line for each finished task, in the order in which they ended
 *     samples/          a file of frames (`frame.ts`) for each run and version of its model
 *     checkpoints/      how far the tasks at work are
 *     predictions.jsonl what theories have answered, a line for each question
 *     results.json, results.csv, figures/, report.html   what is computed from the samples
 *     lock              who is writing
 *
 * The samples are the truth: a task is finished when its frame is synced. The journal says when that was.
 */
import { mkdir, open, readdir, readFile, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { TaskCheckpoint } from "../../engine/checkpoint.ts";
import type { Final } from "../../engine/taskOutcome.ts";
import type { RunPlan } from "../../engine/plan.ts";
import type { TaskRecord } from "../records.ts";
import { checkpointFiles, readCheckpoints, type SavedCheckpoint } from "./checkpointFiles.ts";
import { lockDirectory, type LockHolder } from "./directoryLock.ts";
import { appendDurably, syncDirectory } from "./durableFile.ts";
import type { FrameContent } from "./frame.ts";
import type { SettledAnswer } from "../environment.ts";
import { openPredictionFile, type AnsweredQuestion } from "./predictionFile.ts";
import { openSampleFile, type SampleFile } from "./sampleFile.ts";
import { taskKey, type RunAddress } from "./runAddress.ts";
import { storedTasks, type StoredTasks } from "./storedTasks.ts";

/** What is kept of states: the last one of each task, and those at its records. */
export interface KeptStates { readonly final: boolean; readonly recorded: boolean }

export interface RunDirectory {
  readonly path: string;
  /** The samples of a run, and a place for more. */
  readonly samplesOf: (plan: RunPlan, address: RunAddress, keep: KeptStates) => Promise<RunSamples>;
  /** What theories have answered, and a place for more. */
  readonly predictions: StoredPredictions;
  /** Calls back when writing fails, so that nothing long goes on in vain. */
  readonly onFailure: (listener: () => void) => void;
  /** Waits for all that is being written, and throws what has failed. */
  readonly settled: () => Promise<void>;
  /** Waits likewise, and lets others in. */
  readonly close: () => Promise<void>;
}

export interface RunSamples extends StoredTasks {
  readonly checkpoints: readonly TaskCheckpoint[];
  /**
   * Stores a finished task, soon: `settle` and `close` wait for it.
   * @throws Error what writing earlier ones has thrown
   */
  readonly add: (record: TaskRecord, final?: Final, recorded?: Float64Array) => void;
  readonly checkpoint: (checkpoint: TaskCheckpoint) => void;
  /** Brings the samples into an order that doesn't depend on how they came about. */
  readonly settle: () => Promise<void>;
}

export interface StoredPredictions {
  /** By content address of the question. */
  readonly answers: ReadonlyMap<string, SettledAnswer>;
  /**
   * Stores an answer, soon: `settle` and `close` of the directory wait for it.
   * @throws Error what writing earlier ones has thrown
   */
  readonly add: (answered: AnsweredQuestion) => void;
  /** Brings them into an order that doesn't depend on how they came about. */
  readonly settle: () => Promise<void>;
}

export type OpenedDirectory = { readonly ok: true; readonly directory: RunDirectory } | { readonly ok: false; readonly holder: LockHolder };

/** Opens a folder for writing, which exists. What fails in the file system is thrown. */
export async function openRunDirectory(path: string): Promise<OpenedDirectory> {
  const lock = await lockDirectory(path);
  if (!lock.ok) return lock;
  try {
    return { ok: true, directory: await create(path, lock.release) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Each version of a run has a file of its own, so that samples of different ones can't mix. */
export const sampleFileName = (plan: RunPlan, address: RunAddress): string => `${plan.run}-${address.states.slice(0, 12)}.frames`;

interface Waiting { readonly file: SampleFile; readonly content: FrameContent; readonly line: string; readonly committed: () => Promise<void> }

async function create(path: string, release: () => void): Promise<RunDirectory> {
  await removeTemporaries(path);
  const samples = join(path, "samples");
  await mkdir(samples, { recursive: true });
  const journalPath = join(path, "journal.jsonl");
  const journal = await openJournal(journalPath);
  await syncDirectory(path);
  const checkpoints = checkpointFiles(join(path, "checkpoints"));
  const saved = await readCheckpoints(join(path, "checkpoints"));
  const files = new Map<string, SampleFile>();
  const predictions = await openPredictionFile(join(path, "predictions.jsonl"));

  let waiting: Waiting[] = [];
  let waitingAnswers: AnsweredQuestion[] = [];
  const waitingCheckpoints = new Map<string, { readonly run: string; readonly saved: SavedCheckpoint }>();
  let failed: unknown;
  let failureListener = (): void => {};
  let work: Promise<void> | undefined;

  /** Everything that is waiting, with one sync for all of it. */
  const anythingWaits = (): boolean => failed === undefined && (waiting.length > 0 || waitingAnswers.length > 0 || waitingCheckpoints.size > 0);
  const commit = async (): Promise<void> => {
    while (anythingWaits()) {
      const answers = waitingAnswers;
      waitingAnswers = [];
      await predictions.append(answers);
      const tasks = waiting;
      waiting = [];
      for (const file of new Set(tasks.map((t) => t.file))) await file.append(tasks.filter((t) => t.file === file).map((t) => t.content));
      if (tasks.length > 0) await appendDurably(journal, journalPath, [Buffer.from(tasks.map((t) => t.line).join(""))]);
      for (const { committed } of tasks) await committed();
      const [next] = waitingCheckpoints;
      if (next) {
        waitingCheckpoints.delete(next[0]);
        await checkpoints.save(next[1].run, next[1].saved);
      }
    }
  };
  const start = (): void => {
    work ??= commit().catch((error: unknown) => {
      failed = error;
      failureListener();
    }).finally(() => {
      work = undefined;
      if (anythingWaits()) start();
    });
  };
  const drain = async (): Promise<void> => {
    while (work) await work;
    if (failed !== undefined) throw failed;
  };

  return {
    path,
    onFailure: (listener) => void (failureListener = listener),
    settled: drain,
    predictions: {
      answers: predictions.answers,
      add: (answered) => {
        if (failed !== undefined) throw failed;
        waitingAnswers.push(answered);
        start();
      },
      settle: async () => {
        await drain();
        await predictions.settle();
      },
    },
    samplesOf: async (plan, address, keep) => {
      const name = sampleFileName(plan, address);
      const known = files.get(name);
      const file = known ?? (await openSampleFile(join(samples, name)));
      files.set(name, file);
      if (!known) await syncDirectory(samples);
      const stored = storedTasks(plan, address, file.frames);
      const recorded = JSON.stringify([address.observables, keep.recorded]);
      const order = plan.points.flatMap((_, point) => range(plan.samples).flatMap((sample) => range(plan.starts).map((start) => taskKey(address, { point, sample, start }))));
      return {
        ...stored,
        checkpoints: saved.flatMap((s) => {
          const place = s.states === address.states && s.recorded === recorded ? order.indexOf(s.task) : -1;
          // The number of the point may be another one by now.
          return place < 0 ? [] : [{ ...s.checkpoint, point: Math.floor(place / (plan.samples * plan.starts)) }];
        }),
        add: (record, final, states) => {
          if (failed !== undefined) throw failed;
          const task = taskKey(address, record);
          const { point, sample, start: number, steps, records, shapes, weights, values } = record;
          const at = plan.points[point]!.sweep;
          waiting.push({
            file,
            content: {
              task, at, sample, start: number, records, steps, ...(shapes ? { shapes } : {}), ...(states && keep.recorded && address.copies.length > 0 ? { copies: address.copies } : {}),
              arrays: [
                ...Object.entries(values).map(([of, entries]) => ({ kind: "values" as const, name: of, ...(of in address.observables ? { definition: address.observables[of]! } : {}), entries })),
                ...(weights ? [{ kind: "weights" as const, entries: weights }] : []),
                ...(final && keep.final ? Object.entries({ 1: final.state, ...final.copies }).map(([copy, entries]) => ({ kind: "final" as const, name: copy, entries })) : []),
                ...(states && keep.recorded ? [{ kind: "recorded" as const, entries: states }] : []),
              ],
            },
            line: `${JSON.stringify({ task, run: plan.run, at, sample, start: number, records, finished: new Date().toISOString() })}\n`,
            committed: () => {
              waitingCheckpoints.delete(`${plan.run} ${task}`);
              return checkpoints.remove(plan.run, { states: address.states, task });
            },
          });
          start();
        },
        checkpoint: (checkpoint) => {
          if (failed !== undefined) throw failed;
          const task = taskKey(address, checkpoint);
          waitingCheckpoints.set(`${plan.run} ${task}`, { run: plan.run, saved: { states: address.states, task, recorded, checkpoint } });
          start();
        },
        settle: async () => {
          await drain();
          await file.settle(order);
        },
      };
    },
    close: async () => {
      try {
        await drain();
      } finally {
        await Promise.all([...files.values()].map((file) => file.close()));
        await predictions.close();
        await journal.close();
        release();
      }
    },
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, k) => k);

/** A last line that a crash has cut off is ended, so that the next one stands alone. */
async function openJournal(path: string): Promise<FileHandle> {
  const file = await open(path, "a+");
  const { size } = await file.stat();
  if (size > 0) {
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, size - 1);
    if (last[0] !== 10) await file.truncate(await endOfLastLine(path));
  }
  return file;
}

const endOfLastLine = async (path: string): Promise<number> => (await readFile(path)).lastIndexOf(10) + 1;

/** What processes that were killed have left. */
async function removeTemporaries(path: string): Promise<void> {
  for (const folder of [path, join(path, "samples"), join(path, "checkpoints"), join(path, "figures")]) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) if (name.endsWith(".tmp")) await rm(join(folder, name), { force: true });
  }
}

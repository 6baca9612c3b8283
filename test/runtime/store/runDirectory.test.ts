/** What a run directory promises when the file system or the process fails at any stage of writing. */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { interceptWrites, replaceDurably, type Stage } from "../../../runtime/results/store/durableFile.ts";
import { encodeFrame, entriesOf } from "../../../runtime/results/store/frame.ts";
import { limitPieces, pieceSize } from "../../../runtime/results/store/piecewiseFile.ts";
import { withSampleFile } from "../../../runtime/results/store/sampleFile.ts";
import { openRunDirectory, type RunDirectory, type RunSamples } from "../../../runtime/results/store/runDirectory.ts";
import type { RunAddress } from "../../../runtime/results/store/runAddress.ts";
import { tasksOf } from "../../../runtime/results/store/storedTasks.ts";
import type { TaskCheckpoint } from "../../../runtime/engine/checkpoint.ts";
import type { TaskRecord } from "../../../runtime/results/records.ts";
import { sizePlan } from "../engine/plans.ts";

const plan = sizePlan([5, 7]);
const address: RunAddress = { states: "0123456789abcdef0123456789abcdef", points: ["a".repeat(32), "b".repeat(32)], copies: [], observables: { E: "e1", x: "x1" } };
const record = ({ point, sample, start }: { point: number; sample: number; start: number }): TaskRecord => ({
  point, sample, start, records: 2, values: { E: [point + 0.1, NaN], x: [1, 2, 3, -Infinity].map((v) => v * (start + 1)) },
  steps: [{ done: 3, capped: false, acceptance: NaN }],
});
const all = [...tasksOf(plan)].map(record);
const checkpoint: TaskCheckpoint = { point: 1, sample: 2, start: 3, steps: [], states: Float64Array.of(1, 2), copies: [{ done: 4, stalled: false, held: false, mover: { values: { a: NaN }, arrays: [], parts: [] } }], records: { values: {}, arrays: [], parts: [] } };

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "quench-store-")); });
afterEach(() => {
  interceptWrites(() => {});
  rmSync(folder, { recursive: true, force: true });
});

async function use<T>(work: (samples: RunSamples, directory: RunDirectory) => T | Promise<T>, of = address): Promise<T> {
  const opened = await openRunDirectory(folder);
  if (!opened.ok) throw new Error("locked");
  try {
    return await work(await opened.directory.samplesOf(plan, of, { final: true, recorded: true }), opened.directory);
  } finally {
    await opened.directory.close().catch(() => undefined);
  }
}
const add = (records: readonly TaskRecord[]) => (samples: RunSamples): void => records.forEach((r) => samples.add(r, { state: Float64Array.of(1, -1) }, Float64Array.of(1, -1, -1, -1)));
const finished = (): Promise<readonly TaskRecord[]> => use((samples) => samples.finished);
const file = (): string => join(folder, "samples", readdirSync(join(folder, "samples"))[0]!);

test("frames hold every number bit by bit, and states of spins in a byte each", async () => {
  const entries = [0, -0, 0.1, Infinity, -Infinity, NaN, 5e-324, 2 ** 53];
  const bytes = Buffer.concat([...encodeFrame({ task: "t", at: { T: Infinity }, sample: 0, start: 1, records: 8, steps: [], arrays: [{ kind: "values", name: "NaN", entries }, { kind: "final", entries: [1, -1, 3] }, { kind: "recorded", entries: [1, -0] }] })]);
  const path = join(folder, "frames");
  const count = (content: Uint8Array): Promise<number> => {
    writeFileSync(path, content);
    return withSampleFile(path, (frames) => frames.size);
  };
  writeFileSync(path, bytes);
  await withSampleFile(path, (frames) => {
    const frame = frames.get("t")!;
    expect(frame.length).toBe(bytes.length);
    expect(frame.header.at).toEqual({ T: Infinity });
    expect(frame.header.arrays.map((a) => [a.name, a.type, a.length])).toEqual([["NaN", "float64", 8], [undefined, "int8", 3], [undefined, "float64", 2]]);
    expect([...entriesOf(frame, 0)].every((v, k) => Object.is(v, entries[k]))).toBe(true);
    expect([...entriesOf(frame, 1)]).toEqual([1, -1, 3]);
  });
  for (let k = 0; k < bytes.length; k++) {
    expect(await count(bytes.subarray(0, k))).toBe(0);
    const flipped = Buffer.from(bytes);
    flipped[k]! ^= 1;
    expect(await count(flipped), `bit of byte ${k}`).toBe(0);
  }
});

test("what was added is there again; a line of the journal for each", async () => {
  await use(add(all));
  expect(await finished()).toEqual(all);
  const lines = readFileSync(join(folder, "journal.jsonl"), "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as { sample: number });
  expect(lines.length).toBe(all.length);
});

test("settled samples don't tell in which order, and how often, they were written", async () => {
  await use(async (samples) => { add(all)(samples); await samples.settle(); });
  const settled = readFileSync(file());
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  for (const part of [all.slice(20).reverse(), all.slice(3, 21), all.slice(0, 4)]) await use(add(part));
  expect(readFileSync(file()).equals(settled)).toBe(false);
  await use((samples) => samples.settle());
  expect(readFileSync(file()).equals(settled)).toBe(true);
});

test("files and frames that are larger than what is read and written at once have the same bytes", async () => {
  await use(async (samples) => { add(all)(samples); await samples.settle(); });
  const settled = readFileSync(file());
  const usual = pieceSize();
  try {
    limitPieces(13);
    expect(await finished()).toEqual(all);
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    await use(add([...all.slice(5), ...all.slice(0, 7)]));
    // What is read after the file was rewritten is where it is now.
    await use(async (samples) => { await samples.settle(); expect(samples.states().map(({ state }) => [...state])).toEqual(all.map(() => [1, -1])); });
    expect(readFileSync(file()).equals(settled)).toBe(true);
    expect(await finished()).toEqual(all);
  } finally {
    limitPieces(usual);
  }
});

test("a file that was cut anywhere keeps the tasks before the cut, and goes on", async () => {
  await use(add(all));
  const whole = readFileSync(file());
  for (const length of [0, 1, 11, 40, whole.length >> 1, whole.length - 5, whole.length - 1]) {
    writeFileSync(file(), whole);
    truncateSync(file(), length);
    const left = await finished();
    expect(left.length).toBeLessThan(all.length);
    expect(left).toEqual(all.slice(0, left.length));
    await use(add(all.slice(left.length)));
    expect(await finished()).toEqual(all);
  }
});

test("half a line of the journal is ended before the next", async () => {
  await use(add(all.slice(0, 2)));
  appendFileSync(join(folder, "journal.jsonl"), '{"task":"half');
  await use(add(all.slice(2, 4)));
  const lines = readFileSync(join(folder, "journal.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines.map((line) => typeof JSON.parse(line)).length).toBe(4);
});

test("a changed run, an unknown observable, a missing one", async () => {
  await use(add(all));
  expect(await use((samples) => samples.finished.length, { ...address, states: "f".repeat(32) })).toBe(0);
  expect(await use((samples) => samples.finished.length, { ...address, points: [address.points[0]!, "c".repeat(32)] })).toBe(all.length / 2);
  const more = { ...address, observables: { ...address.observables, y: "y1" } };
  const { kept, lacking, ended } = await use((samples) => ({ ended: samples.finished.length, kept: samples.kept, lacking: samples.lacking }), more);
  expect(ended).toBe(0);
  expect(kept.length).toBe(all.length);
  expect(kept[0]!.missing).toEqual(["y"]);
  expect([...kept[0]!.recorded]).toEqual([1, -1, -1, -1]);
  expect(lacking).toEqual([]);
  // The same observable, defined in another way.
  expect((await use((samples) => samples.kept, { ...address, observables: { E: "e1", x: "x2" } }))[0]!.missing).toEqual(["x"]);
  // Points that moved to other numbers keep their tasks.
  const moved = await use((samples) => samples.finished, { ...address, points: [address.points[1]!, address.points[0]!] });
  expect(moved.filter((t) => t.point === 1).map((t) => t.values["E"]![0])).toEqual(Array<number>(12).fill(0.1));
});

test("without states a missing observable is said to need the tasks again", async () => {
  await use((samples) => all.forEach((r) => samples.add(r)));
  const { kept, lacking } = await use((samples) => samples, { ...address, observables: { ...address.observables, y: "y1" } });
  expect(kept).toEqual([]);
  expect(lacking).toEqual([{ observables: ["y"], tasks: all.length }]);
});

test("checkpoints: the last one of a task, gone when it is finished or another run", async () => {
  await use((samples) => { samples.checkpoint({ ...checkpoint, states: Float64Array.of(0) }); samples.checkpoint(checkpoint); });
  expect(await use((samples) => samples.checkpoints)).toEqual([checkpoint]);
  expect(await use((samples) => samples.checkpoints, { ...address, states: "f".repeat(32) })).toEqual([]);
  expect(await use((samples) => samples.checkpoints, { ...address, observables: { E: "e1" } })).toEqual([]);
  const [name] = readdirSync(join(folder, "checkpoints"));
  const bytes = readFileSync(join(folder, "checkpoints", name!));
  writeFileSync(join(folder, "checkpoints", name!), bytes.subarray(0, bytes.length - 3));
  expect(await use((samples) => samples.checkpoints)).toEqual([]);
  writeFileSync(join(folder, "checkpoints", name!), bytes);
  await use(add(all));
  expect(readdirSync(join(folder, "checkpoints"))).toEqual([]);
});

const stages: readonly Stage[] = ["append-written", "append-synced", "replace-written", "replace-synced", "replace-renamed"];

describe.each(stages)("the disk is full: %s", (stage) => {
  test.each([1, 2, 3, 5])("at write %i", async (number) => {
    let count = 0;
    interceptWrites((at) => {
      if (at === stage && ++count === number) throw Object.assign(new Error("no space left on device"), { code: "ENOSPC", syscall: "write" });
    });
    let failures = 0;
    let reported = 0;
    const opened = await openRunDirectory(folder);
    if (!opened.ok) throw new Error("locked");
    const { directory } = opened;
    directory.onFailure(() => reported++);
    const lasting: TaskRecord[] = [];
    const samples = await directory.samplesOf(plan, address, { final: true, recorded: true });
    try {
      for (const r of all) {
        samples.add(r);
        samples.checkpoint({ ...checkpoint, ...[...tasksOf(plan)].at(-1)! });
        await directory.settled();
        lasting.push(r);
      }
      await samples.settle();
    } catch (error) {
      failures++;
      expect(error).toMatchObject({ code: "ENOSPC" });
      if (lasting.length < all.length) expect(() => samples.add(all[0]!)).toThrow(/no space/);
    }
    await directory.close().catch(() => undefined);
    interceptWrites(() => {});
    if (count >= number) {
      expect(failures).toBe(1);
      if (lasting.length < all.length) expect(reported).toBe(1);
    }
    expect(existsSync(join(folder, "lock"))).toBe(false);
    // All that was promised is there; a task may be there that was not promised yet; nothing is there by half.
    const found = await finished();
    expect(found.slice(0, lasting.length)).toEqual(lasting);
    expect(found).toEqual(all.slice(0, found.length));
    await use(async (again) => { add(all)(again); await again.settle(); });
    expect(await finished()).toEqual(all);
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith(".tmp"))).toEqual([]);
  });
});

test("a replaced file is the old one or the new one", async () => {
  const path = join(folder, "a.json");
  await replaceDurably(path, "old");
  for (const stage of ["replace-written", "replace-synced"] as const) {
    interceptWrites((at) => { if (at === stage) throw new Error("stop"); });
    await expect(replaceDurably(path, "new")).rejects.toThrow("stop");
    expect(readFileSync(path, "utf8")).toBe("old");
  }
  interceptWrites(() => {});
  await replaceDurably(path, "new");
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

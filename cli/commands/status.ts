import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { memoryText } from "../../compiler/1-check/checkSizes.ts";
import { isHeld, lockHolder } from "../../runtime/results/store/directoryLock.ts";
import { readCheckpoints } from "../../runtime/results/store/checkpointFiles.ts";
import { withSampleFile } from "../../runtime/results/store/sampleFile.ts";
import { sampleFileName } from "../../runtime/results/store/runDirectory.ts";
import { storedTasks } from "../../runtime/results/store/storedTasks.ts";
import { addressOf, countOf } from "../execute.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openRun, type ResumeOptions } from "../openRunDirectory.ts";
import { durationText } from "../../runtime/results/format.ts";
import { alignedLines } from "../table.ts";
import { paint, toStdout } from "../terminal.ts";

/** `quench status DIR`: how far each run is, who works on it, and what else the directory holds. Reads only. */
export async function status(directory: string, options: ResumeOptions): Promise<ExitStatus> {
  const opened = await openRun(directory, options);
  if (!opened.ok) return opened.status;
  const { source, description } = opened;
  const checkpoints = await readCheckpoints(join(directory, "checkpoints"));
  const files = new Map<string, number>();
  for (const name of await readdir(join(directory, "samples")).catch(() => [])) files.set(name, (await stat(join(directory, "samples", name))).size);
  const runs = await Promise.all(source.compilation.runs.map(async (plan) => {
    const address = addressOf(source.compilation, plan, opened.options, source.dataDirectory);
    const name = sampleFileName(plan, address);
    files.delete(name);
    const { finished, kept, lacking, bytes } = await withSampleFile(join(directory, "samples", name), (frames, size) => ({ ...storedTasks(plan, address, frames), bytes: size }));
    const entry = description.runs.find((r) => r.run === plan.run && r.address === address.states);
    return {
      run: plan.run, finished: finished.length, tasks: countOf(plan), observable: kept.length, again: lacking.reduce((sum, l) => sum + l.tasks, 0),
      checkpoints: checkpoints.filter((c) => c.states === address.states).length, bytes, seconds: entry?.seconds ?? 0,
    };
  }));
  const held = (await isHeld(directory)) ? await lockHolder(directory) : undefined;
  const last = description.invocations.at(-1);
  const state = held ? "running" : description.status === "running" ? "killed" : description.status;
  const others = [...files].reduce((sum, [, size]) => sum + size, 0);
  if (options.json) {
    toStdout(JSON.stringify({ directory, specification: description.specification, verb: description.verb, status: state, holder: held ?? null, last: last ?? null, runs, otherSamples: { files: files.size, bytes: others } }, undefined, 2));
    return exitStatus.ok;
  }
  toStdout(`${paint("bold", directory)}: quench ${description.verb} ${description.specification}, ${state}${held ? ` (process ${held.pid} on ${held.host} since ${held.since})` : last ? ` (last begun ${last.started})` : ""}`);
  const header = ["run", "tasks", "of", "at work", "to observe", "again", "samples", "time"];
  const rows = runs.map((r) => [r.run, r.finished, r.tasks, r.checkpoints, r.observable, r.again, memoryText(r.bytes), durationText(r.seconds)].map(String));
  toStdout(alignedLines([header, ...rows]).map((line) => `  ${line}`).join("\n"));
  if (files.size > 0) toStdout(`  ${files.size} files of samples belong to other versions of the specification (${memoryText(others)})`);
  if (!held && runs.some((r) => r.finished < r.tasks)) toStdout(`\`quench resume ${directory}\` goes on`);
  return exitStatus.ok;
}

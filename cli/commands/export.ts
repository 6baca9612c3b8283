import { join } from "node:path";
import { exportFormats, exportTable, type ExportFormatName } from "../../runtime/results/export/index.ts";
import { replaceDurably } from "../../runtime/results/store/durableFile.ts";
import { sampleFileName } from "../../runtime/results/store/runDirectory.ts";
import { withSampleFile } from "../../runtime/results/store/sampleFile.ts";
import { storedTasks } from "../../runtime/results/store/storedTasks.ts";
import { addressOf, countOf } from "../execute.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openRun } from "../openRunDirectory.ts";
import { reportDiagnostics } from "../reportDiagnostics.ts";
import { makeDirectory } from "../resultsDirectory.ts";
import { say, toStdout } from "../terminal.ts";

export interface ExportOptions {
  readonly format: ExportFormatName;
  readonly output?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `quench export DIR --format npz`: the records of every run of the specification, a file each, for other programs. Reads only what is finished. */
export async function exportRecords(directory: string, options: ExportOptions): Promise<ExitStatus> {
  const opened = await openRun(directory, {});
  if (!opened.ok) return opened.status;
  const { source, description } = opened;
  const output = options.output ?? join(directory, "export");
  const unwritable = makeDirectory(output);
  if (unwritable) return reportDiagnostics([unwritable]), exitStatus.rejected;
  const { extension, write } = exportFormats[options.format];
  const files: string[] = [];
  for (const plan of source.compilation.runs) {
    const address = addressOf(source.compilation, plan, opened.options, source.dataDirectory);
    const finished = await withSampleFile(join(directory, "samples", sampleFileName(plan, address)), (frames) => storedTasks(plan, address, frames).finished);
    if (finished.length === 0) continue;
    if (finished.length < countOf(plan) && options.quiet !== true) say(`${plan.run}: ${finished.length} of ${countOf(plan)} tasks are finished, and only these are exported`);
    const path = join(output, `${plan.run}.${extension}`);
    await replaceDurably(path, await write(exportTable({ plan, tasks: finished }, description.quench)));
    files.push(path);
  }
  if (options.json) toStdout(JSON.stringify({ directory, format: options.format, files }, undefined, 2));
  else for (const path of files) toStdout(path);
  if (files.length > 0) return exitStatus.ok;
  say(`${directory} has no finished tasks of this specification`);
  return exitStatus.rejected;
}

import { join } from "node:path";
import type { Diagnostic } from "../grammar/index.ts";
import { readRunJson, type RunJson } from "../runtime/results/store/runJson.ts";
import type { ExecutionOptions } from "./execute.ts";
import { exitStatus, type ExitStatus } from "./exitStatus.ts";
import { openSpecification } from "./openSpecification.ts";
import { reportDiagnostics } from "./reportDiagnostics.ts";
import type { StudySource } from "./study.ts";

export type OpenedRun =
  | { readonly ok: true; readonly description: RunJson; readonly source: StudySource; readonly options: ExecutionOptions }
  | { readonly ok: false; readonly status: ExitStatus };

/** What may be said anew where a run directory is opened; everything else stands in its run.json. */
export type ResumeOptions = Pick<ExecutionOptions, "workers" | "checkpoint" | "quiet" | "json">;

/** A run directory with its specification, compiled with the settings that it was run with. */
export async function openRun(directory: string, options: ResumeOptions): Promise<OpenedRun> {
  const description = await readRunJson(directory);
  if (!description) {
    const diagnostic: Diagnostic = { severity: "error", code: "Q009", message: `${directory} is not a run directory: it has no run.json that can be read`, labels: [], help: "`quench run` and `quench verify` say where their results are, and with -o they take up the samples of a folder whose run.json is damaged", arguments: { directory } };
    reportDiagnostics([diagnostic]);
    return { ok: false, status: exitStatus.rejected };
  }
  const all: ExecutionOptions = { ...description.settings, ...options, output: directory };
  const opened = openSpecification(join(directory, "spec.quench"), { ...all, dataDirectory: description.directory, deriveTheories: false });
  if (!opened.ok) return opened;
  return { ok: true, description, options: all, source: { ...opened, directory, specification: description.specification } };
}

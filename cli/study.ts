/** From a compiled specification to a run directory with all that comes out: what `run`, `verify`, `resume` and `report` share. */
import { availableParallelism, cpus, hostname, totalmem } from "node:os";
import { join, resolve } from "node:path";
import type { Compilation } from "../compiler/compile.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import type { Diagnostic, Source } from "../grammar/index.ts";
import { replaceDurably } from "../runtime/results/store/durableFile.ts";
import { openRunDirectory, type RunDirectory } from "../runtime/results/store/runDirectory.ts";
import { readRunJson, writeRunJson, type RunEntry, type RunJson } from "../runtime/results/store/runJson.ts";
import { writeResults } from "../runtime/results/writeResults.ts";
import { askAhead, evaluateStudy, type Chosen, type StudyResults } from "./evaluateStudy.ts";
import { execute, type Execution, type ExecutionOptions } from "./execute.ts";
import { exitStatus, type ExitStatus } from "./exitStatus.ts";
import { arithmetic } from "./arithmetic.ts";
import { attend, breathe, interruption } from "./interruption.ts";
import { Predictions } from "./predictions.ts";
import { reportDiagnostics } from "./reportDiagnostics.ts";
import { standaloneText } from "./standaloneText.ts";
import { makeDirectory } from "./resultsDirectory.ts";
import { writeReport } from "./writeReport.ts";
import { withSources } from "../compiler/withSources.ts";
import { paint, say, sayEvent, toStderr } from "./terminal.ts";
import { build, version } from "./version.ts";

/** A compiled specification with the places that belong to it. */
export interface StudySource {
  readonly source: Source;
  readonly compilation: Compilation;
  /** The run directory. */
  readonly directory: string;
  /** Path of the specification as the user knows it, and where relative paths of data files start. */
  readonly specification: string;
  readonly dataDirectory: string;
  /** What `--set` says. */
  readonly set: Readonly<Record<string, number>>;
}

export interface Study extends StudySource {
  readonly verb: "run" | "verify";
  readonly plans: readonly RunPlan[];
  readonly chosen: Chosen;
  readonly options: ExecutionOptions;
  /** Takes what the directory has, and runs nothing. */
  readonly storedOnly?: boolean;
}

export type Conducted =
  | { readonly ok: true; readonly results: StudyResults; readonly execution: Execution }
  | { readonly ok: false; readonly status: ExitStatus };

export async function conduct(chosen: Study): Promise<Conducted> {
  const study = { ...chosen, plans: withSources(chosen.plans, chosen.compilation.runs) };
  return attend(async () => {
    const { directory: path } = study;
    const unwritable = makeDirectory(path);
    if (unwritable) return refuse(unwritable);
    await breathe();
    if (interruption.aborted) {
      say("stopped before anything was run");
      return { ok: false, status: exitStatus.stopped };
    }
    let opened;
    try {
      opened = await openRunDirectory(path);
    } catch (error) {
      return refuse(unwritten(path, error, "Q006", `results cannot be written to ${path}`, "give a folder with -o"));
    }
    if (!opened.ok) {
      const { pid, host, since } = opened.holder;
      return refuse({ severity: "error", code: "Q008", message: `process ${pid} on ${host} has been working in ${path} since ${since}`, labels: [], help: "wait for it, or give another folder with -o", arguments: { path, pid } });
    }
    const { directory } = opened;
    try {
      return await work(study, directory);
    } catch (error) {
      if (!isFileError(error)) throw error;
      reportDiagnostics([unwritten(path, error, "Q007", `${path} could not be written to`, `what was finished before is kept; mend it, then \`quench resume ${path}\` goes on`)]);
      return { ok: false, status: exitStatus.stopped };
    } finally {
      await directory.close().catch((error: unknown) => {
        if (!isFileError(error)) throw error; // it was told above
      });
    }
  });
}

async function work(study: Study, directory: RunDirectory): Promise<Conducted> {
  const { options, source, compilation, plans, chosen, dataDirectory, storedOnly = false } = study;
  const started = new Date();
  const before = await readRunJson(directory.path);
  /** Brings run.json up to date, unless nothing is run. */
  const log = async (status: RunJson["status"], entries: readonly RunEntry[]): Promise<RunJson> => {
    if (storedOnly && before) return before;
    const content = runJson(study, before, started, status, entries);
    await writeRunJson(directory.path, content);
    return content;
  };
  await replaceDurably(join(directory.path, "spec.quench"), standaloneText(compilation));
  if (before && before.build !== build && options.quiet !== true) say(`${directory.path} was made by another build of Quench (${before.quench}+${before.build}), whose samples are not used`);
  await log("running", []);

  const failure = new AbortController();
  directory.onFailure(() => failure.abort());
  const signal = AbortSignal.any([interruption, failure.signal]);
  const predictions = new Predictions({
    compilation, settings: { set: study.set, ...(options.seed === undefined ? {} : { seed: options.seed }), directory: dataDirectory },
    stored: directory.predictions, threads: options.workers ?? availableParallelism(), options, signal,
  });
  try {
    // Theories are asked side by side with the runs.
    const ahead = Promise.allSettled([askAhead(chosen, plans, predictions), predictions.underivable(theoriesOf(chosen))]);
    const execution = await execute({ compilation, plans, options, directory, dataDirectory, signal, storedOnly, earlier: before?.runs ?? [] }).then(async (done) => {
      await directory.settled();
      return done;
    }).catch(async (error: unknown) => {
      await log("failed", []).catch(() => undefined); // the same full disk, perhaps
      throw error;
    });
    if (!execution.interrupted) {
      predictions.progress.show();
      await ahead;
    }
    const results = execution.interrupted ? undefined : await evaluateStudy(chosen, execution, directory.path, predictions, signal);
    await directory.settled();
    if (!results) {
      reportDiagnostics(execution.diagnostics, source);
      await log("stopped", execution.entries);
      sayHowToGoOn(study, execution);
      return { ok: false, status: exitStatus.stopped };
    }
    const diagnostics = [...(await predictions.underivable(theoriesOf(chosen))), ...execution.diagnostics];
    reportDiagnostics(diagnostics, source);
    await directory.predictions.settle();
    await writeResults(directory.path, results);
    const description = await log("finished", execution.entries);
    await writeReport(directory.path, source.text, description, results, { ...execution, diagnostics });
    return { ok: true, results, execution: { ...execution, diagnostics } };
  } finally {
    await predictions.close();
  }
}

const theoriesOf = ({ claims, plots, tables }: Chosen): ReadonlySet<string> => new Set([...claims, ...plots, ...tables].flatMap(({ about }) => about));

function sayHowToGoOn({ directory, options, plans }: Study, { entries }: Execution): void {
  const finished = entries.reduce((sum, e) => sum + e.finished, 0);
  const all = plans.reduce((sum, p) => sum + p.points.length * p.samples * p.starts, 0);
  if (options.json) sayEvent({ event: "stopped", directory, finished, total: all, resume: `quench resume ${directory}` });
  else toStderr(`stopped: ${finished} of ${all} tasks are finished; \`${paint("bold", `quench resume ${directory}`, process.stderr)}\` goes on`);
}

function runJson({ verb, options, directory: _, specification, dataDirectory }: Study, before: RunJson | undefined, started: Date, status: RunJson["status"], entries: readonly RunEntry[]): RunJson {
  const earlier = new Map((before?.runs ?? []).map((e) => [e.run, e]));
  for (const e of entries) {
    const known = earlier.get(e.run);
    earlier.set(e.run, known?.address === e.address ? { ...e, seconds: e.seconds + known.seconds } : e);
  }
  const { set, seed, only, target, simd, precision, constants, tfjsBackend, keepStates } = options;
  const how = arithmetic(options);
  const [cpu] = cpus();
  return {
    quench: version, build, node: process.version, specification, directory: resolve(dataDirectory), verb,
    settings: { set, ...(seed === undefined ? {} : { seed }), ...(only === undefined ? {} : { only }), target, ...(simd === undefined || simd === "plain" ? {} : { simd }), ...(precision === "f32" ? { precision } : {}), ...(constants && Object.keys(constants).length > 0 ? { constants } : {}), ...(tfjsBackend === undefined || tfjsBackend === "auto" ? {} : { tfjsBackend }), keepStates },
    precision: `${target === "tfjs" ? "float32 where starts move together, then float64" : "float64"}${how === undefined ? "" : `, ${how}`}`,
    host: { name: hostname(), platform: process.platform, architecture: process.arch, processor: cpu?.model.trim() ?? "unknown", cores: availableParallelism(), memory: totalmem() },
    status, runs: [...earlier.values()],
    invocations: [...(before?.invocations ?? []).slice(-99), { started: started.toISOString(), seconds: (Date.now() - started.getTime()) / 1000, workers: options.workers ?? availableParallelism(), status }],
  };
}

function refuse(diagnostic: Diagnostic): Conducted {
  reportDiagnostics([diagnostic]);
  return { ok: false, status: exitStatus.rejected };
}

const reasons: Readonly<Record<string, string>> = { ENOSPC: "the disk is full", EDQUOT: "the quota is used up", EFBIG: "the file may not grow further", EROFS: "the file system is read-only", EACCES: "no permission", EPERM: "no permission" };

const isFileError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && "code" in error && typeof error.code === "string" && /^E[A-Z0-9]+$/.test(error.code) && "syscall" in error;

function unwritten(path: string, error: unknown, code: string, message: string, help: string): Diagnostic {
  if (!isFileError(error)) throw error;
  const reason = error.code ?? "unknown reason";
  return { severity: "error", code, message: `${message} (${reason}${reasons[reason] ? `: ${reasons[reason]}` : ""})`, labels: [], help, arguments: { path } };
}

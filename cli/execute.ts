/** The runs of a study: which are needed, what is known of them already, their execution with progress. */
import { availableParallelism } from "node:os";
import type { Compilation } from "../compiler/compile.ts";
import { codeNeeded, computesInFloat32, servedWith } from "../compiler/codeNeeded.ts";
import { generateModel, type GeneratedModel } from "../compiler/generateModel.ts";
import { keptStates } from "../compiler/keptStates.ts";
import { runAddress } from "../compiler/runAddress.ts";
import { memoryText } from "../compiler/1-check/checkSizes.ts";
import { memoryLines, memoryPlan, type MemoryPlan } from "../compiler/memoryPlan.ts";
import { tensorCode } from "../compiler/tensorCode.ts";
import type { Program } from "../compiler/ir/program.ts";
import type { Diagnostic } from "../grammar/index.ts";
import { runTasks, type RunOutcome } from "../runtime/engine/index.ts";
import type { FinalStates } from "../runtime/engine/continuation.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { summariseSteps } from "../runtime/engine/stepSummary.ts";
import type { TaskAddress } from "../runtime/results/records.ts";
import type { KeptStates, RunDirectory, RunSamples } from "../runtime/results/store/runDirectory.ts";
import type { RunAddress } from "../runtime/results/store/runAddress.ts";
import type { RunEntry, RunSettings } from "../runtime/results/store/runJson.ts";
import { arithmetic, generation, isSingle, missingSimd, type Choice } from "./arithmetic.ts";
import { breathe } from "./interruption.ts";
import { startProgress, type Progress } from "./progress.ts";
import { say } from "./terminal.ts";
import { build, version } from "./version.ts";

export interface ExecutionOptions extends RunSettings {
  readonly workers?: number;
  /** Seconds between two checkpoints of a task. */
  readonly checkpoint?: number;
  readonly output?: string;
  readonly quiet?: boolean;
  /** Most bytes that the models of a run may take together. */
  readonly memory?: number;
  readonly json?: boolean;
}

export interface Execution {
  readonly outcomes: readonly RunOutcome[];
  readonly entries: readonly RunEntry[];
  /** Findings that came up while running: code that can't be generated, caps that were reached, tasks that failed. */
  readonly diagnostics: readonly Diagnostic[];
  readonly interrupted: boolean;
}

export interface ExecutionInputs {
  readonly compilation: Compilation;
  readonly plans: readonly RunPlan[];
  readonly options: ExecutionOptions;
  /** Where the samples are, and where new ones go. */
  readonly directory: RunDirectory;
  /** Where relative paths of data files start. */
  readonly dataDirectory: string;
  readonly signal: AbortSignal;
  /** What the directory had of the runs when it was worked on last. */
  readonly earlier?: readonly RunEntry[];
  /** Takes what the directory has, and runs nothing. */
  readonly storedOnly?: boolean;
}

/** Executes the plans one after the other; each uses all workers. Interrupting keeps what is finished, and how far the rest is. */
export async function execute({ compilation, plans, options, directory, dataDirectory, signal, earlier = [], storedOnly = false }: ExecutionInputs): Promise<Execution> {
  const diagnostics: Diagnostic[] = [];
  const outcomes: RunOutcome[] = [];
  const entries: RunEntry[] = [];
  const generated = new Map<RunPlan, ReturnType<typeof generateModel>>();
  for (const plan of plans) {
    const program = compilation.programs.get(plan.run);
    if (!program) throw new Error(`internal: the run ${plan.run} has no program`);
    const address = addressOf(compilation, plan, options, dataDirectory);
    const keep = keptFor(plan, program, compilation.runs, options.keepStates);
    const samples = withStates(await directory.samplesOf(plan, address, keep), plan, compilation.runs);
    const begun = performance.now();
    await breathe();
    if (signal.aborted) {
      entries.push(entryOf({ plan, tasks: samples.finished }, address, 0));
      continue;
    }
    // What a run continues from comes before it; where that could not run, it has been said.
    if (!storedOnly && plan.continues?.runs.some(({ run }) => !outcomes.some((o) => o.plan.run === run))) continue;
    let outcome: RunOutcome;
    if (storedOnly || samples.finished.length === countOf(plan)) {
      outcome = { plan, tasks: samples.finished, failures: [], interrupted: false, steps: summariseSteps(plan, samples.finished), notes: [], states: statesFor(plan, compilation.runs, samples) };
    } else {
      // The first of the runs that one code serves stands for all.
      const served = servedWith(plan, plans, (p) => compilation.programs.get(p.run));
      const model = generated.get(served[0]!) ?? generateModel(program, { ...codeNeeded(served), ...generation(options) });
      generated.set(served[0]!, model);
      if (!model.ok) {
        diagnostics.push(...model.diagnostics);
        continue;
      }
      const { memory, workers = availableParallelism() } = options;
      const refusal = memory === undefined ? undefined : memoryRefusal(compilation, plan.run, await memoryPlan(plan, model, { workers, directory: dataDirectory, target: options.target === "typescript" ? "typescript" : "wasm" }), memory);
      if (refusal) {
        diagnostics.push(refusal);
        continue;
      }
      outcome = await runPlan(plan, model, { options, dataDirectory, signal, samples, keep, readByOthers: isRead(plan, compilation.runs), changed: changeOf(plan, address, samples, earlier), others: new Map(outcomes.map((o) => [o.plan.run, o.states])) });
    }
    if (isSingle(options) && !plan.steps.some(computesInFloat32)) diagnostics.push(unchanged(plan, compilation));
    outcomes.push(outcome);
    entries.push(entryOf(outcome, address, storedOnly ? 0 : (performance.now() - begun) / 1000));
    diagnostics.push(...findings(outcome, compilation));
    if (!outcome.interrupted && !storedOnly) await samples.settle();
  }
  return { outcomes, entries, diagnostics, interrupted: signal.aborted };
}

/** Q305 for a run whose models would take more than they may. */
export function memoryRefusal({ file }: Compilation, run: string, planned: MemoryPlan, memory: number | undefined): Diagnostic | undefined {
  if (memory === undefined || planned.peak <= memory) return undefined;
  const item = file.items.find((i) => i.kind === "run" && i.name.name === run);
  return {
    severity: "error", code: "Q305", message: `the run ${run} would take ${memoryText(planned.peak)}, more than the ${memoryText(memory)} of --memory`,
    labels: item?.kind === "run" ? [{ span: item.name.span, message: "" }] : [], help: memoryLines(planned).map((line) => line.trim().replace(/\s{2,}/, " ")).join("; "), arguments: { run, bytes: planned.peak },
  };
}

export const countOf = (plan: RunPlan): number => plan.points.length * plan.samples * plan.starts;

/** The content address of a run of the specification. */
export function addressOf(compilation: Compilation, plan: RunPlan, settings: Choice, dataDirectory: string): RunAddress {
  const { programs } = compilation;
  const others = new Map(compilation.runs.flatMap((other) => {
    const program = programs.get(other.run);
    return program ? [[other.run, { plan: other, program }] as const] : [];
  }));
  return runAddress(plan, programs.get(plan.run)!, { others, version: `${version}+${build}`, target: settings.target, arithmetic: arithmetic(settings), directory: dataDirectory });
}

/** Whether another run starts from this one: then its last states are kept whatever they take. */
const isRead = (plan: RunPlan, all: readonly RunPlan[]): boolean => all.some(({ continues }) => continues?.runs.some((r) => r.run === plan.run) === true);

function keptFor(plan: RunPlan, program: Program, all: readonly RunPlan[], budget: number): KeptStates {
  const kept = keptStates(plan, program, budget);
  return isRead(plan, all) ? { ...kept, final: true } : kept;
}

/** Without the finished tasks of a run that others start from whose final states were not kept: they run again. */
function withStates(samples: RunSamples, plan: RunPlan, all: readonly RunPlan[]): RunSamples {
  if (!isRead(plan, all)) return samples;
  const key = ({ point, sample, start }: TaskAddress): string => `${point}:${sample}:${start}`;
  const kept = new Set(samples.states().map(key));
  return { ...samples, finished: samples.finished.filter((task) => kept.has(key(task))) };
}

const statesFor = (plan: RunPlan, all: readonly RunPlan[], samples: RunSamples): RunOutcome["states"] => (isRead(plan, all) ? samples.states() : []);

const entryOf = ({ plan, tasks }: Pick<RunOutcome, "plan" | "tasks">, address: RunAddress, seconds: number): RunEntry =>
  ({ run: plan.run, model: plan.model, seed: plan.seed, address: address.states, ...(plan.copies ? { copies: plan.copies } : {}), tasks: countOf(plan), finished: tasks.length, seconds });

/** Notes of backends come from every run; once is enough. */
const noted = new Set<string>();
function noteOnce(progress: Progress, text: string): void {
  if (!noted.has(text)) progress.note(text);
  noted.add(text);
}

/** Says so where the tasks of an earlier version are of no use: the reason is in the copies, or elsewhere in the model or the run. */
function changeOf({ run, copies = [] }: RunPlan, { states }: RunAddress, { finished, kept }: RunSamples, earlier: readonly RunEntry[]): string | undefined {
  const before = earlier.find((e) => e.run === run && e.address !== states && e.finished > 0);
  if (!before || finished.length + kept.length > 0) return undefined;
  const shown = (names: readonly string[]): string => ["1", ...names].map((name) => `@${name}`).join(", ");
  const reason = copies.join() === (before.copies ?? []).join() ? "the model, its steps, seed or target, or Quench itself have changed since" : `they have the copies ${shown(before.copies ?? [])} of the state, and ${shown(copies)} are read now`;
  return `${run}: ${before.finished} finished tasks are kept, but of no use here: ${reason}. All tasks run again`;
}

interface RunInputs {
  readonly options: ExecutionOptions;
  readonly dataDirectory: string;
  readonly signal: AbortSignal;
  readonly samples: RunSamples;
  readonly keep: KeptStates;
  readonly readByOthers: boolean;
  /** Why no task of before is of use, in words. */
  readonly changed: string | undefined;
  /** Final states of the runs before, where they are read. */
  readonly others: FinalStates;
}

async function runPlan(plan: RunPlan, model: GeneratedModel, { options, dataDirectory, signal, samples, keep, readByOthers, changed, others }: RunInputs): Promise<RunOutcome> {
  const { finished, kept, lacking, checkpoints } = samples;
  const tensors = options.target === "tfjs" ? tensorCode(model.procedures) : undefined;
  const progress = startProgress(plan, finished, options);
  const missing = missingSimd(options);
  if (missing !== undefined) noteOnce(progress, missing);
  if (tensors && !tensors.ok) progress.note(`tfjs: ${plan.model} has no tensor form (${tensors.reason}); its kernels run on wasm`);
  if (options.quiet !== true) {
    if (changed !== undefined) progress.note(changed);
    if (kept.length > 0) progress.note(`${plan.run}: ${[...new Set(kept.flatMap((k) => k.missing))].join(", ")} of ${kept.length} finished tasks from their states`);
    for (const { observables, tasks } of lacking) progress.note(`${plan.run}: ${tasks} finished tasks lack ${observables.join(", ")}, and their states were not kept: they run again (--keep-states keeps more)`);
    if (checkpoints.length > 0) progress.note(`${plan.run}: ${checkpoints.length} tasks go on where they were`);
  }
  const outcome = await runTasks({ ...plan, ...(options.constants && Object.keys(options.constants).length > 0 ? { constants: options.constants } : {}) }, { javascript: model.javascript, wasm: model.wasm.bytes }, {
    target: options.target === "tfjs" ? "wasm" : options.target,
    ...(tensors?.ok ? { tensors: { program: tensors.program, backend: options.tfjsBackend ?? "auto" } } : {}),
    directory: dataDirectory,
    workers: options.workers ?? availableParallelism(),
    signal,
    finished, kept, checkpoints, others,
    keepStates: keep.final,
    keepRecordedStates: keep.recorded,
    secondsBetweenCheckpoints: options.checkpoint ?? 10,
    onEvent: (event) => {
      if (event.kind === "task") samples.add(event.record, event.final, event.recorded);
      if (event.kind === "checkpoint") samples.checkpoint(event.checkpoint);
      if (event.kind === "note") noteOnce(progress, event.note);
      progress.event(event);
    },
  });
  progress.stop(outcome.interrupted);
  if (options.quiet !== true) for (const line of tuningLines(outcome)) say(line);
  return { ...outcome, plan, ...(readByOthers ? { states: [...samples.states(), ...outcome.states] } : {}) };
}

/** What was tuned, with the shares of accepted proposals and exchanges. */
function tuningLines({ plan, steps }: RunOutcome): readonly string[] {
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  const range = ([low, high]: readonly [number, number]): string => `${digits(low)}${digits(low) === digits(high) ? "" : ` … ${digits(high)}`}`;
  return steps.flatMap(({ kind, dynamics: name, tuned, acceptance, exchanges, rungs }) => {
    const values = Object.entries(tuned ?? {}).map(([argument, values]) => `${argument} = ${range(values)} (tuned)`);
    if (rungs) values.push(`rungs added at T = ${rungs.map(range).join(", ")}`);
    if (exchanges) {
      values.push(`${digits(100 * exchanges.mean)}% of exchanges accepted (${digits(100 * exchanges.least)}% between the two temperatures with the fewest)`, `${digits(exchanges.roundTrips)} round trips a task`);
    }
    if (acceptance === undefined && values.length === 0) return [];
    return [`${plan.run}: ${kind} ${name}: ${[...values, ...(acceptance === undefined ? [] : [`${digits(100 * acceptance)}% accepted`])].join(", ")}`];
  });
}

/** Q804 for a run on which `--precision f32` has no effect. */
function unchanged({ run, steps }: RunPlan, { file }: Compilation): Diagnostic {
  const item = file.items.find((i) => i.kind === "run" && i.name.name === run);
  return {
    severity: "warning", code: "Q804", message: `--precision f32 changes nothing in ${run}: ${[...new Set(steps.map((s) => s.dynamics))].join(", ")} needs neither gradients nor energy differences, and is computed in float64`,
    labels: item?.kind === "run" ? [{ span: item.name.span, message: "" }] : [], help: "float32 is for descents, Langevin and Monte Carlo dynamics", arguments: { run },
  };
}

/** Caps that were reached and tasks that failed, as warnings at the run. */
function findings({ plan, steps, failures, tasks }: RunOutcome, { file }: Compilation): Diagnostic[] {
  const item = file.items.find((i) => i.kind === "run" && i.name.name === plan.run);
  const labels = item ? [{ span: item.kind === "run" ? item.name.span : item.span, message: "" }] : [];
  const warn = (code: string, message: string, help?: string): Diagnostic => ({ severity: "warning", code, message, labels, ...(help ? { help } : {}), arguments: { run: plan.run } });
  return [
    ...steps.filter((s) => s.capped > 0).map((s) => warn("Q801", `${s.capped} of ${s.tasks} tasks of ${plan.run} reached the cap of \`${s.kind} ${s.dynamics}\` before its condition held`, "their final states are recorded all the same; a larger amount lets them finish")),
    ...steps.filter((s) => s.stalled > 0).map((s) => warn("Q802", `in ${s.stalled} of ${s.tasks} tasks of ${plan.run}, \`${s.kind} ${s.dynamics}\` could move no further before its condition held`, "the condition may be below the rounding error of the gradient")),
    ...(failures.length > 0 ? [warn("Q803", `${failures.length} of ${failures.length + tasks.length} tasks of ${plan.run} failed; the first says: ${failures[0]!.message}`)] : []),
  ];
}

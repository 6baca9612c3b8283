/** What `run` and `verify` share: which runs are needed, their execution with progress, and theories. */
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import type { Compilation } from "../compiler/compile.ts";
import { codeNeeded } from "../compiler/codeNeeded.ts";
import { generateModel, type GeneratedModel } from "../compiler/generateModel.ts";
import { tensorProgram } from "../compiler/4-schedule/tensor/tensorProgram.ts";
import type { Program } from "../compiler/ir/program.ts";
import { theoryOracle } from "../compiler/theory/theoryOracle.ts";
import type { Diagnostic, Source } from "../grammar/index.ts";
import { runTasks, type RunOutcome } from "../runtime/engine/index.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import type { ResultEnvironment } from "../runtime/results/environment.ts";
import { startProgress } from "./progress.ts";
import { reportDiagnostics } from "./reportDiagnostics.ts";
import { toStderr } from "./terminal.ts";

export interface ExecutionOptions {
  readonly set: readonly string[];
  readonly only?: string;
  readonly seed?: number;
  readonly workers?: number;
  readonly target: "wasm" | "typescript" | "tfjs";
  readonly output?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

export interface Execution {
  readonly environment: ResultEnvironment;
  readonly outcomes: readonly RunOutcome[];
  /** Findings that came up while running: code that can't be generated, caps that were reached, tasks that failed. */
  readonly diagnostics: readonly Diagnostic[];
  readonly interrupted: boolean;
}

/** Executes `plans` one after the other; each uses all workers. Interrupting (Ctrl-C) keeps what is finished. */
export async function execute(compilation: Compilation, plans: readonly RunPlan[], options: ExecutionOptions, source: Source): Promise<Execution> {
  const diagnostics: Diagnostic[] = [];
  const outcomes: RunOutcome[] = [];
  const generated = new Map<Program, ReturnType<typeof generateModel>>();
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once("SIGINT", interrupt);
  process.once("SIGTERM", interrupt);
  try {
    for (const plan of plans) {
      const program = compilation.programs.get(plan.run);
      if (!program) throw new Error(`internal: the run ${plan.run} has no program`);
      if (!generated.has(program)) {
        generated.set(program, generateModel(program, codeNeeded(plans.filter((p) => compilation.programs.get(p.run) === program))));
      }
      const model = generated.get(program)!;
      if (!model.ok) {
        diagnostics.push(...model.diagnostics);
        continue;
      }
      const outcome = await runPlan(plan, model, { ...options, directory: dirname(source.name) }, interruption.signal);
      outcomes.push(outcome);
      diagnostics.push(...findings(outcome, compilation));
      if (outcome.interrupted) break;
    }
  } finally {
    process.removeListener("SIGINT", interrupt);
    process.removeListener("SIGTERM", interrupt);
  }
  if (!options.json) reportDiagnostics(diagnostics, source);
  return {
    environment: { runs: new Map(outcomes.map((o) => [o.plan.run, o])), theory: theoryOracle(compilation.theories, compilation.models) },
    outcomes, diagnostics, interrupted: interruption.signal.aborted,
  };
}

/** Notes of backends come from every run; once is enough. */
const noted = new Set<string>();
function note(text: string): void {
  if (!noted.has(text)) toStderr(text);
  noted.add(text);
}

async function runPlan(plan: RunPlan, model: GeneratedModel, options: ExecutionOptions & { readonly directory: string }, signal: AbortSignal): Promise<RunOutcome> {
  const total = plan.points.length * plan.samples * plan.starts;
  const tensors = options.target === "tfjs" ? tensorProgram(model.procedures) : undefined;
  if (tensors && !tensors.ok) toStderr(`tfjs: ${plan.model} has no tensor form (${tensors.reason}); its kernels run on wasm`);
  const progress = startProgress(plan.run, total, options.quiet === true);
  const outcome = await runTasks(plan, { javascript: model.javascript, wasm: model.wasm.bytes }, {
    target: options.target === "tfjs" ? "wasm" : options.target,
    ...(tensors?.ok ? { tensors: { program: tensors.program } } : {}),
    directory: options.directory,
    workers: options.workers ?? availableParallelism(),
    signal,
    onEvent: (event) => (event.kind === "note" ? note(event.note) : progress.update(event.done)),
  });
  progress.stop(outcome.interrupted ? `stopped after ${outcome.tasks.length}` : "");
  if (options.quiet !== true) for (const line of tuningLines(outcome)) toStderr(line);
  return outcome;
}

/** What was tuned, with the shares of accepted proposals. */
function tuningLines({ plan, steps }: RunOutcome): readonly string[] {
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  return steps.flatMap(({ kind, dynamics: name, tuned, acceptance }) => {
    const values = Object.entries(tuned ?? {}).map(([argument, [low, high]]) => `${argument} = ${digits(low)}${digits(low) === digits(high) ? "" : ` … ${digits(high)}`} (tuned)`);
    if (acceptance === undefined && values.length === 0) return [];
    return [`${plan.run}: ${kind} ${name}: ${[...values, ...(acceptance === undefined ? [] : [`${digits(100 * acceptance)}% accepted`])].join(", ")}`];
  });
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

/** The names given by `--only`, or undefined for everything; unknown names are reported. */
export function selection(compilation: Compilation, only: string | undefined): ReadonlySet<string> | "unknown" | undefined {
  if (only === undefined) return undefined;
  const names = only.split(",").map((n) => n.trim()).filter((n) => n !== "");
  const known = [...compilation.runs.map((r) => r.run), ...compilation.skipped.map((r) => r.name), ...compilation.theories.map((t) => t.name)];
  const unknown = names.filter((n) => !known.includes(n));
  if (unknown.length === 0 && names.length > 0) return new Set(names);
  toStderr(`--only: there is no run or theory ${unknown.join(", ")}; the file has ${known.join(", ") || "none"}`);
  return "unknown";
}

/**
 * Whether a claim, figure or table that is about these names belongs to the selection: one of them is selected, and no run is needed
 * that isn't. Theories cost nothing, so that `--only Minima` keeps the histogram of Minima with its theoretical lines.
 */
export const isSelected = (about: readonly string[], selected: ReadonlySet<string> | undefined, theories: readonly { readonly name: string }[]): boolean =>
  selected === undefined || (about.some((name) => selected.has(name)) && about.every((name) => selected.has(name) || theories.some((t) => t.name === name)));

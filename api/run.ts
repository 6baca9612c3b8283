import { codeNeeded } from "../compiler/codeNeeded.ts";
import { generateModel } from "../compiler/generateModel.ts";
import { tensorCode } from "../compiler/tensorCode.ts";
import { theoryOracle } from "../compiler/theory/theoryOracle.ts";
import { withSources } from "../compiler/withSources.ts";
import type { TfjsBackend } from "../runtime/backends/tfjsBackend.ts";
import { runTasks, type RunEvent, type RunOutcome } from "../runtime/engine/index.ts";
import { judgeClaim } from "../runtime/results/claim.ts";
import type { Point, ResultEnvironment } from "../runtime/results/environment.ts";
import { evaluateTable, type TableResult } from "../runtime/results/table.ts";
import { compile, Rejection, requireAccepted, type Specification } from "./compile.ts";

export interface RunOptions {
  /** Names of the runs to do, beside those that they continue from; all if not given. */
  readonly only?: readonly string[];
  /** Worker threads; 1 runs in this thread. As many as the machine runs at once if not given. Results don't depend on it. */
  readonly workers?: number;
  /** Where kernels run: "wasm" if not given. */
  readonly target?: "wasm" | "typescript" | "tfjs";
  /** Of gradients and local moves; "f64" if not given. */
  readonly precision?: "f64" | "f32";
  readonly tfjsBackend?: "auto" | TfjsBackend;
  readonly onEvent?: (event: RunEvent) => void;
  /** Stops: what is finished by then is in the results. */
  readonly signal?: AbortSignal;
}

/** An expression of estimators at one sweep point. */
export interface Estimate {
  /** Values of the sweep variables that it ranges over. */
  readonly at: Point;
  readonly value: number;
  /** Standard error; 0 for exact sums, NaN where it can't be told. */
  readonly error: number;
  /** Half the width of the 95% confidence interval. */
  readonly halfWidth: number;
  /** Why it is not to be trusted: missing tasks, a run that is not equilibrated. */
  readonly reasons: readonly string[];
}

export interface Results {
  readonly specification: Specification;
  /** By the name of the run: all records of all tasks, failures, what was tuned. */
  readonly runs: Readonly<Record<string, RunOutcome>>;
  /**
   * The value of an expression as claims have it, `"mean(Cooling.e^2) at (N = 100)"`, at every sweep point that it ranges over.
   *
   * @throws Rejection for an expression that is none
   */
  readonly estimate: (expression: string) => readonly Estimate[];
  /** The specification's own tables of these runs. */
  readonly tables: () => readonly TableResult[];
}

/**
 * Does the runs of a specification, in memory: nothing is stored, and nothing resumes. For studies that must survive their process there is
 * the command line, whose samples are files.
 *
 * @throws Rejection for a specification that was rejected, or whose code can't be generated
 */
export async function run(specification: Specification | string, options: RunOptions = {}): Promise<Results> {
  const spec = typeof specification === "string" ? compile(specification) : specification;
  requireAccepted(spec);
  const { only, workers, target = "wasm", precision = "f64", tfjsBackend = "auto", onEvent, signal } = options;
  const unknown = only?.find((name) => !spec.runs.some((r) => r.run === name));
  if (unknown !== undefined) throw new Error(`there is no run \`${unknown}\` that can be done; there are ${spec.runs.map((r) => r.run).join(", ") || "none"}`);
  const plans = withSources(spec.runs.filter((plan) => only?.includes(plan.run) !== false), spec.runs);
  const outcomes = new Map<string, RunOutcome>();
  for (const plan of plans) {
    const program = spec.programs.get(plan.run);
    if (!program) throw new Error(`internal: the run ${plan.run} has no program`);
    const model = generateModel(program, { ...codeNeeded([plan]), single: precision === "f32" });
    if (!model.ok) throw new Rejection(model.diagnostics, spec.source);
    const tensors = target === "tfjs" ? tensorCode(model.procedures) : undefined;
    outcomes.set(plan.run, await runTasks(plan, { javascript: model.javascript, wasm: model.wasm.bytes }, {
      target: target === "tfjs" ? "wasm" : target, directory: spec.options.directory,
      ...(tensors?.ok ? { tensors: { program: tensors.program, backend: tfjsBackend } } : {}),
      keepStates: true, others: new Map([...outcomes].map(([name, outcome]) => [name, outcome.states])),
      ...(workers === undefined ? {} : { workers }), ...(onEvent ? { onEvent } : {}), ...(signal ? { signal } : {}),
    }));
    if (signal?.aborted) break;
  }
  return resultsOf(spec, outcomes);
}

function resultsOf(specification: Specification, outcomes: ReadonlyMap<string, RunOutcome>): Results {
  const environment = environmentOf(specification, outcomes);
  return {
    specification,
    runs: Object.fromEntries(outcomes),
    estimate: (expression) => {
      const { options, source } = specification;
      // What the specification may say of a number is what a claim may compare with another one.
      const asked = compile(`${source.text}\nclaim "estimate" : (${expression}\n) == 0`, { ...options, deriveTheories: false });
      const before = new Set(specification.diagnostics.map((d) => d.message));
      const errors = asked.diagnostics.filter((d) => d.severity === "error" && !before.has(d.message));
      if (errors.length > 0) throw new Rejection(errors, asked.source);
      const { points, reasons } = judgeClaim(asked.claims.at(-1)!, environment);
      if (points.length === 0) throw new Error(`\`${expression}\` has no value: ${reasons.join("; ")}`);
      return points.map(({ at, left, leftError, leftHalfWidth, reasons: why }) => ({ at, value: left, error: leftError, halfWidth: leftHalfWidth, reasons: why.filter((reason) => !comparing.test(reason)) }));
    },
    tables: () => specification.tables.filter((t) => t.undecidable === undefined && t.about.every((name) => outcomes.has(name))).map((t) => evaluateTable(t, environment)),
  };
}

/** Reasons that belong to the comparison in which an estimate is asked for. */
const comparing = /^the sides are|^the difference/;

export const environmentOf = ({ theories, models }: Specification, runs: ResultEnvironment["runs"]): ResultEnvironment => ({ runs, theory: theoryOracle(theories, models) });

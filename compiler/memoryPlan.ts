/** What a run allocates, known before it does: the arrays of one model at its largest point, and all that its workers hold together. */
import { memoryText } from "./1-check/checkSizes.ts";
import { loadModel } from "../runtime/engine/modelSource.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import { createModelAt } from "../runtime/engine/pointContext.ts";
import type { ModelModule } from "../runtime/model.ts";
import { bytesIn, OverBudget } from "../runtime/modelSupport/allocate.ts";
import type { GeneratedModel } from "./generateModel.ts";

export interface MemoryPlan {
  /** The parameters of the point that takes most. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Every array of one model there, the largest first. */
  readonly arrays: readonly { readonly name: string; readonly bytes: number }[];
  /** Of one model. */
  readonly bytes: number;
  /** Of one model at each point of the run. */
  readonly points: readonly number[];
  /** Models that live at the same time: one a worker. */
  readonly models: number;
  /** Bytes of all of them; what the engine itself takes (some 60 MB a worker) and recorded numbers come on top. */
  readonly peak: number;
}

export interface MemoryInputs { readonly workers: number; readonly directory?: string; /** "wasm" if absent, where moves may keep small integers. */ readonly target?: "wasm" | "typescript" }

/** @throws Error where the sizes of a point are none, or its data cannot be read */
export async function memoryPlan(plan: RunPlan, model: GeneratedModel, { workers, directory, target = "wasm" }: MemoryInputs): Promise<MemoryPlan> {
  const module = await loadModel({ javascript: model.javascript, wasm: model.wasm.bytes });
  const all = plan.points.map(({ parameters }, point) => {
    const arrays = [...memoryOf(plan, point, module, directory, target)].sort((a, b) => b.bytes - a.bytes);
    return { parameters, arrays, bytes: bytesIn(arrays) };
  });
  const [largest] = [...all].sort((a, b) => b.bytes - a.bytes);
  if (!largest) throw new Error(`internal: the run ${plan.run} has no point`);
  const models = Math.max(1, Math.min(workers, plan.points.length * plan.samples * plan.starts));
  return { ...largest, points: all.map((p) => p.bytes), models, peak: models * largest.bytes };
}

/** The sizes of all arrays: a model that may take nothing says what it would take. */
function memoryOf(plan: RunPlan, point: number, module: ModelModule, directory: string | undefined, target: "wasm" | "typescript"): readonly { readonly name: string; readonly bytes: number }[] {
  try {
    createModelAt(plan, point, module, { memory: -1, directory, target });
  } catch (error) {
    if (error instanceof OverBudget) return error.memory;
    throw error;
  }
  throw new Error("internal: a model without memory was made");
}

/** A line an array, small ones together, and the peak. */
export function memoryLines({ arrays, bytes, models, peak, parameters }: MemoryPlan): readonly string[] {
  const shown = arrays.filter((a) => a.bytes >= 1024);
  const rest = bytes - bytesIn(shown);
  const width = Math.max(0, ...shown.map((a) => a.name.length));
  return [
    `at ${Object.entries(parameters).map(([name, value]) => `${name} = ${value}`).join(", ") || "its sizes"}:`,
    ...shown.map((a) => `  ${a.name.padEnd(width)}  ${memoryText(a.bytes)}`),
    ...(rest > 0 ? [`  ${arrays.length - shown.length} smaller arrays, ${memoryText(rest)}`] : []),
    `one model ${memoryText(bytes)}, ${models} at a time: peak ${memoryText(peak)}`,
  ];
}

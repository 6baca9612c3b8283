/** From a workload to units per second of CPU time of this process. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../compiler/compile.ts";
import { generateModel } from "../compiler/generateModel.ts";
import { evaluateModule } from "../runtime/loadModule.ts";
import type { CompiledModel } from "../runtime/model.ts";
import { disguise } from "./disguise.ts";
import type { Workload } from "./workloads.ts";

/** Seconds of CPU time, those of the compiler threads of the engine included. */
export const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1e-6;
};

/** The compiled model of a workload under other names. Without `sizes` those to be resized grow by one or two. */
export function modelOf(workload: Workload, sizes?: Readonly<Record<string, number>>): CompiledModel {
  const { text, parameters } = disguise(readFileSync(join(import.meta.dirname, workload.file), "utf8"), Math.random);
  const compilation = compile(text);
  const program = compilation.models[0]?.program;
  if (!compilation.accepted || !program) throw new Error(`${workload.file}: ${compilation.diagnostics.map((d) => d.message).join("; ")}`);
  const generated = generateModel(program, { moves: workload.needs?.moves === true, lanes: workload.needs?.lanes === true, miniBatches: workload.needs?.miniBatches === true, factorGraph: workload.needs?.factorGraph === true, fused: process.argv.includes("--relaxed"), single: process.argv.includes("--f32") });
  if (!generated.ok) throw new Error(`${workload.file}: ${generated.diagnostics.map((d) => d.message).join("; ")}`);
  const grown = Object.fromEntries(workload.resized.map((name) => [name, program.parameters.find((p) => p.name === parameters[name])!.default + 1 + Math.floor(2 * Math.random())]));
  const values = Object.fromEntries(Object.entries(sizes ?? grown).map(([name, value]) => [parameters[name]!, value]));
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel(values, workload.needs?.batch === undefined ? {} : { batch: workload.needs.batch });
  model.draw(1, 0);
  return model;
}

/** Units per CPU second over at least `seconds`. */
export function rate(work: () => number, seconds: number): number {
  let units = 0;
  const from = cpuSeconds();
  let now = from;
  while (now - from < seconds) {
    // The clock costs a microsecond: it is not read for every short call.
    const until = performance.now() + 2;
    do units += work(); while (performance.now() < until);
    now = cpuSeconds();
  }
  return units / (now - from);
}

/** What runs once before: optimisation by the engine, and relaxation of the state. */
export function warm(work: () => number, seconds = 0.4): () => number {
  rate(work, seconds);
  return work;
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

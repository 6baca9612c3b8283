import { availableParallelism, cpus, totalmem } from "node:os";
import { memoryText } from "../../compiler/1-check/checkSizes.ts";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { fusesMultiplyAdds, hasRelaxedSimd, hasSimd } from "../../runtime/backends/features.ts";
import { loadTfjs, type TensorFlow } from "../../runtime/backends/tfjs.ts";
import { tfjsBackends } from "../../runtime/backends/tfjsBackend.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import { Stream } from "../../runtime/random/index.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { paint, toStdout } from "../terminal.ts";

/** A dense layer of the size that networks here have: its energy and gradient take 2 P h d multiply-adds. */
const layer = { P: 256, h: 64, d: 128 };
const specification = `model Layer(P = ${layer.P}, h = ${layer.h}, d = ${layer.d}) {
  ensemble x[mu in P, i in d] ~ Normal(0, var = 1)
  state    W[a in h, i in d] : real ~ Normal(0, var = 1/d)
  energy   L = sum(mu, a) (sum(i) W[a,i] * x[mu,i])^2
}`;

/** `quench doctor`: what this machine has, and how fast it is. Nothing of it enters a run. */
export async function doctor(options: { readonly json?: boolean }): Promise<ExitStatus> {
  const kernels = [["wasm", kernelSpeed("wasm")], ["typescript", kernelSpeed("typescript")]] as const;
  const tensors = [];
  for (const backend of tfjsBackends) {
    const loaded = await loadTfjs(backend);
    tensors.push(loaded.ok && loaded.backend === backend ? { backend, speed: tensorSpeed(loaded.tf) } : { backend, note: loaded.notes[0]! });
  }
  const found = {
    node: process.version, engine: process.versions.v8, processor: cpus()[0]?.model.trim() ?? "unknown", workers: availableParallelism(), memory: totalmem(),
    simd: hasSimd(), relaxedSimd: hasRelaxedSimd(), fused: fusesMultiplyAdds(),
    kernels: kernels.map(([target, speed]) => ({ target, speed })), normals: normalSpeed(), tensors,
  };
  if (options.json) {
    toStdout(JSON.stringify(found, undefined, 2));
    return exitStatus.ok;
  }
  const line = (name: string, text: string): void => toStdout(`  ${name.padEnd(14)}${text}`);
  toStdout(paint("bold", "machine"));
  line("engine", `Node ${found.node}, V8 ${found.engine}`);
  line("processor", found.processor);
  line("workers", `${found.workers} (--workers), memory ${memoryText(found.memory)}`);
  line("SIMD", found.simd ? "yes: kernels work on vectors of two float64" : "no: kernels run as TypeScript");
  line("relaxed SIMD", found.relaxedSimd ? `yes, products ${found.fused ? "not " : ""}rounded; kernels use it with --simd relaxed, which is part of a run's address` : "no: --simd relaxed changes nothing");
  toStdout(paint("bold", "kernels (float64)"));
  for (const { target, speed } of found.kernels) line(target, `${digits(speed)} multiply-adds a second in a dense layer`);
  line("normals", `${digits(found.normals)} a second`);
  toStdout(paint("bold", "tfjs (float32)"));
  for (const t of found.tensors) line(t.backend, "note" in t ? t.note.replace(/^tfjs: /, "").replace(/; [^;]*$/, "") : `${digits(t.speed)} multiply-adds a second in a product of matrices`);
  toStdout("Runs don't depend on these measurements: the target of a kernel is a function of the program, its sizes and --target.");
  return exitStatus.ok;
}

const digits = (value: number): string => value.toExponential(1);

/** How often a second `work` runs, over a fifth of a second. */
function frequency(work: () => void): number {
  work();
  let count = 0;
  const from = performance.now();
  while (performance.now() - from < 200) {
    work();
    count++;
  }
  return (1000 * count) / (performance.now() - from);
}

function kernelSpeed(target: "wasm" | "typescript"): number {
  const generated = generateModel(compile(specification).models[0]!.program!);
  if (!generated.ok) throw new Error("internal: the layer has no code");
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { target });
  model.draw(1, 0);
  const state = new Float64Array(model.dimension);
  const gradient = new Float64Array(model.dimension);
  model.initialize(state, (array) => new Stream(["doctor", array]));
  return 2 * layer.P * layer.h * layer.d * frequency(() => void model.energyAndGradient(state, gradient));
}

function normalSpeed(): number {
  const [out, stream] = [new Float64Array(100_000), new Stream(["doctor"])];
  return out.length * frequency(() => stream.normals(out, 0));
}

function tensorSpeed(tf: TensorFlow): number {
  const n = 256;
  const [a, b] = [tf.ones([n, n]), tf.ones([n, n])];
  const speed = n ** 3 * frequency(() => void tf.tidy(() => tf.matMul(a, b).dataSync()));
  a.dispose();
  b.dispose();
  return speed;
}

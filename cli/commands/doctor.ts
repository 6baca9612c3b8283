import { availableParallelism, cpus, totalmem } from "node:os";
import { memoryText } from "../../compiler/1-check/checkSizes.ts";
import { fusesMultiplyAdds, hasRelaxedSimd, hasSimd } from "../../runtime/backends/features.ts";
import { loadTfjs, type TensorFlow } from "../../runtime/backends/tfjs.ts";
import { tfjsBackends } from "../../runtime/backends/tfjsBackend.ts";
import { Stream } from "../../runtime/random/index.ts";
import { replaceDurably } from "../../runtime/results/store/durableFile.ts";
import { frequency, TENSOR_TURNS, measureConstants, modelOf, startOf } from "../measureConstants.ts";
import { settingsFileText } from "../settingsFile.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { reportDiagnostics } from "../reportDiagnostics.ts";
import { paint, toStdout } from "../terminal.ts";

/** A dense layer of the size that networks here have: its energy and gradient take 2 P h d multiply-adds. */
const layer = { P: 256, h: 64, d: 128 };
const specification = `model Layer(P = ${layer.P}, h = ${layer.h}, d = ${layer.d}) {
  ensemble x[mu in P, i in d] ~ Normal(0, var = 1)
  state    W[a in h, i in d] : real ~ Normal(0, var = 1/d)
  energy   L = sum(mu, a) (sum(i) W[a,i] * x[mu,i])^2
}`;

/** `quench doctor`: what this machine has, and how fast it is, a second of the processor's time. Nothing of it enters a run without a settings file. */
export async function doctor(options: { readonly json?: boolean; readonly write?: string }): Promise<ExitStatus> {
  if (options.write !== undefined) return writeSettings(options.write, options.json === true);
  const kernels = [["wasm", kernelSpeed("wasm")], ["wasm in float32", kernelSpeed("wasm", true)], ["typescript", kernelSpeed("typescript")]] as const;
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
  toStdout(paint("bold", "kernels"));
  for (const { target, speed } of found.kernels) line(target === "wasm in float32" ? "  float32" : target, `${digits(speed)} multiply-adds a second in a dense layer`);
  line("normals", `${digits(found.normals)} a second`);
  toStdout(paint("bold", "tfjs (float32)"));
  for (const t of found.tensors) line(t.backend, "note" in t ? t.note.replace(/^tfjs: /, "").replace(/; [^;]*$/, "") : `${digits(t.speed)} multiply-adds a second in a product of matrices`);
  toStdout("Runs don't depend on these measurements: the target of a kernel is a function of the program, its sizes, --target and --settings.");
  return exitStatus.ok;
}

/** `quench doctor --write FILE`: a settings file of this machine. */
async function writeSettings(path: string, json: boolean): Promise<ExitStatus> {
  const constants = await measureConstants(specification);
  try {
    await replaceDurably(path, settingsFileText(cpus()[0]?.model.trim() ?? "unknown", constants));
  } catch (error) {
    reportDiagnostics([{ severity: "error", code: "Q006", message: `${path} cannot be written (${error instanceof Error && "code" in error ? String(error.code) : String(error)})`, labels: [], help: "give another path", arguments: { path } }]);
    return exitStatus.rejected;
  }
  if (json) toStdout(JSON.stringify({ file: path, constants }, undefined, 2));
  else {
    for (const [name, value] of Object.entries(constants)) toStdout(`  ${name.padEnd(24)}${value}`);
    toStdout(`written to ${path}: a run takes them with --settings ${path}, as part of what it is`);
  }
  return exitStatus.ok;
}

const digits = (value: number): string => value.toExponential(1);

function kernelSpeed(target: "wasm" | "typescript", single = false): number {
  const model = modelOf(specification, { single }, target);
  const [state, gradient] = [startOf(model), new Float64Array(model.dimension)];
  return 2 * layer.P * layer.h * layer.d * frequency(() => void model.energyAndGradient(state, gradient));
}

function normalSpeed(): number {
  const [out, stream] = [new Float64Array(100_000), new Stream(["doctor"])];
  return out.length * frequency(() => stream.normals(out, 0));
}

function tensorSpeed(tf: TensorFlow): number {
  const n = 256;
  const [a, b] = [tf.ones([n, n]), tf.ones([n, n])];
  const speed = n ** 3 * frequency(() => void tf.tidy(() => tf.matMul(a, b).dataSync()), TENSOR_TURNS);
  a.dispose();
  b.dispose();
  return speed;
}

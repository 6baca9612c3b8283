/** What `quench doctor --write FILE` measures: the constants of a settings file, each as the fastest of a few values on models like those that it is for. */
import { compile } from "../compiler/compile.ts";
import { generateModel } from "../compiler/generateModel.ts";
import { tensorCode } from "../compiler/tensorCode.ts";
import { createTensorModel } from "../runtime/backends/tensorModel.ts";
import { loadTfjs } from "../runtime/backends/tfjs.ts";
import { evaluateModule } from "../runtime/loadModule.ts";
import { builtInConstants, type MeasuredConstants } from "../runtime/measuredConstants.ts";
import type { CompiledModel } from "../runtime/model.ts";
import { localMoves } from "../runtime/moves/modelMoves.ts";
import { acceptancesOf } from "../runtime/moves/rejectionFree.ts";
import { Stream } from "../runtime/random/index.ts";

const glass = `model Glass(N = 500) {
  ensemble J[i < j in N] ~ Normal(0, var = 1/N)
  state    s[i in N] : spin
  energy   H = -sum(i < j) J[i,j] * s[i] * s[j]
}`;

export async function measureConstants(layer: string): Promise<MeasuredConstants> {
  const tile_rows = fastest([2, 4, 8], (rows) => gradientFrequency(layer, { tile_rows: rows }));
  const tile_terms = fastest([64, 128, 256, 512], (terms) => gradientFrequency(layer, { tile_rows, tile_terms: terms }));
  const above = Number(crossover().toPrecision(2));
  return { rejection_free_below: Number((above / 2).toPrecision(2)), rejection_free_above: above, tile_rows, tile_terms, tensor_starts: await leastStarts(layer) };
}

const fastest = (values: readonly number[], frequencyOf: (value: number) => number): number => {
  const measured = values.map((value) => ({ value, frequency: frequencyOf(value) }));
  return measured.reduce((best, other) => (other.frequency > best.frequency ? other : best)).value;
};

/**
 * Calls a second of the processor's time, as in the best of so many turns: until the engine has optimised what runs, its compiler takes time too,
 * which for the module of tfjs is about a second.
 */
export const frequency = (work: () => void, turns = 3): number => Math.max(...Array.from({ length: turns }, () => inOneTurn(work)));

/** Turns for what runs on tensors. */
export const TENSOR_TURNS = 15;
const SECONDS = 0.07;

function inOneTurn(work: () => void): number {
  let count = 0;
  const from = process.cpuUsage();
  for (;;) {
    const until = performance.now() + 5;
    do {
      work();
      count++;
    } while (performance.now() < until);
    const { user, system } = process.cpuUsage(from);
    const spent = (user + system) * 1e-6;
    if (spent >= SECONDS) return count / spent;
  }
}

export function modelOf(specification: string, options: Parameters<typeof generateModel>[1] = {}, target: "wasm" | "typescript" = "wasm"): CompiledModel {
  const generated = generateModel(compile(specification).models[0]!.program!, options);
  if (!generated.ok) throw new Error("internal: a model of the doctor has no code");
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { target });
  model.draw(1, 0);
  return model;
}

export function startOf(model: CompiledModel): Float64Array {
  const state = new Float64Array(model.dimension);
  model.initialize(state, (array) => new Stream(["doctor", array]));
  return state;
}

function gradientFrequency(layer: string, constants: Partial<MeasuredConstants>): number {
  const model = modelOf(layer, { constants });
  const [state, gradient] = [startOf(model), new Float64Array(model.dimension)];
  return frequency(() => void model.energyAndGradient(state, gradient));
}

/** Accepted moves a sweep at which a sweep of attempts takes as long as one that finds the differences at all sites for each accepted move. */
function crossover(): number {
  const model = modelOf(glass, { moves: true });
  const moves = localMoves(model);
  moves.enter(startOf(model), true);
  const array = moves.arrays[0]!;
  const acceptances = new Float64Array(array.length);
  const stream = new Stream(["doctor", "moves"]);
  let sweep = 0;
  const attempts = frequency(() => {
    stream.attempts(array.kernel.entries, array.kernel.thresholds, 0, array.length, 1, sweep++);
    array.kernel.thresholds.fill(-Infinity);
    array.kernel.attempts[0] = array.length;
    array.kernel.run();
  });
  const events = frequency(() => void acceptancesOf(array, 1, acceptances));
  return Math.min(10, Math.max(0.1, events / attempts));
}

/** The fewest starts with which an evaluation on tensors is faster than one start after the other on kernels. */
async function leastStarts(layer: string): Promise<number> {
  const generated = generateModel(compile(layer).models[0]!.program!);
  const tfjs = await loadTfjs();
  const tensors = generated.ok ? tensorCode(generated.procedures) : undefined;
  if (!tfjs.ok || !tensors?.ok) return builtInConstants.tensor_starts;
  const model = modelOf(layer);
  const [state, gradient] = [startOf(model), new Float64Array(model.dimension)];
  const alone = frequency(() => void model.energyAndGradient(state, gradient));
  const candidates = [1, 2, 4, 8, 16, 32];
  return candidates.find((starts) => {
    const batch = createTensorModel(tensors.program, model.parameters, model.state, starts, tfjs.tf);
    batch.upload((name) => model.array(name));
    const states = Float64Array.from({ length: starts * model.dimension }, (_, k) => state[k % model.dimension]!);
    const [energies, gradients, active] = [new Float64Array(starts), new Float64Array(states.length), new Uint8Array(starts).fill(1)];
    const together = frequency(() => { batch.energiesAndGradients(states, energies, gradients, active); }, starts === candidates[0] ? TENSOR_TURNS : undefined);
    batch.dispose();
    return starts * together > alone;
  }) ?? 2 * candidates.at(-1)!;
}

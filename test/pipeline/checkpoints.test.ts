/**
 * A task that is interrupted after any step and goes on elsewhere from its checkpoint ends with the same bytes: for every dynamics, from a
 * fresh instance of the model, through the serialisation that the run directory uses.
 */
import { deserialize, serialize } from "node:v8";
import { describe, expect, test } from "vitest";
import { codeNeeded } from "../../compiler/codeNeeded.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { dynamics } from "../../runtime/dynamics/index.ts";
import type { TaskCheckpoint } from "../../runtime/engine/checkpoint.ts";
import type { RunPlan } from "../../runtime/engine/plan.ts";
import { runLadder } from "../../runtime/engine/ladder.ts";
import { createPointContext, type PointContext } from "../../runtime/engine/pointContext.ts";
import { runTask, type TaskResult } from "../../runtime/engine/runTask.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import { compileText } from "./compileModel.ts";
import { movedModels } from "./movedModels.ts";

const sphere = `model Sphere(N = 6) {
  ensemble   X[i in N, j in N, k in N] ~ Normal(0, var = 1)
  state      w[i in N] : real
  constraint sum(i) w[i]^2 == N
  energy     H = sum(i, j, k) X[i,j,k] * w[i] * w[j] * w[k] / N
  observable e = H / N
  observable curvature = trace(hessian(H), probes = 2)
}`;
const examples = `model Examples(N = 5, P = 13) {
  ensemble x[mu in P, i in N] ~ Normal(0, var = 1)
  ensemble y[mu in P] ~ Sign
  state    w[i in N] : real ~ Normal(0, var = 1)
  energy   H = mean(mu) softplus(-y[mu] * (sum(i) x[mu,i] * w[i]))
}`;
const perceptron = `model Perceptron(N = 15, P = 11) {
  ensemble x[mu in P, i in N] ~ Sign
  state    w[i in N] : spin
  energy   E = count(mu) ((sum(i) x[mu,i] * w[i]) / sqrt(N) < 0)
  observable m[i] = w[i]
}`;
const binary = `model Binary(N = 13) {
  ensemble J[i < j in N] ~ Normal(0, var = 1)
  state    s[i in N] : spin
  energy   H = -(sum(i < j) J[i,j] * s[i] * s[j])
  observable m = mean(s)
}`;
const twins = `model Twins(N = 7) {
  ensemble J[i < j in N] ~ Normal(0, var = 1)
  state    s[i in N] : spin
  energy   H = -(sum(i < j) J[i,j] * s[i] * s[j])
  observable q = overlap(s@1, s@2)
}`;
const [sk, phi4, potts] = [movedModels["sk"]![0], movedModels["phi4"]![0], movedModels["potts"]![0]];

/** For each dynamics runs that use all it remembers: tuning, schedules, caches, random numbers of conditions and observables. */
const runs: Record<string, readonly (readonly [model: string, steps: string])[]> = {
  metropolis: [[sk, "evolve metropolis(T = 2 -> 0.5) for 7 sweeps\n measure metropolis(T = 0.5) for 12 sweeps every 2"], [phi4, "evolve metropolis(T = 1) for 30 sweeps\n measure metropolis(T = 1) for 6 sweeps every 1"], [potts, "measure metropolis(T = 1) for 9 sweeps every 2"], [twins, "evolve metropolis(T = 2 -> 0.5) for 7 sweeps until q > 0.9\n measure metropolis(T = 0.5) for 12 sweeps every 2"], [twins, "measure metropolis(T = 3) for 200 sweeps every 1 until error(q) < 0.2"]],
  heat_bath: [[sk, "evolve heat_bath(T = 2 -> 0.5) for 7 sweeps until change < 1e-9\n measure heat_bath(T = 0.5) for 9 sweeps every 3"]],
  kawasaki: [[sk, "evolve kawasaki(T = 1) for 7 sweeps\n measure kawasaki(T = 1) for 9 sweeps every 3"]],
  anneal: [[sk, "evolve anneal(T = 3 -> 0.1 geometric) for 12 sweeps"]],
  enumerate: [[binary, "measure enumerate(T = 1)"], [twins, "measure enumerate(T = 1)"]],
  descent: [[sphere, "evolve descent() for 200 steps until gradient < 1e-7"], [sphere, "evolve descent(rate = 0.05 -> 0.01) for 12 steps\n measure descent() for 60 steps every 5 until curvature > 1e9"]],
  sgd: [[examples, "evolve sgd(rate = 0.1 -> 0.01, batch = 4) for 11 steps"], [examples, "evolve sgd(rate = 0.1, batch = 4) for 5 epochs until change < 1e-3"]],
  langevin: [[sphere, "evolve langevin(T = 1, dt = 0.01) for 9 steps\n measure langevin(T = 1, dt = 0.05) for 1 time every 1"]],
  mala: [[sphere, "evolve mala(T = 1) for 40 steps\n measure mala(T = 1) for 9 steps every 2"]],
  hmc: [[sphere, "evolve hmc(T = 1) for 45 steps\n measure hmc(T = 1) for 9 steps every 2"]],
  underdamped: [[sphere, "evolve underdamped(T = 1, dt = 0.05) for 9 steps\n measure underdamped(T = 1, dt = 0.05) for 9 steps every 2"]],
  adam: [[sphere, "evolve adam(rate = 0.05 -> 0.01) for 14 steps"], [examples, "evolve adam(rate = 0.05 -> 0.01, batch = 4) for 11 steps"], [examples, "evolve adam(rate = 0.05, batch = 4) for 4 epochs"]],
  binary_net: [[perceptron, "evolve binary_net(rate = 0.5 -> 0.1, batch = 4) for 11 steps"], [perceptron, "evolve binary_net(rate = 0.5, batch = 4) for 4 epochs until E == 0"]],
  replicated_sgd: [[perceptron, "evolve replicated_sgd(rate = 0.5, batch = 4, y = 3) for 11 steps"], [examples, "evolve replicated_sgd(rate = 0.1, batch = 4, y = 3) for 4 epochs"]],
  sbpi: [[perceptron, "evolve sbpi() for 6 epochs"]],
  belief_propagation: [[binary, "evolve belief_propagation(T = 2) for 9 sweeps"], [perceptron, "measure belief_propagation(T = 1, damping = 0.5) for 8 sweeps every 2"]],
  focusing_bp: [[perceptron, "evolve focusing_bp() for 9 sweeps until E == 0"]],
  amp: [[perceptron, "evolve amp(T = 1) for 9 steps"]],
  tempering: [[twins, "evolve tempering(metropolis, T = [0.5, 2], rungs = 4) for 34 sweeps\n measure tempering(metropolis, T = [0.5, 2], rungs = 4) for 5 sweeps every 2"], [sphere, "evolve tempering(hmc, T = [0.5, 2], rungs = 3) for 34 steps"], [sk, "evolve tempering(metropolis, T = [0.5, 2, 1]) for 7 sweeps\n measure tempering(heat_bath, T = [0.5, 2, 1]) for 9 sweeps every 2"], [sphere, "evolve tempering(mala, T = [1, 2]) for 12 steps\n measure tempering(mala, T = [1, 2]) for 9 steps every 2"], [sphere, "evolve tempering(hmc, T = [1, 2]) for 12 steps"], [sphere, "measure tempering(underdamped(dt = 0.05), T = [1, 2]) for 9 steps every 2"], [sphere, "evolve tempering(langevin(dt = 0.02), T = [1, 2]) for 9 steps"], [twins, "measure tempering(metropolis, T = [1, 1.5]) for 9 sweeps every 2"], [sk, "measure tempering(kawasaki, T = [1, 1.5]) for 9 sweeps every 2"], [twins, "evolve tempering(metropolis, T = [0.2, 3]) for 12 sweeps until q > 0.9\n measure tempering(metropolis, T = [0.2, 3]) for 70 sweeps every 1 until error(q) < 0.5"]],
  newton: [[sphere, "evolve newton() for 25 steps until gradient < 1e-12"]],
};

function context(text: string, steps: string): () => PointContext {
  const compilation = compileText(`${text}\nrun R of ${/model (\w+)/.exec(text)![1]!} {\n ${steps}\n}\n`);
  const plan: RunPlan = compilation.runs[0]!;
  const generated = generateModel(compilation.models[0]!.program!, codeNeeded([plan]));
  if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("\n"));
  const module = evaluateModule(generated.javascript, generated.wasm.bytes);
  return () => createPointContext(plan, 0, module, {});
}

/** Runs on, and counts the pauses; `at` says at which to stop for a checkpoint, as it comes back from a file. */
function follow(of: PointContext, saved?: TaskCheckpoint, at = Infinity): { readonly result?: readonly TaskResult[]; readonly checkpoint?: TaskCheckpoint; readonly pauses: number } {
  const work = of.plan.ladder ? runLadder(of, 0, 0, saved) : runTask(of, 0, 0, undefined, saved);
  let pauses = 0;
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) return { result: [next.value].flat(), pauses };
    if (pauses++ === at) return { checkpoint: deserialize(serialize(next.value())) as TaskCheckpoint, pauses };
  }
}

/** All of a result, arrays of numbers bit by bit. */
const bytes = (result: readonly TaskResult[] | undefined): string =>
  JSON.stringify(result, (_, value: unknown) => (Array.isArray(value) && value.every((v) => typeof v === "number") ? hex(Float64Array.from(value)) : value instanceof Float64Array ? hex(value) : value));
const hex = (values: Float64Array): string => Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("hex");

test("every dynamics that can run is here", () => {
  expect(Object.keys(runs).sort()).toEqual(Object.values(dynamics).flatMap((d) => (d ? [d.name] : [])).sort());
});

describe.each(Object.entries(runs).flatMap(([name, all]) => all.map(([model, steps]) => [name, steps, model] as const)))("%s: %s", (_, steps, model) => {
  test("goes on from every step with the same bytes", () => {
    const create = context(model, steps);
    const whole = follow(create());
    expect(whole.pauses).toBeGreaterThan(0);
    for (let at = 0; at < whole.pauses; at++) {
      const { checkpoint } = follow(create(), undefined, at);
      const { result, pauses } = follow(create(), checkpoint);
      expect(bytes(result), `after step ${at + 1}`).toBe(bytes(whole.result));
      expect(pauses).toBe(whole.pauses - at - 1);
    }
  });
});

test("interrupted again and again", () => {
  const create = context(...runs["metropolis"]![1]!);
  let saved: TaskCheckpoint | undefined;
  let result: readonly TaskResult[] | undefined;
  for (let k = 0; result === undefined; k++) ({ checkpoint: saved, result } = follow(create(), saved, k % 3));
  expect(bytes(result)).toBe(bytes(follow(create()).result));
});

test("over the sweep at which caches are computed anew", () => {
  const create = context(sk, "measure metropolis(T = 1) for 2005 sweeps every 401");
  const whole = bytes(follow(create()).result);
  for (const at of [998, 999, 1000, 1001, 1999]) expect(bytes(follow(create(), follow(create(), undefined, at).checkpoint).result), `after ${at + 1}`).toBe(whole);
});

test("two tasks that share one instance of the model in turn", () => {
  const create = context(sk, "evolve metropolis(T = 1) for 3 sweeps\n measure metropolis(T = 1) for 30 sweeps every 2");
  const whole = bytes(follow(create()).result);
  const shared = create();
  const first = runTask(shared, 0, 0);
  const second = runTask(shared, 0, 1);
  for (let k = 0; k < 8; k++) [first.next(), second.next()];
  const next = first.next();
  if (next.done) throw new Error("over too soon");
  second.next();
  const saved = next.value();
  expect(saved.copies[0]!.mover.parts[0]!.arrays.length).toBeGreaterThan(0);
  expect(bytes(follow(create(), saved).result)).toBe(whole);
});

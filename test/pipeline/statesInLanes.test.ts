/**
 * Several states of one draw in the lanes of vectors: each has the energy and the gradient that it has alone, to the last bit, on every model of the corpus
 * that has such a kernel, with and without fused multiply-adds; and runs record the same bytes however many starts are evaluated together.
 */
import { describe, expect, test } from "vitest";
import { codeNeeded } from "../../compiler/codeNeeded.ts";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { runTasks, type RunOptions, type RunOutcome } from "../../runtime/engine/index.ts";
import type { TaskCheckpoint } from "../../runtime/engine/checkpoint.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import type { CompiledModel } from "../../runtime/model.ts";
import { Stream } from "../../runtime/random/stream.ts";
import { accepted } from "../cases/accepted.ts";
import { compileText } from "./compileModel.ts";

const models = accepted.flatMap(({ name, text, directory }) => compile(text, { directory }).models.flatMap(({ program }) => (program ? [[`${name}: ${program.model}`, program, directory] as const] : [])));
const texts = {
  lattice: "model M(L = 7) {\n ensemble h[i in L periodic, j in L periodic] ~ Normal(0, var = 1)\n state x[i in L periodic, j in L periodic] : real ~ Normal(0, var = 1)\n energy H = sum(i, j) (h[i,j] * x[i,j] + x[i,j]^4 / 8 + (x[i,j] - x[i+1,j])^2 / 2 + (x[i,j] - x[i,j+1])^2 / 3 + exp(-x[i,j]^2))\n}",
  packed: "model M(N = 23) {\n ensemble J[i < j < k in N] ~ Normal(0, var = 1)\n state x[i in N] : real\n energy H = (sum(i < j < k) J[i,j,k] * x[i] * x[j] * x[k]) / N + tanh(x[1])\n}",
  graph: "model M(N = 20) {\n ensemble G ~ RandomRegular(N, degree = 3)\n ensemble J[(i, j) in G] ~ Normal(0, var = 1)\n state x[i in N] : real\n energy H = (sum((i, j) in G) J[i,j] * log(1 + exp(x[i] * x[j]))) + sum(i) x[i]^4\n}",
};

/** All numbers of the first states, one after the other and together in groups of each size. */
function expectSameBits(model: CompiledModel): void {
  const states = Array.from({ length: 16 }, (_, k) => {
    const state = new Float64Array(model.dimension);
    new Stream(["states in lanes", k]).normals(state, 0);
    return state;
  });
  const alone = states.map((state) => {
    const gradient = new Float64Array(state.length);
    return [model.energyAndGradient(state, gradient), ...gradient];
  });
  for (const width of [1, 3, 16]) {
    const own = states.slice(0, width);
    const [gradients, energies] = [own.map((s) => new Float64Array(s.length)), new Float64Array(width)];
    model.severalStates!.energiesAndGradients(own, gradients, energies);
    const found = gradients.map((g, k) => [energies[k]!, ...g]);
    // `toEqual` tells −0 from 0, and takes NaN for NaN.
    for (let k = 0; k < width; k++) expect(found[k], `state ${k} of ${width}`).toEqual(alone[k]);
  }
}

describe("bit by bit", () => {
  let taken = 0;
  test.each([...models, ...Object.entries(texts).map(([name, text]) => [name, compileText(text).models[0]!.program!, undefined] as const)])("%s", { timeout: 30_000 }, (_, program, directory) => {
    for (const fused of [false, true]) {
      const generated = generateModel(program, { lanes: true, fused });
      if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("; "));
      const { lanes } = generated.scheduled;
      if (lanes === undefined || "reason" in lanes) {
        expect(lanes?.reason).toMatch(/\S/);
        return;
      }
      const sizes = Object.fromEntries(program.parameters.filter((p) => p.boundBy === undefined).map((p) => [p.name, p.kind === "integer" && p.default > 24 ? 24 : p.default]));
      const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel(sizes, { directory });
      model.draw(11, 0);
      expectSameBits(model);
    }
    taken++;
  });
  test("many models have such a kernel", () => { expect(taken).toBeGreaterThan(15); });
});

async function run(text: string, options: RunOptions): Promise<RunOutcome> {
  const compilation = compileText(text);
  const [plan] = compilation.runs;
  const generated = generateModel(compilation.programs.get(plan!.run)!, codeNeeded([plan!]));
  if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("; "));
  expect(generated.scheduled.lanes).toHaveProperty("kernel");
  return runTasks(plan!, { javascript: generated.javascript, wasm: generated.wasm.bytes }, { workers: 1, keepStates: true, ...options });
}
const bytes = ({ tasks, states, failures }: RunOutcome): string => JSON.stringify({ tasks, states: states.map(({ state }) => [...state]), failures });

describe("runs with an odd number of starts", () => {
  const steps = {
    descent: "evolve descent() for 300 steps until gradient < 1e-6",
    "descent at a rate": "evolve descent(rate = 0.02) for 40 steps",
    langevin: "evolve langevin(T = 0.1, dt = 0.01) for 20 steps\n measure langevin(T = 0.1, dt = 0.01) for 10 steps every 2",
    underdamped: "measure underdamped(T = 0.1, dt = 0.02) for 20 steps every 4",
    mala: "evolve mala(T = 0.1) for 20 steps\n measure mala(T = 0.1) for 10 steps every 2",
    hmc: "evolve hmc(T = 0.1) for 10 steps\n measure hmc(T = 0.1) for 6 steps every 2",
    adam: "evolve adam(rate = 0.02) for 30 steps",
  };
  const spec = (how: string, starts = 5): string => `${texts.lattice}\nrun R of M {\n samples 2\n starts ${starts}\n ${how}\n}\n`;
  test.each(Object.entries(steps))("%s", { timeout: 30_000 }, async (name, how) => {
    const alone = bytes(await run(spec(how), { startsPerChunk: 1 }));
    for (const startsPerChunk of [3, 16]) expect(bytes(await run(spec(how), { startsPerChunk }))).toBe(alone);
    if (name === "descent") expect(bytes(await run(spec(how), { workers: 4, startsPerChunk: 3 }))).toBe(alone);
  });

  test("stopped and gone on with", async () => {
    const whole = bytes(await run(spec(steps.mala), {}));
    const checkpoints: TaskCheckpoint[] = [];
    const stop = new AbortController();
    const first = await run(spec(steps.mala), {
      signal: stop.signal, secondsBetweenCheckpoints: 1e9,
      onEvent: (e) => {
        if (e.kind === "checkpoint") checkpoints.push(e.checkpoint);
        if (e.kind === "task" && e.done >= 3) stop.abort();
      },
    });
    expect(first.interrupted).toBe(true);
    expect(checkpoints.length).toBeGreaterThan(0);
    const rest = await run(spec(steps.mala), { finished: first.tasks, checkpoints });
    expect(bytes({ ...rest, states: [...first.states, ...rest.states].sort((a, b) => a.sample - b.sample || a.start - b.start) })).toBe(whole);
  });

  test("where some fail, the others are what they are without them", async () => {
    const text = `model M(L = 3) {\n state x[i in L periodic] : real ~ Normal(0, var = 9)\n energy H = sum(i) (x[i]^4 + x[i] * x[i+1])\n}\nrun R of M {\n starts 8\n evolve langevin(T = 0.1, dt = 0.02) for 20 steps\n}\n`;
    const alone = await run(text, { startsPerChunk: 1 });
    expect(alone.failures.length).toBeGreaterThan(0);
    expect(alone.tasks.length).toBeGreaterThan(0);
    expect(bytes(await run(text, { startsPerChunk: 8 }))).toBe(bytes(alone));
  });
});

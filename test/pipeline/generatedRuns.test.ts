/**
 * Runs of random models: the same bytes whether their starts are moved together, one by one, or by two workers, and energies that are recorded are those of the states that are left.
 * Which dynamics a model has is the compiler's word: the first of a list, from a random place on, that it takes. `RUNS` is the number of models, `SEED` the first of them.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { codeNeeded } from "../../compiler/codeNeeded.ts";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { runTasks, type RunOptions, type RunOutcome } from "../../runtime/engine/index.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { arbitraryModel } from "../generated/arbitraryModel.ts";
import { modelText } from "../generated/modelText.ts";
import type { Model } from "../generated/modelTree.ts";

const numRuns = Number(process.env["RUNS"] ?? 25);
const seed = Number(process.env["SEED"] ?? 20260102);

const dynamics = ["metropolis(T)", "heat_bath(T)", "hmc(T, step = 0.05, leapfrog = 2)", "mala(T, step = 0.05)", "langevin(T, dt = 0.001)", "kawasaki(T)", "metropolis(T = 2 -> T)", "underdamped(T, dt = 0.01)", "descent(rate = 0.001)", "tempering(metropolis, T = [0.7, 1.4])"];
const unit = (d: string): string => (/^(metropolis|heat_bath|kawasaki|tempering)/.test(d) ? "sweeps" : "steps");

const spec = (model: Model, moves: string): string =>
  `${modelText(model)}\nrun R of Made {\n${moves.startsWith("tempering") ? "" : "  sweep T in [0.7, 1.4]\n"}${model.ensembles.length > 0 ? "  samples 2\n" : ""}  starts 3\n  evolve ${moves} for 3 ${unit(moves)}\n  measure ${moves} for 4 ${unit(moves)} every 2\n}\n`;

/** The first dynamics, from this place in the list on, with which the specification has no error and runs. */
function chosen(model: Model): { readonly text: string; readonly moves: string } | undefined {
  for (let k = 0; k < dynamics.length; k++) {
    const moves = dynamics[(model.dynamics + k) % dynamics.length]!;
    const text = spec(model, moves);
    const { diagnostics, runs } = compile(text);
    if (!diagnostics.some((d) => d.severity === "error") && runs.length === 1) return { text, moves };
  }
  return undefined;
}

let executed = 0;

async function differences(model: Model, workers: boolean): Promise<readonly string[]> {
  const found = chosen(model);
  if (!found) return [];
  const compilation = compile(found.text);
  const [plan] = compilation.runs;
  const program = compilation.programs.get(plan!.run)!;
  const generated = generateModel(program, codeNeeded([plan!]));
  if (!generated.ok) return generated.diagnostics.map((d) => d.message);
  const run = async (options: RunOptions): Promise<RunOutcome> => runTasks(plan!, { javascript: generated.javascript, wasm: generated.wasm.bytes }, { workers: 1, keepStates: true, target: "wasm", ...options });
  const whole = await run({});
  // A task that can't be moved says so; it must say the same however it is executed.
  const bytes = (o: RunOutcome): string => JSON.stringify([o.tasks.map((t) => [t.point, t.sample, t.start, t.values]).sort(), o.failures.map((f) => f.message).sort()]);
  const wanted = bytes(whole);
  const problems: string[] = [];
  for (const options of [{ startsPerChunk: 1 }, { startsPerChunk: 2 }, ...(workers ? [{ workers: 2 }] : [])]) if (bytes(await run(options)) !== wanted) problems.push(`${found.moves}: other bytes with ${JSON.stringify(options)}`);
  executed++;
  const instance = evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { target: "typescript" }) as RunnableModel<string, string>;
  for (const { point, sample, start, state } of whole.states) {
    const { values } = whole.tasks.find((t) => t.point === point && t.sample === sample && t.start === start)!;
    instance.draw(plan!.seed, sample);
    const [recorded, energy] = [values["H"]!.at(-1)!, instance.referenceEnergy(state)];
    if (Number.isFinite(energy) && Math.abs(recorded - energy) > 1e-8 * Math.max(1, Math.abs(energy))) problems.push(`${found.moves}: recorded ${recorded}, and the state has ${energy}`);
  }
  return problems;
}

test("the same bytes by any division", { timeout: 3_600_000 }, async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryModel, async (model) => {
      // Threads take longer to start than such models to run.
      const found = await differences(model, count++ % 10 === 0);
      expect(found, modelText(model)).toEqual([]);
    }),
    { numRuns, seed, endOnFailure: true },
  );
  expect(executed).toBeGreaterThan(numRuns / 2);
});

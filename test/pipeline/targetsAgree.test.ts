/**
 * All targets agree on every model of the corpus: energy, gradient, energy differences and observables of given states, float64 to 1e-10 of
 * their size, float32 kernels to 1e-5, float32 tensors (energy and gradient: all else is of the float64 kernels there) to 2e-4. The energy and the observables are also those of the slow interpreter, which reads the program as it was
 * lowered, before any pass.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { schedule } from "../../compiler/4-schedule/schedule.ts";
import { emitModule } from "../../compiler/5-emit/typescript/emitModule.ts";
import { emitWasm } from "../../compiler/5-emit/wasm/emitWasm.ts";
import { constraintSet } from "../../compiler/library/recognisers/constraintSet.ts";
import { packedOffset } from "../../compiler/ir/layout.ts";
import { bounds, programEntries } from "../../compiler/ir/evaluate.ts";
import { tensorCode } from "../../compiler/tensorCode.ts";
import { copiesIn, type Program } from "../../compiler/ir/program.ts";
import { createTensorModel } from "../../runtime/backends/tensorModel.ts";
import { loadTfjs, type TensorFlow } from "../../runtime/backends/tfjs.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import { Stream } from "../../runtime/random/stream.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import { attempt } from "../../runtime/moves/singleMove.ts";
import { drawUniformly } from "../../runtime/moves/domainMoves.ts";
import { accepted } from "../cases/accepted.ts";

/** Bytes of the arrays of a model beyond which the interpreter is left out. */
const largestInterpreted = 100_000;
/** Of float32, relative to the largest number of what is compared (or 1). */
const SINGLE = 1e-5;
/** Larger sizes than this show nothing more. */
const largestSize = 24;

const models: readonly (readonly [string, Program, string])[] = accepted.flatMap(({ name, text, directory }) => {
  const { models: compiled } = compile(text, { directory });
  return compiled.flatMap(({ program }) => (program ? [[`${name}: ${program.model}`, program, directory] as const] : []));
});

let tf: TensorFlow;
beforeAll(async () => {
  const loaded = await loadTfjs("cpu");
  if (!loaded.ok) throw new Error(loaded.notes.join("; "));
  tf = loaded.tf;
});

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((largest, x) => (Number.isFinite(x) ? Math.max(largest, Math.abs(x)) : largest), 1);
  Array.from(expected).forEach((x, k) => {
    if (Number.isFinite(x)) expect(Math.abs(found[k]! - x)).toBeLessThanOrEqual(tolerance * scale);
    else expect(found[k]).toBe(x);
  });
}

/** A state of the model; of one whose runs alone say where it starts, any real one. */
function stateOf(model: RunnableModel<string, string>, seed: number, start: number): Float64Array {
  try {
    return model.randomState(seed, start);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const state = new Float64Array(model.dimension);
    new Stream(["any state", seed, start]).normals(state, 0);
    return state;
  }
}

/** Entries of the program as the interpreter finds them from the instance's draws and a state; undefined for what it leaves to the runtime. */
function interpreted(program: Program, model: RunnableModel<string, string>, state: Float64Array, copies: readonly Float64Array[]): (array: string) => readonly number[] | undefined {
  const declared = new Map(program.arrays.map((a) => [a.name, a]));
  // With the sizes that data bind.
  const parameters = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...model.parameters };
  const extentsOf = (name: string): readonly (readonly [number, number])[] => declared.get(name)!.slots.map((slot) => { const [lower, upper] = bounds(slot.range, parameters, entries); return [lower, upper - lower + 1]; });
  const replicas = copiesIn(program);
  const entries = programEntries(program, parameters, (name, subscripts): number => {
    const { slots, origin } = declared.get(name)!;
    const sizes = extentsOf(name);
    if (origin.kind === "call" || sizes.some(([, size]) => !(size >= 0))) throw new NotInterpreted(name);
    const at = packedOffset(slots, sizes.map(([, size]) => size), subscripts.map((s, k) => s - sizes[k]![0]));
    if (origin.kind === "state") return state[model.state.find((s) => s.name === name)!.offset + at]!;
    if (origin.kind === "copy") return copies[replicas.indexOf(origin.copy.replica)]![model.state.find((s) => s.name === origin.copy.of)!.offset + at]!;
    return model.array(name)[at]!;
  });
  return (name) => {
    const sizes = extentsOf(name);
    if (declared.get(name)!.slots.some((s) => s.order !== undefined) || sizes.reduce((n, [, size]) => n * size, 1) > 100) return undefined;
    const go = (k: number, place: readonly number[]): number[] => (k === sizes.length ? [entries(name, place)] : Array.from({ length: sizes[k]![1] }, (_, v) => go(k + 1, [...place, sizes[k]![0] + v])).flat());
    try { return go(0, []); } catch (error) { if (error instanceof NotInterpreted) return undefined; throw error; }
  };
}
class NotInterpreted extends Error {}

test("every model of an accepted program is here", () => {
  const left = accepted.flatMap(({ name, text, directory }) => compile(text, { directory }).models.flatMap((m) => (m.program ? [] : [`${name}: ${m.name}`])));
  expect(left).toEqual([]);
});

test("the corpus has models", () => { expect(models.length).toBeGreaterThan(60); });

describe.each(models)("%s", (_, program, directory) => {
  const generated = generateModel(program, { moves: program.constraints.length === 0 });
  if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("; "));
  const defaults = Object.fromEntries(program.parameters.map((p) => [p.name, p.default]));
  const given = program.parameters.filter((p) => p.boundBy === undefined);
  // Odd, so that no sum of signs ties; a regular graph of odd degree has an even number of vertices.
  const size = program.arrays.some((a) => a.origin.kind === "ensemble" && a.origin.distribution === "RandomRegular") ? largestSize : largestSize + 1;
  const parameters = Object.fromEntries(given.map((p) => [p.name, p.kind === "integer" && p.default > largestSize ? size : p.default]));
  const instance = (target: "wasm" | "typescript"): RunnableModel<string, string> => {
    const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel(parameters, { target, directory }) as RunnableModel<string, string>;
    model.draw(11, 0);
    return model;
  };

  test("TypeScript and WASM", { timeout: 30_000 }, () => {
    const [plain, fast] = [instance("typescript"), instance("wasm")];
    for (const start of [0, 1]) {
      const state = stateOf(plain, 5, start);
      // Kernels of constraints bring a first state onto them, with rounding errors of each target.
      expectClose(stateOf(fast, 5, start), state, 1e-12);
      expectClose([fast.energy(state)], [plain.energy(state)], 1e-10);
      expectClose([plain.energy(state)], [plain.referenceEnergy(state)], 1e-9);
      if (generated.procedures.gradientRefusal === undefined) {
        const [g, h] = [new Float64Array(state.length), new Float64Array(state.length)];
        plain.energyAndGradient(state, g);
        fast.energyAndGradient(state, h);
        expectClose(h, g, 1e-10);
      }
      const copies = copiesIn(program).map((_copy, k) => stateOf(plain, 5, 2 + k));
      const withCopies = Float64Array.from([state, ...copies].flatMap((part) => [...part]));
      const slowly = plain.memory.reduce((sum, { bytes }) => sum + bytes, 0) < largestInterpreted ? interpreted(program, plain, state, copies) : (): undefined => undefined;
      plain.observables.forEach((o, k) => {
        expectClose(fast.observables[k]!.evaluate(withCopies), o.evaluate(withCopies), 1e-8);
        const expected = slowly(o.name);
        // Logarithms of tails are stable in what is compiled: where the interpreter finds log(0) there is nothing to compare.
        if (expected?.every(Number.isFinite)) expectClose(o.evaluate(withCopies), expected, 1e-8);
      });
      if (!plain.moves || !fast.moves) continue;
      const both = [plain, fast].map((model) => {
        const moves = localMoves(model);
        moves.enter(state, true);
        return moves.arrays.flatMap((array) => Array.from({ length: 12 }, (__, n) => attempt(array, (7 * n) % array.length, drawUniformly(array.domain, ((37 * n + 11) % 101) / 101, 0.5), n % 3 === 0 ? Infinity : -Infinity)));
      });
      expectClose(both[1]!, both[0]!, 1e-10);
    }
  });

  test("float32", { timeout: 30_000 }, () => {
    const scheduled = schedule(generated.procedures, constraintSet(program).spheres, constraintSet(program).sums, { single: true });
    if (scheduled.memory.every((a) => !a.single)) return;
    const module = evaluateModule(emitModule(scheduled, { types: false }), emitWasm(scheduled).bytes);
    const double = instance("wasm");
    const singles = (["typescript", "wasm"] as const).map((target) => {
      const model = module.createModel(parameters, { target, directory }) as RunnableModel<string, string>;
      model.draw(11, 0);
      return model;
    });
    const state = stateOf(double, 5, 0);
    for (const model of singles) {
      // Energies that are recorded are those of float64.
      expectClose([model.energy(state)], [double.energy(state)], 1e-12);
      if (generated.procedures.gradientRefusal === undefined) {
        const [g, h] = [new Float64Array(state.length), new Float64Array(state.length)];
        expectClose([model.energyAndGradient(state, h)], [double.energyAndGradient(state, g)], SINGLE);
        expectClose(h, g, SINGLE);
      }
      if (!model.moves || !double.moves) continue;
      const [found, expected] = [model, double].map((m) => {
        const moves = localMoves(m);
        moves.enter(state, true);
        return moves.arrays.flatMap((array) => Array.from({ length: 12 }, (__, n) => attempt(array, (7 * n) % array.length, drawUniformly(array.domain, ((37 * n + 11) % 101) / 101, 0.5), n % 3 === 0 ? Infinity : -Infinity)));
      });
      expectClose(found!, expected!, SINGLE);
    }
  });

  const tensors = tensorCode(generated.procedures);
  if (!tensors.ok) {
    // Of these `--target tfjs` says so and runs the WASM kernels.
    test(`no tensor form: ${tensors.reason}`, () => { expect(tensors.reason).toMatch(/\S/); });
    return;
  }
  test("tfjs", { timeout: 30_000 }, () => {
    const model = instance("wasm");
    const batch = createTensorModel(tensors.program, { ...defaults, ...model.parameters }, model.state, 2, tf);
    batch.upload((name) => model.array(name));
    const states = Float64Array.from([...stateOf(model, 5, 0), ...stateOf(model, 5, 1)]);
    const [energies, gradients] = [new Float64Array(2), new Float64Array(states.length)];
    batch.energiesAndGradients(states, energies, gradients, Uint8Array.of(1, 1));
    batch.dispose();
    for (const start of [0, 1]) {
      const gradient = new Float64Array(model.dimension);
      const part = (all: Float64Array): Float64Array => all.subarray(start * model.dimension, (start + 1) * model.dimension);
      const energy = model.energyAndGradient(part(states), gradient);
      expectClose([energies[start]!], [energy], 2e-4);
      expectClose(part(gradients), gradient, 2e-4);
    }
  });
});

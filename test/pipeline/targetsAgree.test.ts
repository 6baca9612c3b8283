/**
 * All targets agree on every model of the corpus (test/cases/corpus.ts): energy, gradient, energy differences and observables of given states. Float64 kernels do to 1e-10 of
 * their size, with relaxed SIMD and without (observables that decompose matrices to 1e-8, differences to 1e-9 of the energy); float32 kernels to 1e-5; float32 tensors (energy and gradient: all else is of the float64 kernels there) to 2e-4.
 * The energy is also that of the formula as written, differences of every local move that the domains allow are those of this energy, and observables those of the
 * slow interpreter, which reads the program as it was lowered, before any pass.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { schedule } from "../../compiler/4-schedule/schedule.ts";
import { emitModule } from "../../compiler/5-emit/typescript/emitModule.ts";
import { emitWasm } from "../../compiler/5-emit/wasm/emitWasm.ts";
import { constraintSet } from "../../compiler/library/recognisers/constraintSet.ts";
import { packedOffset } from "../../compiler/ir/layout.ts";
import { isDerivativeCall } from "../../compiler/3-passes/observableSteps.ts";
import { closure } from "../../compiler/ir/closure.ts";
import { bounds, programEntries } from "../../compiler/ir/evaluate.ts";
import { tensorCode } from "../../compiler/tensorCode.ts";
import { copiesIn, type Program } from "../../compiler/ir/program.ts";
import { createTensorModel } from "../../runtime/backends/tensorModel.ts";
import { loadTfjs, type TensorFlow } from "../../runtime/backends/tfjs.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import { Stream } from "../../runtime/random/stream.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { hasRelaxedSimd } from "../../runtime/backends/features.ts";
import type { ModelModule } from "../../runtime/model.ts";
import { accepted } from "../cases/accepted.ts";
import { corpusModels } from "../cases/corpus.ts";
import { differencesOf, walk } from "./singleMoves.ts";

/** Bytes of the arrays of a model beyond which the interpreter is left out, and one state and a few moves must do. */
const largestInterpreted = 100_000;
/** Of float32, relative to the largest number of what is compared (or 1). */
const SINGLE = 1e-5;
/** States of which Hessians are decomposed in a second. */
const largestDecomposed = 120;
/** Larger sizes than this show nothing more. */
const largestSize = 20;

const models = corpusModels();

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

/** A state of the model, the copies that a bias ties together one after the other; of one whose runs alone say where it starts, any real one. */
function stateOf(model: RunnableModel<string, string>, seed: number, start: number, copies: readonly string[] = ["1", ...(model.coupled ?? [])]): Float64Array {
  const length = model.dimension / (1 + (model.coupled?.length ?? 0));
  const state = new Float64Array(copies.length * length);
  copies.forEach((copy, k) => {
    const part = state.subarray(k * length, (k + 1) * length);
    try {
      model.initialize(part, (array) => new Stream(["a state", seed, start, array, copy]), copy);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      new Stream(["any state", seed, start, copy]).normals(part, 0);
    }
  });
  return state;
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
  const left = accepted.flatMap(({ name, text, directory }) => compile(text, { directory, deriveTheories: false }).models.flatMap((m) => (m.program ? [] : [`${name}: ${m.name}`])));
  expect(left).toEqual([]);
});

test("the corpus has models", () => { expect(models.length).toBeGreaterThan(150); });

describe.each(models.map((m) => [m.name, m] as const))("%s", (_, { program, directory }) => {
  const generated = generateModel(program, { moves: movesAlone(program) });
  if (!generated.ok) throw new Error(generated.diagnostics.map((d) => d.message).join("; "));
  const defaults = Object.fromEntries(program.parameters.map((p) => [p.name, p.default]));
  const given = program.parameters.filter((p) => p.boundBy === undefined);
  // Odd, so that no sum of signs ties; a regular graph of odd degree has an even number of vertices.
  const size = program.arrays.some((a) => a.origin.kind === "ensemble" && a.origin.distribution === "RandomRegular") ? largestSize : largestSize + 1;
  const parameters = Object.fromEntries(given.map((p) => [p.name, p.kind === "integer" && p.default > largestSize ? size : p.default]));
  type Instance = RunnableModel<string, string>;
  const made = (module: ModelModule, target: "wasm" | "typescript"): Instance => {
    const model = module.createModel(parameters, { target, directory }) as Instance;
    // What another run would give.
    for (const { name, origin } of program.arrays) if (origin.kind === "given") new Stream(["given", name]).normals(model.array(name), 0);
    model.draw(11, 0);
    return model;
  };
  const double = evaluateModule(generated.javascript, generated.wasm.bytes);
  const plain = made(double, "typescript");
  const isLarge = plain.memory.reduce((sum, { bytes }) => sum + bytes, 0) > largestInterpreted;
  const states = (isLarge ? [0] : [0, 1]).map((start) => stateOf(plain, 5, start));
  const hasGradient = generated.procedures.gradientRefusal === undefined;
  const gradientOf = (model: Instance, state: Float64Array): { readonly energy: number; readonly gradient: Float64Array } => {
    const gradient = new Float64Array(state.length);
    return { energy: model.energyAndGradient(state, gradient), gradient };
  };
  /** Places of the observables; without those of Hessians that are large. */
  const observed = plain.observables.flatMap(({ name }, k) => (plain.dimension > largestDecomposed && readsHessian(program, name) ? [] : [k]));
  const withCopies = states.map((state, start) => Float64Array.from([...state, ...stateOf(plain, 5, 2 + start, plain.copies ?? [])]));
  /** What the energy reads of copies that are held stays as it was given last. */
  const giveCopies = (model: Instance, start: number): void => { model.energy(withCopies[start]!); };
  giveCopies(plain, 0);
  const moves = movesAlone(program) ? walk(plain, states[0]!, isLarge ? 3 : 12) : [];
  // Differences are of the size of the energies that they are between, as far as rounding goes.
  const expectMoves = (model: Instance, tolerance: number): void => {
    giveCopies(model, 0);
    expectClose(differencesOf(model, states[0]!, moves), moves.map((m) => m.difference), tolerance * Math.max(1, Math.abs(plain.referenceEnergy(states[0]!))));
  };

  test("TypeScript is what the program says", { timeout: 30_000 }, () => {
    states.forEach((state, start) => {
      giveCopies(plain, start);
      expectClose([plain.energy(state)], [plain.referenceEnergy(state)], 1e-9);
      if (hasGradient) expectClose([gradientOf(plain, state).energy], [plain.energy(state)], 1e-9);
      const entries = !isLarge ? interpreted(program, plain, state, copiesIn(program).map((_copy, k) => withCopies[start]!.subarray((k + 1) * state.length, (k + 2) * state.length))) : (): undefined => undefined;
      observed.forEach((k) => {
        const o = plain.observables[k]!;
        const expected = entries(o.name);
        // Logarithms of tails are stable in what is compiled: where the interpreter finds log(0) there is nothing to compare.
        if (expected?.every(Number.isFinite)) expectClose(o.evaluate(withCopies[start]!), expected, 1e-8);
      });
    });
    expectMoves(plain, 1e-9);
    // Whatever was asked for before.
    const ask = (state: Float64Array): readonly (readonly number[])[] => observed.map((k) => [...plain.observables[k]!.evaluate(state)]);
    const before = withCopies.map(ask);
    expect(withCopies.toReversed().map(ask).reverse()).toEqual(before);
  });

  /** Everything in float64, and what float32 leaves in float64. */
  const expectSame = (model: Instance, tolerances: { readonly energy: number; readonly gradient: number; readonly moves: number }): void => {
    states.forEach((state, start) => {
      [plain, model].forEach((m) => { giveCopies(m, start); });
      // Kernels of constraints bring a first state onto them, with rounding errors of each target.
      expectClose(stateOf(model, 5, start), state, 1e-11);
      expectClose([model.energy(state)], [plain.energy(state)], tolerances.energy);
      observed.forEach((k) => { expectClose(model.observables[k]!.evaluate(withCopies[start]!), plain.observables[k]!.evaluate(withCopies[start]!), 1e-8); });
      if (!hasGradient) return;
      const [found, expected] = [gradientOf(model, state), gradientOf(plain, state)];
      expectClose([found.energy], [expected.energy], tolerances.gradient);
      expectClose(found.gradient, expected.gradient, tolerances.gradient);
    });
    expectMoves(model, tolerances.moves);
  };

  const inDouble = { energy: 1e-10, gradient: 1e-10, moves: 1e-9 };
  test("WASM", { timeout: 30_000 }, () => { expectSame(made(double, "wasm"), inDouble); });

  test.runIf(hasRelaxedSimd())("WASM with relaxed SIMD", { timeout: 30_000 }, () => {
    expectSame(made(evaluateModule(generated.javascript, emitWasm(generated.scheduled, { fused: true }).bytes), "wasm"), inDouble);
  });

  test("float32", { timeout: 30_000 }, () => {
    const scheduled = schedule(generated.procedures, constraintSet(program).spheres, constraintSet(program).sums, { single: true });
    if (scheduled.memory.every((a) => !a.single)) return;
    const javascript = emitModule(scheduled, { types: false });
    // Energies and observables that are recorded are those of float64.
    const inSingle = { energy: 1e-12, gradient: SINGLE, moves: SINGLE };
    const module = evaluateModule(javascript, emitWasm(scheduled).bytes);
    for (const target of ["typescript", "wasm"] as const) expectSame(made(module, target), inSingle);
    if (hasRelaxedSimd()) expectSame(made(evaluateModule(javascript, emitWasm(scheduled, { fused: true }).bytes), "wasm"), { ...inSingle, energy: 1e-10 });
  });

  const tensors = tensorCode(generated.procedures);
  // Of these `--target tfjs` says so and runs the WASM kernels.
  const withoutTensors = !tensors.ok ? tensors.reason : plain.copies !== undefined && coupledTo(program) ? "its energy reads a copy that is held" : undefined;
  if (withoutTensors !== undefined || !tensors.ok) {
    test(`no tensor form: ${withoutTensors}`, () => { expect(withoutTensors).toMatch(/\S/); });
    return;
  }
  test("tfjs", { timeout: 30_000 }, () => {
    const batch = createTensorModel(tensors.program, { ...defaults, ...plain.parameters }, plain.state, states.length, tf);
    batch.upload((name) => plain.array(name));
    const [energies, gradients] = [new Float64Array(states.length), new Float64Array(states.length * plain.dimension)];
    batch.energiesAndGradients(Float64Array.from(states.flatMap((s) => [...s])), energies, gradients, Uint8Array.from(states, () => 1));
    batch.dispose();
    states.forEach((state, start) => {
      giveCopies(plain, 0);
      const { energy, gradient } = gradientOf(plain, state);
      expectClose([energies[start]!], [energy], 2e-4);
      expectClose(gradients.subarray(start * plain.dimension, (start + 1) * plain.dimension), gradient, 2e-4);
    });
  });
});

/** Whether the energy reads states that do not move. */
const coupledTo = (program: Program): boolean => closure(program, [program.energy]).some((a) => a.origin.kind === "copy");

const readsHessian = (program: Program, name: string): boolean => closure(program, [name]).some(({ origin }) => origin.kind === "call" && isDerivativeCall(origin.function) && origin.function !== "grad");

/** Whether single variables move: not on a sphere, nor where any other smooth equality holds. */
function movesAlone(program: Program): boolean {
  const { spheres, smooth } = constraintSet(program);
  return spheres.length === 0 && smooth.length === 0;
}

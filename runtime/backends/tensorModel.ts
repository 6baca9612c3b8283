import type { Tensor } from "@tensorflow/tfjs-core";
import * as special from "../special/index.ts";
import { aligned, contractTensors } from "./contractTensors.ts";
import type { Labelled } from "./contractTensors.ts";
import { densify } from "./densify.ts";
import { fusedKernels } from "./fusedKernels.ts";
import { STARTS, type ScalarText, type TensorOperand, type TensorProgram, type TensorStep } from "./tensorProgram.ts";
import { tensorPrimitives } from "./tensorPrimitives.ts";
import type { TensorFlow } from "./tfjs.ts";

/** Largest memory in bytes that a model may take: the heap of the wasm backend ends at 2 GiB, and it does not say so. */
const MOST_BYTES = 1.5 * 2 ** 30;

/** A state array's place in the state vector. */
export interface StatePlace { readonly name: string; readonly offset: number; readonly length: number }

/** One instance of a tensor program: sizes fixed, disorder given by `upload`, states passed in as rows. */
export interface TensorModel {
  /** Takes over the disorder sample: `array(name)` gives the entries of a drawn array, packed where its slots are ordered. */
  readonly upload: (array: (name: string) => Float64Array) => void;
  /**
   * Energies (batch) and Euclidean gradients (batch × dimension) of `states` (batch × dimension, row-major) in float32, sums of energies in
   * float64. Rows of which `active` is 0 are left as they are.
   */
  readonly energiesAndGradients: (states: Float64Array, energies: Float64Array, gradients: Float64Array, active: Uint8Array) => void;
  /** Gives all tensors back. */
  readonly dispose: () => void;
}

/**
 * @param parameters header parameters
 * @param state places of the state arrays
 * @param batch largest number of rows
 * @throws RangeError if its tensors would not fit into memory
 */
export function createTensorModel(program: TensorProgram, parameters: Readonly<Record<string, number>>, state: readonly StatePlace[], batch: number, tf: TensorFlow): TensorModel {
  const number = (source: ScalarText): number => {
    // The compiler wrote this text, from a specification that the user runs.
    const compute = new Function("parameters", "special", `"use strict"; return Number(${source});`) as (p: typeof parameters, s: typeof special) => number;
    return compute(parameters, special);
  };
  const lowers = new Map(Object.entries(program.labels).map(([label, range]) => [label, number(range.lower)]));
  const lengths = new Map(Object.entries(program.labels).map(([label, range]) => [label, Math.max(0, number(range.upper) - number(range.lower) + 1)]));
  const shape = (axes: readonly string[]): number[] => axes.map((l) => lengths.get(l)!);
  const volume = (axes: readonly string[]): number => shape(axes).reduce((product, n) => product * n, 1);
  const dimension = state.reduce((sum, s) => sum + s.length, 0);
  const thermal = new Set([...program.inputs.filter((i) => i.kind === "state"), ...program.steps.filter((s) => s.thermal).flatMap((s) => (s.kind === "fused" ? s.composition : [s])).map((s) => ({ name: s.out }))].map((x) => x.name));
  const scales = program.energy.map(({ scale }) => number(scale));
  checkMemory(program, volume, batch);

  /** Tensors that live as long as the disorder sample: quenched ones, and matrices made of them. */
  let quenched = new Map<string, Tensor>();
  let matrices = new Map<TensorStep, Tensor>();
  const dispose = (): void => {
    for (const tensor of [...quenched.values(), ...matrices.values()]) tensor.dispose();
    quenched = new Map();
    matrices = new Map();
  };

  const run = (step: TensorStep, values: ReadonlyMap<string, Tensor>): Tensor => {
    const of = ({ tensor, axes }: TensorOperand): Labelled => {
      const value = values.get(tensor) ?? quenched.get(tensor);
      if (!value) throw new Error(`internal: the tensor ${tensor} is used before it is made`);
      return { tensor: value, labels: thermal.has(tensor) ? [STARTS, ...axes] : axes };
    };
    const labels = step.thermal ? [STARTS, ...step.axes] : step.axes;
    switch (step.kind) {
      case "contract": {
        const keep = step.thermal && !thermal.has(step.right.tensor);
        return contractTensors(tf, of(step.left), of(step.right), labels, (make) => {
          if (!keep) return make();
          let matrix = matrices.get(step);
          if (!matrix) matrices.set(step, (matrix = tf.keep(tf.tidy(make))));
          return matrix;
        });
      }
      case "reduce": {
        const { tensor, labels: all } = of(step.operand);
        const kept = all.filter((l) => labels.includes(l));
        const over = all.flatMap((l, axis) => (kept.includes(l) ? [] : [axis]));
        return aligned(tf, { tensor: tf[step.combine](tensor, over), labels: kept }, labels);
      }
      case "fused": return runFused(step, values);
      case "map": {
        const primitive = tensorPrimitives[step.primitive];
        if (!primitive) throw new Error(`internal: there is no tensor primitive ${step.primitive}`);
        const [x, y, z] = step.operands.map((o) => aligned(tf, of(o), labels));
        return primitive(tf, x!, y!, z!);
      }
    }
  };

  const kernels = fusedKernels(program, tf);
  /** By its kernel, or one step after the other where the backend has none, or a tensor is not in the form that it takes. */
  function runFused(step: Extract<TensorStep, { kind: "fused" }>, values: ReadonlyMap<string, Tensor>): Tensor {
    const operands = step.operands.map(({ tensor }) => values.get(tensor) ?? quenched.get(tensor)!);
    const rows = operands.find((_, k) => thermal.has(step.operands[k]!.tensor))?.shape[0] ?? 1;
    const sizeOf = (label: string): number => (label === STARTS ? rows : lengths.get(label)!);
    const whole = operands.every((x, k) => x.size === volume(step.operands[k]!.axes) * (thermal.has(step.operands[k]!.tensor) ? rows : 1));
    if (kernels && whole) return kernels(step.kernel, step.loops.map((labels) => labels.reduce((n, l) => n * sizeOf(l), 1)), operands, [rows, ...shape(step.axes)]);
    const all = new Map(values);
    for (const part of step.composition) all.set(part.out, run(part, all));
    return all.get(step.out)!;
  }

  const upload: TensorModel["upload"] = (array) => {
    dispose();
    try {
      for (const input of program.inputs) {
        if (input.kind === "state") continue;
        const entries =
          input.kind === "array" ? densify(array(input.array), shape(input.axes), input.orders)
          : input.kind === "scalar" ? Float32Array.of(number(input.value))
          : Float32Array.from({ length: volume(input.axes) }, (_, k) => k + lowers.get(input.axes[0]!)!);
        quenched.set(input.name, tf.tensor(entries, shape(input.axes), "float32"));
      }
      for (const step of program.steps) if (!step.thermal) quenched.set(step.out, tf.keep(tf.tidy(() => tf.clone(run(step, quenched)))));
    } catch (error) {
      dispose();
      throw error;
    }
  };

  const energiesAndGradients: TensorModel["energiesAndGradients"] = (states, energies, gradients, active) => {
    const rows = [...active.keys()].filter((row) => active[row] !== 0);
    if (rows.length === 0) return;
    tf.tidy(() => {
      const values = new Map<string, Tensor>();
      for (const input of program.inputs) {
        if (input.kind !== "state") continue;
        const { offset, length } = placeOf(state, input.state);
        const entries = new Float32Array(rows.length * length);
        rows.forEach((row, k) => entries.set(states.subarray(row * dimension + offset, row * dimension + offset + length), k * length));
        values.set(input.name, tf.tensor(entries, [rows.length, ...shape(input.axes)], "float32"));
      }
      for (const step of program.steps) if (step.thermal) values.set(step.out, run(step, values));

      const labelled = ({ tensor, axes }: TensorOperand): Labelled => ({ tensor: values.get(tensor) ?? quenched.get(tensor)!, labels: thermal.has(tensor) ? [STARTS, ...axes] : axes });
      for (const row of rows) energies[row] = 0;
      program.energy.forEach(({ value }, term) => {
        const { tensor, labels } = labelled(value);
        addRows(tensor.dataSync(), labels[0] === STARTS, rows, scales[term]!, energies);
      });
      for (const { state: name, axes, value } of program.gradients) {
        const { offset, length } = placeOf(state, name);
        const place = (row: number): number => row * dimension + offset;
        if (!value) {
          for (const row of rows) gradients.fill(0, place(row), place(row) + length);
          continue;
        }
        const gradient = aligned(tf, labelled(value), [STARTS, ...axes]);
        const full = [rows.length, ...shape(axes)];
        const entries = (gradient.size === rows.length * length ? gradient : tf.broadcastTo(gradient, full)).dataSync();
        rows.forEach((row, k) => gradients.set(entries.subarray(k * length, (k + 1) * length), place(row)));
      }
    });
  };
  return { upload, energiesAndGradients, dispose };
}

function placeOf(state: readonly StatePlace[], name: string): StatePlace {
  const found = state.find((s) => s.name === name);
  if (!found) throw new Error(`internal: the tensor program has a state ${name}, and the model has not`);
  return found;
}

/** energies[row] += scale · Σ entries of that row, in float64; entries without a batch axis belong to every row. */
function addRows(entries: ArrayLike<number>, batched: boolean, rows: readonly number[], scale: number, energies: Float64Array): void {
  const length = batched ? entries.length / rows.length : entries.length;
  rows.forEach((row, k) => {
    const first = batched ? k * length : 0;
    let sum = 0;
    for (let entry = first; entry < first + length; entry++) sum += entries[entry]!;
    energies[row] = energies[row]! + scale * sum;
  });
}

function checkMemory(program: TensorProgram, volume: (axes: readonly string[]) => number, batch: number): void {
  let numbers = 0;
  for (const input of program.inputs) numbers += volume(input.axes) * (input.kind === "state" ? batch : 1);
  for (const step of program.steps) {
    numbers += volume(step.axes) * (step.thermal ? batch : 1);
    // A product that is summed inside its larger operand is made in full, and matrices of quenched operands are kept twice: here and packed by the backend.
    if (step.kind === "contract") numbers += Math.max(volume(step.left.axes), volume(step.right.axes)) * (step.thermal && step.left.axes.length >= step.right.axes.length ? batch : 2);
  }
  if (4 * numbers > MOST_BYTES) throw new RangeError(`its tensors take ${(4 * numbers / 2 ** 30).toFixed(1)} GiB for ${batch} starts, more than the ${MOST_BYTES / 2 ** 30} GiB that they may`);
}

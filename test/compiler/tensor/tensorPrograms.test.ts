/** Tensor programs of every kind of model against brute force in float64, on the backends of tfjs that are installed. */
import { describe, expect, test } from "vitest";
import { build, operatorNames, ops } from "../../../compiler/library/ops/index.ts";
import { freshIndex, indexValue } from "../../../compiler/ir/expression.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { reverse } from "../../../compiler/3-passes/reverse.ts";
import { isRefusal } from "../../../compiler/3-passes/valueDerivative.ts";
import { tensorProgram } from "../../../compiler/4-schedule/tensor/tensorProgram.ts";
import type { TensorProgram } from "../../../runtime/backends/tensorProgram.ts";
import { tensorPrimitives } from "../../../runtime/backends/tensorPrimitives.ts";
import { createTensorModel } from "../../../runtime/backends/tensorModel.ts";
import type { StatePlace } from "../../../runtime/backends/tensorModel.ts";
import { loadTfjs } from "../../../runtime/backends/tfjs.ts";
import type { TfjsBackend } from "../../../runtime/backends/tfjsBackend.ts";
import { cases } from "../passes/cases.ts";
import type { Case } from "../passes/cases.ts";
import { instance, M, at, definition, ensemble, index, N, product, program, random, slot, state, sum } from "../passes/model.ts";
import type { Instance } from "../passes/model.ts";

const [i, j, mu] = [index("i"), index("j"), index("mu", M)];
const upperPart = { lower: build.sub(N, M), upper: N };
const s = freshIndex("s", upperPart);
const more: readonly Case[] = [
  {
    name: "quenched entries that are infinite where nothing reads them",
    program: program([state("w", slot()), definition("H", "thermal", [], sum([i, j], build.mul(build.div(at("w", i), build.abs(build.sub(at("r", i), at("r", j)))), at("w", j)), build.lt(indexValue(i), indexValue(j))), "energy"), ensemble("r", slot())]),
    sizes: [{ N: 4 }],
  },
  {
    name: "index values as numbers",
    program: program([state("w", slot()), definition("H", "thermal", [], sum([i], product(indexValue(i), build.tanh(build.mul(at("w", i), indexValue(i))))), "energy")]),
    sizes: [{ N: 4 }],
  },
  {
    name: "a sum over an index that the body lacks, and a range that starts elsewhere",
    program: program([state("w", { range: upperPart, periodic: false }), definition("H", "thermal", [], sum([mu], sum([s], build.exp(at("w", s)))), "energy")]),
    sizes: [{ N: 6, M: 3 }],
  },
];

const supported = [...cases].filter((c) => made(c) !== undefined);
function made(c: Case): TensorProgram | undefined {
  const result = tensorProgram(instance(c.program, c.sizes[0]).result.procedures);
  return result.ok ? result.program : undefined;
}

/** Energy and gradient of the reference procedure, states concatenated. */
function exact(at: Instance, places: readonly StatePlace[], row: Float64Array): { energy: number; gradient: Float64Array } {
  const { reference, program: of } = at.result.procedures;
  const states = reference.arrays.filter((a) => places.some((p) => p.name === a.name));
  const differentiated = reverse(reference, of.energy, states);
  if (isRefusal(differentiated)) throw new Error(differentiated.refused);
  const arrays = interpret(differentiated, at.parameters, new Map([...at.arrays, ...places.map((p) => [p.name, row.slice(p.offset, p.offset + p.length)] as const)]));
  const gradient = new Float64Array(row.length);
  for (const p of places) gradient.set(arrays.get(`gradient$${p.name}`) ?? new Float64Array(p.length), p.offset);
  return { energy: arrays.get(of.energy)![0]!, gradient };
}

const placesOf = (of: Instance): readonly StatePlace[] => {
  let offset = 0;
  return of.program.arrays.filter((a) => a.origin.kind === "state").map(({ name }) => {
    const { length } = of.arrays.get(name)!;
    offset += length;
    return { name, offset: offset - length, length };
  });
};

test("every operator's primitive exists, and every primitive is an operator's", () => {
  // Products are contractions.
  const names = operatorNames.flatMap((name) => ops[name].tfjs ?? []).filter((name) => name !== "mul");
  expect(Object.keys(tensorPrimitives).sort()).toEqual([...new Set(names)].sort());
});

test("what has no tensor form says why", () => {
  const reasons = Object.fromEntries(cases.map((c) => [c.name, tensorProgram(instance(c.program, c.sizes[0]).result.procedures)] as const).flatMap(([name, r]) => (r.ok ? [] : [[name, r.reason]])));
  expect(reasons).toEqual({
    "repeated subscript": "X is read at [i, i, k]",
    "three ordered subscripts, all different": expect.stringContaining("J3 is read at [min("),
    "a state read through quenched subscripts": "w is read at [a[mu]]",
    "a state over pairs": "the state s is stored packed",
    "chain": expect.stringContaining("h is read at"),
    "periodic chain": expect.stringContaining("w is read at"),
    ...Object.fromEntries([0, 1, 2, 3].map((zeros) => [`product over all entries, ${zeros} of them 0`, "H is a product over an index"])),
    ...Object.fromEntries([0, 1, 2].map((zeros) => [`products inside, of factors with two reads, ${zeros} of them 0`, "z is a product over an index"])),
  });
});

describe.each<TfjsBackend>(["cpu", "wasm"])("on %s", (backend) => {
  test.each([...supported, ...more].map((c) => [c.name, c] as const))("%s", async (_, c) => {
    const loaded = await loadTfjs(backend);
    if (!loaded.ok || loaded.backend !== backend) throw new Error(`no ${backend}: ${loaded.notes.join("; ")}`);
    const { tf } = loaded;
    for (const sizes of c.sizes) {
      const of = instance(c.program, sizes);
      const result = tensorProgram(of.result.procedures);
      if (!result.ok) throw new Error(result.reason);
      const places = placesOf(of);
      const dimension = places.reduce((n, p) => n + p.length, 0);
      const batch = 3;
      const next = random(5);
      const states = Float64Array.from({ length: batch * dimension }, next);
      const before = tf.memory().numTensors;
      // As plain data, the way that a worker gets it.
      const model = createTensorModel(JSON.parse(JSON.stringify(result.program)) as TensorProgram, of.parameters, places, batch, tf);
      const [energies, gradients] = [new Float64Array(batch).fill(NaN), new Float64Array(batch * dimension).fill(NaN)];
      let held: number | undefined;
      for (const active of [[1, 0, 1], [1, 1, 1], [0, 1, 0]]) {
        model.upload((name) => of.arrays.get(name)!);
        model.energiesAndGradients(states, energies, gradients, Uint8Array.from(active));
        if (held !== undefined) expect(tf.memory().numTensors).toBe(held);
        held = tf.memory().numTensors;
        if (active[1] === 0) expect(gradients.subarray(dimension, 2 * dimension).every(Number.isNaN)).toBe(true);
      }
      for (let b = 0; b < batch; b++) {
        const want = exact(of, places, Float64Array.from(new Float32Array(states.subarray(b * dimension, (b + 1) * dimension))));
        const scale = Math.max(...want.gradient.map(Math.abs), 1e-3);
        expect(Math.abs(energies[b]! - want.energy)).toBeLessThan(1e-5 * Math.max(Math.abs(want.energy), scale));
        want.gradient.forEach((g, k) => expect(Math.abs(gradients[b * dimension + k]! - g)).toBeLessThan(1e-5 * scale));
      }
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  });
});

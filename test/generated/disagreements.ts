/** A model tree through the compiler, and through its definition: everything in which the two differ. */
import { compile } from "../../compiler/compile.ts";
import { explainModel } from "../../compiler/explain.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { packedOffset } from "../../compiler/ir/layout.ts";
import { format } from "../../grammar/print.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { drawUniformly, isDiscrete, movedValue } from "../../runtime/moves/domainMoves.ts";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import { attempt } from "../../runtime/moves/singleMove.ts";
import type { Model } from "./modelTree.ts";
import { modelText } from "./modelText.ts";
import { modelValues, type Given, type Values } from "./modelValue.ts";

type Instance = RunnableModel<string, string>;

/** Relative to what is compared, and at least to 1. */
const close = (found: number, expected: number, tolerance: number): boolean => Object.is(found, expected) || Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected));

/** What the definition reads: drawn entries and edges as the instance holds them, states out of vectors, moving along `direction`. */
function given(model: Model, instance: Instance, states: readonly Float64Array[], direction?: Float64Array): Given {
  const lengths = model.sizes;
  // What the energy and the observables don't read isn't drawn.
  const drawnArray = (name: string): Float64Array => { try { return instance.array(name); } catch { return new Float64Array(); } };
  const ends = model.graph === undefined ? new Float64Array() : drawnArray("G");
  const room = ends.length / 2;
  const edges = Array.from({ length: room }, (_, e) => [ends[e]!, ends[room + e]!] as const).filter(([i]) => i > 0);
  const places = new Map(edges.flatMap(([i, j], e) => [[`${i} ${j}`, e], [`${j} ${i}`, e]] as const));
  const drawn = new Map(model.ensembles.map((e) => [e.name, { entries: drawnArray(e.name), slots: e.slots }]));
  const placed = new Map(instance.state.map((s) => [s.name, s]));
  return {
    edges,
    onEdge: (array, i, j) => ({ value: drawn.get(array)!.entries[places.get(`${i} ${j}`)!]!, first: 0, second: 0 }),
    entry: (array, subscripts, copy) => {
      const ensemble = drawn.get(array);
      if (ensemble) return { value: ensemble.entries[packedOffset(ensemble.slots, ensemble.slots.map((s) => lengths[s.size]), subscripts.map((s) => s - 1))]!, first: 0, second: 0 };
      const { offset, shape } = placed.get(array)!;
      const at = offset + shape.reduce((sum, size, k) => sum * size + subscripts[k]! - 1, 0);
      return { value: states[copy - 1]![at]!, first: copy === 1 ? direction?.[at] ?? 0 : 0, second: 0 };
    },
  };
}

export function disagreements(model: Model): readonly string[] {
  const text = modelText(model);
  const started = performance.now();
  const { diagnostics, models } = compile(text);
  const errors = diagnostics.filter((d) => d.severity === "error" || d.code.startsWith("Q9"));
  if (errors.length > 0) return errors.map((d) => `${d.code} ${d.message}`);
  const program = models[0]!.program!;
  const generated = generateModel(program, { moves: model.constraint === undefined, hessian: model.constraint === undefined });
  if (!generated.ok) return generated.diagnostics.map((d) => `${d.code} ${d.message}`);
  const found: string[] = [];
  const elapsed = performance.now() - started;
  if (elapsed > 3000) found.push(`compiled in ${Math.round(elapsed)} ms`);
  const printed = format(text).text;
  if (printed === undefined || format(printed).text !== printed) found.push("formatting is not idempotent");
  explainModel(program, { ...model.sizes, [model.coupling.name]: model.coupling.value }, { target: "wasm" });

  const instances = (["typescript", "wasm"] as const).map((target) => ({ target, instance: evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { target }) as Instance }));
  for (const { instance } of instances) instance.draw(11, 3);
  const reference = instances[0]!.instance;
  for (const start of [0, 1]) {
    const [state, other] = [reference.randomState(5, start), reference.randomState(5, start + 2)];
    const valuesAt = (x: Float64Array, direction?: Float64Array): Values => modelValues(model, given(model, reference, [x, other], direction));
    const values = valuesAt(state);
    const energy = values.energy().value;
    if (!Number.isFinite(energy) || Math.abs(energy) > 1e9) return found;
    const expected = model.observables.map((o) => values.definition(o.name));
    if (values.nearTie()) return found;
    const compare = (what: string, x: number, y: number, tolerance: number): void => { if (!close(x, y, tolerance)) found.push(`${what}: ${x}, not ${y}`); };
    for (const { target, instance } of instances) {
      const here = `start ${start}, ${target}`;
      compare(`${here}: energy`, instance.energy(state), energy, 1e-9);
      compare(`${here}: reference`, instance.referenceEnergy(state), energy, 1e-9);
      const both = Float64Array.from([...state, ...(instance.copies ? other : [])]);
      model.observables.forEach((o, k) => {
        const measured = instance.observables.find((m) => m.name === o.name)!.evaluate(both);
        if (measured.length !== expected[k]!.length) found.push(`${here}: ${o.name} has ${measured.length} entries`);
        expected[k]!.forEach((e, n) => { if (Number.isFinite(e) && Math.abs(e) < 1e9) compare(`${here}: ${o.name}[${n}]`, measured[n]!, e, 1e-8); });
      });
      compareDerivatives(here, model, instance, state, valuesAt, generated.procedures.gradientRefusal === undefined, compare);
      if (model.constraint === undefined) compareMoves(here, instance, state, valuesAt, compare);
    }
  }
  return found;
}

/** Directional derivatives along the continuous variables: gradient, Hessian, and the observables made of them. */
function compareDerivatives(here: string, model: Model, instance: Instance, state: Float64Array, valuesAt: (x: Float64Array, direction?: Float64Array) => Values, hasGradient: boolean, compare: (what: string, x: number, y: number, tolerance: number) => void): void {
  if (!hasGradient) return;
  const continuous = instance.state.flatMap((s) => Array.from({ length: s.length }, () => !isDiscrete(s.domain ?? { name: "real", arguments: [] })));
  if (!continuous.includes(true)) return;
  const n = state.length;
  const gradient = new Float64Array(n);
  compare(`${here}: energy beside the gradient`, instance.energyAndGradient(state, gradient), instance.energy(state), 1e-10);
  const directions = model.derivatives ? Array.from({ length: n }, (_, k) => Float64Array.from({ length: n }, (__, l) => (k === l ? 1 : 0))) : [1, 2].map((seed) => Float64Array.from({ length: n }, (_, k) => (continuous[k] ? Math.sin(seed * 7.3 + 2.1 * k) : 0)));
  let hessian: Float64Array | undefined = new Float64Array(n * n);
  try { instance.hessian(state, hessian); } catch { hessian = undefined; }
  let [slope, bend] = [0, 0];
  for (const direction of directions) {
    const along = valuesAt(state, direction);
    const { first, second } = along.energy();
    if (along.nearTie() || !Number.isFinite(first) || !Number.isFinite(second) || Math.abs(first) > 1e8 || Math.abs(second) > 1e8) return;
    const product = (f: (k: number) => number): number => direction.reduce((sum, d, k) => sum + (d === 0 ? 0 : d * f(k)), 0);
    compare(`${here}: gradient`, product((k) => gradient[k]!), first, 1e-8);
    if (hessian) compare(`${here}: Hessian`, product((k) => product((l) => hessian[k * n + l]!)), second, 1e-7);
    slope += first ** 2;
    bend += second;
  }
  if (!model.derivatives) return;
  compare(`${here}: norm of the gradient`, instance.observe["slope"]!(state) as number, Math.sqrt(slope), 1e-8);
  compare(`${here}: laplacian`, instance.observe["bend"]!(state) as number, bend, 1e-7);
}

function compareMoves(here: string, instance: Instance, state: Float64Array, valuesAt: (x: Float64Array) => Values, compare: (what: string, x: number, y: number, tolerance: number) => void): void {
  const moves = localMoves(instance);
  moves.enter(state, true);
  let [current, energy] = [state.slice(), instance.energy(state)];
  moves.enter(state, true);
  for (const array of moves.arrays) for (let t = 0; t < 5; t++) {
    const entry = (7 * t + 3) % array.length;
    const drawn = drawUniformly(array.domain, ((37 * t + 11) % 101) / 101, 0.7);
    const after = current.slice();
    after[array.offset + entry] = movedValue(array.domain, current[array.offset + entry]!, drawn);
    const values = valuesAt(after);
    const moved = values.energy().value;
    const accepted = t % 3 !== 0;
    const difference = attempt(array, entry, drawn, accepted ? Infinity : -Infinity);
    if (values.nearTie() || !Number.isFinite(moved) || Math.abs(moved) > 1e9) return;
    compare(`${here}: difference of ${array.name}[${entry}] after ${t}`, difference, moved - energy, 1e-8 * Math.max(1, Math.abs(energy)));
    if (accepted) [current, energy] = [after, moved];
  }
}

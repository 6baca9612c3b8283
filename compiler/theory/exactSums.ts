/**
 * Exact thermal averages of a small model: Z = Σ_w exp(−E(w)/T) over all states, averaged over all values of the ensembles that the
 * question depends on, each draw with its probability. Per variable means divided by the number of entries of the states.
 *
 *   free entropy E[log Z]/n,  energy E⟨E⟩/n,  entropy E[log Z + ⟨E⟩/T]/n,  observables E⟨O⟩ (copies of the states are independent).
 *
 * At T = 0 the ground states of each draw have equal weights, at T = inf all states have.
 */
import { constraintSet } from "../library/recognisers/constraintSet.ts";
import { evaluate } from "../ir/evaluate.ts";
import { visit } from "../ir/expression.ts";
import { inline } from "../ir/inline.ts";
import { statesOf } from "../ir/program.ts";
import type { ArrayDeclaration, Program } from "../ir/program.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import type { CompiledModel, ModelModule, Observable } from "../../runtime/model.ts";
import { StateCounter } from "../../runtime/moves/stateCounter.ts";
import { generateModel } from "../generateModel.ts";
import type { Prediction, Theory } from "./prediction.ts";

/** States of all copies times draws of the ensembles that one sum visits at most. */
const MOST_TERMS = 2 ** 22;
/** Energies that differ by less, relative to the largest one, are those of one level. */
const LEVEL = 1e-10;

/** Values and probabilities of one entry of an ensemble. */
interface Values { readonly values: readonly number[]; readonly probabilities: readonly number[] }
interface Enumerated extends Values { readonly array: string; readonly entries: number }

const modules = new WeakMap<Program, ModelModule | { readonly refused: string }>();

export function exactSums(program: Program, parameters: Readonly<Record<string, number>>): Theory | { readonly refused: string } {
  const continuous = statesOf(program).find((s) => !["spin", "bit", "potts"].includes(s.origin.domain.name));
  if (continuous) return { refused: `the states \`${continuous.name}\` are ${continuous.origin.domain.name}: only spins, bits and Potts variables have finitely many states to sum over` };
  if (program.data) return { refused: "the model reads data: enumerate() averages over ensembles alone" };
  const T = parameters["T"] ?? NaN;
  if (T < 0) return { refused: `the temperature ${T} is negative` };
  const own = program.arrays.filter((a) => a.origin.kind === "ensemble");
  const values = new Map(own.map((a) => [a.name, valuesOf(a, program, parameters)]));
  const energyReads = readBy(program, [program.energy, ...constraintReads(program)]);
  for (const name of energyReads) {
    const found = values.get(name);
    if (found && "refused" in found) return found;
  }
  const module = modules.get(program) ?? moduleOf(program, (name) => { const v = values.get(name); return v !== undefined && "values" in v; });
  modules.set(program, module);
  if ("refused" in module) return module;
  let model: CompiledModel | undefined;
  const known = new Map<string, Prediction>();
  const answer = (quantity: string): Prediction => {
    if (Number.isNaN(T)) return { refused: "it needs a temperature: write `enumerate(T = 1)`, or give it with the quantity" };
    model ??= module.createModel(Object.fromEntries(program.parameters.flatMap((p) => (p.boundBy === undefined ? [[p.name, parameters[p.name] ?? p.default]] : []))), { target: "typescript" });
    const observable = model.observables.find((o) => o.name === quantity);
    const reads = observable ? new Set([...energyReads, ...readBy(program, [quantity])]) : energyReads;
    const enumerated: Enumerated[] = [];
    for (const [array, of] of values) {
      // What the question does not depend on keeps one value.
      if ("values" in of) model.array(array).fill(of.values[0]!);
      if (!reads.has(array)) continue;
      if ("refused" in of) return of;
      if (of.values.length > 0) enumerated.push({ array, entries: model.array(array).length, ...of });
    }
    return sum(model, enumerated, T, quantity, observable);
  };
  const thermodynamic = ["energy", "entropy", "free_entropy", "free_energy"];
  const ask = (quantity: string): Prediction => {
    let found = known.get(quantity);
    if (!found) known.set(quantity, (found = answer(quantity)));
    return found;
  };
  const averaged = own.filter((a) => energyReads.has(a.name)).map((a) => `\`${a.name}\``);
  return {
    method: "enumerate()", status: "exact",
    assumptions: [`sums over all states at these sizes${averaged.length === 0 ? "" : `, averaged over all draws of ${averaged.join(", ")}`}`, "per variable: divided by the number of entries of the states"],
    quantities: thermodynamic.map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict: ask, observable: ask,
    equations: ["Z = Σ_w exp(−E(w)/T)", "free entropy = 𝔼[log Z]/n,  energy = 𝔼⟨E⟩/n,  entropy = 𝔼[log Z + ⟨E⟩/T]/n", `𝔼: over ${averaged.length === 0 ? "nothing, the model has no ensembles" : averaged.join(", ")};  n: the number of variables`],
  };
}

/** Every draw with its probability; every state of it with its Gibbs weight. */
function sum(model: CompiledModel, enumerated: readonly Enumerated[], T: number, quantity: string, observable: Observable | undefined): Prediction {
  if (observable && observable.shape.length > 0) return { refused: `${quantity} is an array: single numbers are predicted` };
  const copies = 1 + (observable?.copies?.length ?? 0), order = model.copies ?? [];
  const all = new Float64Array(model.dimension * (1 + order.length));
  const counters = [new StateCounter(model, all.subarray(0, model.dimension)), ...(observable?.copies ?? []).map((name) => { const k = 1 + order.indexOf(name); return new StateCounter(model, all.subarray(k * model.dimension, (k + 1) * model.dimension)); })];
  const [first] = counters as [StateCounter, ...StateCounter[]];
  const draws = enumerated.reduce((product, e) => product * e.values.length ** e.entries, 1);
  const terms = draws * first.states ** copies;
  if (terms > MOST_TERMS) return { refused: `${first.states.toPrecision(3)} states${copies > 1 ? ` of ${copies} copies each` : ""} times ${draws.toPrecision(3)} draws of ${enumerated.map((e) => `\`${e.array}\` (${e.entries} entries)`).join(", ") || "nothing"} are ${terms.toPrecision(3)} terms; enumerate() sums at most ${MOST_TERMS}` };
  const n = model.dimension, energies = new Float64Array(first.states), weights = new Float64Array(first.states);
  const digits = enumerated.map((e) => new Int32Array(e.entries));
  let total = 0;
  do {
    let probability = 1;
    enumerated.forEach((e, k) => {
      const entries = model.array(e.array);
      for (let i = 0; i < e.entries; i++) { entries[i] = e.values[digits[k]![i]!]!; probability *= e.probabilities[digits[k]![i]!]!; }
    });
    if (probability === 0) continue;
    // Nothing random is left to draw: this computes what the ensembles determine.
    model.draw(0, 0);
    let least = Infinity, largest = 0;
    do {
      const energy = model.satisfies?.(first.state) === false ? Infinity : model.energy(first.state);
      energies[first.number] = energy;
      least = Math.min(least, energy);
      if (energy !== Infinity) largest = Math.max(largest, Math.abs(energy));
    } while (first.advance());
    if (least === Infinity) return { refused: "no state meets the constraints" };
    let Z = 0, mean = 0;
    energies.forEach((energy, s) => {
      const weight = energy === Infinity ? 0 : T === 0 ? Number(energy <= least + LEVEL * largest) : Math.exp(-(energy - least) / T);
      weights[s] = weight;
      Z += weight;
      if (weight > 0) mean += weight * energy;
    });
    mean /= Z;
    const logZ = Math.log(Z) - (T === 0 ? 0 : least / T);
    const entropy = T === 0 ? Math.log(Z) : logZ + mean / T;
    let value: number;
    if (observable) {
      value = 0;
      const over = (depth: number, weight: number): void => {
        const counter = counters[depth];
        if (!counter) { value += weight * observable.evaluate(all)[0]!; return; }
        do { const w = weight * weights[counter.number]! / Z; if (w > 0) over(depth + 1, w); } while (counter.advance());
      };
      over(0, 1);
    } else if (quantity === "energy") value = mean / n;
    else if (quantity === "entropy") value = entropy / n;
    else if (T === 0 && quantity === "free_energy") value = least / n;
    else if (quantity === "free_energy") value = T === Infinity ? NaN : -T * logZ / n;
    else if (quantity === "free_entropy") value = T === 0 && Math.abs(least) > LEVEL ? NaN : logZ / n;
    else return { refused: `it predicts no ${quantity}` };
    if (Number.isNaN(value)) return { refused: `${quantity} is infinite at T = ${T}` };
    total += probability * value;
  } while (advance(digits, enumerated));
  return { value: total, residual: 0 };
}

/** The next draw; false after the last one. */
function advance(digits: readonly Int32Array[], enumerated: readonly Enumerated[]): boolean {
  for (const [k, of] of digits.entries()) for (let i = 0; i < of.length; i++) {
    of[i] = (of[i]! + 1) % enumerated[k]!.values.length;
    if (of[i] !== 0) return true;
  }
  return false;
}

/** What an entry can be; no values for what is the same in every draw. */
function valuesOf(array: ArrayDeclaration, program: Program, parameters: Readonly<Record<string, number>>): Values | { readonly refused: string } {
  if (array.origin.kind !== "ensemble") throw new Error(`internal: ${array.name} is no ensemble`);
  const { distribution } = array.origin;
  const [first] = array.origin.arguments.map((a) => evaluate(inline(a, program), { parameters, entry: () => NaN }));
  switch (distribution) {
    case "Sign": return { values: [-1, 1], probabilities: [0.5, 0.5] };
    case "Bernoulli": return { values: [0, 1], probabilities: [1 - first!, first!] };
    case "Categorical": return { values: Array.from({ length: first! }, (_, k) => k + 1), probabilities: Array<number>(first!).fill(1 / first!) };
    case "Lattice": return { values: [], probabilities: [] };
    default: return { refused: `\`${array.name}\` is ${distribution}: enumerate() averages over ensembles that are Sign, Bernoulli or Categorical, whose draws are a finite list of independent entries` };
  }
}

/** The model's code, with the ensembles that are enumerated filled in from outside. */
function moduleOf(program: Program, enumerated: (name: string) => boolean): ModelModule | { readonly refused: string } {
  const [refused] = constraintSet(program).refused;
  if (refused) return { refused: refused.reason };
  const arrays = program.arrays.map((a): ArrayDeclaration => (a.origin.kind === "ensemble" && a.origin.distribution !== "Lattice" && enumerated(a.name) ? { ...a, origin: { kind: "given" } } : a));
  const generated = generateModel({ ...program, arrays }, { moves: false });
  return generated.ok ? evaluateModule(generated.javascript) : { refused: generated.diagnostics.map((d) => d.message).join("; ") };
}

/** Names of all arrays that these are made of, through definitions. */
function readBy(program: Program, names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const go = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    const array = program.arrays.find((a) => a.name === name);
    if (array?.origin.kind === "definition") visit(array.origin.body, (e) => { if (e.kind === "read") go(e.array); });
    else if (array?.origin.kind === "call") array.origin.arguments.forEach(go);
  };
  names.forEach(go);
  return found;
}

function constraintReads(program: Program): readonly string[] {
  const reads: string[] = [];
  for (const c of program.constraints) for (const side of [c.left, c.right]) visit(side, (e) => { if (e.kind === "read") reads.push(e.array); });
  return reads;
}

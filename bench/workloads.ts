/** What is timed: a specification, its sizes, and how often which function of the compiled model is called. */
import type { CompiledModel } from "../runtime/model.ts";
import { findDynamics } from "../runtime/dynamics/index.ts";
import { Stream } from "../runtime/random/stream.ts";

export interface Workload {
  readonly name: string;
  /** In this folder. */
  readonly file: string;
  readonly unit: string;
  /** Sizes that grow a little before timing, so that no number of the specification is met. */
  readonly resized: readonly string[];
  /** Program and line of the baselines that does the same, and the fraction of its speed that is to be reached. */
  readonly baseline?: { readonly filter: string; readonly goal: number };
  /** Sizes over two decades for the exponent of the time of one unit, and what it is expected to be. */
  readonly scaling?: { readonly sizes: readonly Readonly<Record<string, number>>[]; readonly of: string; readonly exponent: number };
  readonly needs?: { readonly moves?: boolean; readonly lanes?: boolean; readonly miniBatches?: boolean; readonly factorGraph?: boolean; readonly batch?: number };
  /** Makes what is timed: each call of it does some work and returns how many units. */
  readonly start: (model: CompiledModel) => () => number;
}

/** Calls of `step` are never as many as this: schedules and orders have no end in a bench. */
const AMOUNT = 1e9;

const stepsOf = (dynamics: string, given: Readonly<Record<string, number>>, units: (model: CompiledModel) => number) => (model: CompiledModel): (() => number) => {
  const stream = new Stream(["bench", dynamics]);
  const state = new Float64Array(model.dimension);
  model.initialize(state, (array) => new Stream(["bench", "start", array]));
  const mover = findDynamics(dynamics).create(model, state, { arguments: given, amount: AMOUNT, unit: dynamics === "metropolis" ? "sweeps" : "steps", stream });
  const count = units(model);
  return () => {
    if (!mover.step()) throw new Error(`${dynamics} does not move`);
    return count;
  };
};

/** Sweeps over all messages, from the first ones again once they have converged. */
const messages = (model: CompiledModel): (() => number) => {
  const state = new Float64Array(model.dimension);
  const start = (): { step: () => boolean } => {
    model.initialize(state, (array) => new Stream(["bench", "start", array]));
    return findDynamics("belief_propagation").create(model, state, { arguments: { T: 0, damping: 0, tolerance: 0 }, amount: AMOUNT, unit: "sweeps", stream: new Stream(["bench"]) });
  };
  let passing = start();
  const count = model.dimension * model.factorGraph!.terms.reduce((sum, t) => sum + t.present.length, 0);
  return () => {
    if (!passing.step()) (passing = start()).step();
    return count;
  };
};

const attempts = (T: number) => stepsOf("metropolis", { T }, (model) => model.dimension);

const states = (model: CompiledModel, count: number): readonly Float64Array[] => Array.from({ length: count }, (_, k) => {
  const state = new Float64Array(model.dimension);
  model.initialize(state, (array) => new Stream(["bench", k, array]));
  return state;
});

/** Energy and gradient at a state. */
const gradient = (model: CompiledModel): (() => number) => {
  const [state] = states(model, 1);
  const gradient = new Float64Array(model.dimension);
  return () => (model.energyAndGradient(state!, gradient), 1);
};

/** Energies and gradients at `count` states, in lanes where the model has that form. */
const gradients = (count: number) => (model: CompiledModel): (() => number) => {
  const all = states(model, count);
  const out = all.map(() => new Float64Array(model.dimension));
  const energies = new Float64Array(count);
  const together = model.severalStates?.energiesAndGradients ?? ((given) => given.forEach((state, k) => (energies[k] = model.energyAndGradient(state, out[k]!))));
  return () => (together(all, out, energies), count);
};

const decades = (name: string, values: readonly number[]): readonly Readonly<Record<string, number>>[] => values.map((value) => ({ [name]: value }));

export const workloads: readonly Workload[] = [
  { name: "W1_sk", file: "sherrington-kirkpatrick.quench", unit: "attempts/s", resized: ["N"], baseline: { filter: "W1_sk_f64_random", goal: 0.55 }, needs: { moves: true }, start: attempts(0.5),
    scaling: { sizes: decades("N", [30, 100, 300, 1000, 3000]), of: "N", exponent: 1 } },
  { name: "W1_signed_couplings", file: "signed-couplings.quench", unit: "attempts/s", resized: ["N"], baseline: { filter: "W1_sk_f64_random", goal: 0.55 }, needs: { moves: true }, start: attempts(0.5) },
  { name: "W1_3spin", file: "three-spin.quench", unit: "attempts/s", resized: ["N"], baseline: { filter: "W1_3spin_f64", goal: 0.5 }, needs: { moves: true }, start: attempts(0.5),
    scaling: { sizes: decades("N", [10, 20, 50, 100, 200]), of: "N", exponent: 2 } },
  { name: "W2_gradient", file: "spherical-three-spin.quench", unit: "grad/s", resized: ["N"], baseline: { filter: "W2_packed100_f64", goal: 0.8 }, start: gradient,
    scaling: { sizes: decades("N", [10, 20, 50, 100, 200, 400]), of: "N", exponent: 3 } },
  { name: "W2_gradient_x16", file: "spherical-three-spin.quench", unit: "grad/s", resized: ["N"], baseline: { filter: "W2_packed100x16_f64", goal: 0.38 }, needs: { lanes: true }, start: gradients(16) },
  { name: "W3_langevin", file: "network.quench", unit: "steps/s", resized: ["h", "g"], baseline: { filter: "W3_mlp_tanh_f64", goal: 0.38 }, start: stepsOf("langevin", { T: 5e-5, dt: 0.01 }, () => 1),
    scaling: { sizes: [10, 30, 100, 300, 1000].map((h) => ({ P: 100, h, g: h })), of: "h", exponent: 2 } },
  { name: "W3_sgd", file: "digits.quench", unit: "steps/s", resized: ["h", "d"], baseline: { filter: "W3_mnist100_sgd_f32", goal: 0.38 }, needs: { miniBatches: true, batch: 128 }, start: stepsOf("sgd", { rate: 0.01, batch: 128 }, () => 1) },
  { name: "W4_perceptron", file: "perceptron.quench", unit: "attempts/s", resized: ["N", "P"], baseline: { filter: "W4_perc_bits", goal: 0.45 }, needs: { moves: true }, start: attempts(0.5),
    scaling: { sizes: [51, 151, 501, 1501, 5001].map((N) => ({ N, P: Math.round(0.6 * N) })), of: "N", exponent: 1 } },
  { name: "W4_committee", file: "committee.quench", unit: "attempts/s", resized: ["N", "P"], baseline: { filter: "W4_perc_bits", goal: 0.45 }, needs: { moves: true }, start: attempts(0.5) },
  { name: "W4_belief_propagation", file: "perceptron.quench", unit: "messages/s", resized: ["N", "P"], baseline: { filter: "W4_bp_f64", goal: 0.43 }, needs: { factorGraph: true }, start: messages },
  { name: "W5_gaussian_tails", file: "gaussian-tails.quench", unit: "logH/s", resized: ["n"], baseline: { filter: "W5_quad200x200", goal: 0.38 },
    start: (model) => {
      const [state] = states(model, 1);
      const count = model.parameters[Object.keys(model.parameters)[0]!]! ** 2;
      return () => (model.energy(state!), count);
    },
    scaling: { sizes: decades("n", [10, 30, 100, 300, 1000]), of: "n", exponent: 2 } },
  { name: "W6_normals", file: "normals.quench", unit: "gauss/s", resized: ["n"], baseline: { filter: "W6_gauss_bm_simd_f64", goal: 0.5 },
    start: (model) => {
      let sample = 0;
      return () => (model.draw(1, sample++), model.dimension);
    },
    scaling: { sizes: decades("n", [1000, 10000, 100000]), of: "n", exponent: 1 } },
];

/**
 * Replica theory of Gaussian energies with mean n g(m) and covariance n ξ(q), on the hypercube and on the sphere |w|² = R², per variable.
 * The replica limit makes the free entropy φ smallest over overlaps: of several saddle points in q that one is taken, and the largest φ
 * over solutions that differ in magnetisation.
 */
import type { Prediction, Theory } from "../prediction.ts";
import { solvedLater } from "../solvedLater.ts";
import { printEquations } from "../printEquations.ts";
import { maximize } from "../maximize.ts";
import { formatMixture } from "./formatMixture.ts";
import { at, derivativeOf } from "./mixture.ts";
import { brokenSolutions, clusters } from "./oneStep.ts";
import { isRandomField } from "./question.ts";
import type { GaussianQuestion } from "./question.ts";
import { symmetricSolutions } from "./symmetric.ts";
import type { Solution } from "./symmetric.ts";
import { transition } from "./transitions.ts";

export type { GaussianQuestion, Space } from "./question.ts";

type Refused = { readonly refused: string };

export function gaussianReplica(asked: GaussianQuestion): Theory | Refused {
  const { T, space } = asked;
  if (T < 0) return { refused: `the temperature ${T} is negative` };
  const question = { ...asked, mixture: asked.mixture.filter((t) => t.coefficient !== 0 && t.power > 0), bias: asked.bias.filter((t) => t.coefficient !== 0 && t.power > 0) };
  if (question.mixture.length === 0 && question.bias.length === 0) return { refused: "the covariance of the energy doesn't depend on the overlap: all states have one energy" };
  if (Number.isNaN(T)) return finish(question, {}, [], []);
  if (T === Infinity) return finish(question, { free_entropy: space === "hypercube" ? Math.LN2 : 0, energy: 0, entropy: space === "hypercube" ? Math.LN2 : 0, q: 0, q0: 0, ...(question.bias.length > 0 ? { [magnetisationName(question)]: 0 } : {}) }, [], []);
  if (T === 0 && question.mixture.length === 0) return orderedGround(question);
  if (question.ansatz === "rsb1" && T === 0 && question.m !== undefined) return { refused: "at T = 0 the Parisi parameter vanishes like T: leave m out to have the energy stationary in m/T" };
  if (question.ansatz === "rsb1" && question.mixture.length === 0) return { refused: "there is no disorder: write replica(rs)" };
  return solvedLater(`replica(${question.ansatz})`, question.mixture.length > 0 ? `ansatz(${question.ansatz})` : "large-N", () => (question.ansatz === "rs" ? replicaSymmetric(question) : oneStep(question)));
}

/** Under rsb1 m is the Parisi parameter. */
const magnetisationName = ({ ansatz }: GaussianQuestion): string => (ansatz === "rs" ? "m" : "M");

function replicaSymmetric(question: GaussianQuestion): Theory | Refused {
  const solutions = symmetricSolutions(question);
  const isOrdered = (s: Solution): boolean => s.names.includes("m");
  const chosen = extreme(solutions.filter(isOrdered).concat(extreme(solutions.filter((s) => !isOrdered(s)), -1) ?? []), 1);
  if (!chosen) return { refused: "the replica-symmetric potential has no saddle point" };
  const replicon = question.space === "hypercube" && question.T === 0 && at(derivativeOf(question.mixture, 2), 1) > 0 ? -Infinity : chosen.saddle.outputs["replicon"] ?? 1;
  const notes = [...several(solutions, chosen, "m"), ...(chosen.values["χ"] === undefined ? [] : [`χ = β(1 − q) = ${format(chosen.values["χ"])}`]), ...(question.mixture.length > 0 ? [stability(replicon)] : [])];
  const { m, ...rest } = chosen.values;
  return finish(question, { ...thermodynamics(question, chosen), ...rest, ...(m === undefined || question.bias.length === 0 ? {} : { [magnetisationName(question)]: m }), ...(Number.isFinite(replicon) ? { replicon } : {}) }, notes, equationsOf(question, chosen), chosen.saddle.residual);
}

function oneStep(question: GaussianQuestion): Theory | Refused {
  const { T, m } = question;
  const solutions = isRandomField(question) ? [] : brokenSolutions(question, () => {
    const { q, m: M } = extreme(symmetricSolutions(question), 1)?.values ?? {};
    return { ...(q === undefined ? {} : { q }), ...(M === undefined ? {} : { M }) };
  });
  const chosen = extreme(solutions, -1);
  if (!chosen) {
    const fallback = replicaSymmetric(question);
    const states = T > 0 && m === undefined ? clusters(question) : undefined;
    if ("refused" in fallback) return fallback;
    const told = states ? [`between the static and the dynamical transition: clusters of overlap ${format(states.q)}, exp(n ${format(states.complexity)}) of them, together as in the replica-symmetric solution`] : ["no saddle point with broken symmetry: the replica-symmetric one"];
    return {
      ...fallback, method: "replica(rsb1)", assumptions: [...fallback.assumptions, ...told],
      quantities: [...fallback.quantities, ...["complexity", "q1"].map((name) => ({ name, form: "value" as const, arguments: [], doc: "" }))],
      predict: (quantity, given) => (quantity === "complexity" ? (states ? { value: states.complexity, residual: states.residual } : { refused: "there are no clusters here: complexity is that of the states below the dynamical transition" })
        : quantity === "q1" && states ? { value: states.q, residual: states.residual } : quantity === "m" ? { value: 1, residual: 0 } : fallback.predict(quantity, given)),
    };
  }
  const { outputs } = chosen.saddle;
  // Spins of vanishing field respond without bound at T = 0.
  const diverges = question.space === "hypercube" && T === 0 && at(derivativeOf(question.mixture, 2), 1) > 0;
  const stable = diverges ? [stability(-Infinity)] : outputs["replicon"] === undefined ? [] : [stability(outputs["replicon"])];
  return finish(question, { ...thermodynamics(question, chosen), ...chosen.values, ...(T > 0 ? { complexity: outputs["complexity"]! } : { complexity: 0 }), ...(outputs["replicon"] === undefined ? {} : { replicon: outputs["replicon"] }) },
    [...several(solutions, chosen, "M"), ...stable], equationsOf(question, chosen), chosen.saddle.residual);
}

/** Without disorder the energy per variable is g(m), and at T = 0 its minimum. */
function orderedGround(question: GaussianQuestion): Theory | Refused {
  if (question.gaussianDirection !== undefined) return { refused: "T = 0 without disorder along a Gaussian direction is not covered: take a small temperature" };
  const g = (m: number): number => at(question.bias, m);
  const grid = Array.from({ length: 401 }, (_, k) => -1 + k / 200);
  const best = grid.reduce((a, m) => (g(m) <= g(a) ? m : a));
  const m = maximize((x) => -g(x), Math.max(-1, best - 0.005), Math.min(1, best + 0.005));
  return finish(question, { energy: g(m), m, q: question.space === "hypercube" ? 1 : m * m, ...(question.space === "hypercube" && Math.abs(m) === 1 ? { entropy: 0 } : {}) }, ["the minimum of the mean energy"], []);
}

/** Free entropy, energy and entropy at a solution; the potential at T = 0 is −e. */
function thermodynamics({ T }: GaussianQuestion, { saddle }: Solution): Readonly<Record<string, number>> {
  const { value, outputs } = saddle;
  if (T === 0) return { energy: -value, ...(outputs["entropy"] === undefined ? {} : { entropy: outputs["entropy"] }) };
  const energy = outputs["energy"]!;
  return { free_entropy: value, energy, entropy: value + energy / T };
}

const stability = (replicon: number): string => (replicon >= -1e-9 ? `stable against further replica symmetry breaking (replicon ${format(replicon)})` : `unstable against further replica symmetry breaking (de Almeida-Thouless: replicon ${format(replicon)} < 0): not exact`);

/** The solution of the largest (1) or smallest (−1) φ. */
const extreme = (solutions: readonly Solution[], sign: 1 | -1): Solution | undefined =>
  solutions.reduce((best: Solution | undefined, s) => (best === undefined || sign * s.saddle.value > sign * best.saddle.value + 1e-13 ? s : best), undefined);

function several(solutions: readonly Solution[], chosen: Solution, direction: string): readonly string[] {
  if (solutions.length < 2) return [];
  const shown = (s: Solution): string => {
    const orders = s.names.map((n, k) => `${n} = ${format(s.saddle.x[k]!)}`), own = s.values[direction];
    return `${[...orders, ...(s.names.includes(direction) || own === undefined ? [] : [`${direction} = ${format(own)}`])].join(", ")} with φ = ${format(s.saddle.value)}`;
  };
  return [`${solutions.length} saddle points: ${solutions.map((s) => `${shown(s)}${s === chosen ? " (taken)" : ""}`).join("; ")}`];
}

export const format = (x: number): string => String(Number(x.toPrecision(7)));

const equationsOf = ({ T, m }: GaussianQuestion, { prepared: p }: Solution): Theory["equations"] =>
  printEquations(p.potential.averages, T === 0 ? "−e" : "φ", p.potential.value, p.potential.orders.map((o) => o.name), p.compiled, p.potential.outputs, T === 0 ? {} : { "β": 1 / T, ...(m === undefined ? {} : { m }) });

function finish(question: GaussianQuestion, values: Readonly<Record<string, number>>, notes: readonly string[], equations: Theory["equations"], residual = 0): Theory {
  const { mixture, bias, ansatz, space, T, mean } = question;
  const energy = values["energy"] === undefined ? {} : { energy: values["energy"] + mean };
  const free = values["free_entropy"] === undefined ? {} : { free_entropy: values["free_entropy"] - mean / T };
  const all: Readonly<Record<string, number>> = { ...values, ...energy, ...free, ...(free.free_entropy === undefined ? {} : { free_energy: -T * free.free_entropy }), ...(T === 0 && energy.energy !== undefined ? { free_energy: energy.energy } : {}) };
  const disordered = mixture.length > 0;
  return {
    method: `replica(${ansatz})`, status: disordered ? `ansatz(${ansatz})` : "large-N",
    assumptions: [...question.assumptions, ...(mean === 0 ? [] : [`the mean energy ${format(mean)} per variable is added`]), ...notes],
    quantities: [...Object.keys(all), "T_d", "T_s"].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict: (quantity): Prediction => {
      if (quantity === "T_d" || quantity === "T_s") return bias.length > 0 ? { refused: `${quantity} is defined for energies without fields and ferromagnetic couplings` } : transition(mixture, space, quantity);
      const value = all[quantity];
      if (value !== undefined && !Number.isNaN(value)) return { value, residual };
      return { refused: Number.isNaN(T) ? `${quantity} needs a temperature: write \`replica(${ansatz}, T = 0)\`, or give it with the quantity` : `it predicts no ${quantity} here` };
    },
    ...(bias.length > 0 && all[magnetisationName(question)] === undefined ? {} : { magnetisation: { value: (all[magnetisationName(question)] ?? 0) * question.unit, residual } }), direction: question.direction,
    equations: [...(disordered ? [`ξ(q) = ${formatMixture(mixture)}`] : []), ...(bias.length > 0 ? [`g(${magnetisationName(question)}) = ${formatMixture(bias, magnetisationName(question))}`] : []), ...equations],
  };
}

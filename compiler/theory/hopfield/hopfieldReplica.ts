/**
 * Replica symmetry for associative memories. Retrieval states, correlated with one pattern, are what the energy is made for: where they
 * exist their values are given, though the spin glass may have the larger free entropy; both are reported.
 */
import { short } from "../shortNumber.ts";
import type { Program } from "../../ir/program.ts";
import { constant } from "../../ir/expression.ts";
import { build as b } from "../../library/ops/index.ts";
import type { Hopfield } from "../../library/recognisers/hopfield.ts";
import { largeSystem } from "../largeSystem.ts";
import { maximize } from "../maximize.ts";
import type { Prediction, Theory } from "../prediction.ts";
import { printEquations } from "../printEquations.ts";
import { solvedLater } from "../solvedLater.ts";
import { memoryStates } from "./memoryStates.ts";
import type { MemoryState } from "./memoryStates.ts";
import { erf } from "../../../runtime/special/index.ts";

interface Question { readonly program: Program; readonly energy: Hopfield; readonly parameters: Readonly<Record<string, number>>; readonly T: number }
type Refused = { readonly refused: string };

export function hopfieldReplica({ program, energy, parameters, T }: Question): Theory | Refused {
  if (T < 0) return { refused: `the temperature ${T} is negative` };
  const { sites, patterns, variance } = energy;
  const system = largeSystem(program, parameters, [sites, patterns]);
  if ("refused" in system) return system;
  const load = system.limit(b.div(patterns, sites)), spread = system.limit(variance);
  const strength = system.limit(b.mul(b.mul(constant(-2), variance), b.mul(sites, energy.coupling)));
  if (load === undefined || !Number.isFinite(load)) return { refused: "the number of patterns grows faster than that of the spins" };
  if (spread === undefined || !(spread > 0) || strength === undefined || !Number.isFinite(strength) || strength === 0) return { refused: "the couplings are not of order 1/N: the energy is not extensive" };
  if (strength < 0) return { refused: "the energy grows with the overlaps with its patterns: it stores none" };
  const fixed = system.limit(b.add(b.mul(energy.diagonal, b.mul(variance, patterns)), b.div(energy.rest, sites)));
  const field = system.limit(energy.field);
  if (fixed === undefined || !Number.isFinite(fixed) || field === undefined || !Number.isFinite(field)) return { refused: "the part of the energy that depends on no couplings has no limit per variable" };
  // The potential has the diagonal Σ ξ_μi² within its couplings.
  const mean = fixed + (strength * load) / 2;
  const unit = Math.sqrt(spread), sign = field > 0 ? -1 : 1;
  const memory = load > 0 ? `an associative memory with P/N = ${short(load)} independent patterns \`${energy.ensemble}\`; P and N are large` : "an associative memory whose number of patterns doesn't grow with N";
  // Whether the model belongs to the class doesn't depend on a temperature.
  if (Number.isNaN(T)) return { method: "replica(rs)", status: load > 0 ? "ansatz(rs)" : "large-N", assumptions: [memory], quantities: [], equations: [], predict: () => ({ refused: "it needs a temperature: write `replica(rs, T = 0)`, or give it with the quantity" }) };
  const reduced = { distribution: energy.distribution, load, T: T / strength, field: (Math.abs(field) * unit) / strength };
  if (T === Infinity) return { refused: "at infinite temperature all states weigh alike: give a finite one" };
  return solvedLater("replica(rs)", load > 0 ? "ansatz(rs)" : "large-N", () => {
    const states = memoryStates(reduced);
    const [chosen] = states;
    if (!chosen) return { refused: "the replica-symmetric potential has no saddle point" };
    const thermodynamics = (s: MemoryState): Readonly<Record<string, number>> => {
      if (T === 0) return { energy: -strength * s.value + mean, free_energy: -strength * s.value + mean, entropy: s.outputs["entropy"]! };
      const own = s.outputs["energy"]!;
      return { energy: strength * own + mean, entropy: s.value + own / reduced.T, free_entropy: s.value - mean / T, free_energy: -T * s.value + mean };
    };
    const glass = field === 0 ? states.find((s) => s.kind !== "retrieval") : undefined;
    const { replicon } = chosen.outputs;
    const values: Readonly<Record<string, number>> = {
      ...thermodynamics(chosen), m: sign * unit * chosen.m, q: chosen.q, ...(load > 0 ? { r: chosen.r, "χ": chosen.chi } : {}), ...(replicon === undefined ? {} : { replicon }),
      ...(glass ? Object.fromEntries([...Object.entries(thermodynamics(glass)), ["q", glass.q] as const].map(([name, value]) => [`glass_${name}`, value])) : {}),
      T_g: strength * (1 + Math.sqrt(load)),
    };
    const largest = states.reduce((a, s) => (s.value > a.value ? s : a));
    const stability = load === 0 ? [] : replicon === undefined || replicon < 0 ? [`unstable against replica symmetry breaking (de Almeida-Thouless${replicon === undefined ? "" : `: replicon ${short(replicon)} < 0`}): not exact`] : [`stable against replica symmetry breaking (replicon ${short(replicon)})`];
    const told = (s: MemoryState): string => `${s.kind}: m = ${short(sign * unit * s.m)}, q = ${short(s.q)}${load > 0 ? `, r = ${short(s.r)}` : ""}, ${T === 0 ? `energy ${short(thermodynamics(s)["energy"]!)}` : `free entropy ${short(thermodynamics(s)["free_entropy"]!)}`}${s === chosen ? " (taken)" : ""}`;
    return {
      method: "replica(rs)", status: load > 0 ? "ansatz(rs)" : "large-N",
      assumptions: [
        memory,
        `pattern ${energy.retrieved} is the one that may be retrieved; mixtures of patterns are left out`,
        states.map(told).join("; "),
        ...(largest === chosen ? [] : ["the retrieval states are metastable: the spin glass has the larger free entropy"]),
        ...stability,
      ],
      quantities: [...Object.keys(values), "alpha_c"].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
      predict: (quantity): Prediction => {
        if (quantity === "alpha_c") return energy.distribution === "Sign" && T === 0 && field === 0 ? { value: capacity(), residual: 0 } : { refused: "alpha_c is given at T = 0 without a field, for patterns ±1: elsewhere look for the load at which m vanishes" };
        const value = values[quantity];
        return value === undefined ? { refused: quantity.startsWith("glass_") ? `there is no solution without an overlap here, that ${quantity} belongs to` : `it predicts no ${quantity} here` } : { value, residual: quantity.startsWith("glass_") ? glass?.residual ?? 0 : chosen.residual };
      },
      magnetisation: { value: sign * unit * chosen.m, residual: chosen.residual }, direction: energy.ensemble, pattern: energy.retrieved,
      equations: equationsOf(chosen, T === 0, { "α": load, h: reduced.field, ...(T === 0 ? {} : { "β": 1 / reduced.T }) }),
    };
  });
}

/** The largest load with retrieval states at T = 0: with y = m/√(2αr), y(√(2α) + (2/√π) exp(−y²)) = erf y. */
function capacity(): number {
  const root = (y: number): number => erf(y) / y - (2 / Math.sqrt(Math.PI)) * Math.exp(-y * y);
  return root(maximize(root, 0.5, 3)) ** 2 / 2;
}

const equationsOf = ({ prepared: p }: MemoryState, ground: boolean, values: Readonly<Record<string, number>>): Theory["equations"] =>
  printEquations(p.potential.averages, ground ? "−e" : "φ", p.potential.value, p.potential.orders.map((o) => o.name), p.compiled, p.potential.outputs, values);

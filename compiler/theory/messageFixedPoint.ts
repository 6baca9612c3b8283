/** Iteration of the equations of state evolution (`stateEvolution.ts`) to a fixed point, which is a saddle point of the replica-symmetric potential. */
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { simplify } from "../3-passes/simplify.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import type { ScalarFunction } from "./compileScalars.ts";
import { mul, num, scalar } from "./derivedPotential.ts";
import { teacherOf } from "./generalisedLinearSystem.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import { energeticPart, freshLoss, isRealisable, teacherLoss } from "./patternFields.ts";
import { sphereStep, spinStep } from "./priorStep.ts";
import type { IteratedPoint } from "./twoStarts.ts";

const MOST_ITERATIONS = 5000;
const CONVERGED = 1e-12;
/** A distance 1 − q that counts as none: only one state, the teacher, is left. At T > 0 distances may be small. */
const fullAt = (T: number): number => (T === 0 ? 1e-7 : 1e-12);

export interface FixedPoint extends IteratedPoint {
  /** The order parameters of the potential, by their names there. */
  readonly orders: Readonly<Record<string, number>>;
}

const known = new Map<string, ScalarFunction>();

/** From overlaps q = r = `start`. */
export function fixedPointOf(system: GeneralisedLinearSystem, start: number): FixedPoint {
  let energetic = known.get(system.key);
  if (!energetic) known.set(system.key, (energetic = energeticOf(system)));
  return system.energy.weights.domain === "gaussian" ? iterateFree(system, energetic, start) : iterate(system, energetic, start);
}

/** G with its derivatives by q, w = Q_d − q and ρ = r/√q, and losses. */
function energeticOf(system: GeneralisedLinearSystem): ScalarFunction {
  const { energy, T } = system;
  const averages = new Averages();
  const q = scalar("q"), w = scalar("w"), rho = scalar("ρ"), teacher = teacherOf(energy);
  const r = mul(rho, b.sqrt(q));
  const G = simplify(energeticPart(system, averages, q, w, r));
  const derivative = (name: string): Expression => simplify(averages.derivative(G, name));
  const outputs = [G, derivative("q"), derivative("w"), teacher ? derivative("ρ") : num(0), simplify(freshLoss(system, averages, b.add(q, w), r)), T > 0 ? derivative("β") : num(0)];
  return compileScalars(averages, ["q", "w", "ρ", "β"], outputs);
}

/** What is known of the teacher. */
const learned = (q: number, r: number, orientation: number): Readonly<Record<string, number>> => ({ r: orientation * r, mse: 1 - 2 * r + q, generalisation: Math.acos(Math.min(1, r / Math.sqrt(q))) / Math.PI });

function iterate(system: GeneralisedLinearSystem, energetic: ScalarFunction, start: number): FixedPoint {
  const { energy, load, T, pattern, orientation } = system, full = fullAt(T);
  const teacher = teacherOf(energy), beta = 1 / T, isSpin = energy.weights.domain === "spin";
  const variance = teacher?.distribution === "Normal" ? 1 : undefined;
  let q = start, r = teacher ? start : 0;
  let change = Infinity, iterations = 0, entropic = 0, conjugate = { "q̂": 0, "r̂": 0 };
  const at = (): Float64Array => energetic([q, 1 - q, r / Math.sqrt(q), T > 0 ? beta : 0]);
  while (iterations < MOST_ITERATIONS && change > CONVERGED && 1 - q > full) {
    const rho = r / Math.sqrt(q);
    const [, byQ, byW, byRho] = at();
    const slope = byRho! / Math.sqrt(q);
    const rh = load * slope, qh = Math.max(0, -2 * load * (byQ! - byW! - (slope * rho) / (2 * Math.sqrt(q))));
    conjugate = { "q̂": qh, "r̂": rh };
    const next = isSpin ? spinStep({ q, r }, { qh, rh }, variance) : sphereStep({ q, r }, { qh, rh });
    entropic = next.entropic;
    const overlap = teacher ? next.r : 0;
    change = Math.max(Math.abs(next.q - q), Math.abs(overlap - r));
    // A start at exactly 0 would divide 0 by 0.
    q = Math.max(next.q, 1e-14);
    r = Math.min(overlap, Math.sqrt(q) * (1 - 1e-15));
    iterations++;
  }
  if (1 - q <= full) {
    // Else it shrinks to a state of which nothing is known.
    const recovered = teacher !== undefined && 1 - r <= 10 * full && (T > 0 || isRealisable(system));
    if (!recovered) return { iterations, change: NaN, orders: {}, values: { q: 1 } };
    const own = load * teacherLoss(system);
    // One state: no entropy for spins; the sphere's volume shrinks to nothing.
    return { iterations, change: 0, orders: {}, values: { q: 1, r: orientation, mse: 0, generalisation: 0, energy: own, fresh: own / load, ...(isSpin ? { entropy: 0, free_entropy: T === 0 ? 0 : -own / T, free_energy: own } : {}) } };
  }
  const [G, , , , fresh, byBeta] = at();
  const phi = entropic + load * G!, perPattern = pattern.lowest - (T > 0 ? byBeta! : 0);
  const free_entropy = phi - (T === 0 || T === Infinity ? 0 : (load * pattern.lowest) / T);
  const entropy = T === 0 || T === Infinity ? phi : phi + (load * (perPattern - pattern.lowest)) / T;
  return {
    iterations, change, orders: { q, "ρ": r / Math.sqrt(q), ...conjugate },
    values: { q, ...(teacher ? learned(q, r, orientation) : {}), energy: load * perPattern, entropy, free_entropy, fresh: fresh!, ...(T > 0 ? { free_energy: -T * free_entropy } : { free_energy: load * perPattern }) },
  };
}

/** Real weights of the prior exp(−λ w²/T): a weight has the variance w, its mean the mean square q. */
function iterateFree({ energy, load, T, penalty, orientation }: GeneralisedLinearSystem, energetic: ScalarFunction, start: number): FixedPoint {
  const teacher = teacherOf(energy) !== undefined, beta = 1 / T;
  let w = Math.min(1, 1 / (2 * beta * penalty)), q = start, r = teacher ? start : 0;
  let change = Infinity, iterations = 0;
  const at = (): Float64Array => energetic([q, w, r / Math.sqrt(q), beta]);
  while (iterations < MOST_ITERATIONS && change > CONVERGED) {
    const [, byQ, byW, byRho] = at();
    const slope = byRho! / Math.sqrt(q), held = byQ! - (slope * r) / (2 * q);
    const next = 1 / (2 * beta * penalty - 2 * load * held), overlap = teacher ? next * load * slope : 0;
    const square = overlap ** 2 + Math.max(0, next * next * 2 * load * (byW! - held));
    change = Math.max(Math.abs(next - w), Math.abs(square - q), Math.abs(overlap - r));
    if (!Number.isFinite(change)) break;
    [w, q] = [next, Math.max(square, 1e-14)];
    r = Math.min(overlap, Math.sqrt(q) * (1 - 1e-15));
    iterations++;
  }
  const [G, , , , fresh, byBeta] = at();
  const energyPerWeight = -load * byBeta! + penalty * (q + w);
  const free_entropy = 0.5 * (1 + Math.log(2 * Math.PI * w) + (q - r * r) / w) - beta * penalty * (q + w) + load * G!;
  return {
    iterations, change, orders: { q, w, "ρ": r / Math.sqrt(q) },
    values: { q, norm2: q + w, ...(teacher ? learned(q, r, orientation) : {}), energy: energyPerWeight, free_entropy, free_energy: -T * free_entropy, entropy: free_entropy + beta * energyPerWeight, fresh: fresh! },
  };
}

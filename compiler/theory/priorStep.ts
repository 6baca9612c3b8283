/** What the prior of a weight makes of its conjugate fields in one iteration of state evolution. */
import { build as b } from "../library/ops/index.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import type { ScalarFunction } from "./compileScalars.ts";
import { logTwoCosh, mul, num, scalar } from "./derivedPotential.ts";

/** Overlaps q and r (with the direction) that come out, and the prior's part of the free entropy at those that went in. */
interface Step { readonly q: number; readonly r: number; readonly entropic: number }

interface Overlaps { readonly q: number; readonly r: number }
interface Fields { readonly qh: number; readonly rh: number }

/** On the sphere: (1 − q)² (q̂ + r̂²) = q,  r = (1 − q) r̂. */
export function sphereStep({ q, r }: Overlaps, { qh, rh }: Fields): Step {
  const signal = qh + rh * rh, gap = signal > 0 ? 2 / (1 + Math.sqrt(1 + 4 * signal)) : 1;
  return { q: 1 - gap, r: gap * rh, entropic: 0.5 * (Math.log(1 - q) + (q - r * r) / (1 - q)) };
}

/** Of spins: q = 𝔼 tanh²(√q̂ z + r̂ t),  r = 𝔼 t tanh(√q̂ z + r̂ t). @param variance of the entries t where they are Gaussian; else they are ±1 */
export function spinStep({ q, r }: Overlaps, { qh, rh }: Fields, variance: number | undefined): Step {
  const [square, along, log] = variance === undefined ? momentsOfSpin(qh, rh) : momentsOfSpin(qh + rh * rh * variance, 0);
  // By partial integration over a Gaussian direction.
  return { q: square, r: variance === undefined ? along : variance * rh * (1 - square), entropic: log - 0.5 * qh * (1 - q) - rh * r };
}

let spins: ScalarFunction | undefined;

/** 𝔼 tanh² and 𝔼 tanh of a Gaussian field of the variance v around μ, and 𝔼 log 2cosh. */
function momentsOfSpin(v: number, mean: number): readonly [number, number, number] {
  if (!spins) {
    const averages = new Averages();
    const field = (z: ReturnType<typeof scalar>): ReturnType<typeof b.add> => b.add(scalar("μ"), mul(b.sqrt(scalar("v")), z));
    spins = compileScalars(averages, ["v", "μ"], [averages.gauss("z", (z) => b.pow(b.tanh(field(z)), num(2))), averages.gauss("z", (z) => b.tanh(field(z))), averages.gauss("z", (z) => logTwoCosh(field(z)))]);
  }
  const [square, along, log] = spins([v, mean]);
  return [square!, along!, log!];
}

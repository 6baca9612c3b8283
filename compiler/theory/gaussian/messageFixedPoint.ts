/**
 * State evolution of approximate message passing for Gaussian energies of covariance n ξ(q) and mean n g(m), m the overlap with a planted or
 * uniform direction (spiked matrices and tensors): with β = 1/T
 *
 *   q̂ = β² ξ'(q),  m̂ = −β g'(m);   spins: q = 𝔼 tanh²(√q̂ z + m̂ t),  m = 𝔼 t tanh(√q̂ z + m̂ t);   sphere: (1 − q)² (q̂ + m̂²) = q,  m = (1 − q) m̂
 *
 * from the uninformative start and from the direction. Bolthausen, Commun. Math. Phys. 325, 333 (2014); Bayati and Montanari, IEEE Trans. Inf.
 * Theory 57, 764 (2011); Lesieur et al., J. Stat. Mech. 073403 (2017). Fixed points are saddle points of the replica-symmetric free entropy.
 */
import { build as b } from "../../library/ops/index.ts";
import { Averages } from "../averages.ts";
import { compileScalars } from "../compileScalars.ts";
import type { ScalarFunction } from "../compileScalars.ts";
import { logTwoCosh, mul, num, scalar } from "../derivedPotential.ts";
import type { Prediction, Theory } from "../prediction.ts";
import { solvedLater } from "../solvedLater.ts";
import { formatMixture } from "./formatMixture.ts";
import { at, derivativeOf } from "./mixture.ts";
import type { GaussianQuestion } from "./question.ts";

const MOST_ITERATIONS = 5000;
const CONVERGED = 1e-13;
const LITTLE = 1e-6, MUCH = 1 - 1e-6;

interface FixedPoint { readonly iterations: number; readonly change: number; readonly values: Readonly<Record<string, number>> }

export function gaussianStateEvolution(question: Omit<GaussianQuestion, "ansatz" | "m">): Theory | { readonly refused: string } {
  const { T, space, mixture, bias } = question;
  if (!(T > 0) || T === Infinity) return { refused: `message passing samples at a finite temperature above 0, not at ${T}` };
  if (mixture.some((t) => t.power === 1)) return { refused: "the covariance has a part linear in the overlap, a random field, which messages do not pass: write replica(rs)" };
  return solvedLater("state_evolution()", "large-N", () => {
    const [uninformative, informative] = [LITTLE, MUCH].map((start) => iterate(question, start)) as [FixedPoint, FixedPoint];
    const predict = (quantity: string): Prediction => {
      const suffix = "_informative", far = quantity.endsWith(suffix);
      const point = far ? informative : uninformative, value = point.values[far ? quantity.slice(0, -suffix.length) : quantity];
      if (value === undefined) return { refused: `it predicts no ${quantity}` };
      return point.change < 1e-8 ? { value, residual: point.change } : { refused: `the iteration has not settled in ${point.iterations} steps: the fixed point is close to another, or unstable` };
    };
    const same = Math.abs(uninformative.values["q"]! - informative.values["q"]!) < 1e-6;
    return {
      method: "state_evolution()", status: "large-N",
      assumptions: [...question.assumptions, same ? `both starts lead to q = ${short(uninformative.values["q"]!)}` : `the uninformative start leads to q = ${short(uninformative.values["q"]!)}, the informative one to q = ${short(informative.values["q"]!)}: what the larger free entropy favours may be hard to find`],
      quantities: Object.keys(uninformative.values).flatMap((name) => [name, `${name}_informative`]).map((name) => ({ name, form: "value", arguments: [], doc: "" })),
      predict, direction: question.direction,
      magnetisation: bias.length > 0 ? scaled(predict("m"), question.unit) : { value: 0, residual: 0 },
      equations: [
        `ξ(q) = ${formatMixture(mixture)}`, ...(bias.length > 0 ? [`g(m) = ${formatMixture(bias, "m")}`] : []), `q̂ = β² ξ'(q)${bias.length > 0 ? ",  m̂ = −β g'(m)" : ""},  β = ${short(1 / T)}`,
        space === "hypercube" ? `q = 𝔼 tanh²(√q̂ z${bias.length > 0 ? " + m̂ t" : ""})${bias.length > 0 ? ",  m = 𝔼 t tanh(√q̂ z + m̂ t)" : ""}` : `(1 − q)² (q̂${bias.length > 0 ? " + m̂²" : ""}) = q${bias.length > 0 ? ",  m = (1 − q) m̂" : ""}`,
        `${uninformative.iterations} iterations from q = 0, ${informative.iterations} from q = 1`,
      ],
    };
  });
}

const scaled = (p: Prediction, unit: number): Prediction => ("refused" in p ? p : { value: unit * p.value, residual: unit * p.residual });

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

function iterate({ T, space, mixture, bias, mean, gaussianDirection }: Omit<GaussianQuestion, "ansatz" | "m">, start: number): FixedPoint {
  const beta = 1 / T, slope = derivativeOf(mixture, 1), drift = derivativeOf(bias, 1), biased = bias.length > 0;
  const deviation = Math.sqrt(gaussianDirection ?? 1);
  let q = start, m = biased ? start * deviation : 0, change = Infinity, iterations = 0, entropic = 0;
  while (iterations < MOST_ITERATIONS && change > CONVERGED && 1 - q > 1e-14) {
    const qh = Math.max(0, beta * beta * at(slope, q)), mh = biased ? -beta * at(drift, m) : 0;
    let next: number, overlap: number;
    if (space === "sphere") {
      const signal = qh + mh * mh, gap = signal > 0 ? 2 / (1 + Math.sqrt(1 + 4 * signal)) : 1;
      [next, overlap] = [1 - gap, gap * mh];
      entropic = 0.5 * (Math.log(1 - q) + (q - m * m) / (1 - q));
    } else if (gaussianDirection !== undefined) {
      const [square, , log] = momentsOfSpin(qh + mh * mh * gaussianDirection, 0);
      // By partial integration over the direction.
      [next, overlap] = [square, gaussianDirection * mh * (1 - square)];
      entropic = log - 0.5 * qh * (1 - q) - mh * m;
    } else {
      const [square, along, log] = momentsOfSpin(qh, mh);
      [next, overlap] = [square, along];
      entropic = log - 0.5 * qh * (1 - q) - mh * m;
    }
    change = Math.max(Math.abs(next - q), Math.abs(overlap - m));
    [q, m] = [Math.max(next, 1e-300), overlap];
    iterations++;
  }
  const own = biased ? at(bias, m) : 0;
  const energy = -beta * (at(mixture, 1) - at(mixture, q)) + own + mean;
  const free_entropy = entropic + 0.5 * beta * beta * (at(mixture, 1) - at(mixture, q)) - beta * (own + mean);
  return {
    iterations, change,
    values: { q, ...(biased ? { m, mse: deviation ** 2 - 2 * m + q } : {}), energy, free_entropy, free_energy: -T * free_entropy, entropy: free_entropy + beta * energy },
  };
}

const short = (x: number): string => String(Number(x.toPrecision(7)));

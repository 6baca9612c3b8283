/**
 * State evolution of approximate message passing for Gaussian energies of covariance n ξ(q) and mean n g(m), m the overlap with a planted or
 * uniform direction (spiked matrices and tensors): with β = 1/T
 *
 *   q̂ = β² ξ'(q),  m̂ = −β g'(m);   spins: q = 𝔼 tanh²(√q̂ z + m̂ t),  m = 𝔼 t tanh(√q̂ z + m̂ t);   sphere: (1 − q)² (q̂ + m̂²) = q,  m = (1 − q) m̂
 *
 * from the uninformative start and from the direction. Bolthausen, Commun. Math. Phys. 325, 333 (2014); Bayati and Montanari, IEEE Trans. Inf.
 * Theory 57, 764 (2011); Lesieur et al., J. Stat. Mech. 073403 (2017). Fixed points are saddle points of the replica-symmetric free entropy.
 */
import type { Prediction, Theory } from "../prediction.ts";
import { sphereStep, spinStep } from "../priorStep.ts";
import { short } from "../shortNumber.ts";
import { solvedLater } from "../solvedLater.ts";
import { informative, iterationsText, predictionOf, whereStartsLead } from "../twoStarts.ts";
import type { IteratedPoint } from "../twoStarts.ts";
import { formatMixture } from "./formatMixture.ts";
import { at, derivativeOf } from "./mixture.ts";
import type { GaussianQuestion } from "./question.ts";

const MOST_ITERATIONS = 5000;
const CONVERGED = 1e-13;
const LITTLE = 1e-6, MUCH = 1 - 1e-6;

export function gaussianStateEvolution(question: Omit<GaussianQuestion, "ansatz" | "m">): Theory | { readonly refused: string } {
  const { T, space, mixture, bias } = question;
  if (!(T > 0) || T === Infinity) return { refused: `message passing samples at a finite temperature above 0, not at ${T}` };
  if (mixture.some((t) => t.power === 1)) return { refused: "the covariance has a part linear in the overlap, a random field, which messages do not pass: write replica(rs)" };
  return solvedLater("state_evolution()", "large-N", () => {
    const starts = { uninformative: iterate(question, LITTLE), informative: iterate(question, MUCH) };
    const predict = (quantity: string): Prediction => predictionOf(starts, quantity, `it predicts no ${quantity}`, () => "the fixed point is close to another, or unstable");
    return {
      method: "state_evolution()", status: "large-N",
      assumptions: [...question.assumptions, whereStartsLead(starts)],
      quantities: Object.keys(starts.uninformative.values).flatMap((name) => [name, informative(name)]).map((name) => ({ name, form: "value", arguments: [], doc: "" })),
      predict, direction: question.direction,
      magnetisation: bias.length > 0 ? scaled(predict("m"), question.unit) : { value: 0, residual: 0 },
      equations: [
        `ξ(q) = ${formatMixture(mixture)}`, ...(bias.length > 0 ? [`g(m) = ${formatMixture(bias, "m")}`] : []), `q̂ = β² ξ'(q)${bias.length > 0 ? ",  m̂ = −β g'(m)" : ""},  β = ${short(1 / T)}`,
        space === "hypercube" ? `q = 𝔼 tanh²(√q̂ z${bias.length > 0 ? " + m̂ t" : ""})${bias.length > 0 ? ",  m = 𝔼 t tanh(√q̂ z + m̂ t)" : ""}` : `(1 − q)² (q̂${bias.length > 0 ? " + m̂²" : ""}) = q${bias.length > 0 ? ",  m = (1 − q) m̂" : ""}`,
        iterationsText(starts),
      ],
    };
  });
}

const scaled = (p: Prediction, unit: number): Prediction => ("refused" in p ? p : { value: unit * p.value, residual: unit * p.residual });

function iterate({ T, space, mixture, bias, mean, gaussianDirection }: Omit<GaussianQuestion, "ansatz" | "m">, start: number): IteratedPoint {
  const beta = 1 / T, slope = derivativeOf(mixture, 1), drift = derivativeOf(bias, 1), biased = bias.length > 0;
  const deviation = Math.sqrt(gaussianDirection ?? 1);
  let q = start, m = biased ? start * deviation : 0, change = Infinity, iterations = 0, entropic = 0;
  while (iterations < MOST_ITERATIONS && change > CONVERGED && 1 - q > 1e-14) {
    const qh = Math.max(0, beta * beta * at(slope, q)), mh = biased ? -beta * at(drift, m) : 0;
    const next = space === "sphere" ? sphereStep({ q, r: m }, { qh, rh: mh }) : spinStep({ q, r: m }, { qh, rh: mh }, gaussianDirection);
    entropic = next.entropic;
    change = Math.max(Math.abs(next.q - q), Math.abs(next.r - m));
    [q, m] = [Math.max(next.q, 1e-300), next.r];
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

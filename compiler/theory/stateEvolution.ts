/**
 * State evolution of approximate message passing for the Gibbs weight exp(−E/T) of a generalised linear energy with independent inputs:
 * overlaps q of two posterior samples and r with the teacher, at load α, are iterated as the algorithm's are,
 *
 *   q̂ = −2α ∂G/∂q,  r̂ = α ∂G/∂r,   G(q, r) = Σ_y ∫Dz P(y|z) log ∫Dv exp(−ℓ(√q z + √(1 − q) v; y)/T)
 *   spins:   q = E tanh²(√q̂ z + r̂ t),  r = E t tanh(√q̂ z + r̂ t),   t the teacher's entry
 *   sphere:  (1 − q)² (q̂ + r̂²) = q,  r = (1 − q) r̂
 *
 * from the uninformative start q = r = 0 and from the teacher. Donoho, Maleki and Montanari, PNAS 106, 18914 (2009); Rangan, ISIT (2011);
 * Javanmard and Montanari, Inf. Inference 2, 115 (2013); Barbier et al., PNAS 116, 5451 (2019). Fixed points are saddle points of the
 * replica-symmetric free entropy; where student and teacher agree in all (Nishimori) q = r, and two of them are a hard phase.
 */
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { simplify } from "../3-passes/simplify.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import type { ScalarFunction } from "./compileScalars.ts";
import { logTwoCosh, mul, num, scalar } from "./derivedPotential.ts";
import { energeticPart, freshLoss } from "./generalisedLinearReplica.ts";
import { lossText, systemNotes } from "./generalisedLinearSystem.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { Prediction, Theory } from "./prediction.ts";

const MOST_ITERATIONS = 5000;
const CONVERGED = 1e-12;
/** A distance 1 − q that counts as none: only one state, the teacher, is left. */
const FULL = 1e-7;
/** Starts: without information up to what breaks a symmetry, and next to the teacher. */
const LITTLE = 1e-6, MUCH = 1 - 1e-4;

interface FixedPoint { readonly q: number; readonly r: number; readonly iterations: number; readonly change: number; readonly values: Readonly<Record<string, number>> }

export function stateEvolution(system: GeneralisedLinearSystem): Theory | { readonly refused: string } {
  const { energy, load, T } = system;
  if (system.equivalence) return { refused: "features stand in front of the weights: state evolution is for independent inputs" };
  if (!(T >= 0)) return { refused: `the temperature ${T} is negative` };
  const teacher = energy.labels.kind === "teacher";
  let found: { readonly uninformative: FixedPoint; readonly informative: FixedPoint } | undefined;
  const both = (): NonNullable<typeof found> => {
    const maps = mapsOf(system);
    return (found ??= { uninformative: iterate(system, maps, LITTLE), informative: iterate(system, maps, MUCH) });
  };
  const predict = (quantity: string): Prediction => {
    const { uninformative, informative } = both();
    const suffix = "_informative", far = quantity.endsWith(suffix);
    const point = far ? informative : uninformative, name = far ? quantity.slice(0, -suffix.length) : quantity;
    const value = point.values[name];
    if (value === undefined) return { refused: teacher ? `it predicts no ${quantity}` : `it predicts no ${quantity}: there is no teacher` };
    if (!(point.change < 1e-8)) return { refused: `the iteration has not settled in ${point.iterations} steps: ${T === 0 ? "near the capacity there may be no fixed point" : "q changes by " + String(point.change)}` };
    return Number.isFinite(value) ? { value, residual: point.change } : { refused: `${quantity} is not finite here` };
  };
  const { uninformative, informative } = both();
  const same = Math.abs(uninformative.q - informative.q) < 1e-6;
  const r = predict("r");
  return {
    method: "state_evolution()", status: "large-N",
    assumptions: [
      ...systemNotes(system),
      same ? `both starts lead to q = ${short(uninformative.q)}` : `the uninformative start leads to q = ${short(uninformative.q)}, the informative one to q = ${short(informative.q)}: what the larger free entropy favours may be hard to find`,
    ],
    quantities: [...Object.keys(uninformative.values), ...Object.keys(informative.values).map((n) => `${n}_informative`)].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict,
    ...(energy.labels.kind === "teacher" ? { magnetisation: r, direction: energy.labels.array } : {}),
    perPattern: () => ({ load, fresh: uninformative.values["fresh"]! }), inputs: energy.inputs,
    equations: [
      lossText(system),
      `q̂ = −2α ∂G/∂q${teacher ? ",  r̂ = α ∂G/∂r" : ""},  α = ${short(load)},  G = ${teacher ? "Σ_y ∫Dz P(y|z)" : "∫Dz"} log ∫Dv exp(−ℓ(√q z + √(1 − q) v)/T)${T === 0 ? ", T → 0" : ""}`,
      energy.weights.domain === "spin" ? `q = 𝔼 tanh²(√q̂ z${teacher ? " + r̂ t" : ""})${teacher ? ",  r = 𝔼 t tanh(√q̂ z + r̂ t)" : ""}` : `(1 − q)² (q̂${teacher ? " + r̂²" : ""}) = q${teacher ? ",  r = (1 − q) r̂" : ""}`,
      ...(teacher ? ["mse = 1 − 2r + q,  generalisation = arccos(r/√q)/π"] : []),
      `${uninformative.iterations} iterations from q = 0, ${informative.iterations} from q = 1`,
    ],
  };
}

interface Maps { readonly energetic: ScalarFunction; readonly prior: ScalarFunction | undefined }

/** G, its derivatives by q and ρ = r/√q, losses; and the moments of a spin with its log Z, in terms of q̂ and r̂. */
function mapsOf(system: GeneralisedLinearSystem): Maps {
  const { energy, T } = system;
  const averages = new Averages();
  const q = scalar("q"), rho = scalar("ρ"), teacher = energy.labels.kind === "teacher";
  const r = mul(rho, b.sqrt(q));
  const G = simplify(energeticPart(system, averages, q, b.sub(num(1), q), r));
  const derivative = (name: string): Expression => simplify(averages.derivative(G, name));
  const outputs = [G, derivative("q"), teacher ? derivative("ρ") : num(0), simplify(freshLoss(system, averages, num(1), r)), T > 0 ? derivative("β") : num(0)];
  const energetic = compileScalars(averages, ["q", "ρ", "β"], outputs);
  if (energy.weights.domain !== "spin") return { energetic, prior: undefined };
  const own = new Averages();
  const qh = scalar("q̂"), rh = scalar("r̂");
  const gaussian = energy.labels.kind === "teacher" && energy.labels.distribution === "Normal";
  const field = (z: Expression): Expression => (gaussian ? mul(b.sqrt(b.add(qh, mul(rh, rh))), z) : b.add(mul(b.sqrt(qh), z), rh));
  const square = own.gauss("z", (z) => b.pow(b.tanh(field(z)), num(2)));
  // For a Gaussian teacher by partial integration.
  const overlap = gaussian ? mul(rh, b.sub(num(1), square)) : own.gauss("z", (z) => b.tanh(field(z)));
  return { energetic, prior: compileScalars(own, ["q̂", "r̂"], [square, overlap, own.gauss("z", (z) => logTwoCosh(field(z)))]) };
}

function iterate({ energy, load, T, pattern }: GeneralisedLinearSystem, { energetic, prior }: Maps, start: number): FixedPoint {
  const teacher = energy.labels.kind === "teacher", beta = 1 / T;
  let q = start, r = teacher ? start : 0, change = Infinity, iterations = 0, entropic = 0;
  const at = (): Float64Array => energetic([q, r / Math.sqrt(q), T > 0 ? beta : 0]);
  while (iterations < MOST_ITERATIONS && change > CONVERGED && 1 - q > FULL) {
    const rho = r / Math.sqrt(q);
    const [, byQ, byRho] = at();
    const slope = byRho! / Math.sqrt(q);
    const rh = load * slope, qh = Math.max(0, -2 * load * (byQ! - (slope * rho) / (2 * Math.sqrt(q))));
    let next: number, overlap: number;
    if (prior) {
      const [square, along, logZ] = prior([qh, rh]);
      [next, overlap] = [square!, teacher ? along! : 0];
      entropic = logZ! - 0.5 * qh * (1 - q) - rh * r;
    } else {
      const signal = qh + rh * rh, gap = signal > 0 ? 2 / (1 + Math.sqrt(1 + 4 * signal)) : 1;
      [next, overlap] = [1 - gap, teacher ? gap * rh : 0];
      entropic = 0.5 * (Math.log(1 - q) + (q - r * r) / (1 - q));
    }
    change = Math.max(Math.abs(next - q), Math.abs(overlap - r));
    // A start at exactly 0 would divide 0 by 0.
    q = Math.max(next, 1e-14);
    r = Math.min(overlap, Math.sqrt(q) * (1 - 1e-15));
    iterations++;
  }
  if (1 - q <= FULL) {
    const lowest = load * pattern.lowest;
    const recovered = teacher ? { r: 1, mse: 0, generalisation: 0 } : {};
    // One state of lowest loss: no entropy for spins; the sphere's volume shrinks to nothing.
    return { q: 1, r, iterations, change: 0, values: { q: 1, ...recovered, energy: lowest, fresh: pattern.lowest, ...(prior ? { entropy: 0, free_entropy: T === 0 ? 0 : -lowest / T, free_energy: lowest } : {}) } };
  }
  const [G, , , fresh, byBeta] = at();
  const phi = entropic + load * G!, perPattern = pattern.lowest - (T > 0 ? byBeta! : 0);
  const free_entropy = phi - (T === 0 || T === Infinity ? 0 : (load * pattern.lowest) / T);
  const entropy = T === 0 || T === Infinity ? phi : phi + (load * (perPattern - pattern.lowest)) / T;
  const learned = teacher ? { r, mse: 1 - 2 * r + q, generalisation: Math.acos(Math.min(1, r / Math.sqrt(q))) / Math.PI } : {};
  return { q, r, iterations, change, values: { q, ...learned, energy: load * perPattern, entropy, free_entropy, fresh: fresh!, ...(T > 0 ? { free_energy: -T * free_entropy } : { free_energy: load * perPattern }) } };
}

const short = (x: number): string => String(Number(x.toPrecision(7)));

/**
 * Replica-symmetric cavity equations for the distribution of fields, by density evolution on a grid. The sum S of the messages that reach
 * a spin from its other neighbours has the distribution
 *
 *   S = u_1 + … + u_k,  u = u(K, b + S),   k = d − 1 in regular graphs, Poisson(c) in Erdős-Rényi graphs
 *
 * (Mézard and Parisi, Eur. Phys. J. B 20, 217 (2001)); a spin of the graph itself has one neighbour more, d, in the first. Sums are
 * products of Fourier transforms. A message between two points of the grid is shared by both so that its mean is kept: errors are
 * of second order in the spacing. The free energy is (M. and P., eq. 30), with L and B of `message.ts`,
 *
 *   −f = E L(b + S_full) + (c/2) [E (log B(K, b + S))/β − E L(b + S + u)].
 */
import { fourier } from "./fourier.ts";
import { mean } from "./nodes.ts";
import type { Node } from "./nodes.ts";
import type { Messages } from "./message.ts";

export interface SparseGraph { readonly kind: "RandomRegular" | "ErdosRenyi"; /** (Mean) degree. */ readonly degree: number }

export interface CavityQuestion { readonly graph: SparseGraph; readonly couplings: readonly Node[]; readonly fields: readonly Node[]; readonly messages: Messages; /** Sign of the messages at the start. */ readonly start: 1 | -1 }

export interface CavitySolution { readonly freeEnergy: number; /** Without constants; NaN at T = 0. */ readonly energy: number; readonly magnetisation: number; readonly overlap: number; /** Change of the distribution in the last iteration. */ readonly change: number }

const MOST_ITERATIONS = 4000;
const CONVERGED = 1e-11;
/** Points of the grid with less weight are left out. */
const NEGLIGIBLE = 1e-17;
const LARGEST_GRID = 2 ** 15;

/** @param resolution grid points for a typical coupling */
export function cavityFields({ graph, couplings, fields, messages, start }: CavityQuestion, resolution: number): CavitySolution {
  const { degree: c } = graph;
  const strongest = couplings.reduce((m, n) => Math.max(m, Math.abs(n.value)), 0), square = mean(couplings, (K) => K * K);
  const unit = couplings.length > 8 ? Math.sqrt(square) : strongest;
  const poisson = c * mean(couplings, Math.abs) + 9 * Math.sqrt(c * square) + 3 * strongest;
  const reach = graph.kind === "RandomRegular" ? Math.min((c + 1) * strongest, poisson) : poisson;
  const length = Math.min(LARGEST_GRID, 2 ** Math.ceil(Math.log2((2 * reach * resolution) / unit)));
  const spacing = Math.max(unit / resolution, (2 * reach) / length);
  /** The field of each entry: the second half are the negative ones. */
  const x = Float64Array.from({ length }, (_, k) => (k < length / 2 ? k : k - length) * spacing);
  const pairs = couplings.flatMap((K) => fields.map((b) => ({ K: K.value, b: b.value, weight: K.weight * b.weight })));

  /** The distribution of a message, from that of S. */
  const places = pairs.map(({ K, b }) => x.map((s) => messages.u(K, b + s) / spacing));
  const message = (S: Float64Array): Float64Array => {
    const Q = new Float64Array(length);
    pairs.forEach(({ weight }, p) => {
      const at = places[p]!;
      for (let k = 0; k < length; k++) {
        if (S[k]! < NEGLIGIBLE) continue;
        const low = Math.floor(at[k]!), part = at[k]! - low, w = weight * S[k]!;
        Q[(low + length) % length]! += w * (1 - part);
        if (part > 0) Q[(low + 1 + length) % length]! += w * part;
      }
    });
    return Q;
  };
  /** From the transform of Q that of the sum of `count` messages, Poisson distributed or not; times Q itself once more where `and`. */
  const summed = (Q: Float64Array, count: number, and = false): Float64Array => {
    const re = Q.slice(), im = new Float64Array(length);
    fourier(re, im);
    // The other half are the conjugates.
    for (let k = 0; k <= length / 2; k++) {
      const a = re[k]!, b = im[k]!;
      let radius: number, angle: number;
      if (graph.kind === "ErdosRenyi") { radius = Math.exp(c * (a - 1)); angle = c * b; }
      else { radius = Math.sqrt(a * a + b * b) ** count; angle = count * Math.atan2(b, a); }
      const p = radius * Math.cos(angle), q = radius * Math.sin(angle);
      re[k] = and ? p * a - q * b : p;
      im[k] = and ? p * b + q * a : q;
      if (k > 0 && k < length / 2) { re[length - k] = re[k]!; im[length - k] = -im[k]!; }
    }
    fourier(re, im, true);
    return normalised(re);
  };

  const first = new Float64Array(length);
  first[start === 1 ? Math.floor(length / 4) : length - Math.floor(length / 4)] = 1;
  let Q = message(first), S = summed(Q, c - 1), change = Infinity;
  for (let step = 1; step <= MOST_ITERATIONS && change > CONVERGED; step++) {
    Q = message(S);
    let next = summed(Q, c - 1);
    const before = change;
    change = next.reduce((sum, w, k) => sum + Math.abs(w - S[k]!), 0);
    // What falls by the same factor in every step is summed up at once.
    const ratio = change / before;
    if (step % 12 === 0 && ratio > 0.3 && ratio < 0.999) next = normalised(next.map((w, k) => w + (ratio / (1 - ratio)) * (w - S[k]!)));
    S = next;
  }
  const full = graph.kind === "RandomRegular" ? summed(Q, c) : S;
  const oneMore = graph.kind === "RandomRegular" ? full : summed(Q, c, true);
  const over = (weights: Float64Array, f: (field: number) => number): number =>
    mean(fields, (b) => weights.reduce((sum, w, k) => (w < NEGLIGIBLE ? sum : sum + w * f(b + x[k]!)), 0));
  const alongEdges = pairs.reduce((sum, { K, b, weight }) => sum + weight * S.reduce((part, w, k) => (w < NEGLIGIBLE ? part : part + w * messages.logB(K, b + x[k]!)), 0), 0);
  const freeEnergy = -(over(full, messages.L) + 0.5 * c * (alongEdges - over(oneMore, messages.L)));
  return {
    freeEnergy, energy: messages.beta === Infinity ? NaN : energyOf(), change,
    magnetisation: over(full, messages.spin), overlap: over(full, (h) => messages.spin(h) ** 2),
  };

  /** −E b⟨s⟩ − (c/2) E K⟨s s'⟩, where ⟨s s'⟩ is the derivative of the edge's free energy by K. */
  function energyOf(): number {
    const { spin } = messages;
    const alone = fields.reduce((sum, b) => sum + (b.value === 0 ? 0 : b.weight * b.value * full.reduce((part, w, k) => (w < NEGLIGIBLE ? part : part + w * spin(b.value + x[k]!)), 0)), 0);
    // The mean of the other end when it receives u, on the grid of messages.
    const responses = new Map<number, number>();
    const response = (k: number): number => {
      let value = responses.get(k);
      if (value === undefined) responses.set(k, (value = over(S, (h) => spin(h + k * spacing))));
      return value;
    };
    let together = 0;
    pairs.forEach(({ K, b, weight }, p) => {
      if (K === 0) return;
      S.forEach((w, k) => {
        if (w < NEGLIGIBLE) return;
        const h = b + x[k]!, at = places[p]![k]!, low = Math.floor(at), part = at - low;
        const other = (1 - part) * response(low) + (part > 0 ? part * response(low + 1) : 0);
        together += weight * w * K * (other * 0.5 * (spin(h + K) + spin(h - K)) + 0.5 * (spin(h + K) - spin(h - K)));
      });
    });
    return -alone - 0.5 * c * together;
  }
}

/** Weights, without what is negative by rounding. */
function normalised(weights: Float64Array): Float64Array {
  let total = 0;
  for (let k = 0; k < weights.length; k++) total += Math.max(0, weights[k]!);
  return weights.map((w) => Math.max(0, w) / total);
}

/** The same in the limit of a fine grid: its error falls with the square of the spacing. `change` has what is left of it. */
export function refinedCavityFields(question: CavityQuestion): CavitySolution {
  const [coarse, fine] = [128, 256].map((resolution) => cavityFields(question, resolution)) as [CavitySolution, CavitySolution];
  const names = ["freeEnergy", "energy", "magnetisation", "overlap"] as const;
  const better = (name: (typeof names)[number]): number => fine[name] + (fine[name] - coarse[name]) / 3;
  const left = names.reduce((m, name) => Math.max(m, Math.abs(fine[name] - coarse[name]) / 3 || 0), fine.change);
  return { freeEnergy: better("freeEnergy"), energy: better("energy"), magnetisation: better("magnetisation"), overlap: better("overlap"), change: left };
}

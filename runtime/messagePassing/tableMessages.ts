import type { FactorTable } from "./factorTables.ts";
import { belief, include } from "./sites.ts";
import type { Sites } from "./sites.ts";

/** What messages of a kind of factors are to the sum over all of them. */
export interface MessageGroup {
  /** All that changes from sweep to sweep. */
  readonly messages: Float64Array;
  /** Adds all messages to the beliefs. */
  readonly contribute: () => void;
  /** Computes all messages once, one after the other, and keeps the beliefs; returns the largest change of one. */
  readonly sweep: (T: number, damping: number) => number;
  /** Σ_a log Z_a − Σ_(ia) log Z_ia of the Bethe free energy, and Σ_a ⟨E_a⟩, at these messages. */
  readonly bethe: (T: number) => { readonly logZ: number; readonly energy: number };
  /** Σ_a E_a of a state. */
  readonly energy: (state: Float64Array) => number;
}

/** The weight of each configuration relative to exp(−E_min/T); at T = 0 of a factor with energies of 0 and more, 1 where the energy is 0. */
function weightsOf({ energies }: FactorTable, T: number, out: Float64Array, from: number): number {
  const lowest = energies.reduce((a, b) => Math.min(a, b), Infinity);
  if (T === 0) {
    if (Math.abs(lowest) > 1e-12) throw new Error("message passing at T = 0 counts the states without violated factors: every factor of the energy must be 0 where it is satisfied and positive where not");
    energies.forEach((e, c) => { out[from + c] = e <= 1e-12 ? 1 : 0; });
    return 0;
  }
  energies.forEach((e, c) => { out[from + c] = Math.exp(-(e - lowest) / T); });
  return T === Infinity ? 0 : lowest / T;
}

/**
 * Sum-product messages of factors with tables (Kschischang, Frey, Loeliger 2001; Mézard, Montanari 2009, ch. 14): m_{a→i}(x_i) ∝ Σ_{x_j} exp(−E_a/T)
 * Π_j μ_{j→a}(x_j), μ_{j→a} ∝ Π_{b≠a} m_{b→j}. They begin with a slight bias towards `state`.
 */
export function createTableMessages(sites: Sites, tables: readonly FactorTable[], state: Float64Array, bias: number): MessageGroup {
  const q = (i: number): number => sites.first[i + 1] - sites.first[i];
  const starts = tables.map(() => 0);
  const edges: number[][] = [];
  let length = 0;
  let weightsLength = 0;
  tables.forEach((t, a) => {
    starts[a] = weightsLength;
    weightsLength += t.energies.length;
    edges.push(t.sites.map((i) => { const at = length; length += q(i); return at; }));
  });
  const messages = new Float64Array(length);
  tables.forEach((t, a) => t.sites.forEach((i, e) => {
    for (let k = 0; k < q(i); k++) messages[edges[a][e] + k] = (1 - bias) / q(i) + (sites.values[sites.first[i] + k] === state[i] ? bias : 0);
  }));
  const weights = new Float64Array(weightsLength);
  const shifts = new Float64Array(tables.length);
  let weightsAt: number | undefined;
  const prepare = (T: number): void => {
    if (weightsAt === T) return;
    tables.forEach((t, a) => { shifts[a] = weightsOf(t, T, weights, starts[a]); });
    weightsAt = T;
  };
  const most = tables.reduce((n, t) => Math.max(n, t.sites.reduce((m, i) => m + q(i), 0)), 0);
  const cavity = new Float64Array(most);
  const made = new Float64Array(most);

  /** The cavity beliefs of the variables of factor a, one after the other; their places. */
  const cavities = (a: number): number[] => {
    let at = 0;
    return tables[a].sites.map((i, e) => {
      include(sites, i, messages, edges[a][e], -1);
      const z = belief(sites, i, cavity, at);
      include(sites, i, messages, edges[a][e], 1);
      if (z === -Infinity) throw new Error("the messages contradict each other: no value of a variable is compatible with all factors around it");
      const place = at;
      at += q(i);
      return place;
    });
  };
  /** Calls `visit` with every configuration of factor a, its digits, and its weight. */
  const configurations = (a: number, visit: (c: number, digits: Int32Array) => void): void => {
    const { sites: scope, energies } = tables[a];
    const digits = new Int32Array(scope.length);
    for (let c = 0; c < energies.length; c++) {
      if (weights[starts[a] + c] > 0) visit(c, digits);
      for (let e = 0; e < scope.length; e++) {
        if (++digits[e] < q(scope[e])) break;
        digits[e] = 0;
      }
    }
  };
  return {
    messages,
    contribute: () => tables.forEach((t, a) => t.sites.forEach((i, e) => include(sites, i, messages, edges[a][e], 1))),
    sweep: (T, damping) => {
      prepare(T);
      let change = 0;
      for (let a = 0; a < tables.length; a++) {
        const { sites: scope } = tables[a];
        const places = cavities(a);
        made.fill(0);
        configurations(a, (c, digits) => {
          for (let e = 0; e < scope.length; e++) {
            let product = weights[starts[a] + c];
            for (let o = 0; o < scope.length; o++) if (o !== e) product *= cavity[places[o] + digits[o]];
            made[places[e] + digits[e]] += product;
          }
        });
        for (let e = 0; e < scope.length; e++) {
          const n = q(scope[e]);
          let total = 0;
          for (let k = 0; k < n; k++) total += made[places[e] + k];
          if (!(total > 0)) throw new Error("the messages contradict each other: a factor is compatible with no configuration");
          include(sites, scope[e], messages, edges[a][e], -1);
          for (let k = 0; k < n; k++) {
            const place = edges[a][e] + k;
            const next = damping * messages[place] + ((1 - damping) * made[places[e] + k]) / total;
            change = Math.max(change, Math.abs(next - messages[place]));
            messages[place] = next;
          }
          include(sites, scope[e], messages, edges[a][e], 1);
        }
      }
      return change;
    },
    bethe: (T) => {
      prepare(T);
      let [logZ, energy] = [0, 0];
      for (let a = 0; a < tables.length; a++) {
        const { sites: scope, energies } = tables[a];
        const places = cavities(a);
        let [z, mean] = [0, 0];
        configurations(a, (c, digits) => {
          let product = weights[starts[a] + c];
          for (let e = 0; e < scope.length; e++) product *= cavity[places[e] + digits[e]];
          z += product;
          mean += product * energies[c];
        });
        logZ += Math.log(z) - shifts[a];
        energy += mean / z;
        scope.forEach((i, e) => {
          let overlap = 0;
          for (let k = 0; k < q(i); k++) overlap += cavity[places[e] + k] * messages[edges[a][e] + k];
          logZ -= Math.log(overlap);
        });
      }
      return { logZ, energy };
    },
    energy: (at) => tables.reduce((sum, { sites: scope, energies }) => {
      let [c, stride] = [0, 1];
      for (const i of scope) {
        c += stride * sites.values.subarray(sites.first[i], sites.first[i + 1]).indexOf(at[i]);
        stride *= q(i);
      }
      return sum + energies[c];
    }, 0),
  };
}

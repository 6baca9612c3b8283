import type { CompiledModel, FactorTerm } from "../model.ts";

/** An energy −Σ_{i<j} J_ij s_i s_j − Σ_i h_i s_i of spins, up to a constant: row i of the couplings is `start[i] … start[i + 1] − 1`. */
export interface SpinPairs {
  readonly start: Int32Array;
  readonly neighbour: Int32Array;
  readonly coupling: Float64Array;
  readonly field: Float64Array;
}

/**
 * The couplings and fields of a model of spins, whatever its formula looks like, from its factor graph: for a dynamics that `needs: ["factorGraph"]`.
 *
 * @throws Error where the energy has terms of more than two spins
 */
export function spinPairs(model: CompiledModel): SpinPairs {
  const N = model.dimension;
  const rows = Array.from({ length: N }, () => new Map<number, number>());
  const field = new Float64Array(N);
  const couple = (i: number, j: number, J: number): void => {
    if (i === j || J === 0 || i < 0 || j < 0) return;
    rows[i]!.set(j, (rows[i]!.get(j) ?? 0) + J);
    rows[j]!.set(i, (rows[j]!.get(i) ?? 0) + J);
  };
  for (const term of model.factorGraph?.terms ?? []) {
    if (term.field) fromSum(model, term, couple, field);
    else fromReads(term, couple, field);
  }
  const start = new Int32Array(N + 1);
  rows.forEach((row, i) => { start[i + 1] = start[i]! + row.size; });
  return { start, neighbour: Int32Array.from(rows.flatMap((row) => [...row.keys()])), coupling: Float64Array.from(rows.flatMap((row) => [...row.values()])), field };
}

const tooMany = "its energy has terms that are no products of two spins";

/** Factors that read some spins each: their energies with all up, with one or two of them down, and with all down, which tells whether that was all. */
function fromReads({ reads, energies, present, run }: FactorTerm, couple: (i: number, j: number, J: number) => void, field: Float64Array): void {
  const factors = energies.length;
  /** The spins of a factor: which of a read's entries, after those of the factors before. */
  const spins = reads.flatMap((read) => Array.from({ length: read.sites.length / factors }, (_, at) => ({ read, at, each: read.sites.length / factors })));
  const siteOf = ({ read, at, each }: (typeof spins)[number], a: number): number => read.sites[a * each + at]! - 1;
  const down = (...turned: readonly number[]): Float64Array => {
    for (const { values } of reads) values.fill(1);
    for (const k of turned) for (let a = 0, { read, at, each } = spins[k]!; a < factors; a++) read.values[a * each + at] = -1;
    run();
    return energies.slice();
  };
  const up = down();
  const one = spins.map((_, k) => down(k));
  const all = down(...spins.keys());
  const fields = one.map((energy) => energy.map((e, a) => (e - up[a]!) / 2));
  const predicted = up.slice();
  for (const [k, first] of spins.entries()) for (let l = 0; l < k; l++) {
    const both = down(k, l);
    for (let a = 0; a < factors; a++) {
      const J = (one[k]![a]! + one[l]![a]! - up[a]! - both[a]!) / 4;
      fields[k]![a]! -= J;
      fields[l]![a]! -= J;
      if (present[a] !== 0) couple(siteOf(first, a), siteOf(spins[l]!, a), J);
    }
  }
  for (const [k, spin] of spins.entries()) for (let a = 0; a < factors; a++) {
    predicted[a]! += 2 * fields[k]![a]!;
    const site = siteOf(spin, a);
    if (present[a] !== 0 && site >= 0) field[site]! += fields[k]![a]!;
  }
  const odd = all.findIndex((e, a) => present[a] !== 0 && !(Math.abs(e - predicted[a]!) <= 1e-9 * (1 + Math.abs(e))));
  if (odd >= 0) throw new Error(tooMany);
}

/** Factors that are quadratic functions c1 h + c2 h² of a sum h = Σ a_i s_i + b. */
function fromSum(model: CompiledModel, { field: sum, energies, present, run }: FactorTerm, couple: (i: number, j: number, J: number) => void, field: Float64Array): void {
  const at = (h: number): Float64Array => {
    sum!.values.fill(h);
    run();
    return energies.slice();
  };
  const [zero, one, minus, three] = [at(0), at(1), at(-1), at(3)];
  for (let a = 0; a < energies.length; a++) {
    if (present[a] === 0) continue;
    const c1 = (one[a]! - minus[a]!) / 2;
    const c2 = (one[a]! + minus[a]!) / 2 - zero[a]!;
    if (!(Math.abs(zero[a]! + 3 * c1 + 9 * c2 - three[a]!) <= 1e-9 * (1 + Math.abs(three[a]!)))) throw new Error(tooMany);
    const coefficients = new Float64Array(model.dimension);
    sum!.coefficients.forEach((matrix, k) => {
      const { offset, length } = model.state[k]!;
      coefficients.set(matrix.subarray(a * length, (a + 1) * length), offset);
    });
    for (let i = 0; i < coefficients.length; i++) {
      field[i]! -= (c1 + 2 * c2 * sum!.offsets[a]!) * coefficients[i]!;
      for (let j = 0; j < i; j++) couple(i, j, -2 * c2 * coefficients[i]! * coefficients[j]!);
    }
  }
}

import type { FactorTerm } from "../model.ts";
import type { SitePriors } from "./sitePriors.ts";

/** Couplings between all pairs of variables: an energy −Σ_(ij) (k x_i x_j + d x_i² x_j² / 2). */
export interface PairCouplings {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly linear: Float64Array;
  readonly square: Float64Array;
}

/**
 * Reads the couplings of terms of two entries off their energies at some values, and hands what is of one variable to the priors; terms of one entry go there
 * wholly. Constants are left out. What the energies are made of is known (`FactorTerm.form` of the compiler): any function of two-valued variables, or
 * k x y + d x² y²/2 and parts of one variable.
 */
export function readCouplings(terms: readonly FactorTerm[], priors: SitePriors): PairCouplings {
  const all: { i: number; j: number; k: number; d: number }[] = [];
  for (const term of terms) {
    const { reads, energies, present, run } = term;
    const sites = reads.map((r) => Array.from(r.sites, (s) => s - 1));
    const finite = (f: number): boolean => sites.every((s) => priors.values(s[f]!) !== undefined);
    /** Energies of all factors, their entries at one of their two values or, of real variables, at a number. */
    const at = (...places: readonly (readonly [value: 0 | 1, number: number])[]): Float64Array => {
      sites.forEach((own, r) => own.forEach((i, f) => { if (i >= 0) reads[r]!.values[f] = finite(f) ? priors.values(i)![places[r]![0]] : places[r]![1]; }));
      run();
      return energies.slice();
    };
    const [zero, one, minus]: readonly (readonly [0 | 1, number])[] = [[0, 0], [1, 1], [0, -1]];
    if (sites.length === 1) {
      const [none, up, down] = [at(zero!), at(one!), at(minus!)];
      sites[0]!.forEach((i, f) => {
        if (present[f] === 0) return;
        if (finite(f)) return priors.add(i, none[f]!, up[f]!);
        priors.add(i, (up[f]! - down[f]!) / 2, up[f]! + down[f]! - 2 * none[f]!);
      });
      continue;
    }
    const [e00, e10, e01, e11] = [at(zero!, zero!), at(one!, zero!), at(zero!, one!), at(one!, one!)];
    const [em0, e0m, e1m, emm] = [at(minus!, zero!), at(zero!, minus!), at(one!, minus!), at(minus!, minus!)];
    for (let f = 0; f < energies.length; f++) {
      if (present[f] === 0) continue;
      const [i, j] = [sites[0]![f]!, sites[1]![f]!];
      const [x, y] = [priors.values(i), priors.values(j)];
      if (i === j) {
        // A pair of a variable with itself is a term of one variable.
        if (x) priors.add(i, e00[f]!, e11[f]!);
        else priors.add(i, (e11[f]! - emm[f]!) / 2, e11[f]! + emm[f]! - 2 * e00[f]!);
      } else if (x && y) {
        const k = -(e11[f]! - e10[f]! - e01[f]! + e00[f]!) / ((x[1] - x[0]) * (y[1] - y[0]));
        // E = −k x y + u(x) + v(y), with v 0 at the first value.
        priors.add(i, e00[f]! + k * x[0] * y[0], e10[f]! + k * x[1] * y[0]);
        priors.add(j, 0, e01[f]! - e00[f]! + k * x[0] * (y[1] - y[0]));
        all.push({ i, j, k, d: 0 });
      } else {
        const one = (site: number, up: number, down: number): void => {
          const [b, a] = [(up - down) / 2, up + down - 2 * e00[f]!];
          const own = priors.values(site);
          if (own) priors.add(site, b * own[0] + (a * own[0] ** 2) / 2, b * own[1] + (a * own[1] ** 2) / 2);
          else priors.add(site, b, a);
        };
        one(i, e10[f]!, em0[f]!);
        one(j, e01[f]!, e0m[f]!);
        const mixed = (both: number, left: number, right: number): number => both - left - right + e00[f]!;
        const [plus, minusOne] = [mixed(e11[f]!, e10[f]!, e01[f]!), mixed(e1m[f]!, e10[f]!, e0m[f]!)];
        all.push({ i, j, k: (minusOne - plus) / 2, d: -(plus + minusOne) });
      }
    }
  }
  return { first: Int32Array.from(all, (p) => p.i), second: Int32Array.from(all, (p) => p.j), linear: Float64Array.from(all, (p) => p.k), square: Float64Array.from(all, (p) => p.d) };
}

import type { CompiledModel, FactorTerm } from "../model.ts";
import type { Sites } from "./sites.ts";

/** Factors over few variables, each with the energy of every configuration: the first variable's value runs fastest. */
export interface FactorTable { readonly sites: readonly number[]; readonly energies: Float64Array }

/** Most configurations of one factor of a term in local form, and in field form. */
export const mostLocal = 2 ** 14;
const mostOfField = 2 ** 10;

const configurations = (sites: Sites, of: readonly number[]): number => of.reduce((n, i) => n * (sites.first[i + 1] - sites.first[i]), 1);

/**
 * The tables of a term's factors, or undefined where these are too large and the factors are functions of a field. Factors on the same variables,
 * also of several calls, are added up in `into`: two factors on one pair would be a loop.
 *
 * @throws Error where a factor couples too many variables and is no function of a field
 */
export function fillTables(model: CompiledModel, sites: Sites, term: FactorTerm, into: Map<string, FactorTable>): boolean {
  const { energies, present, reads, field, run } = term;
  const entries = reads.map((r) => r.sites.length / Math.max(1, energies.length));
  const scopes = Array.from(energies, (_, f): readonly number[] => {
    if (present[f] === 0) return [];
    const found = new Set<number>();
    reads.forEach((r, k) => { for (let e = f * entries[k]; e < (f + 1) * entries[k]; e++) if (r.sites[e] > 0) found.add(r.sites[e] - 1); });
    field?.coefficients.forEach((matrix, a) => {
      const { offset, length } = model.state[a];
      for (let i = 0; i < length; i++) if (matrix[f * length + i] !== 0) found.add(offset + i);
    });
    return [...found].sort((a, b) => a - b);
  });
  const largest = scopes.reduce((n, s) => Math.max(n, configurations(sites, s)), 1);
  if (largest > (field ? mostOfField : mostLocal)) {
    if (field) return false;
    throw new Error(`a factor of the energy couples ${scopes.reduce((n, s) => Math.max(n, s.length), 0)} variables and is no function of one sum over them: too many configurations for messages`);
  }
  const tables = scopes.map((scope) => ({ scope, energies: new Float64Array(scope.length === 0 ? 0 : configurations(sites, scope)) }));
  const values = new Float64Array(sites.count);
  for (let c = 0; c < largest; c++) {
    scopes.forEach((scope, f) => {
      let rest = c;
      for (const i of scope) {
        const q = sites.first[i + 1] - sites.first[i];
        values[i] = sites.values[sites.first[i] + (rest % q)];
        rest = Math.floor(rest / q);
      }
      reads.forEach((r, k) => { for (let e = f * entries[k]; e < (f + 1) * entries[k]; e++) r.values[e] = r.sites[e] > 0 ? values[r.sites[e] - 1] : 0; });
      if (!field) return;
      field.values[f] = field.offsets[f];
      field.coefficients.forEach((matrix, a) => {
        const { offset, length } = model.state[a];
        for (const i of scope) if (i >= offset && i < offset + length) field.values[f] += matrix[f * length + i - offset] * values[i];
      });
    });
    run();
    tables.forEach((t, f) => { if (c < t.energies.length) t.energies[c] = energies[f]; });
  }
  for (const { scope, energies: own } of tables) {
    if (scope.length === 0) continue;
    const key = scope.join();
    const known = into.get(key);
    if (known) own.forEach((e, c) => { known.energies[c] += e; });
    else into.set(key, { sites: scope, energies: own });
  }
  return true;
}

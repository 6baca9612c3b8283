/** What replica-symmetric solutions say about themselves. */
import type { Saddle } from "./potential.ts";

export const stability = (replicon: number): string => (Number.isNaN(replicon) ? "stability against replica symmetry breaking could not be evaluated" : replicon >= -1e-9 ? `stable against replica symmetry breaking (replicon ${format(replicon)})` : `unstable against replica symmetry breaking (de Almeida-Thouless: replicon ${format(replicon)} < 0): not exact`);
export const several = (saddles: readonly Saddle[], chosen: Saddle, names: readonly string[]): readonly string[] =>
  saddles.length < 2 ? [] : [`${saddles.length} saddle points: ${saddles.map((s) => `${names.map((n, k) => `${n} = ${format(s.x[k]!)}`).join(", ")} with φ = ${format(s.value)}${s === chosen ? " (taken)" : ""}`).join("; ")}`];
export const format = (x: number): string => String(Number(x.toPrecision(7)));

import type { Compilation } from "../compiler/compile.ts";
import { say } from "./terminal.ts";

/** The names given by `--only`, or undefined for everything; unknown names are reported. */
export function selection(compilation: Compilation, only: string | undefined): ReadonlySet<string> | "unknown" | undefined {
  if (only === undefined) return undefined;
  const names = only.split(",").map((n) => n.trim()).filter((n) => n !== "");
  const known = [...compilation.runs.map((r) => r.run), ...compilation.theories.map((t) => t.name)];
  const unknown = names.filter((n) => !known.includes(n));
  if (unknown.length === 0 && names.length > 0) return new Set(names);
  say(`--only: there is no run or theory ${unknown.join(", ")}; the file has ${known.join(", ") || "none"}`);
  return "unknown";
}

/**
 * Whether a claim, figure or table that is about these names belongs to the selection: one of them is selected, and no run is needed
 * that isn't. Theories cost nothing, so that `--only Minima` keeps the histogram of Minima with its theoretical lines.
 */
export const isSelected = (about: readonly string[], selected: ReadonlySet<string> | undefined, theories: readonly { readonly name: string }[]): boolean =>
  selected === undefined || (about.some((name) => selected.has(name)) && about.every((name) => selected.has(name) || theories.some((t) => t.name === name)));

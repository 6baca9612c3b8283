/**
 * Whether the turns of an innermost loop may run in lanes: straight code, all arrays walked with unit stride or not at all, sums as
 * the only accumulators, operators with a vector form, and no entry written in one turn and used in another.
 */
import { ops } from "../library/ops/index.ts";
import { integerText, visitAtoms } from "./integer.ts";
import type { Integer } from "./integer.ts";
import type { KernelStatement } from "./kernel.ts";
import { scalarsOf, visitScalar } from "./kernel.ts";

export type Stride = "invariant" | "unit" | "other";

/** How an offset moves with a loop variable. */
export function strideOf(offset: Integer, variable: string): Stride {
  const uses = (x: Integer): boolean => {
    let found = false;
    visitAtoms(x, (a) => {
      if (a.kind === "variable" && a.name === variable) found = true;
      // What an entry of an integer array is, nobody knows before the loop runs.
      if (a.kind === "scalar") found = true;
    });
    return found;
  };
  const moving = offset.terms.filter((t) => uses({ terms: [t] }));
  if (moving.length === 0) return "invariant";
  const [term] = moving;
  const factor = term!.factors[0];
  return moving.length === 1 && term!.coefficient === 1 && term!.factors.length === 1 && factor?.kind === "variable" ? "unit" : "other";
}

export function isVectorisable(variable: string, body: readonly KernelStatement[]): boolean {
  const written = new Map<string, Set<string>>();
  for (const s of body) if (s.kind === "store") written.set(s.array, new Set([...(written.get(s.array) ?? []), integerText(s.offset)]));
  let possible = true;
  for (const s of body) {
    if (s.kind !== "let" && s.kind !== "update" && s.kind !== "store") return false;
    if (s.kind === "let" && s.mutable) return false;
    if (s.kind === "update" && s.combine !== "sum") return false;
    if (s.kind === "store") {
      if (strideOf(s.offset, variable) !== "unit" || (written.get(s.array)!.size > 1 && !s.bits) || (s.combine !== undefined && s.combine !== "sum")) return false;
    }
    for (const root of scalarsOf(s)) visitScalar(root, (x) => {
      if (x.kind === "integer" && strideOf(x.value, variable) !== "invariant") possible = false;
      if (x.kind === "load" && strideOf(x.offset, variable) === "other") possible = false;
      if (x.kind === "load" && [...(written.get(x.array) ?? [])].some((offset) => offset !== integerText(x.offset))) possible = false;
      if (x.kind === "apply" && ops[x.operator].wasm?.vector === undefined && ops[x.operator].vectorFunction === undefined) possible = false;
    });
  }
  return possible;
}

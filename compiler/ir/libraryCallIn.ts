import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import { isInEnergies } from "../library/functions/index.ts";
import { visit } from "./expression.ts";
import { findArray, type Program } from "./program.ts";

/** The library call on states that a definition reads, directly or through others; with `notIn`, only such as no kernel can make. */
export function libraryCallIn(program: Program, name: string, notIn?: "kernels"): string | undefined {
  const { origin, status } = findArray(program, name);
  if (origin.kind === "call") return status !== "thermal" || (notIn && isInEnergies(origin.function)) ? undefined : nameOfKey(origin.function);
  if (origin.kind !== "definition") return undefined;
  const found = new Set<string>();
  visit(origin.body, (e) => { if (e.kind === "read") found.add(e.array); });
  for (const array of found) {
    const call = libraryCallIn(program, array, notIn);
    if (call !== undefined) return call;
  }
  return undefined;
}

import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { Theory } from "./prediction.ts";
export function denseRegions(_system: GeneralisedLinearSystem, _m: number | string | undefined): Theory | { readonly refused: string } {
  return { refused: "replica(rsb1) of generalised linear energies is not supported by this version" };
}

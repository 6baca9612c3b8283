/** How kernels compute, beside their target, where that changes the last bits: part of the identity of a run. */
import { createHash } from "node:crypto";
import type { GenerateOptions } from "../compiler/generateModel.ts";
import { fusesMultiplyAdds, hasRelaxedSimd } from "../runtime/backends/features.ts";
import type { RunSettings } from "../runtime/results/store/runJson.ts";

export type Choice = Pick<RunSettings, "target" | "simd" | "tfjsBackend" | "precision" | "constants">;

/** Whether kernels may use relaxed SIMD: where it is wanted and the engine has it. TypeScript has no vectors. */
export const isRelaxed = ({ target, simd }: Choice): boolean => simd === "relaxed" && target !== "typescript" && hasRelaxedSimd();

/** Whether gradients and local moves are float32. */
export const isSingle = ({ precision }: Choice): boolean => precision === "f32";

/** How the kernels of a run are generated. */
export const generation = (choice: Choice): Pick<GenerateOptions, "fused" | "single" | "constants"> =>
  ({ fused: isRelaxed(choice), single: isSingle(choice), ...(choice.constants ? { constants: choice.constants } : {}) });

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

/** Said once where relaxed SIMD is wanted and not there. */
export const missingSimd = ({ target, simd }: Choice): string | undefined =>
  simd === "relaxed" && target !== "typescript" && !hasRelaxedSimd() ? "--simd relaxed: this engine has no relaxed SIMD; kernels use plain SIMD, and results are those of --simd plain" : undefined;

/**
 * For the address of a run; undefined for IEEE arithmetic, which is the same everywhere. With relaxed SIMD the machine decides whether
 * products are rounded, so that what it does is named and not only what was asked for.
 */
export function arithmetic(choice: Choice): string | undefined {
  const constants = Object.entries(choice.constants ?? {}).map(([name, value]) => `${name} = ${value}`).sort();
  const parts = [
    ...(isSingle(choice) ? ["gradients and local moves in float32"] : []),
    ...(isRelaxed(choice) ? [`relaxed SIMD, products ${fusesMultiplyAdds() ? "not " : ""}rounded`] : []),
    ...(choice.target === "tfjs" && (choice.tfjsBackend ?? "auto") !== "auto" ? [`tfjs on ${choice.tfjsBackend}`] : []),
    ...(constants.length > 0 ? [`settings ${hash(constants.join())} (${constants.join(", ")})`] : []),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}

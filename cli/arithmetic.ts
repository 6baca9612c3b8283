/** How kernels compute, beside their target, where that changes the last bits: part of the identity of a run. */
import { fusesMultiplyAdds, hasRelaxedSimd } from "../runtime/backends/features.ts";
import type { RunSettings } from "../runtime/results/store/runJson.ts";

type Choice = Pick<RunSettings, "target" | "simd" | "tfjsBackend">;

/** Whether kernels may use relaxed SIMD: where it is wanted and the engine has it. TypeScript has no vectors. */
export const isRelaxed = ({ target, simd }: Choice): boolean => simd === "relaxed" && target !== "typescript" && hasRelaxedSimd();

/** Said once where relaxed SIMD is wanted and not there. */
export const missingSimd = ({ target, simd }: Choice): string | undefined =>
  simd === "relaxed" && target !== "typescript" && !hasRelaxedSimd() ? "--simd relaxed: this engine has no relaxed SIMD; kernels use plain SIMD, and results are those of --simd plain" : undefined;

/**
 * For the address of a run; undefined for IEEE arithmetic, which is the same everywhere. With relaxed SIMD the machine decides whether
 * products are rounded, so that what it does is named and not only what was asked for.
 */
export function arithmetic(choice: Choice): string | undefined {
  const parts = [
    ...(isRelaxed(choice) ? [`relaxed SIMD, products ${fusesMultiplyAdds() ? "not " : ""}rounded`] : []),
    ...(choice.target === "tfjs" && (choice.tfjsBackend ?? "auto") !== "auto" ? [`tfjs on ${choice.tfjsBackend}`] : []),
  ];
  return parts.length > 0 ? parts.join("; ") : undefined;
}

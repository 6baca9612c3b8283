/** The phases up to the check of results, on one text. */
import { checkModels } from "../../../compiler/1-check/checkModels.ts";
import { checkResults } from "../../../compiler/1-check/results/checkResults.ts";
import type { CheckedResults } from "../../../compiler/1-check/results/checkResults.ts";
import { lowerModel } from "../../../compiler/2-lower/lowerModel.ts";
import { parse } from "../../../grammar/index.ts";
import type { Diagnostic } from "../../../grammar/index.ts";

export interface Checked extends CheckedResults {
  /** Errors of the parser and of the check of models. */
  readonly before: readonly Diagnostic[];
}

export function check(text: string, options: { readonly set?: Record<string, number>; readonly seed?: number } = {}): Checked {
  const { file, diagnostics } = parse(text);
  const models = checkModels(file);
  const before = [...diagnostics, ...models.diagnostics].filter((d) => d.severity === "error");
  const lowered = models.models.map((model) => { const program = lowerModel(model); return program ? { ...model, program } : model; });
  return { ...checkResults(file, lowered, { ...options, text, change: models.change }), before };
}

export const errors = (checked: Checked): readonly string[] => [...checked.before, ...checked.diagnostics].filter((d) => d.severity === "error").map((d) => `${d.code} ${d.message}`);

import type { DefinitionOf } from "../definition.ts";
import { extensionArguments, extensionResults } from "../../library/functions/extension.ts";
import { callable, formProblem, isNumbers, list, listOf, oneOf, optional, sentence, type Field } from "./form.ts";

/** What is wrong with the form of a function of numbers or of arrays, or undefined. */
export function functionForm(definition: DefinitionOf<"function">): string | undefined {
  if ("arguments" in definition) return formProblem(definition, { ...signature, value: callable, adjoint: optional(adjoint), samples: list }) ?? samplesProblem(definition.arguments, definition.samples);
  const problem = formProblem(definition, {
    doc: sentence, arity: oneOf([1, 2, 3]), value: callable, adjoint: optional(adjoint),
    formula: optional(callable), type: optional(oneOf(["real", "integer"])), cost: optional({ what: "positive number", is: (value) => typeof value === "number" && value > 0 }), samples: list,
  });
  if (problem !== undefined) return problem;
  const { arity, samples } = definition;
  return samples.length >= 2 && samples.every((s) => isNumbers(s) && s.length === arity) ? undefined : `\`samples\` is no list of at least two lists of ${arity} number${arity === 1 ? "" : "s"}`;
}

const adjoint: Field = { what: "function, nor \"none\"", is: (value) => value === "none" || typeof value === "function" };

/** What functions of arrays and folds over states have in common. */
export const signature: Readonly<Record<string, Field>> = {
  doc: sentence,
  arguments: { ...listOf(extensionArguments), is: (value) => listOf(extensionArguments).is(value) && Array.isArray(value) && value.length > 0 && value[0] !== "number" && value[0] !== "sameShape" },
  result: oneOf(extensionResults),
};

function samplesProblem(kinds: readonly string[], samples: readonly (readonly unknown[])[]): string | undefined {
  const wrong = samples.find((s) => !isSample(kinds, s));
  return wrong || samples.length < 2 ? `\`samples\` is no list of at least two lists of ${kinds.length} argument${kinds.length === 1 ? "" : "s"}: ${kinds.map((k) => described[k]).join(", ")}` : undefined;
}

const described: Readonly<Record<string, string>> = { number: "a number", vector: "a list of numbers", matrix: "a square list of lists of numbers", array: "a list of numbers, or of such lists", sameShape: "one of the shape of that before" };

/** Whether these can be arguments of the kinds, one each. */
export function isSample(kinds: readonly string[], sample: unknown): boolean {
  return Array.isArray(sample) && sample.length === kinds.length && kinds.every((kind, k) => {
    const value: unknown = sample[k];
    const shape = shapeOf(value);
    switch (kind) {
      case "number": return typeof value === "number";
      case "vector": return shape?.length === 1;
      case "matrix": return shape?.length === 2 && shape[0] === shape[1];
      case "sameShape": return shape !== undefined && shape.join() === shapeOf(sample[k - 1])?.join();
      default: return shape !== undefined;
    }
  });
}

function shapeOf(value: unknown): readonly number[] | undefined {
  if (isNumbers(value) && value.length > 0) return [value.length];
  return Array.isArray(value) && value.length > 0 && value.every(isNumbers) && value.every((row) => row.length === value[0].length) ? [value.length, value[0].length] : undefined;
}

/** What each kind of definition must look like, before anything of it is called. */
import { extensionDomains, extensionNeeds } from "./dynamicsForm.ts";
import type { DefinitionOf, ExtensionDefinition } from "../definition.ts";
import { callable, formProblem, isNumbers, isObject, list, listOf, numbers, oneOf, optional, parameters, sentence, truth } from "./form.ts";
import { functionForm, isSample, signature } from "./functionForm.ts";

/** What is wrong with the form of a definition, or undefined. */
export function definitionForm(definition: ExtensionDefinition): string | undefined {
  switch (definition.kind) {
    case "function": return functionForm(definition);
    case "observable": return observableForm(definition);
    case "distribution": return distributionForm(definition);
    case "source": return formProblem(definition, {
      doc: sentence, parameters: parameters({ doc: sentence, kind: oneOf(["text", "integer"]), optional: optional(truth), choices: optional(list) }),
      arrays: optional({ what: "whole number from 1", is: (value) => Number.isInteger(value) && Number(value) >= 1 }), holdsClasses: optional(callable), read: callable,
    });
    case "dynamics": return formProblem(definition, {
      doc: sentence, parameters: parameters({ doc: sentence, kind: optional(oneOf(["number", "integer"])), default: optional({ what: "number", is: (value) => typeof value === "number" }), optional: optional(truth), schedule: optional(truth), range: optional({ what: "range", is: isObject }) }),
      needs: listOf(extensionNeeds), domains: listOf(extensionDomains), units: listOf(["sweeps", "steps", "epochs"]), stationary: truth, discretised: optional(truth), samples: optional({ what: "list of arguments, objects of numbers", is: (value) => Array.isArray(value) && value.length > 0 && value.every((s) => isObject(s) && Object.values(s).every((x) => typeof x === "number")) }), init: callable, step: callable,
    });
    case "theory": return formProblem(definition, {
      doc: sentence, parameters: parameters({ doc: sentence }), status: oneOf(["exact", "large-N", "ansatz(rs)", "ansatz(rsb1)"]),
      quantities: parameters({ doc: sentence, form: oneOf(["value", "subscript", "call"]), arguments: parameters({}) }), derive: callable,
    });
  }
}

function observableForm(definition: DefinitionOf<"observable">): string | undefined {
  const problem = formProblem(definition, { ...signature, init: callable, update: callable, value: callable, samples: list });
  if (problem !== undefined) return problem;
  const { arguments: kinds, samples } = definition;
  return samples.length >= 2 && samples.every((history) => Array.isArray(history) && history.length > 0 && history.every((record) => isSample(kinds, record))) ? undefined
    : "`samples` is no list of at least two histories: lists of records, each a list of arguments";
}

function distributionForm(definition: DefinitionOf<"distribution">): string | undefined {
  const problem = formProblem(definition, {
    doc: sentence, parameters: parameters({ element: oneOf(["real", "integer"]), default: optional({ what: "number", is: (value) => typeof value === "number" }), namedOnly: optional(truth) }),
    element: oneOf(["real", "integer"]), values: optional({ what: "pair of ends", is: (value) => Array.isArray(value) && value.length === 2 }), domains: optional(listOf(["spin", "bit", "potts"])),
    fill: callable, samples: list, moments: optional(callable), cdf: optional(callable),
  });
  if (problem !== undefined) return problem;
  const { parameters: given, samples } = definition;
  const sample = numbers(given.length);
  return samples.length > 0 && samples.every((s) => isNumbers(s) && sample.is(s)) ? undefined : `\`samples\` is no list of lists of ${given.length} parameter${given.length === 1 ? "" : "s"}`;
}

import type { Reduction } from "./reduction.ts";

export type { Reduction } from "./reduction.ts";

/** Every reduction of the language. */
export const reductions = {
  sum: { doc: "Sum of the body over all values of the indices.", body: "number", result: "body", combine: "sum", pairwise: "+", scope: "everywhere" },
  prod: { doc: "Product of the body over all values of the indices.", body: "number", result: "body", combine: "product", pairwise: "*", scope: "everywhere" },
  mean: { doc: "Sum of the body divided by the number of values of the indices.", body: "number", result: "real", combine: "sum", pairwise: "+", scope: "everywhere" },
  max: { doc: "Largest value of the body.", body: "number", result: "body", combine: "max", pairwise: "max", scope: "everywhere" },
  min: { doc: "Smallest value of the body.", body: "number", result: "body", combine: "min", pairwise: "min", scope: "everywhere" },
  logsumexp: { doc: "Logarithm of the sum of the exponentials of the body, without overflow.", body: "number", result: "real", scope: "everywhere" },
  count: { doc: "Number of values of the indices for which the body holds.", body: "truth", result: "integer", combine: "sum", pairwise: "+", scope: "everywhere" },
  any: { doc: "Whether the body holds for at least one value of the indices.", body: "truth", result: "truth", combine: "max", pairwise: "or", scope: "everywhere" },
  all: { doc: "Whether the body holds for every value of the indices.", body: "truth", result: "truth", combine: "min", pairwise: "and", scope: "everywhere" },
  argmax: { doc: "The (first) value of the index for which the body is largest.", body: "number", result: "index", scope: "everywhere" },
  argmin: { doc: "The (first) value of the index for which the body is smallest.", body: "number", result: "index", scope: "everywhere" },
  gauss: { doc: "Average of the body over independent standard Gaussians.", body: "number", result: "real", scope: "results" },
  integral: { doc: "Integral of the body over an interval.", body: "number", result: "real", scope: "results" },
  root: { doc: "The value in an interval at which the body is zero.", body: "number", result: "real", scope: "results" },
} as const satisfies Readonly<Record<string, Reduction>>;

export type ReductionName = keyof typeof reductions;
export const isReductionName = (name: string): name is ReductionName => Object.hasOwn(reductions, name);

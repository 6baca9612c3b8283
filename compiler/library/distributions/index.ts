import type { DistributionRecord } from "./distribution.ts";

export type { DistributionParameter, DistributionRecord } from "./distribution.ts";

const probability = (values: Readonly<Record<string, number | undefined>>): string | undefined =>
  values.p !== undefined && !(values.p >= 0 && values.p <= 1) ? `a probability is in [0, 1], not ${values.p}` : undefined;

/** Every distribution of the language: behind `~`. */
export const distributions = {
  Normal: {
    doc: "Independent Gaussian entries: Normal(mean, var = v) or Normal(mean, sd = s).",
    parameters: [
      { name: "mean", element: "real", default: 0 },
      { name: "var", element: "real", default: 1, alternative: { name: "sd", power: 2 }, bareValue: 1 },
    ],
    element: "real", gaussian: true, domains: [], runtime: "normal",
    refuse: ({ var: v, sd }) => (v !== undefined && v < 0 ? `a variance is not negative, and ${v} is` : sd !== undefined && sd < 0 ? `a standard deviation is not negative, and ${sd} is` : undefined),
  },
  Sign: { doc: "Independent entries, −1 or +1 with equal probability.", parameters: [], element: "integer", gaussian: false, values: [-1, 1], domains: ["spin"], runtime: "sign" },
  Bernoulli: {
    doc: "Independent entries, 1 with probability p and 0 otherwise.",
    parameters: [{ name: "p", element: "real" }], element: "integer", gaussian: false, values: [0, 1], domains: ["bit"], runtime: "bernoulli", refuse: probability,
  },
  Uniform: {
    doc: "Independent entries, uniform between a and b.",
    parameters: [{ name: "a", element: "real" }, { name: "b", element: "real" }], element: "real", gaussian: false, domains: [], runtime: "uniform",
    refuse: ({ a, b }) => (a !== undefined && b !== undefined && a > b ? `the interval from ${a} to ${b} is empty` : undefined),
  },
  Categorical: {
    doc: "Independent entries, each of the integers 1 … k with equal probability.",
    parameters: [{ name: "k", element: "integer" }], element: "integer", gaussian: false, values: [1, "k"], domains: ["potts"], runtime: "categorical",
    refuse: ({ k }) => (k !== undefined && k < 1 ? `the number of classes is at least 1, not ${k}` : undefined),
  },
  Sphere: {
    doc: "The whole array is one vector, uniform on the sphere of squared norm norm2.",
    parameters: [{ name: "norm2", element: "real", namedOnly: true }], element: "real", gaussian: false, domains: [], runtime: "sphere",
    refuse: ({ norm2 }) => (norm2 !== undefined && norm2 < 0 ? `a squared norm is not negative, and ${norm2} is` : undefined),
  },
  Distinct: {
    doc: "Rows along the last index, each of distinct integers from 1 … N in random order.",
    parameters: [{ name: "N", element: "integer" }], element: "integer", gaussian: false, values: [1, "N"], domains: [], runtime: "distinct",
  },
  RandomRegular: { doc: "A random graph of N vertices, each with `degree` neighbours.", parameters: [{ name: "N", element: "integer" }, { name: "degree", element: "integer", namedOnly: true }], element: "integer", gaussian: false, domains: [], graph: true },
  ErdosRenyi: { doc: "A random graph of N vertices with `degree` neighbours on average.", parameters: [{ name: "N", element: "integer" }, { name: "degree", element: "real", namedOnly: true }], element: "integer", gaussian: false, domains: [], graph: true },
  Lattice: { doc: "The periodic hypercubic lattice of L^dimension vertices.", parameters: [{ name: "L", element: "integer" }, { name: "dimension", element: "integer", namedOnly: true }], element: "integer", gaussian: false, domains: [], graph: true },
} as const satisfies Readonly<Record<string, DistributionRecord>>;

export type DistributionName = keyof typeof distributions;
export const isDistributionName = (name: string): name is DistributionName => Object.hasOwn(distributions, name);

import { addEntry, type ExtensionKey } from "../../../runtime/extensions/addEntry.ts";
import { constant, type Expression } from "../../ir/expression.ts";
import { build as b } from "../ops/index.ts";
import type { DistributionRecord } from "./distribution.ts";

export type { DistributionParameter, DistributionRecord, GraphRecord } from "./distribution.ts";

/** Twelve standard deviations above the mean, and no more than there are pairs. */
const roomForEdges = (n: Expression, mean: Expression): Expression =>
  b.floor(b.min2(b.div(b.mul(n, b.sub(n, constant(1))), constant(2)), b.add(b.add(mean, b.mul(constant(12), b.sqrt(mean))), constant(24))));

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
    element: "real", gaussian: true, domains: [], runtime: "normal", moments: ([mean, variance]) => ({ mean: mean!, variance: variance! }),
    fromStandard: { standard: [0, 1], entry: (z, [mean, variance]) => b.add(mean!, b.mul(b.sqrt(variance!), z)) },
    refuse: ({ var: v, sd }) => (v !== undefined && v < 0 ? `a variance is not negative, and ${v} is` : sd !== undefined && sd < 0 ? `a standard deviation is not negative, and ${sd} is` : undefined),
  },
  Sign: { doc: "Independent entries, −1 or +1 with equal probability.", parameters: [], element: "integer", gaussian: false, values: [-1, 1], domains: ["spin"], runtime: "sign", moments: () => ({ mean: constant(0), variance: constant(1) }) },
  Bernoulli: {
    doc: "Independent entries, 1 with probability p and 0 otherwise.",
    parameters: [{ name: "p", element: "real" }], element: "integer", gaussian: false, values: [0, 1], domains: ["bit"], runtime: "bernoulli", refuse: probability,
    fromStandard: { standard: [0, 1], of: "Uniform", entry: (u, [p]) => b.lt(u, p!) },
    moments: ([p]) => { const variance = b.mul(p!, b.sub(constant(1), p!)); return { mean: p!, variance, kurtosis: b.sub(b.div(constant(1), variance), constant(3)) }; },
  },
  Uniform: {
    doc: "Independent entries, uniform between a and b.",
    parameters: [{ name: "a", element: "real" }, { name: "b", element: "real" }], element: "real", gaussian: false, domains: [], runtime: "uniform",
    fromStandard: { standard: [0, 1], entry: (u, [low, high]) => b.add(low!, b.mul(b.sub(high!, low!), u)) },
    moments: ([low, high]) => ({ mean: b.div(b.add(low!, high!), constant(2)), variance: b.div(b.pow(b.sub(high!, low!), constant(2)), constant(12)) }),
    refuse: ({ a, b }) => (a !== undefined && b !== undefined && a > b ? `the interval from ${a} to ${b} is empty` : undefined),
  },
  Categorical: {
    doc: "Independent entries, each of the integers 1 … k with equal probability.",
    parameters: [{ name: "k", element: "integer" }], element: "integer", gaussian: false, values: [1, "k"], domains: ["potts"], runtime: "categorical",
    refuse: ({ k }) => (k !== undefined && k < 1 ? `the number of classes is at least 1, not ${k}` : undefined),
  },
  Exponential: {
    doc: "Independent positive entries with the density rate · exp(−rate x): the mean is 1/rate.",
    parameters: [{ name: "rate", element: "real", default: 1 }], element: "real", gaussian: false, domains: [], runtime: "exponential",
    fromStandard: { standard: [1], entry: (x, [rate]) => b.div(x, rate!) },
    moments: ([rate]) => ({ mean: b.div(constant(1), rate!), variance: b.div(constant(1), b.pow(rate!, constant(2))) }),
    refuse: ({ rate }) => (rate !== undefined && !(rate > 0) ? `a rate is positive, and ${rate} is not` : undefined),
  },
  Laplace: {
    doc: "Independent entries with the density exp(−|x − mean|/scale)/(2 scale): the variance is 2 scale².",
    parameters: [{ name: "mean", element: "real", default: 0 }, { name: "scale", element: "real", default: 1 }], element: "real", gaussian: false, domains: [], runtime: "laplace", moments: ([mean, scale]) => ({ mean: mean!, variance: b.mul(constant(2), b.pow(scale!, constant(2))) }),
    fromStandard: { standard: [0, 1], entry: (x, [mean, scale]) => b.add(mean!, b.mul(scale!, x)) },
    refuse: ({ scale }) => (scale !== undefined && !(scale > 0) ? `a scale is positive, and ${scale} is not` : undefined),
  },
  Cauchy: {
    doc: "Independent entries with the density scale/(π (scale² + (x − median)²)): they have no mean.",
    parameters: [{ name: "median", element: "real", default: 0 }, { name: "scale", element: "real", default: 1 }], element: "real", gaussian: false, domains: [], runtime: "cauchy",
    fromStandard: { standard: [0, 1], entry: (x, [median, scale]) => b.add(median!, b.mul(scale!, x)) },
    refuse: ({ scale }) => (scale !== undefined && !(scale > 0) ? `a scale is positive, and ${scale} is not` : undefined),
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
  RandomRegular: {
    doc: "A random graph of N vertices, each with `degree` neighbours.",
    parameters: [{ name: "N", element: "integer" }, { name: "degree", element: "integer", namedOnly: true }], element: "integer", gaussian: false, domains: [], runtime: "randomRegular",
    graph: { vertices: ["N"], edges: ([n, degree]) => b.round(b.div(b.mul(n!, degree!), constant(2))), random: false },
    refuse: ({ N, degree }) => (degree !== undefined && degree < 0 ? "a degree is not negative" : N !== undefined && degree !== undefined && degree >= N ? `a vertex has at most ${N - 1} neighbours among ${N} vertices` : N !== undefined && degree !== undefined && (N * degree) % 2 !== 0 ? `${N} vertices of degree ${degree} have ${N * degree} ends of edges, which is odd` : undefined),
  },
  ErdosRenyi: {
    doc: "A random graph of N vertices in which each pair is an edge with probability degree/(N − 1): `degree` neighbours on average.",
    parameters: [{ name: "N", element: "integer" }, { name: "degree", element: "real", namedOnly: true }], element: "integer", gaussian: false, domains: [], runtime: "erdosRenyi",
    graph: { vertices: ["N"], edges: ([n, degree]) => roomForEdges(n!, b.div(b.mul(n!, degree!), constant(2))), random: true },
    refuse: ({ N, degree }) => (degree !== undefined && degree < 0 ? "a degree is not negative" : N !== undefined && degree !== undefined && degree > N - 1 ? `a vertex has at most ${N - 1} neighbours among ${N} vertices` : undefined),
  },
  Lattice: {
    doc: "The periodic hypercubic lattice of L^dimension vertices, numbered with the last coordinate fastest; each edge once, also at L = 2.",
    parameters: [{ name: "L", element: "integer" }, { name: "dimension", element: "integer", namedOnly: true }], element: "integer", gaussian: false, domains: [], runtime: "lattice",
    // One edge a vertex and direction; at L = 2 both directions lead to the same neighbour, at L = 1 to none.
    graph: { vertices: ["L", "dimension"], edges: ([side, dimension]) => b.round(b.mul(b.mul(dimension!, b.pow(side!, dimension!)), b.min2(constant(1), b.div(b.sub(side!, constant(1)), constant(2))))), random: false },
    refuse: ({ L, dimension }) => (L !== undefined && L < 1 ? "a lattice has a side of at least 1" : dimension !== undefined && dimension < 1 ? "a lattice has at least one dimension" : undefined),
  },
} as const satisfies Readonly<Record<string, DistributionRecord>>;

/** Adds one that an extension brings. */
export function addDistribution(key: ExtensionKey, record: DistributionRecord): DistributionName {
  addEntry<DistributionRecord>(distributions, key, record);
  return key as string as DistributionName;
}

export type DistributionName = keyof typeof distributions;
export const isDistributionName = (name: string): name is DistributionName => Object.hasOwn(distributions, name);

/** Mean and variance of an entry, by the name in a specification or in the runtime. */
export function momentsOf(distribution: string): DistributionRecord["moments"] {
  const all: readonly (readonly [string, DistributionRecord])[] = Object.entries(distributions);
  return all.find(([name, record]) => name === distribution || record.runtime === distribution)?.[1].moments;
}

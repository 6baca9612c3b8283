/** Averages over independent random numbers as sums over nodes: exact for discrete distributions, quadratures for Normal and Uniform. */
import { evaluate } from "../../ir/evaluate.ts";
import { visit } from "../../ir/expression.ts";
import type { Expression } from "../../ir/expression.ts";
import { inline } from "../../ir/inline.ts";
import { findArray } from "../../ir/program.ts";
import type { Program } from "../../ir/program.ts";

export interface Node { readonly value: number; readonly weight: number }

/** Standard deviations of a Gaussian within which the nodes are; beyond is a weight of 1e-15. */
const REACH = 8;

/** The values of an expression of scalar ensembles with their weights, which sum to 1; equal values are one node. */
export function nodesOf(e: Expression, program: Program, parameters: Readonly<Record<string, number>>, points: number): readonly Node[] | { readonly refused: string } {
  const names = new Set<string>();
  visit(e, (node) => { if (node.kind === "read") names.add(node.array); });
  const continuous = [...names].filter((name) => { const { origin } = findArray(program, name); return origin.kind === "ensemble" && ["Normal", "Uniform"].includes(origin.distribution); }).length;
  if (continuous > 2) return { refused: `the weight of a term is made of ${continuous} continuous random numbers: at most two are covered` };
  let combined: readonly { readonly values: Readonly<Record<string, number>>; readonly weight: number }[] = [{ values: {}, weight: 1 }];
  for (const name of names) {
    const { origin } = findArray(program, name);
    if (origin.kind !== "ensemble") return { refused: `\`${name}\` is not an ensemble` };
    const made = distributionNodes(origin.distribution, origin.arguments.map((a) => evaluate(inline(a, program), { parameters, entry: () => NaN })), continuous > 1 ? Math.min(points, 33) : points);
    if (!made) return { refused: `\`${name}\` is ${origin.distribution}: Sign, Bernoulli, Categorical, Normal and Uniform are covered` };
    combined = combined.flatMap((c) => made.map((n) => ({ values: { ...c.values, [name]: n.value }, weight: c.weight * n.weight })));
  }
  const weights = new Map<number, number>();
  for (const { values, weight } of combined) {
    const value = evaluate(e, { parameters, entry: (array) => values[array] ?? NaN }) + 0;
    weights.set(value, (weights.get(value) ?? 0) + weight);
  }
  return [...weights].filter(([, weight]) => weight > 0).map(([value, weight]) => ({ value, weight }));
}

function distributionNodes(distribution: string, arguments_: readonly number[], points: number): readonly Node[] | undefined {
  const [a, b] = arguments_ as [number, number];
  switch (distribution) {
    case "Sign": return [{ value: -1, weight: 0.5 }, { value: 1, weight: 0.5 }];
    case "Bernoulli": return [{ value: 0, weight: 1 - a }, { value: 1, weight: a }];
    case "Categorical": return Array.from({ length: a }, (_, k) => ({ value: k + 1, weight: 1 / a }));
    case "Normal": {
      // The trapezoidal rule converges exponentially for what is analytic.
      const raw = Array.from({ length: points }, (_, k) => { const z = REACH * ((2 * k) / (points - 1) - 1); return { value: a + Math.sqrt(b) * z, weight: Math.exp(-0.5 * z * z) }; });
      const total = raw.reduce((sum, n) => sum + n.weight, 0);
      return raw.map((n) => ({ ...n, weight: n.weight / total }));
    }
    case "Uniform": return gaussLegendre(points).map((n) => ({ value: a + (b - a) * (n.value + 1) / 2, weight: n.weight / 2 }));
    default: return undefined;
  }
}

/** Nodes and weights on (−1, 1), by Newton's method on the Legendre polynomials. */
function gaussLegendre(n: number): readonly Node[] {
  return Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5)), slope = 1;
    for (let step = 0; step < 20; step++) {
      let [p, before] = [1, 0];
      for (let k = 1; k <= n; k++) [p, before] = [((2 * k - 1) * x * p - (k - 1) * before) / k, p];
      slope = (n * (x * p - before)) / (x * x - 1);
      x -= p / slope;
    }
    return { value: x, weight: 2 / ((1 - x * x) * slope * slope) };
  });
}

export const mean = (nodes: readonly Node[], f: (x: number) => number): number => nodes.reduce((sum, n) => sum + n.weight * f(n.value), 0);

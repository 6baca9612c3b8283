/** Graphs from text to result: edges, neighbours and arrays over edges against sums over the drawn edges, on both targets; known partition functions. */
import { describe, expect, test } from "vitest";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { generate, instantiate } from "./compileModel.ts";

const model = (graph: string, header: string, vertices = "N"): string => `model M(${header}) {
  ensemble G ~ ${graph}
  ensemble J[(i, j) in G] ~ Normal(0, var = 2)
  state x[i in ${vertices}] : real ~ Normal(0, var = 1)
  let b[(i, j) in G] = J[j,i] * x[i] * x[j]
  let h[i] = sum(j in G[i]) J[i,j] * x[j]
  energy H = sum((i, j) in G) (J[i,j] * cos(x[i] - x[j])) + sum(i) (h[i]^2 + x[i]^4) / 4
  observable edges   = sum((i, j) in G) 1
  observable degree2 = mean(i) (sum(j in G[i]) 1)^2
  observable bond    = mean(b)
  observable largest = max((i, j) in G) (J[i,j] * x[j] * x[i])
  observable pairs   = sum(i) (sum(j < k in G[i]) x[j] * x[k] * J[i,j])
  observable second  = sum(i) (sum(j in G[i]) (sum(k in G[j]) (if k == i then 0 else x[k])))
  observable strongest = sum(i) (if (sum(j in G[i]) 1) > 0 then argmax(j in G[i]) (J[i,j]) else 0)
  observable f[i]    = tanh(h[i])
}`;

/** The drawn edges with their couplings: the ends stand in two rows, behind the last edge are zeros. */
function edgesOf(m: RunnableModel<string, string>): { readonly i: number; readonly j: number; readonly J: number }[] {
  const [ends, J] = [m.array("G"), m.array("J")];
  return Array.from(J, (value, e) => ({ i: ends[e]! - 1, j: ends[J.length + e]! - 1, J: value })).filter((e) => e.i >= 0);
}

const cases = {
  "random regular": [model("RandomRegular(N, degree = 3)", "N = 8"), { N: 8 }],
  "Erdős-Rényi": [model("ErdosRenyi(N, degree = c)", "N = 8, c = 2.5"), { N: 9, c: 2.5 }],
  "square lattice": [model("Lattice(L, dimension = 2)", "L = 3", "L^2"), { L: 3 }],
} as const satisfies Record<string, readonly [string, Readonly<Record<string, number>>]>;

describe.each(Object.entries(cases))("%s", (name, [text, parameters]) => {
  const generated = generate(text);
  test.each(["typescript", "wasm"] as const)("every reading of the edges, %s", (target) => {
    const m = instantiate(generated, parameters, target);
    for (let sample = 0; sample < 4; sample++) {
      m.draw(5, sample);
      const edges = edgesOf(m);
      const n = m.dimension;
      const x = m.randomState(3, sample);
      const half = edges.flatMap(({ i, j, J }) => [{ i, j, J }, { i: j, j: i, J }]);
      const of = (i: number): typeof half => half.filter((e) => e.i === i);
      const h = Array.from({ length: n }, (_, i) => of(i).reduce((s, e) => s + e.J * x[e.j]!, 0));
      const energy = (y: Float64Array): number => {
        const field = Array.from({ length: n }, (_, i) => of(i).reduce((s, e) => s + e.J * y[e.j]!, 0));
        return edges.reduce((s, e) => s + e.J * Math.cos(y[e.i]! - y[e.j]!), 0) + field.reduce((s, f, i) => s + (f * f + y[i]! ** 4) / 4, 0);
      };
      expect(m.energy(x)).toBeCloseTo(energy(x), 10);
      expect(m.referenceEnergy(x)).toBeCloseTo(energy(x), 10);
      const gradient = new Float64Array(n);
      m.energyAndGradient(x, gradient);
      for (let i = 0; i < n; i++) {
        const [up, down] = [x.slice(), x.slice()];
        up[i]! += 1e-5;
        down[i]! -= 1e-5;
        expect(Math.abs(gradient[i]! - (energy(up) - energy(down)) / 2e-5)).toBeLessThan(1e-6 * (1 + Math.abs(gradient[i]!)));
      }
      const values: Record<string, number> = {
        edges: edges.length,
        degree2: Array.from({ length: n }, (_, i) => of(i).length ** 2).reduce((a, b) => a + b, 0) / n,
        bond: edges.reduce((s, e) => s + e.J * x[e.i]! * x[e.j]!, 0) / edges.length,
        largest: Math.max(...edges.map((e) => e.J * x[e.i]! * x[e.j]!)),
        pairs: half.reduce((s, e) => s + of(e.i).filter((k) => e.j < k.j).reduce((t, k) => t + x[e.j]! * x[k.j]! * e.J, 0), 0),
        second: half.reduce((s, e) => s + of(e.j).filter((k) => k.j !== e.i).reduce((t, k) => t + x[k.j]!, 0), 0),
        strongest: Array.from({ length: n }, (_, i) => of(i)).reduce((s, row) => s + (row.length === 0 ? 0 : row.reduce((a, b) => (b.J > a.J ? b : a)).j + 1), 0),
      };
      for (const [key, value] of Object.entries(values)) expect(m.observe[key]!(x), `${key} of ${name}`).toBeCloseTo(value, 9);
      h.forEach((field, i) => expect((m.observe["f"] as (s: Float64Array) => Float64Array)(x)[i]!).toBeCloseTo(Math.tanh(field), 12));
    }
  });
});

test("the mean number of edges of a random graph, and of neighbours of an end of an edge", () => {
  const m = instantiate(generate(cases["Erdős-Rényi"][0]), { N: 200, c: 3 });
  const samples = 200;
  let sum = 0;
  for (let sample = 0; sample < samples; sample++) {
    m.draw(1, sample);
    sum += edgesOf(m).length / samples;
  }
  // 300 edges on average, variance below 300: five standard errors.
  expect(Math.abs(sum - 300)).toBeLessThan(5 * Math.sqrt(300 / samples));
});

test("K4 is the complete graph", () => {
  const m = instantiate(generate("model K(N = 4) {\n ensemble G ~ RandomRegular(N, degree = 3)\n state s[i in N] : spin\n energy H = -(sum(i) s[i] * (sum(j in G[i]) s[j])) / 2\n}"), {});
  m.draw(1, 0);
  // −Σ_{i<j} s s = (N − M²)/2
  for (const s of [[1, 1, 1, 1], [1, 1, 1, -1], [1, -1, 1, -1]]) expect(m.energy(Float64Array.from(s))).toBeCloseTo((4 - s.reduce((a, b) => a + b, 0) ** 2) / 2);
});

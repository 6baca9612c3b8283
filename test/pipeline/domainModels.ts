/** Small models of each domain, and their exact averages: what the table of dynamics (`dynamicsTable.test.ts`) is made of. */
import type { StateArray } from "../../runtime/model.ts";
import type { RunnableModel } from "../../runtime/modelSupport/index.ts";
import { domainValues } from "../../runtime/moves/domainMoves.ts";

/** In each the energy H, and an observable o. `pairs` is a chain, so that its factor graph is a tree; `examples` is a sum over examples. */
export interface DomainModels { readonly pairs: string; readonly examples: string }

const chain = (N: number, state: string, pair: string, site: string, observable: string): string => `model M(N = ${N}) {
  ensemble J[i in N] ~ Normal(0, var = 0.25)
  ensemble h[i in N] ~ Normal(0, var = 0.25)
  state x[i in N] : ${state}
  energy H = -(sum(i in N - 1) J[i] * ${pair}) - (sum(i) h[i] * ${site})
  observable o = ${observable}
}`;
const examples = (N: number, P: number, state: string, energy: string, observable = "x[1]"): string => `model M(N = ${N}, P = ${P}) {
  ensemble a[mu in P, i in N] ~ Sign
  state x[i in N] : ${state}
  energy H = ${energy}
  observable o = ${observable}
}`;
const linear = "mean(mu) softplus(-(sum(i) a[mu,i] * x[i]))";
const real = "real ~ Normal(0, var = 1)";

export const domainModels: Readonly<Record<string, DomainModels>> = {
  spin: { pairs: chain(5, "spin", "x[i] * x[i+1]", "x[i]", "x[1] + x[2]"), examples: examples(15, 4, "spin", "count(mu) (sum(i) a[mu,i] * x[i] < 0)") },
  bit: { pairs: chain(5, "bit", "x[i] * x[i+1]", "x[i]", "x[1] + x[2]"), examples: examples(6, 3, "bit", "sum(mu) (sum(i) a[mu,i] * x[i] < 0)") },
  potts: { pairs: chain(4, "potts(3)", "(x[i] == x[i+1])", "(x[i] == 1)", "count(i) (x[i] == 2)"), examples: examples(4, 3, "potts(3)", "mean(mu) (sum(i) a[mu,i] * (x[i] == 1))") },
  interval: { pairs: chain(2, "interval(-1, 2)", "x[i] * exp(x[i+1])", "x[i]^2", "x[1]^2 + x[2]"), examples: examples(2, 3, "interval(-1, 2)", "mean(mu) (sum(i) (x[i] - a[mu,i] / 2)^2)") },
  angle: { pairs: chain(2, "angle", "cos(x[i] - x[i+1])", "cos(x[i])", "cos(x[1]) + sin(x[2])"), examples: examples(2, 3, "angle", "mean(mu) (sum(i) (1 - cos(x[i] - a[mu,i])))", "cos(x[1])") },
  real: { pairs: `model M(N = 2) {\n state x[i in N] : ${real}\n energy H = (sum(i) (x[i]^2 - 1)^2) - x[1] * x[2] / 2 + x[1] / 4\n observable o = x[1] + x[2]^2\n}`, examples: examples(2, 5, real, `${linear} + (sum(i) x[i]^2) / 10`) },
  sphere: {
    pairs: `model M(N = 3) {\n ensemble h[i in N] ~ Normal(0, var = 1)\n state x[i in N] : real\n constraint sum(i) x[i]^2 == N\n energy H = -(sum(i) h[i] * x[i]) - x[1] * x[2]\n observable o = x[1] + x[2]^2\n}`,
    examples: `model M(N = 3, P = 5) {\n ensemble a[mu in P, i in N] ~ Sign\n state x[i in N] : real\n constraint sum(i) x[i]^2 == N\n energy H = ${linear}\n observable o = x[1]\n}`,
  },
  "real in a ball": {
    pairs: `model M(N = 2) {\n state x[i in N] : real ~ Normal(0, var = 0.1)\n constraint sum(i) x[i]^2 <= 1.5\n energy H = (sum(i) (x[i]^2 - 1)^2) - x[1] * x[2] / 2 + x[1] / 4\n observable o = x[1] + x[2]^2\n}`,
    examples: `model M(N = 2, P = 5) {\n ensemble a[mu in P, i in N] ~ Sign\n state x[i in N] : real ~ Normal(0, var = 0.1)\n constraint sum(i) x[i]^2 <= 1.5\n energy H = ${linear} + (sum(i) x[i]^2) / 10\n observable o = x[1]\n}`,
  },
  "spin + potts": {
    pairs: "model M(N = 3) {\n ensemble h[i in N] ~ Normal(0, var = 1)\n state x[i in N] : spin\n state c[i in N] : potts(3)\n energy H = -(sum(i) h[i] * x[i] * (c[i] == 1)) - (sum(i in N - 1) x[i] * (c[i+1] == 2))\n observable o = x[1] + c[2]\n}",
    examples: "model M(N = 3, P = 3) {\n ensemble a[mu in P, i in N] ~ Sign\n state x[i in N] : spin\n state c[i in N] : potts(3)\n energy H = mean(mu) (sum(i) a[mu,i] * x[i] * (c[i] == 1))\n observable o = x[1] + c[2]\n}",
  },
  "real + angle": {
    pairs: `model M(N = 1) {\n state x[i in N] : ${real}\n state t[i in N] : angle\n energy H = sum(i) (x[i]^2 / 2 + x[i] * cos(t[i]) - sin(t[i]) / 2)\n observable o = x[1] + sin(t[1])\n}`,
    examples: `model M(N = 1, P = 4) {\n ensemble a[mu in P, i in N] ~ Sign\n state x[i in N] : ${real}\n state t[i in N] : angle\n energy H = mean(mu) (sum(i) ((x[i] - a[mu,i])^2 - cos(t[i] - a[mu,i])))\n observable o = x[1] + sin(t[1])\n}`,
  },
  "spin + real": {
    pairs: `model M(N = 2) {\n state x[i in N] : spin\n state y[i in 1] : ${real}\n energy H = y[1]^2 / 2 - y[1] * (x[1] + x[2] / 2) - x[1] * x[2] / 2 + y[1] / 3\n observable o = x[1] + y[1]\n}`,
    examples: `model M(N = 3, P = 3) {\n ensemble a[mu in P, i in N] ~ Sign\n state x[i in N] : spin\n state y[i in 1] : ${real}\n energy H = count(mu) ((sum(i) a[mu,i] * x[i]) + y[1] < 0)\n observable o = x[1] + y[1]\n}`,
  },
};

/** Values of one variable, with weights that do not depend on it: all of a finite domain, a grid on a continuous one. */
function grid({ domain }: StateArray): readonly number[] {
  const finite = domain && domainValues(domain);
  if (finite) return finite;
  const [a = -5, b = 5] = domain?.name === "angle" ? [0, 2 * Math.PI] : (domain?.arguments ?? []);
  // Midpoints: on a circle, and for what falls off at both ends, without an error worth the name; between walls one of order 1e-6.
  return Array.from({ length: 400 }, (_, k) => a + ((k + 0.5) * (b - a)) / 400);
}

export interface Exact { readonly mean: Readonly<Record<string, number>>; readonly spread: Readonly<Record<string, number>>; readonly least: number }

/** Means and standard deviations under exp(−H/T) of the observables that are numbers, and the least energy, over the states that `keep` keeps and no inequality forbids. */
export function exactAverages(model: RunnableModel<string, string>, T: number, keep: (state: Float64Array) => boolean = () => true): Exact {
  const scalars = model.observables.filter(({ shape }) => shape.length === 0);
  const sums = new Map(scalars.map(({ name }) => [name, [0, 0]]));
  let [Z, least] = [0, Infinity];
  const visit = (state: Float64Array): void => {
    if (!keep(state) || model.satisfies?.(state) === false) return;
    const energy = model.referenceEnergy(state);
    const weight = Math.exp(-energy / T);
    Z += weight;
    least = Math.min(least, energy);
    for (const { name, evaluate } of scalars) {
      const value = evaluate(state)[0]!;
      const sum = sums.get(name)!;
      sum[0]! += weight * value;
      sum[1]! += weight * value * value;
    }
  };
  if (Array.isArray(model.spheres) && model.spheres.length > 0) onSphere(model.dimension, visit);
  else {
    const grids = model.state.flatMap((array) => Array.from({ length: array.length }, () => grid(array)));
    const state = new Float64Array(grids.length);
    const go = (i: number): void => {
      if (i === grids.length) return visit(state);
      for (const value of grids[i]!) {
        state[i] = value;
        go(i + 1);
      }
    };
    go(0);
  }
  const mean = Object.fromEntries([...sums].map(([name, [first]]) => [name, first! / Z]));
  return { mean, spread: Object.fromEntries([...sums].map(([name, [first, second]]) => [name, Math.sqrt(Math.max(0, second! / Z - (first! / Z) ** 2))])), least };
}

/** Points of equal weight on the sphere of three dimensions (Archimedes: heights are uniform). */
function onSphere(N: number, visit: (state: Float64Array) => void): void {
  const radius = Math.sqrt(N);
  for (let a = 0; a < 400; a++) for (let b = 0; b < 100; b++) {
    const height = -1 + (2 * a + 1) / 400;
    const phi = (2 * Math.PI * b) / 100;
    const across = radius * Math.sqrt(1 - height * height);
    visit(Float64Array.of(across * Math.cos(phi), across * Math.sin(phi), radius * height));
  }
}

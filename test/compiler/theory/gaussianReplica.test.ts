/** Replica theory of Gaussian energies: published values, limits against each other, derivatives of the free entropy, and what is recognised. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { gaussianReplica } from "../../../compiler/theory/gaussian/gaussianReplica.ts";
import type { GaussianQuestion } from "../../../compiler/theory/gaussian/gaussianReplica.ts";
import { integrateGauss } from "../../../runtime/results/integrate.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";

type Short = Pick<GaussianQuestion, "space" | "ansatz" | "T"> & Partial<GaussianQuestion>;
const solved = (question: Short) => {
  const made = gaussianReplica({ mixture: [], bias: [], mean: 0, unit: 1, direction: "uniform", assumptions: [], ...question });
  if ("refused" in made) throw new Error(made.refused);
  return made;
};
const value = (question: Short, quantity: string): number => {
  const p = solved(question).predict(quantity, []);
  if ("refused" in p) throw new Error(p.refused);
  expect(p.residual).toBeLessThan(1e-8);
  return p.value;
};
const pure = (power: number, coefficient = 0.5): GaussianQuestion["mixture"] => [{ power, coefficient }];
const sk = { space: "hypercube", mixture: pure(2) } as const;
const p3 = { space: "hypercube", mixture: pure(3) } as const;
const sphere3 = { space: "sphere", mixture: pure(3, 1) } as const;

describe("Sherrington-Kirkpatrick", () => {
  test("ground state energies and entropies: RS −√(2/π) and −1/(2π); one step −0.7652", () => {
    expect(value({ ...sk, ansatz: "rs", T: 0 }, "energy")).toBeCloseTo(-Math.sqrt(2 / Math.PI), 12);
    expect(value({ ...sk, ansatz: "rs", T: 0 }, "entropy")).toBeCloseTo(-1 / (2 * Math.PI), 12);
    expect(value({ ...sk, ansatz: "rsb1", T: 0 }, "energy")).toBeCloseTo(-0.76526, 4.5);
    expect(value({ ...sk, ansatz: "rsb1", T: 0 }, "q0")).toBeGreaterThan(0.4);
  });
  test("stability changes at T = 1, and both transitions are there", () => {
    expect(value({ ...sk, ansatz: "rs", T: 1.001 }, "replicon")).toBeGreaterThan(0);
    expect(value({ ...sk, ansatz: "rs", T: 0.95 }, "replicon")).toBeLessThan(0);
    expect(value({ ...sk, ansatz: "rs", T: 1 }, "T_d")).toBeCloseTo(1, 12);
    expect(value({ ...sk, ansatz: "rs", T: 1 }, "T_s")).toBeCloseTo(1, 12);
  });
  test("the line of de Almeida and Thouless at small fields: T = 1 − (3/4)^(1/3) h^(2/3)", () => {
    const field = (h: number, T: number): number => value({ ...sk, ansatz: "rs", T, bias: [{ power: 1, coefficient: -h }] }, "replicon");
    const h = 1e-3, line = 1 - 0.75 ** (1 / 3) * h ** (2 / 3);
    expect(field(h, line + 0.001)).toBeGreaterThan(0);
    expect(field(h, line - 0.001)).toBeLessThan(0);
  });
  test("a ferromagnetic bias: Curie-Weiss without disorder, and the phase boundary J0 = 1 at T > J", () => {
    const cw = { space: "hypercube", ansatz: "rs", bias: [{ power: 2, coefficient: -0.5 }] } as const;
    expect(value({ ...cw, T: 0.8 }, "m")).toBeCloseTo(0.7104118, 6);
    expect(value({ ...cw, T: 0 }, "energy")).toBe(-0.5);
    expect(value({ ...sk, ...cw, bias: [{ power: 2, coefficient: -0.55 }], T: 1.05 }, "m")).toBeGreaterThan(0.05);
    expect(value({ ...sk, ...cw, bias: [{ power: 2, coefficient: -0.5 }], T: 1.05 }, "m")).toBe(0);
  });
});

describe("Ising p-spin", () => {
  test("three spins: transitions and ground state", () => {
    expect(value({ ...p3, ansatz: "rsb1", T: 1 }, "T_d")).toBeCloseTo(0.6816, 4);
    expect(value({ ...p3, ansatz: "rsb1", T: 1 }, "T_s")).toBeCloseTo(0.65139, 4.5);
    expect(value({ ...p3, ansatz: "rsb1", T: 0.2 }, "energy")).toBeCloseTo(value({ ...p3, ansatz: "rsb1", T: 0 }, "energy"), 2.4);
    // Gardner transition at T = 0.24.
    expect(value({ ...p3, ansatz: "rsb1", T: 0.25 }, "replicon")).toBeGreaterThan(0);
    expect(value({ ...p3, ansatz: "rsb1", T: 0.23 }, "replicon")).toBeLessThan(0);
  });
  test("complexity vanishes at the static transition and jumps at the dynamical one", () => {
    expect(value({ ...p3, ansatz: "rsb1", T: 0.6513852269 + 1e-6 }, "complexity")).toBeCloseTo(0, 5);
    expect(value({ ...p3, ansatz: "rsb1", T: 0.681 }, "complexity")).toBeGreaterThan(0.005);
    expect(() => value({ ...p3, ansatz: "rsb1", T: 0.69 }, "complexity")).toThrow(/dynamical/);
    expect(value({ ...p3, ansatz: "rsb1", T: 0.5 }, "complexity")).toBeCloseTo(0, 9);
  });
  test("transitions of many powers (values by an independent program), up to the random energy model", () => {
    const expected: readonly (readonly [number, number, number])[] = [[3, 0.68159804058, 0.65138522694], [4, 0.67841105486, 0.61688328952], [5, 0.70014170712, 0.60695173024], [8, 0.78418438012, 0.60112800911], [16, 0.98014943083, 0.60056281617], [32, 1.26485260888, 0.60056120441]];
    for (const [p, dynamical, statical] of expected) {
      const question = { space: "hypercube", mixture: pure(p), ansatz: "rsb1", T: 1 } as const;
      expect(value(question, "T_d")).toBeCloseTo(dynamical, 9);
      expect(value(question, "T_s")).toBeCloseTo(statical, 9);
    }
    expect(0.60056120441).toBeCloseTo(1 / (2 * Math.sqrt(Math.LN2)), 10);
  });
  test("an odd power at very low temperature is frozen", () => {
    const question = { space: "hypercube", mixture: pure(17), ansatz: "rsb1" } as const;
    expect(value({ ...question, T: 0.002 }, "energy")).toBeCloseTo(value({ ...question, T: 0 }, "energy"), 6);
    expect(value({ ...question, T: 0.002 }, "m") / 0.002).toBeCloseTo(2 * Math.sqrt(Math.LN2), 4);
  });
  test("large p is the random energy model", () => {
    const rem = { space: "hypercube", ansatz: "rsb1", mixture: pure(16) } as const;
    expect(value({ ...rem, T: 0 }, "energy")).toBeCloseTo(-Math.sqrt(Math.LN2), 4);
    expect(value({ ...rem, T: 1 }, "T_s")).toBeCloseTo(1 / (2 * Math.sqrt(Math.LN2)), 4);
    // Frozen below it: m = T/T_s, and states of overlap 1.
    expect(value({ ...rem, T: 0.5 }, "energy")).toBeCloseTo(-Math.sqrt(Math.LN2), 4);
    expect(value({ ...rem, T: 0.5 }, "m")).toBeCloseTo(0.5 * 2 * Math.sqrt(Math.LN2), 4);
    expect(value({ ...rem, T: 0.5 }, "q1")).toBeCloseTo(1, 4);
    expect(value({ ...rem, T: 0.5 }, "complexity")).toBeCloseTo(0, 9);
    // Above it exp(n Σ) clusters together are the paramagnet: Σ = log 2 − β²/4.
    expect(value({ ...rem, T: 0.7 }, "complexity")).toBeCloseTo(Math.LN2 - 1 / (4 * 0.49), 3);
  });
});

describe("on the sphere", () => {
  test("three spins: T_d, T_s, ground state; two spins: a transition without broken symmetry", () => {
    expect(value({ ...sphere3, ansatz: "rsb1", T: 1 }, "T_d")).toBeCloseTo(Math.sqrt(3) / 2, 8);
    expect(value({ ...sphere3, ansatz: "rsb1", T: 1 }, "T_s")).toBeCloseTo(0.8288055, 7);
    expect(value({ ...sphere3, ansatz: "rsb1", T: 0 }, "energy")).toBeCloseTo(-1.65699836, 8);
    const p2 = { space: "sphere", mixture: pure(2, 1) } as const;
    for (const ansatz of ["rs", "rsb1"] as const) {
      expect(value({ ...p2, ansatz, T: 0.5 }, "energy")).toBeCloseTo(-Math.SQRT2 + 0.25, 10);
      expect(value({ ...p2, ansatz, T: 2 }, "energy")).toBeCloseTo(-0.5, 10);
      expect(value({ ...p2, ansatz, T: 0 }, "energy")).toBeCloseTo(-Math.SQRT2, 10);
    }
  });
  test("the complexity at T_d is that of Kac and Rice at the threshold's free energy, and 0 at T_s", () => {
    expect(value({ ...sphere3, ansatz: "rsb1", T: 0.8288055 + 1e-6 }, "complexity")).toBeCloseTo(0, 5);
  });
  test("mixtures: energies, overlaps and transitions (values by an independent program)", () => {
    const mixed = (second: number, a: number, first: number): GaussianQuestion["mixture"] => [{ power: first, coefficient: a }, { power: second, coefficient: 1 - a }];
    const two3 = { space: "sphere", ansatz: "rsb1", mixture: mixed(3, 0.5, 2) } as const, three4 = { ...two3, mixture: mixed(4, 0.5, 3) };
    expect(value({ ...two3, T: 0 }, "energy")).toBeCloseTo(-1.5570943798187, 10);
    expect(value({ ...two3, T: 0.5 }, "energy")).toBeCloseTo(-1.2971310884654, 10);
    expect(value({ ...two3, T: 0.5 }, "q1")).toBeCloseTo(0.7354066349397, 9);
    expect(value({ ...two3, T: 0.5 }, "m")).toBeCloseTo(0.2511100656716, 9);
    expect(value({ ...three4, T: 0 }, "energy")).toBeCloseTo(-1.7330695583522, 10);
    expect(value({ ...three4, T: 0.5 }, "energy")).toBeCloseTo(-1.4688768916225, 10);
    expect(value({ ...three4, T: 0.5 }, "replicon")).toBeCloseTo(0.337741062708, 9);
    // Pair terms that are large enough make the transition continuous: T² = ξ''(0).
    for (const quantity of ["T_d", "T_s"]) expect(value({ ...two3, mixture: mixed(3, 0.9, 2), T: 1 }, quantity)).toBeCloseTo(Math.sqrt(1.8), 12);
  });
  test("where clusters are correlated continuously more steps are needed, which is said", () => {
    const two4 = { space: "sphere", ansatz: "rsb1", mixture: [{ power: 2, coefficient: 0.7 }, { power: 4, coefficient: 0.3 }] } as const;
    for (const [T, replicon] of [[0, -0.08837206239], [0.1, -0.09455816446]] as const) {
      expect(value({ ...two4, T }, "replicon")).toBeCloseTo(replicon, 8);
      const theory = solved({ ...two4, T });
      theory.predict("energy", []);
      expect(theory.assumptions.join()).toContain("unstable against further replica symmetry breaking");
    }
    const frozen = solved({ ...p3, ansatz: "rsb1", T: 0 });
    frozen.predict("energy", []);
    expect(frozen.assumptions.join()).toContain("unstable against further replica symmetry breaking");
  });
  test("spiked matrix at the Bayes-optimal temperature: m = q = 1 − 1/λ", () => {
    const lambda = 2, spiked = { space: "sphere", mixture: pure(2, lambda / 2), bias: [{ power: 2, coefficient: -lambda / 2 }], ansatz: "rs", T: 1 } as const;
    expect(value(spiked, "m")).toBeCloseTo(1 - 1 / lambda, 9);
    expect(value(spiked, "q")).toBeCloseTo(1 - 1 / lambda, 9);
  });
});

describe("random fields, which leave spins independent", () => {
  const field = { space: "hypercube", mixture: pure(1, 1) } as const;
  const average = (f: (z: number) => number): number => integrateGauss((z, out) => { out[0] = f(z); }, 1, 1e-12)[0]!;
  test.each(["rs", "rsb1"] as const)("alone, %s", (ansatz) => {
    for (const T of [0.5, 1]) {
      expect(value({ ...field, ansatz, T }, "q")).toBeCloseTo(average((z) => Math.tanh(z / T) ** 2), 10);
      expect(value({ ...field, ansatz, T }, "energy")).toBeCloseTo(-average((z) => z * Math.tanh(z / T)), 10);
      expect(value({ ...field, ansatz, T }, "free_entropy")).toBeCloseTo(average((z) => Math.log(2 * Math.cosh(z / T))), 10);
      expect(value({ ...field, ansatz, T }, "replicon")).toBe(1);
    }
    expect(value({ ...field, ansatz, T: 0 }, "energy")).toBeCloseTo(-Math.sqrt(2 / Math.PI), 10);
  });
  test("with a ferromagnetic mean, T. Schneider, E. Pytte, Phys. Rev. B 15, 1519 (1977)", () => {
    const at = (T: number, variance: number): Short => ({ ...field, mixture: pure(1, variance), ansatz: "rs", T, bias: [{ power: 2, coefficient: -0.5 }] });
    const m = value(at(0.4, 0.2), "m");
    expect(m).toBeGreaterThan(0.5);
    expect(m).toBeCloseTo(average((z) => Math.tanh((m + Math.sqrt(0.2) * z) / 0.4)), 9);
    expect(value(at(0.4, 0.2), "q")).toBeCloseTo(average((z) => Math.tanh((m + Math.sqrt(0.2) * z) / 0.4) ** 2), 9);
    // The order is lost where the field's standard deviation is √(2/π), at T = 0.
    expect(value(at(0, 0.99 * 2 / Math.PI), "m")).toBeGreaterThan(0.1);
    expect(value(at(0, 1.01 * 2 / Math.PI), "m")).toBeCloseTo(0, 6);
  });
});

describe("free entropy and observables belong together: dφ/dβ = −e, df/dT = −s", () => {
  const field = [{ power: 1, coefficient: -0.3 }], both = [{ power: 1, coefficient: -0.3 }, { power: 2, coefficient: -0.4 }];
  const cases: readonly (readonly [string, Omit<Short, "T">, number])[] = [
    ["SK", { ...sk, ansatz: "rs" }, 0.8], ["p = 3 one step", { ...p3, ansatz: "rsb1" }, 0.5], ["sphere one step", { ...sphere3, ansatz: "rsb1" }, 0.6],
    ["SK in a field", { ...sk, ansatz: "rs", bias: field }, 0.7], ["SK with field and ferromagnetic bias", { ...sk, ansatz: "rs", bias: both }, 0.7],
    ["sphere in a field", { ...sphere3, ansatz: "rs", bias: field }, 0.9], ["a constant", { ...sk, ansatz: "rs", mean: 1.5 }, 0.8],
    ["a random field", { space: "hypercube", mixture: pure(1, 0.3), ansatz: "rs", bias: both }, 0.7],
    ["a random field and a Gaussian direction", { space: "hypercube", mixture: pure(1, 0.3), ansatz: "rs", bias: both, gaussianDirection: 0.7 }, 0.7],
    ["a random field on the sphere", { space: "sphere", mixture: pure(1, 0.3), ansatz: "rs", bias: both }, 0.7],
    ["a Gaussian direction", { ...sk, ansatz: "rs", bias: both, gaussianDirection: 0.7 }, 0.7],
  ];
  test.each(cases)("%s", (_, question, T) => {
    const h = 2e-4, f = (t: number): number => value({ ...question, T: t }, "free_energy");
    expect((f(T - h) - f(T + h)) / (2 * h)).toBeCloseTo(value({ ...question, T }, "entropy"), 5);
    expect(value({ ...question, T }, "free_energy")).toBeCloseTo(value({ ...question, T }, "energy") - T * value({ ...question, T }, "entropy"), 9);
  });
  test("a field's magnetisation is −∂f/∂h", () => {
    const at = (h: number): Short => ({ ...p3, ansatz: "rs", T: 0.7, bias: [{ power: 1, coefficient: -h }] });
    const slope = (value(at(0.1 - 1e-4), "free_energy") - value(at(0.1 + 1e-4), "free_energy")) / 2e-4;
    expect(value(at(0.1), "m")).toBeCloseTo(slope, 6);
  });
  test("T → 0 of fields", () => {
    const at = (T: number, ansatz: "rs"): Short => ({ ...sk, ansatz, T, bias: field });
    expect(value(at(0.05, "rs"), "energy")).toBeCloseTo(value(at(0, "rs"), "energy"), 2.5);
    expect(value(at(0.05, "rs"), "m")).toBeCloseTo(value(at(0, "rs"), "m"), 2);
  });
});

function ask(text: string, quantity: string, named: Readonly<Record<string, number>>): number {
  const { models, theories } = compile(text);
  const answer = theoryOracle(theories, models)({ theory: theories[0]!.name, quantity, arguments: [], named, context: {} });
  if ("refused" in answer) throw new Error(answer.refused);
  return answer.value;
}

describe("one model in several writings", () => {
  const write = (ensembles: string, energy: string, more = ""): string => `model M(N = 60) { ${ensembles} state s[i in N] : spin energy H = ${energy} observable e = H/N observable m = mean(s) ${more} }\ntheory R of M = replica(rs)`;
  const reference = write("ensemble J[i < j in N] ~ Normal(0.6/N, var = 1/N)", "-(sum(i < j) J[i,j]*s[i]*s[j]) - 0.2*sum(i) s[i]");
  const other = [
    write("ensemble J[i < j in N] ~ Normal(0, var = 1)", "-(sum(i < j) (0.6/N + J[i,j]/sqrt(N))*s[i]*s[j]) - 0.2*N*mean(s)"),
    write("ensemble A[b in N, a in N] ~ Normal(0, var = 2)", "-(sum(k) (0.2*s[k])) - 0.3*(sum(i) s[i])^2/N - sum(i, j) A[j,i]*s[i]*s[j]/(2*sqrt(N))"),
    write("ensemble J[i < j in N] ~ Normal(0, var = 1/N) let K[i < j in N] = 0.6/N + J[i,j]", "-sum(i < j) K[i,j]*s[i]*s[j] - 0.2*sum(i) s[i]"),
    write("ensemble J[i < j in N] ~ Sign ensemble v[i in N] ~ Sign", "-(sum(i < j) (0.6*v[i]*v[j]/N + J[i,j]/sqrt(N))*s[i]*s[j]) - 0.2*sum(i) v[i]*s[i]", "observable o = overlap(s, v)"),
  ];
  test.each(other.map((text, k) => [k, text] as const))("writing %i", (_, text) => {
    for (const quantity of ["energy", "e", "q", "replicon"]) expect(ask(text, quantity, { T: 0.9 })).toBeCloseTo(ask(reference, quantity, { T: 0.9 }), 10);
    expect(ask(text, text.includes("overlap") ? "o" : "m", { T: 0.9 })).toBeCloseTo(ask(reference, "m", { T: 0.9 }), 10);
  });
  test("functions of what has a definite value", () => {
    const more = write("ensemble J[i < j in N] ~ Normal(0.6/N, var = 1/N)", "-(sum(i < j) J[i,j]*s[i]*s[j]) - 0.2*sum(i) s[i]", "observable mixed = 2*H/N - 3*mean(s) + 1 observable size = abs(mean(s)) observable square = mean(s)^2 observable wave = sum(i) i*s[i]/N^2");
    const [e, m] = ["e", "m"].map((q) => ask(more, q, { T: 0.9 })) as [number, number];
    expect(ask(more, "mixed", { T: 0.9 })).toBeCloseTo(2 * e - 3 * m + 1, 10);
    expect(ask(more, "size", { T: 0.9 })).toBeCloseTo(m, 12);
    expect(ask(more, "square", { T: 0.9 })).toBeCloseTo(m * m, 12);
    expect(() => ask(more, "wave", { T: 0.9 })).toThrow(/not a function of the energy and of overlaps/);
  });
});

describe("refused with the reason", () => {
  const model = (body: string, method = "replica(rs, T = 1)"): string => `model M(N = 60) { ${body} }\ntheory R of M = ${method}`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["couplings along one axis", model("ensemble J[i in N] ~ Normal(0, var = 1) state s[i in N] : spin energy H = -sum(i in N - 1) J[i]*s[i]*s[i + 1]"), /particular entries|part of the entries/],
    ["a field that depends on the site", model("ensemble J[i < j in N] ~ Normal(0, var = 1/N) state s[i in N] : spin energy H = -(sum(i < j) J[i,j]*s[i]*s[j]) - sum(i) i*s[i]/N"), /weights the entries of the state by their index/],
    ["two directions", model("ensemble J[i < j in N] ~ Normal(0, var = 1/N) ensemble v[i in N] ~ Sign state s[i in N] : spin energy H = -(sum(i < j) (J[i,j] + v[i]*v[j]/N)*s[i]*s[j]) - sum(i) s[i]"), /two directions/],
    ["soft spins", model("ensemble J[i < j in N] ~ Normal(0, var = 1/N) state s[i in N] : interval(-1, 1) energy H = -sum(i < j) J[i,j]*s[i]*s[j]"), /interval|sphere/],
    ["a quartic term that the sphere leaves free", model("ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1) state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = (sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N) + sum(i) w[i]^4", "kac_rice()"), /w\[i\]\^4/],
    ["a field, for Kac and Rice", model("ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1) state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = (sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N) + sum(i) w[i]", "kac_rice()"), /on no ensemble/],
  ];
  test.each(cases)("%s", (_, text, reason) => expect(() => ask(text, text.includes("kac_rice") ? "E_inf" : "energy", {})).toThrow(reason));
  test("a sum of squares on its own sphere is a constant", () => {
    const landscape = (more: string): string => model(`ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1) state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = (sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N) ${more}`, "kac_rice()");
    expect(ask(landscape("+ 0.5*sum(i) w[i]^2"), "E_inf", {})).toBeCloseTo(ask(landscape(""), "E_inf", {}) - 0.5, 12);
  });
});

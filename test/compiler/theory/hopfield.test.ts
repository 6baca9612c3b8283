/** Associative memories: the values of Amit, Gutfreund and Sompolinsky (1987), limits, derivatives of the free energy, and writings of one model. */
import { describe, expect, test } from "vitest";
import { erf } from "../../../runtime/special/index.ts";
import { compile } from "../../../compiler/compile.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";

function ask(text: string, quantity: string, named: Readonly<Record<string, number>> = {}): number {
  const { models, theories } = compile(text);
  const answer = theoryOracle(theories, models)({ theory: theories[0]!.name, quantity, arguments: [], named, context: {} });
  if ("refused" in answer) throw new Error(answer.refused);
  expect(answer.residual).toBeLessThan(1e-10);
  return answer.value;
}
const memory = (energy: string, more = "", patterns = "ensemble xi[mu in P, i in N] ~ Sign", start = " = xi[1,i]"): string =>
  `model M(N = 400, alpha = 0.05) { let P = round(alpha*N) ${patterns} state s[i in N] : spin${start} ${more} energy H = ${energy} observable o = overlap(s, xi[1,:]) observable other = overlap(s, xi[2,:]) observable e = H/N }\ntheory R of M = replica(rs)`;
const square = memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)");

describe("values", () => {
  test("T = 0: the equation of y, m = erf y, up to the capacity 0.1379", () => {
    expect(ask(square, "alpha_c", { T: 0 })).toBeCloseTo(0.137906, 6);
    for (const alpha of [0.02, 0.05, 0.1, 0.137, 0.1379]) {
      // The largest y: from above by iteration.
      let y = 1 / Math.sqrt(2 * alpha);
      for (let k = 0; k < 100000; k++) y = erf(y) / (Math.sqrt(2 * alpha) + (2 / Math.sqrt(Math.PI)) * Math.exp(-y * y));
      expect(ask(square, "m", { T: 0, alpha })).toBeCloseTo(erf(y), 8);
    }
    expect(ask(square, "m", { T: 0, alpha: 0.138 })).toBe(0);
    // At the capacity 1.6 % of the spins are wrong.
    expect((1 - ask(square, "m", { T: 0, alpha: 0.1379 })) / 2).toBeCloseTo(0.0163, 3);
  });
  test("the retrieval states have the lowest energy up to alpha = 0.051", () => {
    const lead = (alpha: number): number => ask(square, "energy", { T: 0, alpha }) - ask(square, "glass_energy", { T: 0, alpha });
    expect(lead(0.0505)).toBeLessThan(0);
    expect(lead(0.052)).toBeGreaterThan(0);
  });
  test("the spin glass at T = 0: its energy, and entropies below 0", () => {
    const alpha = 0.1;
    expect(ask(square, "glass_energy", { T: 0, alpha }) + alpha / 2).toBeCloseTo(-1 / Math.PI - Math.sqrt((2 * alpha) / Math.PI), 10);
    expect(ask(square, "glass_entropy", { T: 0, alpha })).toBeLessThan(0);
    expect(ask(square, "entropy", { T: 0, alpha })).toBeLessThan(0);
  });
  test("temperatures: the spin glass begins at 1 + √alpha, memories of a small load at T = 1", () => {
    expect(ask(square, "T_g", { T: 0.5, alpha: 0.09 })).toBeCloseTo(1.3, 12);
    expect(ask(square, "glass_q", { T: 1.299, alpha: 0.09 })).toBeGreaterThan(1e-4);
    expect(ask(square, "glass_q", { T: 1.301, alpha: 0.09 })).toBe(0);
    expect(ask(square, "replicon", { T: 1.301, alpha: 0.09 })).toBeGreaterThan(0);
    expect(ask(square, "replicon", { T: 1.299, alpha: 0.09 })).toBeLessThan(1e-9);
    expect(ask(square, "m", { T: 0.97, alpha: 1e-4 })).toBeGreaterThan(0.2);
    expect(ask(square, "m", { T: 0.99, alpha: 1e-4 })).toBe(0);
    // Curie-Weiss without a load.
    expect(ask(square, "m", { T: 0.8, alpha: 1e-9 })).toBeCloseTo(0.7104118, 6);
  });
  test("the published free energy, by the theory of one's own that it is", () => {
    const own = `theory A(alpha = 0.05, T = 0.2) { order m in (0, 1) = 0.98, q in (0, 1) = 0.97, r in (0, 100) = 1.5
      free_energy f = m^2/2 + alpha*r*(1 - q)/(2*T) + alpha*T/2 * (log(1 - (1 - q)/T) - q/T/(1 - (1 - q)/T)) - T * gauss(z) log(2*cosh((sqrt(alpha*r)*z + m)/T))
      saddle f over m, q, r }`;
    for (const [mine, theirs] of [["m", "m"], ["q", "q"], ["r", "r"], ["free_energy", "f"]] as const) expect(ask(square, mine, { T: 0.3, alpha: 0.04 })).toBeCloseTo(ask(own, theirs, { T: 0.3, alpha: 0.04 }), 8);
  });
});

describe("free energy and observables belong together", () => {
  const cases = [["retrieval", square, "", 0.05, 0.4], ["spin glass", square, "glass_", 0.05, 0.8], ["with a field", memory("-(sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)) - 0.2*sum(i) xi[1,i]*s[i]"), "", 0.1, 1.2],
    ["Gaussian patterns", memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)", "", "ensemble xi[mu in P, i in N] ~ Normal(0, var = 2)", ""), "glass_", 0.1, 1.5]] as const;
  test.each(cases)("−df/dT = s: %s", (_, text, prefix, alpha, T) => {
    const h = 1e-4, f = (t: number): number => ask(text, `${prefix}free_energy`, { T: t, alpha });
    expect((f(T - h) - f(T + h)) / (2 * h)).toBeCloseTo(ask(text, `${prefix}entropy`, { T, alpha }), 6);
    expect(f(T)).toBeCloseTo(ask(text, `${prefix}energy`, { T, alpha }) - T * ask(text, `${prefix}entropy`, { T, alpha }), 10);
  });
  test("T → 0", () => {
    for (const q of ["energy", "glass_energy", "m"]) expect(ask(square, q, { T: 0.01, alpha: 0.1 })).toBeCloseTo(ask(square, q, { T: 0, alpha: 0.1 }), 3);
  });
  test("the overlap is −∂f/∂h", () => {
    const at = (h: number): string => memory(`-(sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)) - ${h}*sum(i) xi[1,i]*s[i]`);
    const slope = (ask(at(0.1999), "free_energy", { T: 0.9 }) - ask(at(0.2001), "free_energy", { T: 0.9 })) / 2e-4;
    expect(ask(at(0.2), "m", { T: 0.9 })).toBeCloseTo(slope, 6);
  });
});

describe("one model in several writings", () => {
  const couplings = (slots: string, body: string): string => `let J[${slots}] = ${body}`;
  /** With the diagonal's energy P/2 taken off. */
  const writings = [
    memory("-sum(i, j) J[i,j]*s[i]*s[j]/2 + P/2", couplings("i in N, j in N", "sum(mu) xi[mu,i]*xi[mu,j]/N")),
    memory("-sum(i < j) J[i,j]*s[i]*s[j]", couplings("i < j in N", "sum(mu) xi[mu,i]*xi[mu,j]/N")),
    memory("-sum(i, j) J[i,j]*s[i]*s[j]/2", couplings("i in N, j in N", "if i == j then 0 else sum(mu) xi[mu,i]*xi[mu,j]/N")),
    memory("-0.5*sum(i, j) J[i,j]*s[i]*s[j] + 0.5*sum(i) J[i,i]", couplings("i in N, j in N", "sum(nu) xi[nu,j]*xi[nu,i]/N")),
    memory("-N*sum(mu) a[mu]^2/2 + P/2", "let a[mu] = overlap(xi[mu,:], s)"),
    memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*sqrt(N)*sqrt(N)) + alpha*N/2"),
    memory("-sum(mu) (sum(i) xi[i,mu]*s[i])^2/(2*N) + P/2", "", "ensemble xi[i in N, mu in P] ~ Sign", " = xi[i,1]").replaceAll("xi[1,:]", "xi[:,1]").replaceAll("xi[2,:]", "xi[:,2]"),
  ];
  test.each(writings.map((text, k) => [k, text] as const))("writing %i", (_, text) => {
    const reference = writings[0]!;
    for (const T of [0, 0.5]) for (const quantity of ["energy", "entropy", "m", "q", "r", "glass_energy", "o", "e"]) expect(ask(text, quantity, { T })).toBeCloseTo(ask(reference, quantity, { T }), 10);
    expect(ask(text, "energy", { T: 0.5 })).toBeCloseTo(ask(square, "energy", { T: 0.5 }) + 0.025, 10);
  });
  test("larger patterns are a larger temperature scale", () => {
    const large = memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)", "", "ensemble xi[mu in P, i in N] ~ Normal(0, var = 4)", ""), unit = memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)", "", "ensemble xi[mu in P, i in N] ~ Normal(0, var = 1)", "");
    expect(ask(large, "energy", { T: 2 })).toBeCloseTo(4 * ask(unit, "energy", { T: 0.5 }), 10);
  });
  test("observables: the retrieved pattern is that of the start, other overlaps vanish", () => {
    const second = memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)", "", undefined, " = xi[2,i]");
    expect(ask(square, "o", { T: 0.2 })).toBeCloseTo(ask(square, "m", { T: 0.2 }), 14);
    expect(ask(square, "other", { T: 0.2 })).toBe(0);
    expect(ask(second, "o", { T: 0.2 })).toBe(0);
    expect(ask(second, "other", { T: 0.2 })).toBeCloseTo(ask(square, "m", { T: 0.2 }), 14);
  });
  test("a number of patterns that doesn't grow: Curie-Weiss", () => {
    const few = `model M(N = 400) { ensemble xi[mu in 3, i in N] ~ Sign state s[i in N] : spin energy H = -sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N) }\ntheory R of M = replica(rs)`;
    expect(ask(few, "m", { T: 0.8 })).toBeCloseTo(0.7104118, 7);
    expect(ask(few, "m", { T: 1.1 })).toBe(0);
    expect(ask(few, "energy", { T: 0 })).toBeCloseTo(-0.5, 12);
  });
});

describe("refused with the reason", () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ["biased patterns", memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)", "", "ensemble xi[mu in P, i in N] ~ Normal(0.3, var = 1)", ""), /mean 0\.3.*correlated/],
    ["patterns with a common part", memory("-sum(mu) (sum(i) eta[mu,i]*s[i])^2/(2*N)", "let eta[mu in P, i in N] = sign(xi[mu,i] + 0.5*c[i])", "ensemble c[i in N] ~ Normal(0, var = 1) ensemble xi[mu in P, i in N] ~ Normal(0, var = 1)", ""), /not independent entries/],
    ["soft spins", memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)", "", undefined, "").replace(": spin", ": interval(-1, 1)"), /interval: spins are covered/],
    ["higher powers", memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^4/N^3"), /grow or vanish with the size/],
    ["couplings between patterns", memory("-sum(mu in P - 1) (sum(i) xi[mu,i]*s[i])*(sum(i) xi[mu+1,i]*s[i])/N"), /different patterns|not all of them alike/],
    ["one step", square.replace("replica(rs)", "replica(rsb1)"), /write replica\(rs\)/],
    ["the wrong scale", memory("-sum(mu) (sum(i) xi[mu,i]*s[i])^2/2"), /order 1\/N/],
  ];
  test.each(cases)("%s", (_, text, reason) => expect(() => ask(text, "energy", { T: 0.5 })).toThrow(reason));
});

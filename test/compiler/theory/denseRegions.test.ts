/** One step of replica symmetry breaking at given overlap: densest regions of binary perceptrons against THEORY.md E and limits. */
import { describe, expect, test, vi } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { gaussCdf } from "../../../runtime/special/index.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";

const storage = "model M(N = 501, alpha = 0.76) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Sign state w[i in N] : spin energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0) }\ntheory RS of M = replica(rs, T = 0)\ntheory A of M = replica(rsb1, m = 3, T = 0)\ntheory I of M = replica(rsb1, m = inf, T = 0)\ntheory D of M = replica(rsb1, m = star, T = 0)\n";
const features = "model F(N = 501, over = 2.0, alphaT = 3) { let P = round(N / over) let D = round(P / alphaT) ensemble F[i in N, d in D] ~ Normal(0, var = 1) ensemble t[d in D] ~ Sign ensemble x[mu in P, d in D] ~ Normal(0, var = 1) let y[mu] = sign(sum(d) t[d]*x[mu,d]) let f[mu, i] = sign(sum(d) F[i,d]*x[mu,d]) state w[i in N] : spin let h[mu] = y[mu]*sum(i) f[mu,i]*w[i]/sqrt(N) energy E = count(mu) (h[mu] <= 0) observable train = E/P observable test = train with fresh(x, P = 5000) }\ntheory RS of F = replica(rs, T = 0)\ntheory A of F = replica(rsb1, m = 1, T = 0)\ntheory I of F = replica(rsb1, m = inf, T = 0)\n";
const sphere = "model S(N = 501, alpha = 1) { let P = round(alpha*N) ensemble x[mu in P, i in N] ~ Normal(0, var = 1) state w[i in N] : real constraint sum(i) w[i]^2 == N energy E = count(mu) (sum(i) x[mu,i]*w[i]/sqrt(N) < 0.3) }\ntheory RS of S = replica(rs, T = 0)\ntheory A of S = replica(rsb1, m = 1, T = 0)\n";

function asker(text: string): (theory: string, quantity: string, named?: Readonly<Record<string, number>>) => number {
  const { models, theories, diagnostics } = compile(text);
  expect(diagnostics).toEqual([]);
  const oracle = theoryOracle(theories, models);
  return (theory, quantity, named = {}) => {
    const answer = oracle({ theory, quantity, arguments: [], named, context: {} });
    if ("refused" in answer) throw new Error(answer.refused);
    expect(answer.residual).toBeLessThan(1e-7);
    return answer.value;
  };
}

const mixing = (d: number): number => -d * Math.log(d) - (1 - d) * Math.log(1 - d);
const ask = asker(storage), askFeatures = asker(features);

test("storage, overlap 0.9: entropy of m replicas, its smallest value over m", () => {
  const phi = [3, 5, 10, 100, Infinity].map((m) => ask("A", "entropy", { q: 0.9, m }));
  [0.02849, 0.02492, 0.02705, 0.03562, 0.03712].forEach((v, k) => expect(Math.abs(phi[k]! - v)).toBeLessThan(6e-6));
  expect(ask("D", "entropy", { q: 0.9 })).toBeCloseTo(0.024896, 6);
  expect(ask("D", "m", { q: 0.9 })).toBeCloseTo(5.29, 2);
  expect(ask("D", "external_entropy", { q: 0.9 })).toBeCloseTo(0, 8);
});
test("storage: external entropy at m = inf; star takes m = inf where that is positive", () => {
  for (const [q, sigma] of [[0.7, 0.0117], [0.75, 0.0017], [0.8, -0.036], [0.92, -0.193]] as const) expect(Math.abs(ask("I", "external_entropy", { q }) - sigma)).toBeLessThan(6e-4);
  expect(ask("D", "m", { q: 0.7 })).toBe(Infinity);
  expect(ask("D", "entropy", { q: 0.7 })).toBe(ask("I", "entropy", { q: 0.7 }));
});
test("m = 1 is replica symmetric at every overlap", () => {
  for (const q of [0.6, 0.9]) expect(ask("A", "entropy", { m: 1, q, alpha: 0.5 })).toBeCloseTo(ask("RS", "entropy", { alpha: 0.5 }), 9);
  expect(askFeatures("A", "entropy", { q: 0.8, over: 1 })).toBeCloseTo(askFeatures("RS", "entropy", { over: 1 }), 9);
  const own = asker(sphere);
  expect(own("A", "entropy", { q: 0.9 })).toBeCloseTo(own("RS", "entropy"), 9);
});
test("slope and external entropy are derivatives of the entropy", () => {
  const at = (q: number, m: number): number => ask("A", "entropy", { q, m });
  expect((at(0.8 + 1e-4, 4) - at(0.8 - 1e-4, 4)) / 2e-4).toBeCloseTo(ask("A", "slope", { q: 0.8, m: 4 }), 6);
  expect(-16 * (at(0.8, 4 + 1e-3) - at(0.8, 4 - 1e-3)) / 2e-3).toBeCloseTo(ask("A", "external_entropy", { q: 0.8, m: 4 }), 5);
  const behind = (q: number): number => askFeatures("I", "entropy", { q, over: 1 });
  expect((behind(0.7 + 1e-4) - behind(0.7 - 1e-4)) / 2e-4).toBeCloseTo(askFeatures("I", "slope", { q: 0.7, over: 1 }), 6);
});
test("the curve of m = inf loses its monotonicity at a load of 0.7553, that of star at 0.7737", () => {
  expect(ask("I", "max_slope", { alpha: 0.7548 })).toBeLessThan(0);
  expect(ask("I", "max_slope", { alpha: 0.7558 })).toBeGreaterThan(0);
  expect(ask("D", "max_slope", { alpha: 0.7727 })).toBeLessThan(0);
  expect(ask("D", "max_slope", { alpha: 0.7747 })).toBeGreaterThan(0);
});
test("random features: members of the dense region generalise better than typical states", () => {
  expect(askFeatures("I", "entropy", { q: 0.5, over: 2 })).toBeCloseTo(0.3507, 4);
  expect(askFeatures("I", "test", { q: 0.7, over: 1 })).toBeCloseTo(0.3070, 4);
  expect(askFeatures("I", "test", { q: 0.7, over: 1 })).toBeLessThan(askFeatures("RS", "test", { over: 1 }));
});
test("random features of many inputs, and few patterns of many features, are those of random labels", () => {
  const difference = (alphaT: number): number => askFeatures("I", "entropy", { q: 0.9, over: 2, alphaT }) - ask("I", "entropy", { q: 0.9, alpha: 0.5 });
  expect(difference(1e-3)).toBeCloseTo(difference(1e-2) / 10, 6);
  expect(askFeatures("A", "entropy", { q: 0.6, m: 3, over: 300 })).toBeCloseTo(askFeatures("A", "entropy", { q: 0.6, m: 3, over: 600 }) + (ask("A", "entropy", { q: 0.6, m: 3, alpha: 1 / 300 }) - ask("A", "entropy", { q: 0.6, m: 3, alpha: 1 / 600 })), 3);
});
test("what it needs is said", () => {
  const bad = (text: string, named: Readonly<Record<string, number>>): void => {
    const { models, theories } = compile(storage.replace("replica(rsb1, m = 3, T = 0)", text));
    const answer = theoryOracle(theories, models)({ theory: "A", quantity: "entropy", arguments: [], named, context: {} });
    throw new Error("refused" in answer ? answer.refused : "an answer");
  };
  expect(() => bad("replica(rsb1, T = 0)", {})).toThrow(/needs m/);
  expect(() => bad("replica(rsb1, m = 3, T = 0)", { q: 0.2 })).toThrow(/farther apart than typical/);
});
test("few patterns: replicas around a free centre, a share (1 − √q)/2 away from it", () => {
  const free = (q: number): number => mixing((1 - Math.sqrt(q)) / 2);
  for (const q of [0.3, 0.9]) expect(ask("I", "entropy", { alpha: 0.01, q })).toBeCloseTo(free(q), 8);
  // Close to each other replicas feel no pattern at any load, and come there continuously.
  for (const q of [0.99, 0.9999]) expect(ask("D", "entropy", { alpha: 0.3, q })).toBeCloseTo(free(q), 8);
  expect(free(0.9) - ask("I", "entropy", { alpha: 0.3, q: 0.9 })).toBeCloseTo(1.2e-4, 5);
  expect(free(0.95) - ask("I", "entropy", { alpha: 0.3, q: 0.95 })).toBeGreaterThan(0);
  expect(ask("D", "slope", { alpha: 0.3, q: 0.99 })).toBeCloseTo((free(0.99 + 1e-5) - free(0.99 - 1e-5)) / 2e-5, 5);
  expect(() => ask("I", "external_entropy", { alpha: 0.3, q: 0.99 })).toThrow("no external_entropy");
});
test("few patterns, few replicas: groups that share next to nothing (values by an independent program)", () => {
  expect(ask("A", "entropy", { alpha: 0.01, q: 0.5, m: 3 })).toBeCloseTo(0.58425897809, 9);
  // Towards no patterns: the number of pairs of states at an overlap.
  const pairs = (q: number): number => (Math.LN2 + mixing((1 - q) / 2)) / 2;
  for (const q of [0.3, 0.9]) {
    const load = (alpha: number): number => ask("A", "entropy", { alpha, q, m: 2 });
    expect(2 * load(1e-4) - load(2e-4)).toBeCloseTo(pairs(q), 6);
  }
  const margin = asker(storage.replace("x[mu,i]*w[i] < 0", "x[mu,i]*w[i]/sqrt(N) < 1.5"));
  expect(margin("A", "entropy", { alpha: 0.003, q: 0.7, m: 20 })).toBeCloseTo(0.3213382961, 9);
});
describe("a symmetric window", () => {
  const own = asker(`${storage.replace("sum(i) x[mu,i]*w[i] < 0", "abs(sum(i) x[mu,i]*w[i]/sqrt(N)) > 1")}`);
  test("two replicas: the second moment of the number of solutions", () => {
    // P(|z1| < 1, |z2| < 1) at correlation q, by quadrature in an independent program.
    for (const [alpha, q, value] of [[0.3, 0.5, 0.5231593814], [1.5, 0.5, 0.1048322567], [1.5, 0.98, 0.0446213156]] as const) expect(own("A", "entropy", { alpha, q, m: 2 })).toBeCloseTo(value, 9);
    expect(own("A", "entropy", { alpha: 1.5, q: 0.5, m: 1 })).toBeCloseTo(own("RS", "entropy", { alpha: 1.5 }), 9);
  });
  test("groups share an overlap where there are many replicas (stationary by an independent program)", () => {
    expect(own("A", "q0", { alpha: 1.5, q: 0.5, m: 2 })).toBe(0);
    expect(own("A", "q0", { alpha: 1.5, q: 0.5, m: 5 })).toBeCloseTo(0.2319550956, 8);
    expect(own("A", "entropy", { alpha: 1.5, q: 0.5, m: 5 })).toBeCloseTo(0.0969905846, 9);
    expect(own("A", "entropy", { alpha: 1.5, q: 0.5, m: 10 })).toBeCloseTo(0.0970894693, 8);
    expect(own("D", "external_entropy", { alpha: 1.5, q: 0.9 })).toBeCloseTo(0, 9);
    const least = own("D", "entropy", { alpha: 1.5, q: 0.9 });
    for (const m of [3, 4.5, 8, Infinity]) expect(own("A", "entropy", { alpha: 1.5, q: 0.9, m })).toBeGreaterThan(least);
  });
  test("few patterns: all replicas around a centre whose fields vanish", () => {
    const q = 0.5, alpha = 0.3, share = (1 - Math.sqrt(q)) / 2;
    expect(own("I", "entropy", { alpha, q })).toBeCloseTo(mixing(share) + alpha * Math.log(2 * gaussCdf(1 / Math.sqrt(1 - q)) - 1), 9);
    const slope = (own("I", "entropy", { alpha, q: q + 1e-4 }) - own("I", "entropy", { alpha, q: q - 1e-4 })) / 2e-4;
    expect(own("I", "slope", { alpha, q })).toBeCloseTo(slope, 6);
    expect(Math.abs(own("A", "entropy", { alpha, q, m: 20000 }) - own("I", "entropy", { alpha, q }))).toBeLessThan(1e-4);
  });
});
test("answers depend on their question alone, not on what was asked before", async () => {
  const questions = [["D", "max_slope", { alpha: 0.76 }], ["D", "entropy", { alpha: 0.76, q: 0.93 }], ["A", "entropy", { alpha: 0.76, q: 0.8 }], ["I", "entropy", { alpha: 0.75, q: 0.7 }], ["RS", "entropy", { alpha: 0.8 }], ["RS", "entropy", { alpha: 0.83 }]] as const;
  const answers = async (order: readonly number[]): Promise<readonly number[]> => {
    vi.resetModules();
    const { compile: anew } = await import("../../../compiler/compile.ts");
    const { theoryOracle: oracleAnew } = await import("../../../compiler/theory/theoryOracle.ts");
    const { models, theories } = anew(storage);
    const oracle = oracleAnew(theories, models), found: number[] = [];
    for (const k of order) {
      const [theory, quantity, named] = questions[k]!;
      const answer = oracle({ theory, quantity, arguments: [], named, context: {} });
      found[k] = "refused" in answer ? NaN : answer.value;
    }
    return found;
  };
  const forwards = await answers([0, 1, 2, 3, 4, 5]);
  expect(forwards.every(Number.isFinite)).toBe(true);
  expect(await answers([5, 4, 3, 2, 1, 0])).toEqual(forwards);
});

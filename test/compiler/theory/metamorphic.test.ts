/** One model in many words is one theory, to 1e-10; models that only look alike are refused, with what is wrong about them. */
import { describe, expect, test } from "vitest";
import { compile } from "../../../compiler/compile.ts";
import { theoryOracle } from "../../../compiler/theory/theoryOracle.ts";

type Question = readonly [theory: string, quantity: string, named?: Readonly<Record<string, number>>, ...arguments_: readonly number[]];

function answers(text: string, questions: readonly Question[]): readonly number[] {
  const { models, theories, diagnostics } = compile(text);
  expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([]);
  const oracle = theoryOracle(theories, models);
  return questions.map(([theory, quantity, named = {}, ...arguments_]) => {
    const answer = oracle({ theory, quantity, arguments: arguments_, named, context: {} });
    if ("refused" in answer) throw new Error(answer.refused);
    return answer.value;
  });
}

function same(writings: Readonly<Record<string, string>>, questions: readonly Question[], around: (declarations: string) => string): void {
  const [, first] = Object.entries(writings)[0]!;
  const expected = answers(around(first), questions);
  test.each(Object.entries(writings))("%s", (_, declarations) => {
    answers(around(declarations), questions).forEach((value, k) => expect(Math.abs(value - expected[k]!)).toBeLessThan(1e-10));
  });
}

describe("storage of random patterns", () => {
  const patterns = "ensemble x[mu in P, i in N] ~ Sign state w[i in N] : spin ";
  same({
    "a count of negative fields": `${patterns}energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0)`,
    "from signs": `${patterns}energy E = sum(mu) (1 - sign(sum(i) x[mu,i]*w[i]))/2`,
    "by number, signs added up elsewhere": `${patterns}energy E = P/2 - 0.5*sum(mu) sign(sum(i) w[i]*x[mu,i])`,
    "outputs and labels that differ": `${patterns}ensemble y[mu in P] ~ Sign let out[mu] = sign(sum(i) x[mu,i]*w[i]) energy E = count(mu) (out[mu] != y[mu])`,
    "a square of their difference": `${patterns}ensemble y[mu in P] ~ Sign let out[mu] = sign(sum(i) x[mu,i]*w[i]) energy E = 0.25*sum(mu) (y[mu] - out[mu])^2`,
    "labels in the inputs": `${patterns}ensemble y[mu in P] ~ Sign let z[mu,i] = y[mu]*x[mu,i] energy E = count(mu) (sum(i) z[mu,i]*w[i] < 0)`,
    "labels from coins": `${patterns}ensemble y[mu in P] ~ Bernoulli(0.5) energy E = count(mu) ((y[mu] == 1) != (sum(i) x[mu,i]*w[i] > 0))`,
    "if": `${patterns}let out[mu] = if sum(i) x[mu,i]*w[i] >= 0 then 1 else -1 energy E = count(mu) (out[mu] == -1)`,
    "those that are right": `${patterns}energy E = P - count(mu) (sum(i) x[mu,i]*w[i] >= 0)`,
    "a function": `${patterns}energy E = sum(mu) theta(-sum(i) x[mu,i]*w[i])`,
    "a mean, times their number": `${patterns}let e = mean(mu) (dot(x[mu,:], w) < 0) energy E = e*P`,
    "sites first, other names, another variance": "ensemble ξ[site in N, a in P] ~ Normal(0, var = 3/N) state σ[site in N] : spin energy cost = count(a) (-sum(site) ξ[site,a]*σ[site] > 0)",
    "uniform inputs": "ensemble x[mu in P, i in N] ~ Uniform(-1, 1) state w[i in N] : spin energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0)",
    "inputs from coins": "ensemble b[mu in P, i in N] ~ Bernoulli(0.5) state w[i in N] : spin let x[mu,i] = 2*b[mu,i] - 1 energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0)",
    "inputs from signs of Gaussians": "ensemble g[mu in P, i in N] ~ Normal(0, 1) state w[i in N] : spin let x[mu,i] = sign(g[mu,i]) energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0)",
    "bits": "ensemble x[mu in P, i in N] ~ Sign state b[i in N] : bit let w[i] = 2*b[i] - 1 energy E = count(mu) (sum(i) x[mu,i]*w[i] < 0)",
  }, [["RS", "entropy"], ["RS", "q"], ["RS", "replicon"]], (d) => `fn theta(x) = if x > 0 then 1 else 0\nmodel M(N = 501, alpha = 0.5) { let P = round(alpha*N) ${d} }\ntheory RS of M = replica(rs, T = 0)`);
});

describe("weights on a sphere with a margin", () => {
  const from = (variance: string, constraint: string, error: string): string => `ensemble x[mu in P, i in N] ~ Normal(0, var = ${variance}) state w[i in N] : real constraint ${constraint} energy E = count(mu) (${error})`;
  same({
    "|w|² = N": from("1", "sum(i) w[i]^2 == N", "sum(i) x[mu,i]*w[i]/sqrt(N) < κ"),
    "the margin on the left": from("1", "sum(i) w[i]^2/N == 1", "sum(i) x[mu,i]*w[i]/sqrt(N) - κ < 0"),
    "the margin in units of the norm": from("1", "norm(w) == sqrt(N)", "sum(i) x[mu,i]*w[i] < κ*sqrt(N)"),
    "|w| = 1": from("1", "sum(i) w[i]^2 == 1", "sum(i) x[mu,i]*w[i] < κ"),
    "another radius, scaled inputs": from("1/N", "dot(w, w) == 4*N", "sum(i) x[mu,i]*w[i] < 2*κ"),
    "the norm in the loss": from("5", "sum(i) w[i]^2 == N", "sum(i) x[mu,i]*w[i]/norm(w) < κ*sqrt(5)"),
  }, [["RS", "entropy"], ["RS", "capacity"]], (d) => `model M(N = 501, alpha = 0.9, κ = 0.3) { let P = round(alpha*N) ${d} }\ntheory RS of M = replica(rs, T = 0)`);
});

describe("a window", () => {
  const of = (energy: string): string => `ensemble x[mu in P, i in N] ~ Normal(0, var = 1) state w[i in N] : spin energy E = ${energy}`;
  same({
    "absolute values": of("count(mu) (abs(sum(i) x[mu,i]*w[i])/sqrt(N) > 1)"),
    "or": of("count(mu) (sum(i) x[mu,i]*w[i] > sqrt(N) or sum(i) x[mu,i]*w[i] < -sqrt(N))"),
    "squares": of("count(mu) ((sum(i) x[mu,i]*w[i])^2 > N)"),
    "two counts": of("count(mu) (sum(i) x[mu,i]*w[i] > sqrt(N)) + count(mu) (sum(i) x[mu,i]*w[i] < -sqrt(N))"),
    "those inside": of("P - count(mu) (-1 < sum(i) x[mu,i]*w[i]/sqrt(N) < 1)"),
  }, [["RS", "entropy"], ["RS", "capacity"]], (d) => `model M(N = 501, alpha = 1.2) { let P = round(alpha*N) ${d} }\ntheory RS of M = replica(rs, T = 0)`);
});

describe("teacher and student", () => {
  const of = (rest: string): string => `ensemble x[mu in P, i in N] ~ Normal(0, var = 1) ensemble t[i in N] ~ Sign state w[i in N] : spin ${rest}`;
  same({
    "labels times fields": of("let y[mu] = sign(sum(i) t[i]*x[mu,i]) energy E = count(mu) (y[mu]*(sum(i) x[mu,i]*w[i]) < 0)"),
    "a product of two fields": of("energy E = count(mu) ((sum(i) t[i]*x[mu,i])*(sum(i) x[mu,i]*w[i]) < 0)"),
    "signs that differ": of("energy E = count(mu) (sign(sum(i) t[i]*x[mu,i]) != sign(sum(i) x[mu,i]*w[i]))"),
    "truth values that differ": of("energy E = count(mu) ((sum(i) t[i]*x[mu,i] > 0) != (sum(i) x[mu,i]*w[i] > 0))"),
    "if": of("let y[mu] = if sum(i) t[i]*x[mu,i] > 0 then 1 else -1 energy E = count(mu) (y[mu]*(sum(i) x[mu,i]*w[i]) <= 0)"),
    "labels in the inputs": of("let y[mu] = 2*(sum(i) t[i]*x[mu,i] > 0) - 1 let z[mu,i] = y[mu]*x[mu,i] energy E = count(mu) (sum(i) z[mu,i]*w[i] < 0)"),
    "against the teacher": of("let y[mu] = -sign(sum(i) t[i]*x[mu,i]) energy E = count(mu) (y[mu]*(sum(i) x[mu,i]*w[i]) > 0)"),
  }, [["RS", "entropy"], ["RS", "r"]], (d) => `model M(N = 501, alpha = 1) { let P = round(alpha*N) ${d} }\ntheory RS of M = replica(rs, T = 0)`);

  test("a student of the opposite teacher has the overlap −r", () => {
    const ask = (relation: string): readonly number[] => answers(`model M(N = 501, alpha = 1) { let P = round(alpha*N) ${of(`energy E = count(mu) ((sum(i) t[i]*x[mu,i])*(sum(i) x[mu,i]*w[i]) ${relation} 0)`)} }\ntheory RS of M = replica(rs, T = 0)`, [["RS", "entropy"], ["RS", "r"]]);
    const [entropy, r] = ask("<"), [other, opposite] = ask(">");
    expect(other).toBeCloseTo(entropy!, 10);
    expect(opposite).toBeCloseTo(-r!, 10);
  });
});

describe("spherical 3-spin: Kac-Rice and replicas", () => {
  const of = (energy: string, variance = "1", constraint = "sum(i) w[i]^2 == N"): string => `ensemble X[i in N, j in N, k in N] ~ Normal(0, var = ${variance}) state w[i in N] : real constraint ${constraint} energy H = ${energy}`;
  same({
    "as on paper": of("sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N"),
    "the other sign, other order": of("-sum(k, j, i) w[j]*w[i]*X[i,j,k]*w[k]/N"),
    "scaled couplings": of("sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]", "1/N^2"),
    "nested sums": of("sum(i) (sum(j) (sum(k) X[i,j,k]*w[k])*w[j])*w[i]/N"),
    "an expanded product": of("sum(i, j, k) X[i,j,k]*(3*w[i] - 2*w[i])*w[j]*w[k]/N"),
    "the unit sphere": of("sqrt(N)*sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]", "1", "norm(w) == 1"),
    "unit vectors in the energy": of("sqrt(N)*sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/norm(w)^3"),
    "a function": of("cubic(X, w)/N", "1", "dot(w, w) - N == 0"),
    "each triple once": "ensemble X[i < j < k in N] ~ Normal(0, var = 6/N^2) state w[i in N] : real constraint mean(i) w[i]^2 == 1 energy H = sum(i < j < k) X[i,j,k]*w[i]*w[j]*w[k]",
    "each triple six times": "ensemble X[i < j < k in N] ~ Normal(0, var = 6/N^2) state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = sum(i != j != k) X[i,j,k]*w[i]*w[j]*w[k]/6",
    "symmetrised couplings": "ensemble G[i in N, j in N, k in N] ~ Normal(0, var = 1) let X[i in N, j in N, k in N] = (G[i,j,k] + G[j,k,i] + G[k,i,j])/3 state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N",
    "two ensembles": "ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 0.5) ensemble Y[i in N, j in N, k in N] ~ Normal(0, var = 0.5) state w[i in N] : real constraint sum(i) w[i]^2 == N energy H = sum(i, j, k) (X[i,j,k] + Y[k,j,i])*w[i]*w[j]*w[k]/N",
  }, [["L", "E_inf"], ["L", "E", {}, 2], ["L", "complexity", {}, -1.64, 0], ["R", "T_d"], ["R", "energy", { T: 0.4 }]],
    (d) => `fn cubic(X[i in n, j in n, k in n], w[i in n]) = sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]\nmodel M(N = 50) { ${d} }\ntheory L of M = kac_rice()\ntheory R of M = replica(rsb1)`);
});

describe("Sherrington-Kirkpatrick", () => {
  const of = (rest: string, couplings = "J[i < j in N] ~ Normal(0, var = 1/N)"): string => `ensemble ${couplings} state s[i in N] : spin ${rest}`;
  same({
    "each pair once": of("energy H = -sum(i < j) J[i,j]*s[i]*s[j]"),
    "each pair twice": of("energy H = -0.5*sum(i != j) J[i,j]*s[i]*s[j]"),
    "local fields": of("let h[i] = sum(j) (if j == i then 0 else J[i,j]*s[j]) energy H = -dot(h, s)/2"),
    "equal or not": of("energy H = -sum(i < j) J[i,j]*(if s[i] == s[j] then 1 else -1)"),
    "squares of differences": of("energy H = sum(i < j) J[i,j]*(s[i] - s[j])^2/2"),
    "all pairs of a full matrix": of("energy H = -sum(i, j) J[i,j]*s[i]*s[j]/sqrt(2)", "J[i in N, j in N] ~ Normal(0, var = 1/N)"),
    "a symmetrised matrix": of("let J[i in N, j in N] = (G[i,j] + G[j,i])/sqrt(2*N) energy H = -sum(i, j) J[i,j]*s[i]*s[j]/2", "G[i in N, j in N] ~ Normal(0, var = 1)"),
    "signs for couplings": of("energy H = -sum(i < j) J[i,j]*s[i]*s[j]/sqrt(N)", "J[i < j in N] ~ Sign"),
    "coins for couplings": of("energy H = -sum(i < j) (2*B[i,j] - 1)*s[i]*s[j]/sqrt(N)", "B[i < j in N] ~ Bernoulli(0.5)"),
    "biased coins": of("energy H = -sum(i < j) (B[i,j] - 0.2)*s[i]*s[j]/sqrt(0.16*N)", "B[i < j in N] ~ Bernoulli(0.2)"),
    "bits": "ensemble J[i < j in N] ~ Normal(0, var = 1/N) state b[i in N] : bit let s[i] = 2*b[i] - 1 energy H = -sum(i < j) J[i,j]*s[i]*s[j]",
  }, [["RS", "energy", { T: 0.8 }], ["RS", "q", { T: 0.6 }]], (d) => `model M(N = 60) { ${d} }\ntheory RS of M = replica(rs)`);
});

describe("Hopfield", () => {
  const of = (rest: string, patterns = "xi[mu in P, i in N] ~ Sign"): string => `ensemble ${patterns} state s[i in N] : spin ${rest}`;
  same({
    "squares of overlaps": of("let m[mu] = mean(i) xi[mu,i]*s[i] energy H = -N/2*sum(mu) m[mu]^2"),
    "the library's overlap": of("energy H = -N/2*sum(mu) overlap(xi[mu,:], s)^2"),
    "couplings with their diagonal": of("let J[i,j] = sum(mu) xi[mu,i]*xi[mu,j]/N energy H = -0.5*sum(i, j) J[i,j]*s[i]*s[j]"),
    "pairs, and the diagonal as a number": of("energy H = -sum(i != j) sum(mu) xi[mu,i]*xi[mu,j]*s[i]*s[j]/(2*N) - P/2"),
    "the norm of the overlaps": of("let m[mu] = sum(i) xi[mu,i]*s[i] energy H = -norm(m)^2/(2*N)"),
    "sites first": of("energy H = -sum(a) (sum(i) xi[i,a]*s[i])^2/(2*N)", "xi[i in N, a in P] ~ Sign"),
    "coins": of("let xi[mu,i] = 2*B[mu,i] - 1 energy H = -sum(mu) (sum(i) xi[mu,i]*s[i])^2/(2*N)", "B[mu in P, i in N] ~ Bernoulli(0.5)"),
  }, [["RS", "energy", { T: 0.2 }], ["RS", "m", { T: 0.2 }]], (d) => `model M(N = 60, alpha = 0.05) { let P = round(alpha*N) ${d} }\ntheory RS of M = replica(rs)`);
});

describe("near misses", () => {
  const refused = (declarations: string, method: string, reason: RegExp): void => {
    const { models, theories, diagnostics } = compile(`model M(N = 50, alpha = 0.5) { ${declarations} }\ntheory T of M = ${method}`);
    expect(diagnostics.filter((d) => d.severity === "error").map((d) => d.message)).toEqual([]);
    const answer = theoryOracle(theories, models)({ theory: "T", quantity: method.startsWith("kac") ? "E_inf" : "energy", arguments: [], named: {}, context: {} });
    expect("refused" in answer ? answer.refused : answer.value).toMatch(reason);
  };
  const cubic = (energy: string, ensembles = "ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1)", constraint = "constraint sum(i) w[i]^2 == N"): string => `${ensembles} state w[i in N] : real ${constraint} energy H = ${energy}`;
  test.each([
    ["a square of one component", cubic("sum(i, j) X[i,j]*w[i]^2*w[j]/N", "ensemble X[i in N, j in N] ~ Normal(0, var = 1)"), /Σ_i w\[i\]\^2 w'\[i\]\^2, which is not a function of the overlap/],
    ["correlated couplings", cubic("sum(i, j, k) g[i]*g[j]*g[k]*w[i]*w[j]*w[k]/N", "ensemble g[i in N] ~ Normal(0, var = 1)"), /not linear in the ensemble/],
    ["a variance that depends on the site", cubic("sum(i, j, k) (i/N)*X[i,j,k]*w[i]*w[j]*w[k]/N"), /weights the entries of the state by their index/],
    ["a random variance", cubic("sum(i, j, k) v[i]*X[i,j,k]*w[i]*w[j]*w[k]/N", "ensemble v[i in N] ~ Sign ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1)"), /not linear in the ensembles `X`, `v`/],
    ["a function of the energy", cubic("N*tanh(sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N^2)"), /not linear in the ensemble `X`/],
    ["a band of couplings", cubic("sum(i, j) (if j < i + 3 then X[i,j]*w[i]*w[j] else 0)", "ensemble X[i in N, j in N] ~ Normal(0, var = 1/N)"), /restricted by the condition/],
    ["a ball", cubic("sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N", undefined, "constraint sum(i) w[i]^2 <= N"), /an inequality is not a sphere/],
    ["another norm", cubic("sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N", undefined, "constraint sum(i) w[i]^4 == N"), /not a plain sum of squares/],
    ["an energy that grows faster than N", cubic("sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]"), /not extensive; multiply it by N\^\(-1\)/],
    ["a planted term", cubic("sum(i, j, k) X[i,j,k]*w[i]*w[j]*w[k]/N - (sum(i) u[i]*w[i])^3/N^2", "ensemble u[i in N] ~ Sign ensemble X[i in N, j in N, k in N] ~ Normal(0, var = 1)"), /not linear in the ensemble/],
    ["soft variables", "ensemble X[i in N, j in N] ~ Normal(0, var = 1/N) state w[i in N] : real ~ Normal(0, 1) energy H = sum(i, j) X[i,j]*w[i]*w[j] + sum(i) w[i]^4", /not on a sphere/],
  ] as const)("Kac-Rice: %s", (_, declarations, reason) => refused(declarations, "kac_rice()", reason));

  const patterns = (energy: string, before = "ensemble x[mu in P, i in N] ~ Sign", state = "state w[i in N] : spin"): string => `let P = round(alpha*N) ${before} ${state} energy E = ${energy}`;
  const error = "count(mu) (sum(i) x[mu,i]*w[i] < 0)";
  test.each([
    ["a step of two fields", patterns("count(mu) (sum(i) x[mu,i]*w[i] < abs(sum(i) z[mu,i]*w[i]))", "ensemble x[mu in P, i in N] ~ Sign ensemble z[mu in P, i in N] ~ Sign"), /two different fields/],
    ["a sum of two fields", patterns("count(mu) (sum(i) x[mu,i]*w[i] + sum(i) x[mu,i]*x[mu,i]*w[i] < 0)"), /field/],
    ["correlated inputs", patterns(error, "ensemble g[mu in P, i in N] ~ Normal(0, var = 1) ensemble c[mu in P] ~ Normal(0, var = 1) let x[mu,i] = g[mu,i] + c[mu]"), /field/],
    ["inputs that patterns share", patterns("count(mu) (sum(i) x[i]*w[i] < y[mu])", "ensemble x[i in N] ~ Normal(0, var = 1/N) ensemble y[mu in P] ~ Normal(0, var = 1)"), /not read once for each/],
    ["a variance that depends on the site", patterns(error, "ensemble x[mu in P, i in N] ~ Normal(0, var = i/N)"), /not one array of independent entries/],
    ["inputs with a mean", patterns(error, "ensemble x[mu in P, i in N] ~ Normal(0.1, var = 1)"), /mean 0.1/],
    ["heavy tails", patterns(error, "ensemble x[mu in P, i in N] ~ Cauchy(0, 1)"), /Cauchy/],
    ["soft spins", patterns(error, undefined, "state w[i in N] : interval(-1, 1)"), /interval/],
    ["real weights that nothing holds", patterns("sum(mu) (sum(i) x[mu,i]*w[i]/sqrt(N) - 1)^2", undefined, "state w[i in N] : real ~ Normal(0, 1)"), /nothing holds them/],
    ["weights that sum to 0", patterns(error, undefined, "state w[i in N] : spin constraint sum(i) w[i] == 0"), /constraints on spins/],
    ["part of the weights", patterns("count(mu) (sum(i in 1..N-1) x[mu,i]*w[i] < 0)"), /part of the weights/],
    ["a term that is not a sum over patterns", patterns("count(mu) (sum(i) x[mu,i]*w[i] < 0) + sum(i < j) w[i]*w[j]/N"), /sum over 2 indices/],
    ["patterns that are weighted", patterns("sum(mu) (if sum(i) x[mu,i]*w[i] < 0 then mu/P else 0)"), /number of the pattern/],
    ["a loss of the teacher's field itself", patterns("sum(mu) (abs(sum(i) t[i]*x[mu,i]/sqrt(N)) - abs(sum(i) w[i]*x[mu,i]/sqrt(N)))^2", "ensemble x[mu in P, i in N] ~ Normal(0, var = 1) ensemble t[i in N] ~ Sign"), /in another way than through one difference/],
    ["a teacher of other inputs", patterns("count(mu) ((sum(i) t[i]*z[mu,i])*(sum(i) x[mu,i]*w[i]) < 0)", "ensemble x[mu in P, i in N] ~ Sign ensemble z[mu in P, i in N] ~ Sign ensemble t[i in N] ~ Sign"), /not a sum over the inputs `x`/],
  ] as const)("patterns: %s", (_, declarations, reason) => refused(declarations, "replica(rs, T = 1)", reason));
});

test("observables of bits are those of bits: (1 + s)/2", () => {
  const of = (state: string, observables: string): string => `model M(N = 60, h = 0.3) { ensemble J[i < j in N] ~ Normal(0, var = 1/N) ${state} energy H = -sum(i < j) J[i,j]*s[i]*s[j] - h*sum(i) s[i] ${observables} }\ntheory RS of M = replica(rs, T = 0.9)`;
  const [m, q] = answers(of("state s[i in N] : spin", "observable a = mean(s) observable c = overlap(s@1, s@2)"), [["RS", "a"], ["RS", "c"]]);
  const [a, c] = answers(of("state b[i in N] : bit let s[i] = 2*b[i] - 1", "observable a = mean(b) observable c = overlap(b@1, b@2)"), [["RS", "a"], ["RS", "c"]]);
  expect(m).toBeGreaterThan(0.1);
  expect(a).toBeCloseTo((1 + m!) / 2, 10);
  expect(c).toBeCloseTo((1 + 2 * m! + q!) / 4, 10);
});

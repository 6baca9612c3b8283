/** Lowered models against sums that are written as loops here. */
import { describe, expect, test } from "vitest";
import { entry, evaluated, spin, sum } from "./support.ts";

const N = 5;
const w = (i: number): number => entry("w", [i]);
const s = (i: number): number => spin("s", [i]);
const close = (found: number, wanted: number): void => expect(Math.abs(found - wanted)).toBeLessThan(1e-12 * Math.max(1, Math.abs(wanted)));
const sphere = "state w[i in N] : real\n constraint sum(i) w[i]^2 == N";

describe("p-spin energies", () => {
  const cubic = (J: (i: number, j: number, k: number) => number): number => sum(N, (i) => sum(N, (j) => sum(N, (k) => J(i, j, k) * w(i) * w(j) * w(k))));
  const X = (i: number, j: number, k: number): number => entry("X", [i, j, k]);

  test.each([
    ["as in the paper", "sum(i, j, k) X[i,j,k] * w[i] * w[j] * w[k] / N", cubic(X) / N],
    ["other index order", "sum(a, b, c) X[c,a,b] * w[a] * w[b] * w[c] / N", cubic((a, b, c) => X(c, a, b)) / N],
    ["other normalisation", "sqrt(3/N^2) * sum(i, j, k) w[k] * w[j] * X[i,j,k] * w[i]", Math.sqrt(3 / N ** 2) * cubic(X)],
    ["nested sums", "sum(i) w[i] * sum(j) w[j] * sum(k) X[i,j,k] * w[k]", cubic(X)],
    ["a sum over a sum of two terms", "sum(i, j, k) (X[i,j,k] + 2 * X[k,j,i]) * w[i] * w[j] * w[k]", cubic((i, j, k) => X(i, j, k) + 2 * X(k, j, i))],
    ["repeated indices", "sum(i, k) X[i,i,k] * w[i]^2 * w[k]", sum(N, (i) => sum(N, (k) => X(i, i, k) * w(i) ** 2 * w(k)))],
    ["a sum over different pairs", "sum(i != j) X[i,j,1] * w[i] * w[j]", sum(N, (i) => sum(N, (j) => (i === j ? 0 : X(i, j, 1) * w(i) * w(j))))],
    ["a mean over ordered triples", "mean(i < j < k) X[i,j,k]*w[i]", sum(N, (i) => sum(N, (j) => sum(N, (k) => (i < j && j < k ? X(i, j, k) * w(i) : 0)))) / 10],
    ["a mean over weakly ordered pairs", "mean(i <= j) X[i,j,1] * w[i]", sum(N, (i) => sum(N, (j) => (i <= j ? X(i, j, 1) * w(i) : 0))) / 15],
  ])("%s", (_, energy, wanted) => {
    close(evaluated(`model M(N = ${N}) { ensemble X[i in N, j in N, k in N] ~ Normal(0, 1)\n ${sphere}\n energy L = ${energy} }`, {})("L"), wanted);
  });

  test("p = 4 and a mixed model with split lets", () => {
    const text = `model M(N = 4, a = 0.25) { ensemble Y[i in N, j in N, k in N, l in N] ~ Normal(0, 1)\n ensemble X[i in N, j in N] ~ Normal(0, var = 2)\n ${sphere}
      let four = sum(i, j, k, l) Y[i,j,k,l] * w[i] * w[j] * w[k] * w[l] / N^1.5
      let field[i] = sum(j) X[i,j] * w[j]
      energy H = a * four + (1 - a) * sum(i) field[i] * w[i] / sqrt(N) }`;
    const n = 4;
    const four = sum(n, (i) => sum(n, (j) => sum(n, (k) => sum(n, (l) => entry("Y", [i, j, k, l]) * w(i) * w(j) * w(k) * w(l))))) / n ** 1.5;
    const two = sum(n, (i) => sum(n, (j) => entry("X", [i, j]) * w(i) * w(j))) / Math.sqrt(n);
    close(evaluated(text, {})("H"), 0.25 * four + 0.75 * two);
    close(evaluated(text, { a: 0.8 })("H"), 0.8 * four + 0.2 * two);
  });

  test("ordered couplings: any order of the subscripts reads the same entry", () => {
    const J = (...i: number[]): number => entry("J", [...i].sort((a, b) => a - b));
    const model = (energy: string): number => evaluated(`model M(N = ${N}) { ensemble J[i < j < k in N] ~ Normal(0, 1)\n ensemble K[i < j in N] ~ Normal(0, 1)\n ${sphere}\n energy L = ${energy} }`, {})("L");
    const K = (i: number, j: number): number => entry("K", i < j ? [i, j] : [j, i]);
    const triples = (f: (i: number, j: number, k: number) => number): number => sum(N, (i) => sum(N, (j) => sum(N, (k) => (i < j && j < k ? f(i, j, k) : 0))));
    close(model("sum(i < j < k) J[i,j,k] * w[i] * w[j] * w[k]"), triples((i, j, k) => J(i, j, k) * w(i) * w(j) * w(k)));
    close(model("sum(i < j < k) J[k,i,j] * w[i]"), triples((i, j, k) => J(k, i, j) * w(i)));
    close(model("sum(i != j) K[i,j] * w[i]"), sum(N, (i) => sum(N, (j) => (i === j ? 0 : K(i, j) * w(i)))));
    close(model("mean(i != j) K[i,j] * w[i]"), sum(N, (i) => sum(N, (j) => (i === j ? 0 : K(i, j) * w(i)))) / (N * (N - 1)));
    close(model("max(i != j) K[i,j] * w[1]^2"), Math.max(...[1, 2, 3, 4].flatMap((i) => [2, 3, 4, 5].filter((j) => i < j).map((j) => K(i, j)))) * w(1) ** 2);
    close(model("sum(i in N - 1) K[i,i+1] * w[i+1]"), sum(N - 1, (i) => K(i, i + 1) * w(i + 1)));
    close(model("sum(i in N - 1) K[i+1,i] * w[i+1]"), sum(N - 1, (i) => K(i, i + 1) * w(i + 1)));
    close(model("sum(i, j) (if i == j then 0 else K[i,j] * w[j])"), sum(N, (i) => sum(N, (j) => (i === j ? 0 : K(i, j) * w(j)))));
    close(model("sum(K) * w[1]"), sum(N, (i) => sum(N, (j) => (i < j ? K(i, j) : 0))) * w(1));
    close(model("mean(K) * w[1]"), (sum(N, (i) => sum(N, (j) => (i < j ? K(i, j) : 0))) / 10) * w(1));
  });
});

test("Sherrington-Kirkpatrick with spins, fields and a count", () => {
  const value = evaluated(`model SK(N = 6, h0 = 0.5) {
    ensemble J[i < j in N] ~ Normal(0, var = 1/N)
    state s[i in N] : spin
    energy E = -sum(i < j) J[i,j] * s[i] * s[j] - h0 * sum(i) s[i]
    let h[i] = h0 + sum(j) (if j < i then J[j,i] * s[j] else if i < j then J[i,j] * s[j] else 0)
    observable unstable = count(i) (s[i] * h[i] < 0)
    observable m = mean(s)
    observable aligned = s[1] == s[2] and not s[3] == s[4]
  }`, {}, { s: spin });
  const J = (i: number, j: number): number => entry("J", [Math.min(i, j), Math.max(i, j)]);
  const h = (i: number): number => 0.5 + sum(6, (j) => (i === j ? 0 : J(i, j) * s(j)));
  close(value("E"), -sum(6, (i) => sum(6, (j) => (i < j ? J(i, j) * s(i) * s(j) : 0))) - 0.5 * sum(6, s));
  close(value("unstable"), [1, 2, 3, 4, 5, 6].filter((i) => s(i) * h(i) < 0).length);
  close(value("m"), sum(6, s) / 6);
  expect(value("aligned")).toBe(s(1) === s(2) && s(3) !== s(4) ? 1 : 0);
});

test("ranges that do not begin at 1, unequal sizes, several states", () => {
  const value = evaluated(`model M(N = 4, P = 3) {
    ensemble x[mu in P, i in N] ~ Normal(0, 1)
    state v[mu in P] : real ~ Normal(0, 1)
    state w[i in N] : real = x[1,i]
    let c[r in 0..2, i in 2..N] = r + i * w[i]
    energy E = sum(mu, i) v[mu] * x[mu,i] * w[i] + sum(r, i) c[r,i]
    observable size = mean(r, i) c[r,i]
    observable n = norm(c)
    observable back = sum(i in 2..N) (w[i] - w[i-1])^2
  }`, {});
  const v = (mu: number): number => entry("v", [mu]);
  const c = (r: number, i: number): number => r + i * w(i);
  const all = sum(3, (r) => sum(3, (i) => c(r - 1, i + 1)));
  close(value("E"), sum(3, (mu) => sum(4, (i) => v(mu) * entry("x", [mu, i]) * w(i))) + all);
  close(value("size"), all / 9);
  close(value("n"), Math.sqrt(sum(3, (r) => sum(3, (i) => c(r - 1, i + 1) ** 2))));
  close(value("back"), sum(3, (i) => (w(i + 1) - w(i)) ** 2));
});

test("functions are written out, for arrays of any size, range and slice", () => {
  const value = evaluated(`fn participation(v[i in n]) = sum(i) v[i]^4 / (sum(i) v[i]^2)^2
  fn weighted(a[i in n], b[i in n, j in m], c) = c * sum(i, j) a[i] * b[i,j] + participation(a) * n
  model M(N = 4, P = 3) {
    ensemble x[mu in P, i in N] ~ Normal(0, 1)
    state w[i in N] : real ~ Normal(0, 1)
    let u[r in 0..N - 2] = w[r+1]
    let y[i, mu] = x[mu,i] * w[i]
    energy E = participation(w)
    observable a = participation(u)
    observable b = participation(x[2,:])
    observable c = weighted(w, y, 0.5)
    observable d = participation(y[:,3]) + participation(y[1,:])
  }`, {});
  const participation = (n: number, f: (i: number) => number): number => sum(n, (i) => f(i) ** 4) / sum(n, (i) => f(i) ** 2) ** 2;
  const x = (mu: number, i: number): number => entry("x", [mu, i]);
  close(value("E"), participation(4, w));
  close(value("a"), participation(3, w));
  close(value("b"), participation(4, (i) => x(2, i)));
  close(value("c"), 0.5 * sum(4, (i) => sum(3, (mu) => w(i) * x(mu, i) * w(i))) + participation(4, w) * 4);
  close(value("d"), participation(4, (i) => x(3, i) * w(i)) + participation(3, (mu) => x(mu, 1) * w(1)));
});

test("periodic lattices wrap, and what is derived from them", () => {
  const L = 4;
  const value = evaluated(`model Ising(L = ${L}) {
    state s[x in L periodic, y in L periodic] : spin
    energy E = -sum(x, y) s[x,y] * (s[x+1,y] + s[x,y-1])
    let h[x,y] = s[x-1,y] + s[x+3,y] * s[x,y]
    observable G[r in 0..3] = mean(x, y) s[x,y] * s[x+r,y]
    observable H2 = sum(x, y) h[x+1,y-6] * y
    observable row = sum(s[1,:]) + mean(s[:,2])
  }`, {}, { s: spin });
  const wrap = (x: number): number => ((((x - 1) % L) + L) % L) + 1;
  const at = (x: number, y: number): number => spin("s", [wrap(x), wrap(y)]);
  const both = (f: (x: number, y: number) => number): number => sum(L, (x) => sum(L, (y) => f(x, y)));
  const h = (x: number, y: number): number => at(x - 1, y) + at(x + 3, y) * at(x, y);
  close(value("E"), -both((x, y) => at(x, y) * (at(x + 1, y) + at(x, y - 1))));
  close(value("G", 3), both((x, y) => at(x, y) * at(x + 3, y)) / L ** 2);
  close(value("H2"), both((x, y) => h(x + 1, y - 6) * y));
  close(value("row"), sum(L, (y) => at(1, y)) + sum(L, (x) => at(x, 2)) / L);
});

test("library functions and the other reductions", () => {
  const value = evaluated(`model M(N = 4, q = 3) {
    ensemble A[i in N, j in N] ~ Normal(0, 1)
    ensemble v[a in 3, l in 2] ~ Categorical(N)
    ensemble k ~ Categorical(N)
    state w[i in N] : real ~ Normal(0, 1)
    state c[i in N] : potts(q)
    state d[i in N] : potts(q)
    state s[i in N] : spin
    energy E = sum(a) w[v[a,1]] * w[v[a,2]]
    observable dt = dot(w, A[1,:])
    observable ov = overlap(w, A[:,2])
    observable pt = overlap(c, d)
    observable hm = distance(c, d)
    observable eu = distance(w, A[1,:])
    observable ls = logsumexp(i) (100 * w[i])
    observable am = argmax(i) w[i]
    observable an = argmin(w)
    observable sm = sum(i) softmax(w)[i] * i
    observable ce = cross_entropy(w, k)
    observable pr = prod(i) w[i]
    observable mx = max(w[1], w[2], 0.3) - min(w)
    observable an2 = any(i) (w[i] > 0.99) or all(i) (w[i] > -2)
    observable me = mean(w[1], w[2]) + count(w[1] > 0, w[2] > 0)
    observable chain = count(i) (-0.5 < w[i] <= 0.5)
  }`, {}, {
    c: (_, [i]) => (i! % 3) + 1, d: (_, [i]) => ((i! * i!) % 3) + 1, v: (_, [a, l]) => ((a! * 3 + l! * 5) % 4) + 1, k: () => 3,
  });
  const n = 4;
  const A = (i: number, j: number): number => entry("A", [i, j]);
  const v = (a: number, l: number): number => ((a * 3 + l * 5) % 4) + 1;
  const ws = [1, 2, 3, 4].map(w);
  const matches = [1, 2, 3, 4].filter((i) => i % 3 === (i * i) % 3).length;
  close(value("E"), sum(3, (a) => w(v(a, 1)) * w(v(a, 2))));
  close(value("dt"), sum(n, (i) => w(i) * A(1, i)));
  close(value("ov"), sum(n, (i) => w(i) * A(i, 2)) / n);
  close(value("pt"), (3 * (matches / n) - 1) / 2);
  close(value("hm"), 1 - matches / n);
  close(value("eu"), Math.sqrt(sum(n, (i) => (w(i) - A(1, i)) ** 2)));
  const most = 100 * Math.max(...ws);
  close(value("ls"), most + Math.log(sum(n, (i) => Math.exp(100 * w(i) - most))));
  expect(value("am")).toBe(ws.indexOf(Math.max(...ws)) + 1);
  expect(value("an")).toBe(ws.indexOf(Math.min(...ws)) + 1);
  const Z = sum(n, (i) => Math.exp(w(i)));
  close(value("sm"), sum(n, (i) => (i * Math.exp(w(i))) / Z));
  close(value("ce"), Math.log(Z) - w(3));
  close(value("pr"), ws.reduce((a, b) => a * b));
  close(value("mx"), Math.max(w(1), w(2), 0.3) - Math.min(...ws));
  expect(value("an2")).toBe(1);
  close(value("me"), (w(1) + w(2)) / 2 + [w(1), w(2)].filter((x) => x > 0).length);
  expect(value("chain")).toBe(ws.filter((x) => -0.5 < x && x <= 0.5).length);
});

test("networks: an index of a let, sums in nonlinear functions, sizes that follow from parameters", () => {
  const text = `model M(N = 4, alpha = 1.4) {
    let P = round(alpha * N)
    ensemble x[mu in P, i in N] ~ Normal(0, 1)
    ensemble y[mu in P] ~ Sign
    state W[a in 3, i in N] : real ~ Normal(0, 1)
    state b[a in 3], b0 : real = 0
    let u[mu, a] = tanh(b[a] + sum(i) W[a,i] * x[mu,i])
    let f[mu] = b0 + sum(a) u[mu,a]
    energy L = mean(mu) softplus(-y[mu] * f[mu])
    observable errors = count(mu) (y[mu] * f[mu] <= 0) / P
  }`;
  for (const [alpha, P] of [[1.4, 6], [0.7, 3]] as const) {
    const value = evaluated(text, { alpha }, { y: spin });
    const f = (mu: number): number => entry("b0", []) + sum(3, (a) => Math.tanh(entry("b", [a]) + sum(4, (i) => entry("W", [a, i]) * entry("x", [mu, i]))));
    close(value("L"), sum(P, (mu) => Math.log1p(Math.exp(-spin("y", [mu]) * f(mu)))) / P);
    close(value("errors"), Array.from({ length: P }, (_, k) => k + 1).filter((mu) => spin("y", [mu]) * f(mu) <= 0).length / P);
  }
});

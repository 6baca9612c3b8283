/** Several mistakes that have nothing to do with each other, in one text: each is reported once, at its place, and nothing that follows from one is. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { createSource, lineAt } from "../../grammar/source.ts";

/** Each line that is wrong ends with the code of its mistake, as a comment. */
const programs: Readonly<Record<string, string>> = {
  "names, sizes, dynamics and a claim": `model Perceptron(N = 101, alpha = 0.5) {
  let        P = round(alpha * N)
  ensemble   x[mu in P, i in N] ~ Sing                     # Q240
  state      w[i in N] : spin
  let        h[mu] = sum(i) x[mu,i] * w[i] / sqrt(n)       # Q200
  energy     E = count(mu) (h[mu] < 0)
  observable m = mean(w) + tahn(w[1])                      # Q230
}
run R of Perceptron {
  measure metropolise(T = 1) for 100 sweeps every 10       # Q420
}
claim "none" : mean(R.train) ~= 0 +- 0.1                   # Q702
`,
  "ranges, order and slots": `model Pairs(N = 10, M = 5) {
  ensemble   J[i < j in N] ~ Normal(0, var = 1)
  ensemble   u[a in M] ~ Normal(0, 2)                      # Q241
  state      s[i in N] : spin
  energy     H = -sum(i < j) J[i,j] * s[i] * s[j]
  observable open = sum(i) s[i] * s[i+1]                   # Q205
  observable own = sum(i) J[i,i]                           # Q212
  observable both = sum(i) s[i] * u[i]                     # Q204
  observable three = s[1,2]                                # Q209
}
`,
  "syntax beside meaning": `model Wells(N = 4) {
  state      x[i in N] : real ~ Normal(0, vra = 1)         # Q232
  energy     V = sum(i) (x[i]^2 - 1)^2
  observable a = x[1] ** 2                                 # Q105
  observable b = mean(y)                                   # Q200
}
run A of Wells {
  evolve langevin(T = 1, dt = 0.01) for 100                # Q431
}
`,
};

test.each(Object.entries(programs))("%s", (_name, text) => {
  const source = createSource("p.quench", text);
  const wanted = text.split("\n").flatMap((line, k) => { const code = /# (Q\d{3})$/.exec(line)?.[1]; return code === undefined ? [] : [`${code} in line ${k + 1}`]; });
  const found = compile(text).diagnostics.filter((d) => d.severity === "error").map((d) => `${d.code} in line ${lineAt(source, d.labels[0]!.span.start) + 1}`);
  expect(found).toEqual(wanted);
});

/** Names that JavaScript objects know by themselves (`constructor`, `toString`) are refused as names, in every place of a program, and confuse nothing. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { createSource, renderDiagnostic } from "../../grammar/index.ts";

const program = `fn square(v) = v^2
model M(N = 6, h = 0.5) {
  let        P = round(h * N)
  ensemble   x[mu in P, i in N] ~ Normal(0, var = 1)
  state      s[i in N] : spin
  let        f[mu] = sum(i) x[mu,i] * s[i]
  energy     H = sum(mu) square(v = 1) + h * tanh(f[1]) - sum(i) s[i]
  observable e = H / N
  observable q = overlap(s@1, s@2) with fresh(x, P = 9)
}
theory T(a = 1) {
  order       m in (0, 1) = 0.5
  free_energy phi = m^2 - a * log(m)
  saddle      phi over m
}
theory K of M = replica(rs, T = 0)
run R of M(N = 8) {
  sweep   T in [1, 2]
  samples 2
  evolve  metropolis(T) for 10 sweeps until e < h
  measure metropolis(T) for 10 sweeps every 1
  record  e
}
claim "1" : quantile(R.e, q = 0.5) at (T = 1) < T.m(a = 2) + N
plot mean(R.e) vs T by N
table R: T, mean(e)
`;

const places = [...program.matchAll(/[A-Za-z_]+/g)].map((m) => [m.index, m[0]] as const);

test.each(["constructor", "toString", "__proto__", "valueOf"].map((name, k) => ({ name, k })))("$name", ({ name, k }) => {
  for (const [at, word] of places.filter((_, p) => p % 4 === k)) {
    const text = program.slice(0, at) + name + program.slice(at + word.length);
    const { diagnostics } = compile(text);
    expect(diagnostics.map((d) => d.code)).toContain("Q122");
    for (const d of diagnostics) {
      expect(d.message, `${word} at ${at}`).not.toContain("native code");
      renderDiagnostic(d, createSource("p.quench", text));
    }
  }
});

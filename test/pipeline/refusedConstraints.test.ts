/** Constraints that cannot be met, or that nothing could honour: errors at the constraint, with what could; and moves that inequalities forbid. */
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { blockedError } from "../../runtime/estimators/binning.ts";
import { average, runText } from "./runText.ts";

const found = (body: string, set: Record<string, number> = {}): readonly string[] =>
  compile(`model M(N = 5, m = 0) {\n${body}\n}`, { set }).diagnostics.map((d) => `${d.code} ${d.message}`);

test("Q303: sums that no state has", () => {
  const spins = "state s[i in N] : spin\nconstraint sum(i) s[i] == m\nenergy H = sum(i) s[i]";
  expect(found(spins)).toEqual(["Q303 no state of `s` has the sum 0 over 5 spin variables"]);
  expect(found(spins.replace("== m", "== m + 1"))).toEqual([]);
  expect(found(spins.replace("== m", "== 7"))).toEqual(["Q303 no state of `s` has the sum 7 over 5 spin variables"]);
  expect(found("state c[i in N] : potts(3)\nconstraint sum(i) c[i] == 4\nenergy H = sum(i) c[i]")).toEqual(["Q303 no state of `c` has the sum 4 over 5 potts variables"]);
  expect(found("state b[i in N, j in 2] : bit\nconstraint sum(j) b[i,j] == 1.5\nenergy H = sum(i) b[i,1]")).toEqual(["Q303 no state of `b` has the sum 1.5 over 2 bit variables"]);
});

test("Q903: equalities that tie variables of different kinds", () => {
  const both = found("state s[i in N] : spin\nstate x : real ~ Normal(0, var = 1)\nconstraint sum(i) s[i] == x\nenergy H = sum(i) s[i] + x");
  expect(both).toEqual(["Q903 no dynamics can honour this constraint: it ties `s`, which is discrete, to real variables: no move could keep it"]);
  const angles = found("state t[i in N] : angle\nconstraint sum(i) t[i] == 1\nenergy H = sum(i) cos(t[i])");
  expect(angles).toEqual(["Q903 no dynamics can honour this constraint: an equality holds for real variables, by projection, or for discrete ones, by exchange, and `t` is angle"]);
});

// On the unit disc exp(-x) has the mean -I2(1)/I1(1). Fixed seed; 4 standard errors, as `metropolis` finds it too.
test.each(["mala(T = 1)", "hmc(T = 1, step = 0.4, leapfrog = 2)"])("%s refuses what an inequality forbids", async (dynamics) => {
  const { R } = await runText(`model Disc(N = 2) {
    state      x[i in N] : real ~ Normal(0, var = 0.1)
    constraint sum(i) x[i]^2 <= 1
    energy     H = x[1]
    observable outside = (sum(i) x[i]^2) > 1
  }
  run R of Disc { evolve ${dynamics} for 500 steps  measure ${dynamics} for 20000 steps every 2 }`);
  const { error } = blockedError(Float64Array.from(R!.tasks[0]!.values["H"]!));
  expect(error).toBeLessThan(0.015);
  expect(Math.abs(average(R!, "H") + 0.240194)).toBeLessThan(4 * error);
  expect(average(R!, "outside")).toBe(0);
});

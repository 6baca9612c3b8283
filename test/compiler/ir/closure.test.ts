/** What an array depends on is what it reads, whatever arrays are called: names that the IR uses for itself are names like others. */
import { expect, test } from "vitest";
import { closure } from "../../../compiler/ir/closure.ts";
import { compileText } from "../../pipeline/compileModel.ts";

const { programs, models } = compileText(`model Names(N = 6, real = 4) {
  ensemble   index[i in N] ~ Normal(0, var = 1)
  ensemble   definition[i in N] ~ Normal(0, var = 1)
  ensemble   add[i in N] ~ Sign
  ensemble   G ~ RandomRegular(N, degree = 2)
  let        read[i] = sum(j in G[i]) add[j]
  let        fresh_[i] = definition[i] * mul
  let        mul = sum(i) index[i]
  state      spin_[i in N] : spin
  state      x[i in N] : real = fresh_[i]
  energy     H = -sum(i) spin_[i] * x[i] + sum(i) x[i]^2
  observable seen = sum(i) read[i] * spin_[i]
  observable replaced = (sum(i) fresh_[i] * x[i]) with fresh(index)
  observable other = overlap(x, x@2)
}
model Smooth(N = 6) {
  ensemble   grad_[i in N] ~ Normal(0, var = 1)
  ensemble   call[i in N] ~ Normal(0, var = 1)
  state      x[i in N] : real = 0
  energy     V = sum(i) grad_[i] * x[i]^2
  observable slope = norm(grad(V)) + call[1]
  observable level = V + grad_[1]
}
run Biased of Names {
  start  x@ref = definition
  hold   ref
  bias   -overlap(x, x@ref)
  evolve metropolis(T = 1) for 1 sweeps
}`);
const program = models[0]!.program!;
const names = (name: string, of = program): readonly string[] => closure(of, [name]).map((a) => a.name).sort();

test("energy, observables, starts, graphs, calls and copies", () => {
  expect(names("H")).toEqual(["H", "definition", "fresh_", "index", "mul", "spin_", "x"]);
  expect(names("seen")).toEqual(["G", "add", "read", "seen", "spin_"]);
  expect(names("spin_")).toEqual(["spin_"]);
  expect(names("x")).toEqual(["definition", "fresh_", "index", "mul", "x"]);
  expect(names("other")).toEqual([...names("x"), "other", "x@2"].sort());
  expect(names("replaced")).toEqual(expect.arrayContaining(["definition", "replaced", "x"]));
  const smooth = models[1]!.program!;
  expect(names("slope", smooth)).toEqual(expect.arrayContaining(["V", "grad_", "call", "x", "slope"]));
  expect(names("level", smooth)).toEqual(["V", "grad_", "level", "x"]);
});

test("what starts at given values reads them", () => {
  expect(names("x@ref", programs.get("Biased")!)).toEqual([...names("x"), "x@ref"].sort());
});

/** The accuracy row of `wolff`: the transition matrix of its own code keeps the Gibbs weights of models with couplings and fields of any sign. */
import { compile } from "quench";
import { stationarityDefect, transitionProbabilities } from "quench/extend";
import { describe, expect, test } from "vitest";
import { steppedDynamics } from "../../runtime/dynamics/steppedDynamics.ts";
import { wolff } from "./wolff.ts";

const models = {
  "a spin glass in a field": "ensemble J[i < j in N] ~ Normal(0, var = 1)  ensemble h[i in N] ~ Normal(0, var = 0.3)  state s[i in N] : spin  energy H = -sum(i < j) J[i,j] * s[i] * s[j] / sqrt(N) - sum(i) h[i] * s[i]",
  "an infinite-range magnet": "state s[i in N] : spin  energy H = -(sum(i) s[i])^2 / (2 * N) - 0.2 * sum(i) s[i]",
  "a ring with next neighbours": "state s[i in N periodic] : spin  energy H = -sum(i) s[i] * (s[i+1] - 0.5 * s[i+2] + 0.3)",
  "an associative memory": "ensemble x[m in 2, i in N] ~ Sign  state s[i in N] : spin  energy H = -sum(m) (sum(i) x[m,i] * s[i])^2 / (2 * N)",
};

describe.each(Object.entries(models))("%s of 4 spins", (_, text) => {
  const model = compile(`model M(N = 4) { ${text} }`).createModel("M");
  model.draw(3, 0);
  test.each([0.7, 3])("exp(-H/T) is stationary at T = %f, to 1e-12", (T) => {
    expect(stationarityDefect(wolff, model, { T })).toBeLessThan(1e-12);
  });
});

const ring = "state s[i in N periodic] : spin  energy H = -sum(i) s[i] * s[i+1]";

test("a wrong probability is found out", () => {
  const model = compile(`model M(N = 5) { ${ring} }`).createModel("M");
  model.draw(3, 0);
  const biased = { ...wolff, step: (task: Parameters<typeof wolff.step>[0], own: Parameters<typeof wolff.step>[1]) => wolff.step({ ...task, argument: (name) => 1.1 * task.argument(name) }, own) };
  expect(stationarityDefect(biased, model, { T: 1 })).toBeGreaterThan(1e-3);
});

test("at T = inf one spin turns, at T = 0 the whole magnet", () => {
  const model = compile(`model M(N = 5) { ${ring} }`).createModel("M");
  model.draw(3, 0);
  const up = new Float64Array(5).fill(1);
  expect([...transitionProbabilities(wolff, model, up, { T: Infinity }).values()].map((p) => Math.round(1e12 * p))).toEqual(Array(5).fill(2e11));
  expect([...transitionProbabilities(wolff, model, up, { T: 0 }).keys()]).toEqual(["-1,-1,-1,-1,-1"]);
});

test("as a built-in entry it is the same record", () => {
  const entry = steppedDynamics("wolff", wolff, "wolff.ts");
  expect([entry.name, entry.stationary, entry.parameters.map((p) => p.name)]).toEqual(["wolff", true, ["T"]]);
});

test("energies of more than two spins are refused, with the reason", () => {
  const model = compile("model M(N = 4) { state s[i in N] : spin  energy H = -s[1] * s[2] * s[3] - s[4] }").createModel("M");
  model.draw(3, 0);
  expect(() => stationarityDefect(wolff, model, { T: 1 })).toThrow("no products of two spins");
});

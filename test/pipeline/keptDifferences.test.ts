/** Differences that are kept for all sites where few moves are accepted: against the energy as written, whatever came before. */
import { expect, test } from "vitest";
import { movedValue } from "../../runtime/moves/domainMoves.ts";
import { localMoves } from "../../runtime/moves/modelMoves.ts";
import { attempt } from "../../runtime/moves/singleMove.ts";
import { generate, instantiate } from "./compileModel.ts";

const patterns = "ensemble x[mu in P, i in N] ~ Sign\n state w[i in N] : spin";
const models: Readonly<Record<string, string>> = {
  perceptron: `model M(N = 21, P = 37) {\n ${patterns}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)\n}`,
  "perceptron with ties": `model M(N = 20, P = 16) {\n ${patterns}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] <= 0)\n}`,
  "a count among other terms": `model M(N = 19, P = 18) {\n ${patterns}\n ensemble h[i in N] ~ Normal(0, var = 1)\n energy E = 0.7 * count(mu) (sum(i) x[mu,i] * w[i] < 1) - sum(i) h[i] * w[i] + 0.2 * (sum(i) w[i])^2 / N\n}`,
  "two counts": `model M(N = 19, P = 40) {\n ${patterns}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0) + 3 * count(mu) (abs(sum(i) x[mu,i] * w[i]) > 6)\n}`,
  committee: "model M(N = 9, K = 3, P = 50) {\n ensemble x[mu in P, i in N] ~ Sign\n state w[k in K, i in N] : spin\n energy E = count(mu) ((sum(k) sign((sum(i) x[mu,i] * w[k,i]) + 0.5)) < 0)\n}",
  "tree committee": "model M(N = 7, K = 3, P = 30) {\n ensemble x[mu in P, k in K, i in N] ~ Sign\n state w[k in K, i in N] : spin\n energy E = count(mu) ((sum(k) sign(sum(i) x[mu,k,i] * w[k,i])) < 0)\n}",
  "bits of bits": "model M(N = 19, P = 40) {\n ensemble x[mu in P, i in N] ~ Bernoulli(0.3)\n state w[i in N] : bit\n energy E = count(mu) (sum(i) x[mu,i] * w[i] >= 3)\n}",
  teacher: `model M(N = 17, P = 33) {\n ensemble t[i in N] ~ Sign\n ${patterns}\n let y[mu] = sign(sum(i) t[i] * x[mu,i])\n energy E = count(mu) (y[mu] * (sum(i) x[mu,i] * w[i]) < 0)\n}`,
  "real thresholds": `model M(N = 17, P = 33, kappa = 0.3) {\n ${patterns}\n energy E = count(mu) (sum(i) x[mu,i] * w[i] < kappa * sqrt(N))\n}`,
};

for (const [name, text] of Object.entries(models)) test.each(["wasm", "typescript"] as const)(`${name}: %s`, (target) => {
  const generated = generate(text, { moves: true });
  const { moves: procedures } = generated.procedures;
  expect(typeof procedures === "object" && procedures.arrays.every((a) => a.kept !== undefined)).toBe(true);
  const model = instantiate(generated, {}, target);
  model.draw(1, 0);
  const [one, other] = [localMoves(model), localMoves(model)];
  const [state, second] = [model.randomState(3, 0), model.randomState(4, 0)];
  const array = one.arrays[0]!;
  const { kernel, length, domain } = array;
  const exactly = (): readonly number[] => Array.from({ length }, (_, i) => {
    const after = state.slice();
    after[i] = movedValue(domain, after[i]!, 0);
    return model.referenceEnergy(after) - model.referenceEnergy(state);
  });
  const checked = (expected: readonly number[]): void => {
    for (let i = 0; i < length; i++) kernel.entries[i] = i;
    kernel.thresholds.fill(-Infinity);
    kernel.draws.fill(0);
    kernel.attempts[0] = length;
    kernel.run();
    expect(Math.max(...expected.map((e, i) => Math.abs(e - kernel.differences[i]!)))).toBeLessThan(1e-9);
  };
  for (let round = 0; round < 14; round++) {
    one.enter(state);
    const expected = exactly();
    // From none to many attempts that fail, so that differences are known at different times.
    for (let k = 0; k < [0, 1, 30, 2, 12, 0, 25][round % 7]!; k++) checked(expected);
    if (round % 5 === 2) one.memory.restore(one.memory.save());
    if (round % 5 === 3) {
      other.enter(second);
      attempt(array, round % length, 0, Infinity);
      second.set(other.current);
    }
    one.enter(state);
    checked(expected);
    for (let k = 0; k <= round % 3; k++) attempt(array, (5 * round + 7 * k) % length, 0, Infinity);
    state.set(one.current);
  }
  // Another disorder knows nothing of this one.
  model.draw(2, 0);
  one.enter(state, true);
  for (let k = 0; k < 25; k++) checked(exactly());
});

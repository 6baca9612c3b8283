/** What is said of algorithms that learn: `replicated_sgd` solves what its paper solves, `adam` takes mini-batches. Fixed seeds. */
import { expect, test } from "vitest";
import { codeNeeded, servedWith } from "../../compiler/codeNeeded.ts";
import { adam } from "../../runtime/dynamics/adam.ts";
import { findDynamics } from "../../runtime/dynamics/index.ts";
import { evaluateModule } from "../../runtime/loadModule.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { Stream } from "../../runtime/random/stream.ts";
import { compileText } from "./compileModel.ts";
import { runText } from "./runText.ts";

const perceptron = (field: string): string => `model P(N = 301, alpha = 0.5) {
  let P = round(alpha * N)
  ensemble x[mu in P, i in N] ~ Sign
  state w[i in N] : spin
  let h[mu] = ${field}
  energy E = count(mu) (h[mu] < 0)
}`;
const committee = `model C(N = 51, K = 3, alpha = 0.3) {
  let P = round(alpha * N * K)
  ensemble x[mu in P, i in N] ~ Sign
  ensemble y[mu in P] ~ Sign
  state w[k in K, i in N] : spin
  let tau[mu, k in K] = sign(sum(i) x[mu,i] * w[k,i] / sqrt(N))
  energy E = count(mu) (y[mu] * (sum(k) tau[mu,k]) < 0)
}`;

test("replicated_sgd stores random patterns at half the number of weights, whatever the unit of the fields", async () => {
  const states: number[][] = [];
  for (const field of ["sum(i) x[mu,i] * w[i]", "sum(i) x[mu,i] * w[i] / 16", "sum(i) x[mu,i] * w[i] / sqrt(N)"]) {
    const { R } = await runText(`${perceptron(field)}\nrun R of P { samples 2\n evolve replicated_sgd(rate = 1, batch = 10) for 200 epochs until E == 0\n}\n`);
    expect(R!.tasks.map((t) => t.values["E"]![0])).toEqual([0, 0]);
    states.push(R!.states.flatMap(({ state }) => [...state]));
  }
  // A factor that is a power of two changes not even the last digits.
  expect(states[1]).toEqual(states[0]);
});

test("replicated_sgd trains a committee of binary weights", async () => {
  const { R } = await runText(`${committee}\nrun R of C { samples 2\n evolve replicated_sgd(rate = 3, batch = 10) for 400 epochs until E == 0\n}\n`);
  expect(R!.tasks.map((t) => t.values["E"]![0])).toEqual([0, 0]);
});

test("runs of one model that follow different gradients have code of their own", () => {
  const { runs, programs } = compileText(`${perceptron("sum(i) x[mu,i] * w[i] / sqrt(N)")}
    run A of P { evolve binary_net(rate = 0.3, batch = 20) for 3 epochs }
    run B of P { evolve replicated_sgd(rate = 1, batch = 20) for 1 epochs }
    run C of P { evolve binary_net(rate = 0.1, batch = 20) for 1 epochs }
    run D of P { evolve metropolis(T = 1) for 1 sweeps }`);
  const served = runs.map((plan) => servedWith(plan, runs, (p) => programs.get(p.run)).map((p) => p.run));
  expect(served).toEqual([["A", "C"], ["B"], ["A", "C"], ["D"]]);
  expect(runs.map((plan) => codeNeeded([plan]).miniBatches)).toEqual(["softplus", "hinge", "softplus", false]);
});

const regression = `model Regression(N = 4, P = 30) {
  ensemble x[mu in P, i in N] ~ Normal(0, var = 1)
  ensemble y[mu in P] ~ Normal(0, var = 1)
  state w[i in N] : real ~ Normal(0, var = 1)
  energy E = mean(mu) ((sum(i) x[mu,i] * w[i]) - y[mu])^2 / 2
  observable slope = norm(grad(E))
}`;
test("adam over mini-batches: its first step is the rate against the signs of the gradient of a batch, and it comes to the minimum", async () => {
  const program = compileText(regression).models[0]!.program!;
  const generated = generateModel(program, { miniBatches: true });
  if (!generated.ok) throw new Error("no code");
  const model = evaluateModule(generated.javascript, generated.wasm.bytes).createModel({}, { batch: 7 });
  model.draw(1, 0);
  const state = Float64Array.from({ length: 4 }, (_, i) => i - 1);
  const before = state.slice();
  const options = { arguments: { rate: 0.01, batch: 7, beta1: 0.9, beta2: 0.999 }, amount: 10, unit: "steps" as const, stream: new Stream(["adam"]) };
  adam.create(model, state, options).step();
  // The same mini-batch as that of `sgd`, whose step shows its gradient.
  const sgd = before.slice();
  findDynamics("sgd").create(model, sgd, { ...options, arguments: { rate: 1, batch: 7 } }).step();
  state.forEach((w, i) => { expect(w - before[i]!).toBeCloseTo(0.01 * Math.sign(sgd[i]! - before[i]!), 7); });

  const { R } = await runText(`${regression}\nrun R of Regression { evolve adam(rate = 0.05 -> 0.0001 geometric, batch = 7) for 400 epochs }\n`);
  expect(R!.tasks[0]!.values["slope"]![0]).toBeLessThan(0.01);
});

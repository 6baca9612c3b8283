/**
 * Copies of the states: exact averages over independent copies, copy 1 that knows nothing of the others, and conditions that end each
 * copy by itself. Statistical tests: fixed seeds, 5 standard errors over blocks of time, a false alarm in 2 of a million.
 */
import { describe, expect, test } from "vitest";
import { average, runText } from "./runText.ts";

const glass = `model SK(N = 7) {
  ensemble J[i < j in N] ~ Normal(0, var = 1/N)
  ensemble z[i in N] ~ Normal(0, var = 1)
  state    s[i in N] : spin
  energy   H = -(sum(i < j) J[i,j]*s[i]*s[j]) - (sum(i) z[i]*s[i]) / 2
  let      f[i] = tanh(s[i] + z[i])
  observable g[i] = s[i]
  observable c[i] = f[i]
  observable q = overlap(s@1, s@2)
  observable q2 = overlap(s, s@b)^2
  observable same = mean(i) f@2[i] * f[i]
  observable gap = H@2 - H@1
}
`;

test("enumerate: averages over pairs of copies are what the averages of one copy give", async () => {
  const { Pair, Single } = await runText(`${glass}
    run Pair of SK { samples 2
      measure enumerate(T = 0.8)
      record q, same, gap }
    run Single of SK { samples 2
      measure enumerate(T = 0.8)
      record g, c }`);
  for (const task of [0, 1]) {
    const { values, weights } = Single!.tasks[task]!;
    const mean = (name: string, i: number): number => weights!.reduce((sum, w, k) => sum + w * values[name]![7 * k + i]!, 0);
    const squares = (name: string): number => Array.from({ length: 7 }, (_, i) => mean(name, i) ** 2).reduce((a, b) => a + b, 0) / 7;
    expect(average(Pair!, "q", task)).toBeCloseTo(squares("g"), 12);
    expect(average(Pair!, "same", task)).toBeCloseTo(squares("c"), 12);
    expect(average(Pair!, "gap", task)).toBeCloseTo(0, 12);
    expect(average(Pair!, "H", task)).toBeCloseTo(average(Single!, "H", task), 12);
  }
});

test("enumerate: too many states of all copies together are refused with their number", async () => {
  await expect(runText(`model Many(N = 12) { state s[i in N] : spin  energy H = -sum(i) s[i]  observable q = overlap(s@1, s@2) }
    run R of Many { measure enumerate(T = 1) }`)).rejects.toThrow("1.68e+7 states of 2 copies together");
});

const wave = `model Wave(N = 6) {
  ensemble x[i in N] ~ Normal(0, var = 1)
  state    w[i in N] : real ~ Normal(0, var = 1)
  energy   H = (sum(i) w[i]^2) / 2 + sum(i) cos(w[i] + x[i])
  observable q = overlap(w@1, w@2)
}
`;
const sphere = `model Ball(N = 6) {
  ensemble J[i < j in N] ~ Normal(0, var = 1/N)
  state    w[i in N] : real
  constraint sum(i) w[i]^2 == N
  energy   H = -sum(i < j) J[i,j]*w[i]*w[j]
  observable q = overlap(w@1, w@2)
}
`;
const clock = `model Clock(N = 6) {
  ensemble x[i in N] ~ Normal(0, var = 1)
  state    a[i in N] : angle
  state    t[i in N] : potts(3)
  energy   H = -(sum(i in N - 1) cos(a[i + 1] - a[i] + x[i])) - sum(i in N - 1) (t[i] == t[i + 1]) * x[i]
  observable q = overlap(t@1, t@2) + overlap(a@1, a@2)
}
`;

describe("copy 1 doesn't know of the others", () => {
  const steps: readonly (readonly [string, string, string])[] = [
    ["metropolis", glass, "evolve metropolis(T = 0.7) for 50 sweeps  measure metropolis(T = 0.7) for 1200 sweeps every 3"],
    ["heat_bath", glass, "evolve heat_bath(T = 2 -> 0.5) for 50 sweeps  measure heat_bath(T = 0.7) for 60 sweeps every 3"],
    ["kawasaki", glass, "measure kawasaki(T = 0.7) for 60 sweeps every 3"],
    ["anneal to a ground state", glass, "evolve anneal(T = 2 -> 0.1) for 60 sweeps until H < -4"],
    ["tuned metropolis", clock, "evolve metropolis(T = 0.7) for 60 sweeps  measure metropolis(T = 0.7) for 60 sweeps every 3"],
    ["langevin", wave, "measure langevin(T = 0.5, dt = 0.02) for 60 steps every 3"],
    ["mala", sphere, "evolve mala(T = 0.5) for 60 steps  measure mala(T = 0.5) for 60 steps every 3"],
    ["hmc", wave, "evolve hmc(T = 0.5) for 60 steps  measure hmc(T = 0.5) for 60 steps every 3"],
    ["underdamped", sphere, "measure underdamped(T = 0.5, dt = 0.02) for 60 steps every 3"],
    ["descent", sphere, "evolve descent() for 500 steps until gradient < 1e-7"],
    ["newton", sphere, "evolve newton() for 50 steps until gradient < 1e-9"],
    ["adam", wave, "evolve adam(rate = 0.01) for 50 steps until change < 1e-3"],
  ];
  test.each(steps)("%s", async (_, model, text) => {
    const name = /model (\w+)/.exec(model)![1]!;
    const run = (record: string): string => `${model} run R of ${name} { samples 2  starts 2  ${text}  ${record} }`;
    const alone = (await runText(run("record H"), { keepStates: true }))["R"]!;
    const together = (await runText(run("record H, q"), { keepStates: true }))["R"]!;
    expect(together.tasks.map((t) => t.values["H"])).toEqual(alone.tasks.map((t) => t.values["H"]));
    expect(together.states.map((s) => s.state)).toEqual(alone.states.map((s) => s.state));
    // The other copy has a start and noise of its own.
    expect(together.states.some(({ state, copies }) => copies!["2"]!.some((x, i) => x !== state[i]))).toBe(true);
    expect(together.tasks[0]!.values["q"]).toHaveLength(together.tasks[0]!.records);
  });
});

test("each copy of an `evolve` ends by itself; a condition on both ends them together", async () => {
  const { Own, Both } = await runText(`model Walk(N = 40) {
      state s[i in N] : spin
      energy H = -sum(i in N - 1) s[i]*s[i+1]
      observable m = sum(s)
      observable other = m@2
      observable q = overlap(s@1, s@2)
    }
    run Own of Walk { starts 5  evolve heat_bath(T = inf) for 2000 sweeps until m == 0 }
    run Both of Walk { starts 5  evolve heat_bath(T = inf) for 2000 sweeps until q > 0.3 }`);
  for (const task of Own!.tasks) {
    expect(task.values["m"]).toEqual([0]);
    expect(task.values["other"]).toEqual([0]);
  }
  for (const task of Both!.tasks) expect(task.values["q"]![0]).toBeGreaterThan(0.3);
});

test("runs of two copies agree with the exact overlap", async () => {
  const { Exact, Run } = await runText(`${glass}
    run Exact of SK { measure enumerate(T = 0.8)  record q, same }
    run Run of SK { evolve heat_bath(T = 0.8) for 200 sweeps  measure heat_bath(T = 0.8) for 20000 sweeps every 2  record q, q2, same }`);
  for (const [name, exact] of [["q", "q"], ["same", "same"]] as const) {
    const values = Run!.tasks[0]!.values[name]!;
    const blocks = Array.from({ length: 50 }, (_, b) => values.slice(200 * b, 200 * (b + 1)).reduce((sum, v) => sum + v, 0) / 200);
    const mean = blocks.reduce((a, b) => a + b, 0) / 50;
    const error = Math.sqrt(blocks.reduce((sum, b) => sum + (b - mean) ** 2, 0) / 49 / 50);
    expect(Math.abs(mean - average(Exact!, exact))).toBeLessThan(5 * error);
    expect(error).toBeLessThan(0.02);
  }
});

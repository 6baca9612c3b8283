/** `quench` as a library: what a program gets back from `compile`, `run`, `verify` and `theory`. */
import { expect, test } from "vitest";
import { compile, Rejection, run, theory, verify } from "quench";

const text = `
model Pair(J = 1.0) {
  ensemble   h ~ Sign
  state      s[i in 2] : spin
  energy     H = -J * s[1] * s[2] - 0 * h * s[1]
  observable m = s[1] + s[2]
}
run Exact of Pair { sweep J in [0.5, 1]  samples 2  measure enumerate(T = 1) }
run Moved of Pair { samples 2  evolve heat_bath(T = 1) for 100 sweeps  measure heat_bath(T = 1) for 4000 sweeps every 1 }
theory Small(b = 0.5) {
  order       q in (-2, 2) = 0.1
  free_energy F = q^2 / 2 - b * q
  saddle      F over q
}
table Exact: J, mean(H)
claim "the energy is −tanh(1)" : mean(Exact.H) at (J = 1) ~= -0.7615941559557649 +- 1e-12
claim "chains agree" : mean(Moved.H) ~= mean(Exact.H) at (J = 1) +- 0.1
`;

test("estimates at every sweep point, with errors", async () => {
  const results = await run(text, { only: ["Exact"], workers: 1 });
  expect(Object.keys(results.runs)).toEqual(["Exact"]);
  expect(results.runs["Exact"]!.tasks).toHaveLength(4);
  const estimates = results.estimate("mean(Exact.H)");
  expect(estimates.map(({ at }) => at)).toEqual([{ J: 0.5 }, { J: 1 }]);
  estimates.forEach(({ value, error }, k) => {
    const J = [0.5, 1][k]!;
    expect(value).toBeCloseTo(-J * Math.tanh(J), 12);
    expect(error).toBeLessThan(1e-12);
  });
  expect(results.tables()[0]!.rows).toHaveLength(2);
  expect(() => results.estimate("mean(Exact.nothing)")).toThrow(Rejection);
});

test("claims are decided, on every target", async () => {
  const [one, two] = await Promise.all([verify(text, { workers: 1 }), verify(compile(text), { workers: 1, target: "typescript" })]);
  expect(one.holds).toBe(true);
  expect(one.claims.map((c) => [c.verdict, c.left])).toEqual(two.claims.map((c) => [c.verdict, c.left]));
  const some = await verify(text, { only: ["Exact"], workers: 1 });
  expect(some.claims).toHaveLength(1);
});

test("theories predict, models are functions", () => {
  const small = theory(text, "Small");
  expect(small.quantities).toEqual(["F", "q"]);
  expect(small.predict("q", { b: 0.25 })).toMatchObject({ value: 0.25 });
  const model = compile(text).createModel("Pair", { J: 2 });
  model.draw(1, 0);
  expect(model.energy(Float64Array.of(1, -1))).toBe(2);
  expect(() => theory(text, "Large")).toThrow("there are Small");
});

test("a rejected specification says what is wrong, as the command line does", async () => {
  const bad = compile("model M(N = 2) { state s[i in N] : spin  energy H = sum(i) t[i] }", { name: "bad.quench" });
  expect(bad.accepted).toBe(false);
  await expect(run(bad)).rejects.toThrow(/error\[Q200\][^]*bad\.quench:1:/);
  await expect(run(text, { only: ["Nothing"] })).rejects.toThrow("there are Exact, Moved");
});

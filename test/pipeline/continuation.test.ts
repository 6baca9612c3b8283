/** `start from A`: which states a run goes on from, whatever the order in the file, the workers and the interruptions. */
import { describe, expect, test } from "vitest";
import { runAddress } from "../../compiler/runAddress.ts";
import { withSources } from "../../compiler/withSources.ts";
import { compileText } from "./compileModel.ts";
import { runText } from "./runText.ts";

const glass = `model Glass(N = 12, T = 1.0) {
  ensemble   J[i < j in N] ~ Normal(0, var = 1/N)
  state      s[i in N] : spin
  energy     H = -sum(i < j) J[i,j]*s[i]*s[j]
  observable q = overlap(s@1, s@2)
  observable r = overlap(s, s@ref)
}
`;
const runs = (samples = 2, sweeps = 3): string => `run B of Glass { samples 2  starts 3  start from A at (T = 0.5)  evolve metropolis(T = 0.5) for 4 sweeps }
run A of Glass { samples ${samples}  starts 2  sweep T in [2, 0.5]  evolve metropolis(T = T) for ${sweeps} sweeps }
run Same of Glass { samples 2  starts 3  start from A at (T = 0.5) }
`;

describe("start from", () => {
  test("samples are kept, starts are reused in turn, each copy continues from its own, another one from copy 1", async () => {
    const { A, Same } = await runText(glass + runs());
    const states = A!.states.filter((s) => s.point === 1);
    for (const { sample, start, ...final } of Same!.states) {
      const from = states.find((s) => s.sample === sample && s.start === start % 2)!;
      expect(final.state).toEqual(from.state);
      expect(final.copies).toEqual(from.copies);
    }
    const { C } = await runText(`${glass + runs().replace("evolve metropolis(T = T)", "record H evolve metropolis(T = T)")} run C of Glass { samples 2  start from A at (T = 2)  record q, r }`);
    expect(C!.tasks.flatMap((t) => [t.values["q"]![0], t.values["r"]![0]])).toEqual([1, 1, 1, 1]);
  });

  test("what names the copy has the say over what doesn't", async () => {
    const { C } = await runText(`${glass + runs()} run C of Glass { starts 2  start s@2 from A at (T = 2)  start s = 1  start s@ref = -1  start from A at (T = 0.5) record q, r }`);
    const { A } = await runText(glass + runs());
    for (const { start, state, copies } of C!.states) {
      expect(state.every((x) => x === 1)).toBe(true);
      expect(copies!["ref"]!.every((x) => x === -1)).toBe(true);
      expect(copies!["2"]).toEqual(A!.states.find((s) => s.point === 0 && s.sample === 0 && s.start === start)!.copies!["2"]);
    }
  });

  test("the same with two workers", async () => {
    const alone = await runText(glass + runs());
    const together = await runText(glass + runs(), { workers: 2, startsPerChunk: 1 });
    expect(together["B"]!.tasks).toEqual(alone["B"]!.tasks);
  });

  test("a task whose source has failed says so", async () => {
    await expect(runText(glass + runs(), { others: new Map() })).rejects.toThrow(/the run A has no final state to start from/);
  });

  test("a run comes after those that it needs, and choosing it chooses them", () => {
    const compilation = compileText(glass + runs());
    expect(compilation.runs.map((r) => r.run)).toEqual(["A", "B", "Same"]);
    expect(withSources(compilation.runs.filter((r) => r.run === "B"), compilation.runs).map((r) => r.run)).toEqual(["A", "B"]);
  });

  test("its address holds that of the tasks that it needs, and nothing else of their run", () => {
    const address = (text: string, run = "B"): unknown => {
      const { runs: plans, programs } = compileText(glass + text);
      const others = new Map(plans.map((plan) => [plan.run, { plan, program: programs.get(plan.run)! }] as const));
      const { states, points } = runAddress(others.get(run)!.plan, others.get(run)!.program, { others, version: "1", target: "wasm", directory: "." });
      return { states, points };
    };
    expect(address(runs(5))).toEqual(address(runs()));
    expect(address(runs().replace("[2, 0.5]", "[3, 0.5]"))).toEqual(address(runs()));
    expect(address(runs(2, 4))).not.toEqual(address(runs()));
    expect(address(runs().replace("at (T = 0.5)", "at (T = 2)"))).not.toEqual(address(runs()));
  });
});

/** `run B of M(W = A.w)`: arrays from another run, their shapes, and what the tasks that read them are functions of. The values are in test/cases/accept/claims-given-arrays. */
import { describe, expect, test } from "vitest";
import { withSources } from "../../compiler/withSources.ts";
import { compile } from "../../compiler/compile.ts";
import { runAddress } from "../../compiler/runAddress.ts";
import { compileText } from "./compileModel.ts";
import { runText } from "./runText.ts";

const text = (steps = 5, fields = "N"): string => `model Teacher(N = 4) {
  ensemble   x[i in N] ~ Normal(0, var = 1)
  state      a[i in N] : real ~ Normal(0, var = 1)
  state      w[i in N] : real ~ Normal(0, var = 1)
  energy     L = sum(i) ((w[i] - x[i])^2 + a[i]^2)
}
model Student(N = 4) {
  ensemble   w[i in ${fields}] ~ Normal(0, var = 1)
  state      s[i in N] : spin
  energy     H = -sum(i in N) s[i] * w[i]
  observable field[i] = w[i]
}
run B of Student(w = A.w) { samples 2  starts 3  measure metropolis(T = 1) for 4 sweeps every 2 }
run A of Teacher { samples 2  starts 2  evolve descent(rate = 0.1) for ${steps} steps }
run Copy of Student(w = A.w) { samples 2  starts 4 }
`;

describe("arrays from another run", () => {
  test("are its final states, of the same sample, with starts reused in turn", async () => {
    const { A, B, Copy } = await runText(text());
    for (const { sample, start, values } of [...B!.tasks, ...Copy!.tasks]) {
      const { state } = A!.states.find((s) => s.sample === sample && s.start === start % 2)!;
      expect(values["field"]!.slice(-4)).toEqual([...state.slice(4)]);
    }
  });

  test("do not depend on how tasks are spread", async () => {
    const alone = await runText(text());
    const together = await runText(text(), { workers: 2, startsPerChunk: 1 });
    expect(together["B"]!.tasks).toEqual(alone["B"]!.tasks);
  });

  test("a task whose source has failed says so", async () => {
    await expect(runText(text(), { others: new Map() })).rejects.toThrow(/the run A has no final state that w could be taken from/);
  });

  test("the runs that give them come first, and are chosen with those that read them", () => {
    const { runs } = compileText(text());
    expect(runs.map((r) => r.run)).toEqual(["A", "B", "Copy"]);
    expect(withSources(runs.filter((r) => r.run === "B"), runs).map((r) => r.run)).toEqual(["A", "B"]);
  });

  test("are part of the address", () => {
    const address = (of: string): unknown => {
      const { runs, programs } = compileText(of);
      const others = new Map(runs.map((plan) => [plan.run, { plan, program: programs.get(plan.run)! }] as const));
      const { states, points } = runAddress(others.get("B")!.plan, others.get("B")!.program, { others, version: "1", target: "wasm", directory: "." });
      return { states, points };
    };
    expect(address(text(6))).not.toEqual(address(text()));
    expect(address(text().replace("(w = A.w)", "(w = A.a)"))).not.toEqual(address(text()));
    expect(address(text().replace("samples 2  starts 2", "samples 5  starts 2"))).toEqual(address(text()));
  });

  test("have the shape of what they replace", () => {
    const { diagnostics } = compile(text(5, "N + 1"));
    expect(diagnostics.filter((d) => d.severity === "error").map((d) => `${d.code} ${d.message}`)).toEqual(["B", "Copy"].map(() => "Q452 `w` holds 5, and `A.w` 4"));
  });
});

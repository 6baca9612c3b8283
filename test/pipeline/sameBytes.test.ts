/**
 * What a task records is a function of its address: the same bytes for any number of workers and any division among them, with more observables, and for any order
 * of a sweep or of its variables. (Interruptions: checkpoints.test.ts, and through the CLI test/cli/directory.test.ts.)
 */
import { describe, expect, test } from "vitest";
import type { RunOutcome } from "../../runtime/engine/index.ts";
import { runText } from "./runText.ts";

const glass = (observables: string): string => `model SK(N = 8, h = 0.1) {
  ensemble J[i < j in N] ~ Normal(0, var = 1/N)
  state    s[i in N] : spin
  energy   H = -(sum(i < j) J[i,j] * s[i] * s[j]) - h * (sum(i) s[i])
  observable e = H / N
  ${observables}
}`;
const wells = (observables: string): string => `model Wells(N = 4, h = 0.1) {
  ensemble a[i in N] ~ Normal(0, var = 1)
  state    x[i in N] : real ~ Normal(0, var = 1)
  state    t[i in N] : angle
  energy   H = (sum(i) ((x[i]^2 - 1)^2 - a[i] * x[i] * cos(t[i]))) + h * (sum(i) x[i])
  observable e = H / N
  ${observables}
}`;
const more = { glass: "observable m = mean(s)\n observable q = overlap(s@1, s@2)\n observable each[i] = s[i]", wells: "observable m = mean(x)\n observable q = overlap(x@1, x@2)\n observable curvature = trace(hessian(H), probes = 2)" };

const specs: readonly (readonly [string, string, (observables: string) => string, string, string])[] = [
  ["metropolis", "SK", glass, more.glass, "evolve metropolis(T = 2 -> 0.5) for 20 sweeps\n measure metropolis(T) for 40 sweeps every 4"],
  ["tempering", "SK", glass, more.glass, "measure tempering(metropolis, T = [0.5, 1, 2]) for 40 sweeps every 4"],
  ["to a precision", "SK", glass, more.glass, "measure heat_bath(T) for 500 sweeps every 1 until error(e) < 0.02"],
  ["metropolis of reals and angles", "Wells", wells, more.wells, "evolve metropolis(T) for 30 sweeps\n measure metropolis(T) for 20 sweeps every 2"],
  ["hmc", "Wells", wells, more.wells, "evolve hmc(T) for 30 steps\n measure hmc(T) for 20 steps every 2"],
];

/** Records by the values of the sweep, sample and start, of observables that both have. */
function byAddress({ plan, tasks }: RunOutcome, observables: readonly string[]): string {
  const lines = tasks.map((t) => {
    const sweep = Object.entries(plan.points[t.point]!.sweep).sort().map(([name, value]) => `${name}=${value}`).join();
    return `${sweep} ${t.sample} ${t.start}: ${JSON.stringify(observables.map((name) => t.values[name]))}`;
  });
  return lines.sort().join("\n");
}

describe.each(specs)("%s", (name, model, text, observables, steps) => {
  const sweeps = name === "tempering" ? ["sweep h in [0.1, 0.3]", "sweep h in [0.3, 0.1]"] : ["sweep T in [0.5, 1]\n sweep h in [0.1, 0.3]", "sweep h in [0.3, 0.1]\n sweep T in [1, 0.5]"];
  const spec = (sweep: string, declared: string): string => `${text(declared)}\nrun R of ${model} {\n ${sweep}\n samples 2\n starts 3\n ${steps}\n}\n`;
  test("workers and chunks", async () => {
    const whole = JSON.stringify((await runText(spec(sweeps[0]!, observables)))["R"]!.tasks);
    // Threads take longer to start than to work: four of them for some.
    const many = ["metropolis", "tempering", "hmc"].includes(name) ? [{ workers: 2 }, { workers: 4, startsPerChunk: 1 }] : [];
    for (const options of [...many, { workers: 1, startsPerChunk: 1 }, { workers: 1, startsPerChunk: 2 }]) {
      expect(JSON.stringify((await runText(spec(sweeps[0]!, observables), options))["R"]!.tasks), JSON.stringify(options)).toBe(whole);
    }
  });
  test("more observables, another order of the sweep", async () => {
    const few = byAddress((await runText(spec(sweeps[0]!, "")))["R"]!, ["H", "e"]);
    expect(byAddress((await runText(spec(sweeps[0]!, observables)))["R"]!, ["H", "e"])).toBe(few);
    expect(byAddress((await runText(spec(sweeps[1]!, "")))["R"]!, ["H", "e"])).toBe(few);
  });
});

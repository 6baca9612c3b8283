/**
 * Processes that are killed at any moment lose nothing that was finished, leave nothing half-written, and after as many resumptions as it
 * takes the results are those of an uninterrupted run, byte for byte. QUENCH_KILLS sets the number of kills (`npm run verify:all`: 60).
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { quench } from "./commandLine.ts";
import { withSampleFile } from "../../runtime/results/store/sampleFile.ts";

const KILLS = Number(process.env["QUENCH_KILLS"] ?? 4);
const folder = mkdtempSync(join(tmpdir(), "quench-crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Many short tasks, a few long chains, a theory that is asked while they go on, figures and claims. */
const text = `
model SK(N = 40) {
  ensemble   J[i < j in N] ~ Normal(0, var = 1)
  state      s[i in N] : spin
  energy     H = -(sum(i < j) J[i,j] * s[i] * s[j]) / sqrt(N)
  observable e = H / N
}
theory Field(h = 0.1) {
  order       m in (0, 1) = 0.9
  free_energy f = m^2 / 2 - log(2 * cosh(m + h))
  saddle      f over m
}
run Short of SK { transient
  sweep T in [0.5, 1]
  samples 12
  starts 4
  measure metropolis(T) for 300 sweeps every 20 }
run Long of SK { transient
  starts 2
  evolve  metropolis(T = 2 -> 0.5) for 10000 sweeps
  measure heat_bath(T = 0.5) for 10000 sweeps every 100 }
claim "cold is lower" : (mean(Short.e) at (T = 0.5)) < (mean(Short.e) at (T = 1))
claim "long" : mean(Long.e) < 0
claim "field" : root(x in 0.01..1) (Field.m(h = x) - 0.9) > 0
plot Field.m(h = x) for x in 0.1..2
plot mean(Short.e) vs T
table Short: T, mean(e)
`;
const specification = join(folder, "crash.quench");
writeFileSync(specification, text);

/** All that must not depend on what happened on the way. */
const lasting = (directory: string): Record<string, string> => {
  const files = ["results.json", "results.csv", "predictions.jsonl", ...["samples", "figures"].flatMap((sub) => readdirSync(join(directory, sub)).map((name) => `${sub}/${name}`))];
  return Object.fromEntries(files.map((name) => [name, createHash("sha256").update(readFileSync(join(directory, name))).digest("hex")]));
};

const finishedTasks = async (directory: string): Promise<ReadonlySet<string>> => {
  const samples = join(directory, "samples");
  const files = existsSync(samples) ? readdirSync(samples).filter((name) => !name.endsWith(".tmp")) : [];
  return new Set((await Promise.all(files.map((name) => withSampleFile(join(samples, name), (frames) => [...frames.keys()].map((task) => `${name} ${task}`))))).flat());
};

function start(arguments_: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<{ readonly status: number | null; readonly stderr: string }> } {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "../../dist/quench.js"), ...arguments_], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr!.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return { child, ended: new Promise((done) => child.on("exit", (status) => done({ status, stderr }))) };
}

const begin = (directory: string): readonly string[] => ["verify", specification, "--quiet", "-o", directory, "--checkpoint", "0.05", "--workers", "2"];
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

test(`${KILLS} kills at random moments`, { timeout: 60_000 + 5_000 * KILLS }, async () => {
  const whole = join(folder, "whole");
  const begun = performance.now();
  const { status } = await quench(begin(whole));
  const duration = performance.now() - begun;
  expect(status).toBe(0);
  const expected = lasting(whole);
  expect(Object.keys(expected).length).toBe(3 + 2 + 2 * 4);

  let random = 12345;
  const uniform = (): number => (random = (Math.imul(random, 1103515245) + 12345) >>> 0) / 2 ** 32;
  let completed = 0;
  let killed = 0;
  for (let round = 0; killed < KILLS; round++) {
    const directory = join(folder, `killed-${round}`);
    let known: ReadonlySet<string> = new Set();
    for (let ended = false; !ended; ) {
      const { child, ended: exit } = start(existsSync(join(directory, "run.json")) && uniform() < 0.5 ? ["resume", directory, "--quiet", "--checkpoint", "0.05"] : begin(directory));
      if (killed < KILLS) await Promise.race([wait(uniform() * duration), exit]);
      ended = child.exitCode !== null;
      if (!ended && killed < KILLS) {
        child.kill("SIGKILL");
        killed++;
      }
      const { status: code, stderr } = await exit;
      ended = code !== null;
      expect(ended ? code : 0, stderr).toBe(0);
      const now = await finishedTasks(directory);
      expect([...known].filter((task) => !now.has(task)), "a finished task was lost").toEqual([]);
      known = now;
    }
    completed++;
    expect(lasting(directory)).toEqual(expected);
    rmSync(directory, { recursive: true });
  }
  expect(completed).toBeGreaterThan(0);
});

/** How long the process takes to run the first line of ours, about: before that a signal is Node's own affair. */
async function startOfNode(): Promise<number> {
  const begun = performance.now();
  await new Promise((done) => spawn(process.execPath, ["-e", "0"]).on("exit", done));
  return (performance.now() - begun) / 1000;
}

test.each([0, 0.1, 0.4, 1.5])("SIGINT %s s after Node is up: exit status 75 in less than 2 s, and how to resume", async (seconds) => {
  const directory = join(folder, `interrupted-${seconds}`);
  const up = Math.max(await startOfNode(), await startOfNode());
  const { child, ended } = start(begin(directory).filter((a) => a !== "--quiet"));
  await wait(1000 * (seconds + 1.5 * up));
  const asked = performance.now();
  child.kill("SIGINT");
  const { status, stderr } = await ended;
  // On a machine that does nothing else Node is up in 0.04 s.
  expect(performance.now() - asked).toBeLessThan(Math.max(2000, 1000 * 20 * up));
  expect(status, stderr).toBe(75);
  expect(stderr).toMatch(/stopped before anything was run|stopped: \d+ of 98 tasks are finished; .*quench resume .*interrupted/);
  expect(existsSync(join(directory, "lock"))).toBe(false);
  if (seconds < 1.5) return;
  // What is left goes on, to the end.
  const resumed = await quench(["resume", directory, "--quiet"], { cwd: folder });
  expect(resumed.status).toBe(0);
  expect(lasting(directory)).toEqual(lasting(join(folder, "whole")));
});

/** Theories are asked in threads of their own: side by side with the runs, with the same bytes for any number of threads, once for each question. */
import { spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { quench, type Result } from "./commandLine.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-predictions-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const model = `model SK(N = 20, J0 = 0) {
  ensemble   J[i < j in N] ~ Normal(0, var = 1/N)
  state      s[i in N] : spin
  energy     H = -(sum(i < j) J[i,j] * s[i] * s[j]) - J0 / N * (sum(i < j) s[i] * s[j])
  observable e = H / N
}
theory RS of SK = replica(rs)
theory Never of SK = bethe(T = 1)
theory Own(h = 0.1) {
  order       m in (0, 1) = 0.9
  free_energy f = m^2 / 2 - log(2 * cosh(m + h))
  saddle      f over m
}
`;
const runs = `run Warm of SK { sweep T in [2, 3]  samples 4
  measure metropolis(T) for 100 sweeps every 10 }
`;
const claims = `claim "energy" : mean(Warm.e) ~= RS.energy +- 0.5
claim "root" : root(x in 0.01..1) (Own.m(h = x) - 0.9) > 0
claim "own" : Own.m(h = 0.2) > 0
claim "never" : Never.energy < 0
plot Own.m(h = x) for x in 0.1..2
plot mean(Warm.e) vs T
table Warm: T, mean(e), RS.energy
`;
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return name;
};
const at = (...arguments_: readonly string[]): Promise<Result> => quench(arguments_, { cwd: folder });
const read = (...path: readonly string[]): string => readFileSync(join(folder, ...path), "utf8");
const answered = ({ stderr }: Result): number => Number(/^theories: (\d+) predictions/m.exec(stderr)?.[1] ?? 0);

test("the same bytes for one thread and for three; what is known is not asked again", async () => {
  write("study.quench", model + runs + claims);
  const one = await at("verify", "study.quench", "-o", "one", "--workers", "1");
  expect(one.stdout).toMatch(/holds +energy[\s\S]*holds +root[\s\S]*holds +own[\s\S]*undecided +never/);
  // It is said once, at the declaration.
  expect(one.stderr.match(/Q608/g)?.length).toBe(1);
  expect(answered(one)).toBeGreaterThan(100);
  const three = await at("verify", "study.quench", "-o", "three", "--workers", "3", "--json");
  for (const file of ["predictions.jsonl", "results.json", "results.csv"]) expect(read("three", file)).toBe(read("one", file));
  const events = three.stderr.trimEnd().split("\n").map((line) => JSON.parse(line) as { event: string; done: number; asked: number; known: number });
  expect(events.some((e) => e.event === "prediction")).toBe(true);
  expect(events.find((e) => e.event === "predictions")).toMatchObject({ done: answered(one), asked: answered(one), known: 0 });

  const before = read("one", "results.json");
  expect(answered(await at("verify", "study.quench", "-o", "one"))).toBe(0);
  expect(read("one", "results.json")).toBe(before);
  // Other claims and observables change no question; another energy changes those about it (at two temperatures, and whether its theories can be derived).
  write("study.quench", `${model.replace("\n}", "\n  observable m = mean(s)\n}")}${runs}${claims}claim "more" : RS.energy(T = 4) < 0\n`);
  expect(answered(await at("verify", "study.quench", "-o", "one"))).toBe(1);
  write("study.quench", model.replace("var = 1/N", "var = 2/N") + runs + claims);
  expect(answered(await at("verify", "study.quench", "-o", "one"))).toBe(5);
});

test("half a line at the end, and lines that are none, are asked again", async () => {
  write("torn.quench", model + claims.split("\n").slice(1, 3).join("\n"));
  const whole = answered(await at("verify", "torn.quench", "-o", "torn"));
  const [first, ...rest] = read("torn", "predictions.jsonl").trimEnd().split("\n");
  const settled = read("torn", "predictions.jsonl");
  writeFileSync(join(folder, "torn", "predictions.jsonl"), `${rest.join("\n")}\n\0\0\0\n{"address": 3}\n`);
  appendFileSync(join(folder, "torn", "predictions.jsonl"), first!.slice(0, 60));
  expect(whole).toBeGreaterThan(3);
  expect(answered(await at("verify", "torn.quench", "-o", "torn"))).toBe(1);
  expect(read("torn", "predictions.jsonl")).toBe(settled);
});

/** An entropy of dense regions: seconds for each question. */
const long = `model Storage(N = 501, alpha = 0.5) {
  let        P = round(alpha * N)
  ensemble   x[mu in P, i in N] ~ Sign
  state      w[i in N] : spin
  energy     E = count(mu) (sum(i) x[mu,i] * w[i] < 0)
}
theory RS of Storage = replica(rs, T = 0)
theory Dense of Storage = replica(rsb1, m = star, T = 0)
claim "short" : RS.entropy(alpha = 0.5) > 0
claim "long" : root(alpha in 0.74..0.80) Dense.max_slope(alpha = alpha) ~= 0.774 +- 0.003
`;

test.each(["1", "2"])("SIGINT while a theory computes, with %s threads: exit status 75 in less than 2 s, and answers are kept", { timeout: 60_000 }, async (workers) => {
  write("long.quench", long);
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "../../dist/quench.js"), "verify", "long.quench", "-o", `long-${workers}`, "--workers", workers], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.on("exit", done));
  const file = join(folder, `long-${workers}`, "predictions.jsonl");
  while (!existsSync(file) || !/"RS","quantity"/.test(readFileSync(file, "utf8"))) await new Promise((done) => setTimeout(done, 20));
  const asked = performance.now();
  child.kill("SIGINT");
  expect(await ended, stderr).toBe(75);
  expect(performance.now() - asked).toBeLessThan(4000); // 2 s on a machine that does nothing else
  expect(stderr).toMatch(/theories: \d+ predictions in .*, stopped with \d+ to go/);
  expect(stderr).toMatch(/quench resume long-/);
  expect(read(`long-${workers}`, "predictions.jsonl")).toMatch(/"theory":"RS","quantity":"entropy"/);
});

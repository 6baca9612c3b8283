/**
 * `npm run bench:ratio -- FOLDER [filter]` (or QUENCH_BASELINES): alternates each workload with the program of the baselines that does the same, at
 * least seven times, and prints median and spread of the ratio. The folder holds the built baselines, `bin/bench512`.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { median, modelOf, rate, warm } from "./measure.ts";
import { workloads } from "./workloads.ts";

const ROUNDS = 7;
const [folder = process.env["QUENCH_BASELINES"] ?? "", filter = ""] = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const program = join(folder, "bin", "bench512");
if (!existsSync(program)) throw new Error(`${program} does not exist: give the folder of the built baselines`);
process.stdout.write("workload,ratio to C++ (AVX-512),lowest,highest,goal,quench,C++,unit\n");
for (const { baseline, ...workload } of workloads) {
  if (!baseline || !workload.name.includes(filter)) continue;
  const work = warm(workload.start(modelOf(workload)));
  const rounds = Array.from({ length: ROUNDS }, () => ({ ours: rate(work, 0.2), theirs: baselineRate(baseline.filter) }));
  const ratios = rounds.map(({ ours, theirs }) => ours / theirs).sort((a, b) => a - b);
  const digits = (value: number): string => value.toPrecision(3);
  process.stdout.write(`${[workload.name, ...[median(ratios), ratios[0]!, ratios.at(-1)!, baseline.goal, median(rounds.map((r) => r.ours)), median(rounds.map((r) => r.theirs))].map(digits), workload.unit].join(",")}\n`);
}

function baselineRate(filter: string): number {
  const lines = execFileSync(program, [filter], { encoding: "utf8" }).split("\n").map((line) => line.split(","));
  const value = Number(lines.find(([name]) => name === filter)?.[2]);
  if (!(value > 0)) throw new Error(`${program} ${filter} printed no value`);
  return value;
}

/**
 * `npm run bench [filter]`: prints `workload,impl,value,unit` for each workload (median of five, units per CPU second of one thread), and
 * with `--scaling` the exponent with which the time of a unit grows over the sizes, with the expected one.
 */
import { measureAll } from "./scaling.ts";
import { median, modelOf, rate, warm } from "./measure.ts";
import { workloads } from "./workloads.ts";

const [filter = ""] = process.argv.slice(2).filter((a) => !a.startsWith("--"));
const chosen = workloads.filter((w) => w.name.includes(filter));
if (chosen.length === 0) throw new Error(`no workload has ${filter} in its name; there are ${workloads.map((w) => w.name).join(", ")}`);
for (const workload of chosen) {
  const work = warm(workload.start(modelOf(workload)));
  const values = Array.from({ length: 5 }, () => rate(work, 0.25));
  process.stdout.write(`${workload.name},quench,${median(values).toPrecision(4)},${workload.unit}\n`);
}
if (process.argv.includes("--scaling")) measureAll(chosen);

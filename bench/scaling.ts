/** How the time of one unit of work grows with the size. */
import { modelOf, rate, warm } from "./measure.ts";
import type { Workload } from "./workloads.ts";

/** Prints `workload:scaling(SIZE),quench,EXPONENT,exponent expected E` for each workload that has sizes to compare. */
export function measureAll(workloads: readonly Workload[]): void {
  for (const workload of workloads) {
    if (!workload.scaling) continue;
    const { sizes, of, exponent } = workload.scaling;
    const points = sizes.map((size) => {
      const model = modelOf(workload, size);
      const work = workload.start(model);
      // A sweep is N attempts, a draw n numbers: time of a whole call.
      const units = work();
      return { size: size[of]!, seconds: units / rate(warm(work, 0.1), 0.15) };
    });
    process.stdout.write(`${workload.name}:scaling(${of} = ${points[0]!.size} … ${points.at(-1)!.size}),quench,${slope(points).toFixed(2)},exponent of the time of a call; at most ${exponent + (workload.unit === "attempts/s" ? 1 : 0)}\n`);
  }
}

/** Least squares in logarithms. */
function slope(points: readonly { readonly size: number; readonly seconds: number }[]): number {
  const [x, y] = [points.map((p) => Math.log(p.size)), points.map((p) => Math.log(p.seconds))];
  const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  return x.reduce((sum, xi, k) => sum + (xi - mx) * (y[k]! - my), 0) / x.reduce((sum, xi) => sum + (xi - mx) ** 2, 0);
}

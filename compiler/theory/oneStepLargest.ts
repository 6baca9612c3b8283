/** The average of one step of replica symmetry breaking at ε = 0, where the inner integral is its largest term: an integral over the maximiser. */
import { jumpOf, maximiserOf, maximisersOf } from "./maximiser.ts";
import type { OneStepAverages, OneStepQuestion, Outer } from "./oneStepField.ts";
import { panelGrid, widthNear } from "./quadrature.ts";

export function largestTerm({ weight, spread, fineness }: OneStepQuestion, outer: Outer): OneStepAverages | undefined {
  const out = new Float64Array(4);
  const maximiser = maximiserOf(weight, spread), { field } = maximiser;
  const [low, high] = maximisersOf(field, outer);
  const features = [...weight.features, ...outer.features.map(({ place, scale }) => ({ place, scale: scale / (1 + Math.max(0, spread)) }))];
  const places = features.map((f) => f.place).filter((p) => p > low && p < high);
  const stretch = (x: number): number => Math.abs(maximiser.stretch(x));
  const width = (a: number, b: number): number => {
    const places = [a, (a + b) / 2, b], fields = places.map(field);
    // Where no field of the outer average belongs, only the shape of u(x) matters.
    const met = Math.min(...fields) < outer.high && Math.max(...fields) > outer.low;
    return Math.min(met ? outer.width / Math.max(...places.map(stretch)) : Infinity, widthNear(features, a, b)) / fineness;
  };
  const survey = panelGrid([...new Set([low, ...places, high])].sort((a, b) => a - b), width);
  if (!survey) return undefined;
  const jump = jumpOf(survey.x, survey.x.map(field), maximiser);
  if (jump === "several") return undefined;
  const cuts = jump ? [[low, jump.left], [jump.right, high]] as const : [[low, high]] as const;
  const sums = { value: 0, slope: 0, slope0: 0, curvature: 0, total: 0, external: 0, teacher: 0, further: 0 };
  for (const [from, to] of cuts) {
    const grid = jump ? panelGrid([...new Set([from, ...places.filter((p) => p > from && p < to), to])].sort((a, b) => a - b), width) : survey;
    if (!grid) return undefined;
    for (let i = 0; i < grid.x.length; i++) {
      weight.at(grid.x[i]!, out);
      const l = out[0]!, l1 = out[1]!, l2 = out[2]!, extra = out[3]!;
      const u = grid.x[i]! - spread * l1, slope = 1 - spread * l2, w = grid.weight[i]! * slope * outer.density(u);
      if (!(slope > 0)) continue;
      sums.value += w * (l - 0.5 * spread * l1 * l1);
      sums.slope += w * l1;
      sums.slope0 += w * l1 * l1;
      sums.curvature += w * l2;
      sums.total += (w * l2) / slope;
      sums.external -= 0.5 * w * Math.log(slope);
      sums.teacher += grid.weight[i]! * slope * outer.conditioned(u) * l1;
      sums.further += w * extra;
    }
  }
  // The jump of G' is a delta in G''.
  if (jump) sums.total += ((jump.right - jump.left) / spread) * outer.density(jump.field);
  return { ...sums, slope1: sums.slope0 };
}

/**
 * Fixed composite quadrature: Gauss-Legendre panels that are no wider than the integrand allows. Unlike an adaptive rule it makes a
 * smooth function of the parameters, and costs no trial evaluations; its error is found by making all panels narrower.
 */

export interface Grid { readonly x: Float64Array; readonly weight: Float64Array }

/** Points of each panel. */
const ORDER = 16;
const [legendreNodes, legendreWeights] = gaussLegendre(ORDER);

/** Nodes and weights on [−1, 1]: zeros of the Legendre polynomial by Newton's method from Tricomi's approximation. */
function gaussLegendre(n: number): readonly [Float64Array, Float64Array] {
  const nodes = new Float64Array(n), weights = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5)), slope = 1;
    for (let iteration = 0; iteration < 100; iteration++) {
      let [before, p] = [1, x];
      for (let l = 2; l <= n; l++) [before, p] = [p, ((2 * l - 1) * x * p - (l - 1) * before) / l];
      slope = (n * (x * p - before)) / (x * x - 1);
      const step = p / slope;
      x -= step;
      if (Math.abs(step) < 1e-16) break;
    }
    nodes[n - 1 - k] = x;
    weights[n - 1 - k] = 2 / ((1 - x * x) * slope * slope);
  }
  return [nodes, weights];
}

/** Where a function changes on a finer scale than elsewhere. */
export interface Feature { readonly place: number; readonly scale: number }

/** How many scales away a feature is felt. */
const REACH = 8;

/** The width that features allow to a panel [a, b]. */
export function widthNear(features: readonly Feature[], a: number, b: number): number {
  let width = Infinity;
  for (const { place, scale } of features) {
    const distance = Math.max(0, place - b, a - place);
    width = Math.min(width, distance < REACH * scale ? 5 * scale : distance);
  }
  return width;
}

/** More panels than any integrand of a solution needs: far from one, scales may vanish. */
const MOST_PANELS = 1200;

/** Panels between neighbouring `breaks`, divided until each is no wider than `width` allows it; undefined where that takes too many. */
export function panelGrid(breaks: readonly number[], width: (a: number, b: number) => number): Grid | undefined {
  const edges: [number, number][] = [];
  let tooMany = false;
  const divide = (a: number, b: number, depth: number): void => {
    if (tooMany) return;
    const parts = Math.ceil((b - a) / width(a, b));
    if (parts <= 1) return void edges.push([a, b]);
    if (!(depth < 60) || !(edges.length < MOST_PANELS)) { tooMany = true; return; }
    // A width that is needed in one place of a wide panel is not needed in all of it.
    const count = parts <= 3 ? parts : 2;
    for (let k = 0; k < count; k++) {
      const [from, to] = [a + ((b - a) * k) / count, a + ((b - a) * (k + 1)) / count];
      if (parts <= 3) edges.push([from, to]); else divide(from, to, depth + 1);
    }
  };
  for (let k = 0; k + 1 < breaks.length; k++) if (breaks[k + 1]! > breaks[k]!) divide(breaks[k]!, breaks[k + 1]!, 0);
  if (tooMany) return undefined;
  const x = new Float64Array(edges.length * ORDER), weight = new Float64Array(edges.length * ORDER);
  edges.forEach(([a, b], p) => {
    const [middle, half] = [(a + b) / 2, (b - a) / 2];
    for (let k = 0; k < ORDER; k++) {
      x[p * ORDER + k] = middle + half * legendreNodes[k]!;
      weight[p * ORDER + k] = half * legendreWeights[k]!;
    }
  });
  return { x, weight };
}

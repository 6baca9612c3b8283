/**
 * Integrals of vector-valued functions of one variable, refined by bisection until every component is stable. Panels close in
 * on kinks and jumps by themselves, so that nothing has to be known about them.
 *
 * Rule: Gauss-Kronrod (7, 15) with the error estimate of QUADPACK (Piessens et al. 1983, QK15).
 */

/** Writes the components of the integrand at `x` into `out`. */
export type Integrand = (x: number, out: Float64Array) => void;

const nodes = [0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926, 0.741531185599394439863864773280788, 0.586087235467691130294144691693013, 0.405845151377397166906606412076961, 0.207784955007898467600689403773245, 0];
const kronrod = [0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518, 0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014, 0.204432940075298892414161999234649, 0.209482141084727828012999174891714];
const gauss = [0, 0.129484966168869693270611432679082, 0, 0.279705391489276667901467771423780, 0, 0.381830050505118944950369775488975, 0, 0.417959183673469387755102040816327];

const MOST_PANELS = 1500;
/** Relative to the integral of |f|: below it differences are rounding. */
const ROUNDING = 4e-16;

interface Panel { readonly a: number; readonly b: number; readonly value: Float64Array; readonly error: Float64Array; readonly size: Float64Array }

/** Values at the 15 nodes of one panel; grown as needed, one for each depth of nesting. */
const buffers: Float64Array[][] = [];
let depth = 0;

function panelOf(f: Integrand, a: number, b: number, count: number): Panel {
  const half = (b - a) / 2, middle = (a + b) / 2;
  const samples = (buffers[depth] ??= []);
  if (samples.length === 0 || samples[0].length < count) for (let n = 0; n < 15; n++) samples[n] = new Float64Array(count);
  depth++;
  for (let k = 0; k < 7; k++) {
    f(middle - half * nodes[k], samples[2 * k]);
    f(middle + half * nodes[k], samples[2 * k + 1]);
  }
  f(middle, samples[14]);
  depth--;
  const value = new Float64Array(count), error = new Float64Array(count), size = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    const centre = samples[14][c];
    let high = kronrod[7] * centre, low = gauss[7] * centre, magnitude = kronrod[7] * Math.abs(centre);
    for (let k = 0; k < 7; k++) {
      const left = samples[2 * k][c], right = samples[2 * k + 1][c];
      // Mirrored nodes are added first: odd parts cancel exactly.
      high += kronrod[k] * (left + right);
      low += gauss[k] * (left + right);
      magnitude += kronrod[k] * (Math.abs(left) + Math.abs(right));
    }
    const mean = high / 2;
    let spread = kronrod[7] * Math.abs(centre - mean);
    for (let k = 0; k < 7; k++) spread += kronrod[k] * (Math.abs(samples[2 * k][c] - mean) + Math.abs(samples[2 * k + 1][c] - mean));
    spread *= Math.abs(half);
    const difference = Math.abs((high - low) * half);
    error[c] = spread !== 0 && difference !== 0 ? spread * Math.min(1, (200 * difference / spread) ** 1.5) : difference;
    value[c] = high * half;
    size[c] = magnitude * Math.abs(half);
  }
  return { a, b, value, error, size };
}

/** The relative error of the least accurate integral that was taken with it: above the tolerance only where the most panels were not enough. */
export interface Accuracy { error: number }

/**
 * ∫ f over the panels between neighbouring `breaks`; each component to `tolerance` relative to the integral of its magnitude. The
 * panel that is furthest from it is halved next, so that an integral which cannot be finished is as good everywhere.
 */
export function integrate(f: Integrand, breaks: readonly number[], count: number, tolerance: number, accuracy?: Accuracy): Float64Array {
  const size = new Float64Array(count), total = new Float64Array(count), left = new Float64Array(count);
  const first: Panel[] = [];
  for (let k = 0; k + 1 < breaks.length; k++) first.push(panelOf(f, breaks[k], breaks[k + 1], count));
  for (const p of first) for (let c = 0; c < count; c++) size[c] += p.size[c];
  /** How many times too large the error is; at most 1 where the panel is good enough. */
  const excess = (p: Panel): number => {
    if (!(p.b - p.a > 4e-16 * (Math.abs(p.a) + Math.abs(p.b)))) return 0;
    let most = 0;
    for (let c = 0; c < count; c++) if (p.error[c] > ROUNDING * p.size[c] && p.error[c] > most * tolerance * size[c]) most = p.error[c] / (tolerance * size[c]);
    return most;
  };
  const open: { readonly panel: Panel; readonly excess: number }[] = [];
  const place = (panel: Panel): void => {
    const far = excess(panel);
    if (far > 1) open.push({ panel, excess: far });
    else for (let c = 0; c < count; c++) { total[c] += panel.value[c]; left[c] += panel.error[c]; }
  };
  first.forEach(place);
  let made = first.length;
  while (open.length > 0 && made <= MOST_PANELS) {
    let worst = 0;
    for (let k = 1; k < open.length; k++) if (open[k].excess > open[worst].excess) worst = k;
    const { panel } = open[worst];
    open[worst] = open[open.length - 1];
    open.pop();
    const middle = (panel.a + panel.b) / 2;
    const halves = [panelOf(f, panel.a, middle, count), panelOf(f, middle, panel.b, count)];
    made += 2;
    if (isRounding(panel, halves[0], halves[1], size, tolerance, count)) {
      for (const half of halves) for (let c = 0; c < count; c++) { total[c] += half.value[c]; left[c] += half.error[c]; }
    } else halves.forEach(place);
  }
  for (const { panel } of open) for (let c = 0; c < count; c++) { total[c] += panel.value[c]; left[c] += panel.error[c]; }
  if (accuracy) for (let c = 0; c < count; c++) if (size[c] > 0) accuracy.error = Math.max(accuracy.error, left[c] / size[c]);
  return total;
}

/** Halving a panel halves the error of a jump, which stays in one half, and more of anything smoother: what stays in both is rounding of the integrand. */
function isRounding(p: Panel, left: Panel, right: Panel, size: Float64Array, tolerance: number, count: number): boolean {
  for (let c = 0; c < count; c++) {
    if (!(p.error[c] > tolerance * size[c])) continue;
    const [less, more] = [Math.min(left.error[c], right.error[c]), Math.max(left.error[c], right.error[c])];
    if (!(p.error[c] < 1e-9 * size[c] && less + more > 0.7 * p.error[c] && less > 0.05 * more)) return false;
  }
  return true;
}

const inverseRootTwoPi = 1 / Math.sqrt(2 * Math.PI);
/** Close to 0 finer: an average over a field with little noise has its features there. */
const body = [-8.5, -4.5, -1.8, -0.01, 0, 0.01, 1.8, 4.5, 8.5];
/** The weight underflows beyond the last. */
const tails = [8.5, 12, 17, 24, 38];

/** Half as many points as the coarsest of the equidistant sums has. */
const COARSE = 14;
const REACH = 8.5;
const DOUBLINGS = 3;

/**
 * ∫ f over [−8.5, 8.5] for f that is smooth and gone at the ends: the error of equidistant sums falls exponentially with their number
 * of points, to its square when they are doubled (Trefethen and Weideman 2014). Undefined where that doesn't come to the tolerance.
 */
function equidistant(f: Integrand, count: number, tolerance: number): Float64Array | undefined {
  const sum = new Float64Array(count), size = new Float64Array(count), one = new Float64Array(count), other = new Float64Array(count);
  const addPair = (z: number): void => {
    f(z, one);
    f(-z, other);
    for (let c = 0; c < count; c++) { sum[c] += one[c] + other[c]; size[c] += Math.abs(one[c]) + Math.abs(other[c]); }
  };
  f(0, one);
  for (let c = 0; c < count; c++) { sum[c] = one[c]; size[c] = Math.abs(one[c]); }
  let step = REACH / COARSE;
  for (let k = 1; k <= COARSE; k++) addPair(k * step);
  let last = Infinity;
  for (let left = DOUBLINGS - 1; left >= 0; left--) {
    const before = sum.map((x) => x * step);
    for (let z = step / 2; z < REACH; z += step) addPair(z);
    step /= 2;
    let worst = 0;
    for (let c = 0; c < count; c++) {
      const change = Math.abs(sum[c] * step - before[c]);
      if (!Number.isFinite(change)) return undefined;
      if (change > worst * size[c] * step) worst = change / (size[c] * step);
    }
    // The change is the error before; where it has been seen to fall like a power, the error now is at most that power of it.
    if (worst <= Math.max(tolerance, ROUNDING) || (worst <= last ** 1.5 && worst ** 1.5 <= tolerance)) return sum.map((x) => x * step);
    if (worst ** (2 ** left) > tolerance) return undefined;
    last = worst;
  }
  return undefined;
}

/** The breaks with those of `places` that lie between them: where the integrand is known to jump or to have a kink. */
function broken(breaks: readonly number[], places: readonly number[]): readonly number[] {
  const inside = places.filter((x) => x > breaks[0] && x < breaks[breaks.length - 1] && !breaks.includes(x));
  return inside.length === 0 ? breaks : [...new Set([...breaks, ...inside])].sort((a, b) => a - b);
}

/**
 * ∫ f(z) exp(−z²/2)/√(2π) dz. Integrands that grow like exp(z²/4) or slower are followed as far as they matter. `places`: where f is
 * known to jump or to have a kink.
 */
export function integrateGauss(f: Integrand, count: number, tolerance: number, accuracy?: Accuracy, places: readonly number[] = []): Float64Array {
  const weighted: Integrand = (z, out) => {
    f(z, out);
    const weight = inverseRootTwoPi * Math.exp(-0.5 * z * z);
    for (let c = 0; c < count; c++) out[c] *= weight;
  };
  const total = (places.length === 0 ? equidistant(weighted, count, tolerance) : undefined) ?? integrate(weighted, broken(body, places), count, tolerance, accuracy);
  const out = new Float64Array(count);
  for (const side of [-1, 1]) {
    for (let k = 0; k + 1 < tails.length; k++) {
      const [near, far] = [tails[k], tails[k + 1]];
      const matters = [near + 0.2, near + 1.7].some((z) => {
        weighted(side * z, out);
        return out.some((x, c) => Math.abs(x) > tolerance * 1e-3 * Math.abs(total[c]) && Math.abs(x) > 1e-290);
      });
      if (!matters || !out.every(Number.isFinite)) break;
      const more = integrate(weighted, side < 0 ? [-far, -near] : [near, far], count, tolerance);
      for (let c = 0; c < count; c++) total[c] += more[c];
    }
  }
  return total;
}

/** ∫ f from `from` to `to`, either of which may be infinite: x = t/(1 − t) on a half-line. */
export function integrateRange(f: Integrand, from: number, to: number, count: number, tolerance: number, accuracy?: Accuracy, places: readonly number[] = []): Float64Array {
  if (from > to) return integrateRange(f, to, from, count, tolerance, accuracy, places).map((x) => -x);
  if (from === -Infinity && to === Infinity) {
    const left = integrateRange(f, -Infinity, 0, count, tolerance, accuracy, places), right = integrateRange(f, 0, Infinity, count, tolerance, accuracy, places);
    return left.map((x, c) => x + right[c]);
  }
  if (Number.isFinite(from) && Number.isFinite(to)) return integrate(f, broken([from, (from + to) / 2, to], places), count, tolerance, accuracy);
  const [end, side] = from === -Infinity ? [to, -1] : [from, 1];
  const onUnit: Integrand = (t, out) => {
    f(end + side * t / (1 - t), out);
    const stretch = 1 / ((1 - t) * (1 - t));
    // What is 0 so far out stays 0.
    for (let c = 0; c < count; c++) out[c] = out[c] === 0 ? 0 : out[c] * stretch;
  };
  const distances = places.map((x) => side * (x - end)).map((x) => x / (1 + x));
  return integrate(onUnit, broken([0, 0.25, 0.5, 0.75, 0.9, 1], distances), count, tolerance, accuracy);
}

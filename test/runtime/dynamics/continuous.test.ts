/**
 * Dynamics of real variables against exact results. Statistical tests have fixed seeds; a deviation counts beyond 4.5 standard errors, which a
 * right dynamics exceeds with a probability below 1e-5 for each assertion, and every standard error is itself bounded so that a test can fail.
 */
import { describe, expect, test } from "vitest";
import type { Dynamics } from "../../../runtime/dynamics/dynamics.ts";
import { adam } from "../../../runtime/dynamics/adam.ts";
import { hmc } from "../../../runtime/dynamics/hmc.ts";
import { langevin } from "../../../runtime/dynamics/langevin.ts";
import { mala } from "../../../runtime/dynamics/mala.ts";
import { underdamped } from "../../../runtime/dynamics/underdamped.ts";
import { backwardVelocity, euclideanNorm, geodesic, projectGradient, retract } from "../../../runtime/geometry/index.ts";
import type { CompiledModel, Sphere } from "../../../runtime/model.ts";
import { Stream } from "../../../runtime/random/index.ts";
import { freeQuadratic, handWrittenModel, wholeSphere } from "../models/handWritten.ts";

/** Mean and standard error of independent numbers. */
function estimate(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}
function expectNear(values: readonly number[], exact: number, largestError: number): void {
  const { mean, error } = estimate(values);
  expect(error).toBeLessThan(largestError);
  expect(Math.abs(mean - exact), `${mean} +- ${error}, exactly ${exact}`).toBeLessThan(4.5 * error);
}

/** A density on a line, sampled exactly by inversion of its distribution function on a fine grid. */
class Line {
  private readonly grid: number[] = [];
  private readonly cumulative: number[] = [0];
  private readonly weight: (x: number) => number;
  constructor(weight: (x: number) => number, from: number, to: number) {
    this.weight = weight;
    const cells = 20000;
    for (let k = 0; k <= cells; k++) this.grid.push(from + ((to - from) * k) / cells);
    for (let k = 0; k < cells; k++) this.cumulative.push(this.cumulative[k]! + 0.5 * (weight(this.grid[k]!) + weight(this.grid[k + 1]!)));
  }
  sample(u: number): number {
    const goal = u * this.cumulative.at(-1)!;
    let [low, high] = [0, this.cumulative.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.cumulative[middle]! <= goal) low = middle;
      else high = middle;
    }
    const share = (goal - this.cumulative[low]!) / (this.cumulative[high]! - this.cumulative[low]!);
    return this.grid[low]! + share * (this.grid[high]! - this.grid[low]!);
  }
  mean(f: (x: number) => number): number {
    let [sum, norm] = [0, 0];
    for (const x of this.grid) { sum += f(x) * this.weight(x); norm += this.weight(x); }
    return sum / norm;
  }
}

interface Target {
  readonly name: string;
  readonly model: CompiledModel;
  readonly T: number;
  /** An exact sample of exp(-E/T). */
  readonly sample: (stream: Stream) => Float64Array;
  /** Functions whose means must stay. */
  readonly moments: readonly ((x: Float64Array) => number)[];
}

const quarticLine = new Line((x) => Math.exp(-(x ** 4)), -4, 4);
const wellLine = new Line((x) => Math.exp(-((x * x - 1) ** 2) / 0.4), -3, 3);
const separable = (name: string, dimension: number, energy: (x: number) => number, slope: (x: number) => number): CompiledModel =>
  handWrittenModel({ name, dimension, energyAndGradient: (x, g) => x.reduce((sum, v, i) => { g[i] = slope(v); return sum + energy(v); }, 0) });
const quartic = separable("Quartic", 3, (x) => x ** 4, (x) => 4 * x ** 3);
const well = separable("Well", 2, (x) => (x * x - 1) ** 2, (x) => 4 * x * (x * x - 1));

/** Two spheres of radius 2 in three dimensions, entries interleaved, in fields along their first axis, and a free oscillator coupled to nothing. */
const fields = [2, 0.7];
const spheres: readonly Sphere[] = [{ offset: 0, count: 2, groupStride: 1, length: 3, elementStride: 2, norm2: 4 }];
const dipoles = handWrittenModel({
  name: "Dipoles", dimension: 7, spheres,
  energyAndGradient: (x, g) => {
    g.fill(0);
    g[0] = -fields[0]! / 2; g[1] = -fields[1]! / 2; g[6] = x[6]!;
    return g[0]! * x[0]! + g[1]! * x[1]! + (x[6]! * x[6]!) / 2;
  },
});
/** The cosine to the field k has the density exp(k cos) on [-1, 1]. */
function sampleDipoles(stream: Stream): Float64Array {
  const x = new Float64Array(7);
  fields.forEach((k, g) => {
    const u = stream.uniform(0, g);
    const cosine = 1 + Math.log(u + (1 - u) * Math.exp(-2 * k)) / k;
    const angle = 2 * Math.PI * stream.uniform(1, g);
    const sine = Math.sqrt(1 - cosine * cosine);
    [cosine, sine * Math.cos(angle), sine * Math.sin(angle)].forEach((c, e) => { x[g + 2 * e] = 2 * c; });
  });
  x[6] = stream.normal(2, 0);
  return x;
}

const targets: readonly Target[] = [
  { name: "quartic", model: quartic, T: 1, sample: (s) => Float64Array.from({ length: 3 }, (_, i) => quarticLine.sample(s.uniform(0, i))), moments: [(x) => x[0]! ** 2, (x) => x[1]! ** 4, (x) => x[0]! * x[2]!] },
  { name: "double well", model: well, T: 0.4, sample: (s) => Float64Array.from({ length: 2 }, (_, i) => wellLine.sample(s.uniform(0, i))), moments: [(x) => x[0]! ** 2, (x) => (x[1]! ** 2 - 1) ** 2, (x) => x[0]!] },
  { name: "two spheres and a line", model: dipoles, T: 1, sample: sampleDipoles, moments: [(x) => x[0]!, (x) => x[1]!, (x) => x[0]! ** 2, (x) => x[2]! ** 2, (x) => x[6]! ** 2] },
];

/** Dynamics with an acceptance test, with steps so long that the proposals alone would be far off. */
const exactDynamics: readonly { readonly dynamics: Dynamics; readonly arguments: Readonly<Record<string, number>> }[] = [
  { dynamics: mala, arguments: { step: 0.12 } },
  { dynamics: mala, arguments: { step: 0.4 } },
  { dynamics: hmc, arguments: { step: 0.4, leapfrog: 1 } },
  { dynamics: hmc, arguments: { step: 0.5, leapfrog: 3 } },
];

describe.each(targets)("$name", ({ model, T, sample, moments }) => {
  test.each(exactDynamics)("exp(-E/T) is invariant under $dynamics.name $arguments", ({ dynamics, arguments: given }) => {
    const starts = 20000;
    const steps = 2;
    // Means of differences: exactly 0 for an invariant law.
    const changes = moments.map(() => [] as number[]);
    let accepted = 0;
    for (let k = 0; k < starts; k++) {
      const state = sample(new Stream(["test", "exact start", model.name, k]));
      const before = moments.map((f) => f(state));
      const mover = dynamics.create(model, state, { arguments: { T, ...given }, amount: steps, stream: new Stream(["test", "moves", model.name, k]) });
      for (let s = 0; s < steps; s++) mover.step();
      accepted += mover.acceptance!() / starts;
      moments.forEach((f, m) => changes[m]!.push(f(state) - before[m]!));
    }
    expect(accepted).toBeGreaterThan(0.2);
    expect(accepted).toBeLessThan(0.995);
    for (const values of changes) expectNear(values, 0, 0.03);
  });

  test.each([mala, hmc])("$name with its own tuned arguments, frozen, has the exact means", (dynamics) => {
    const exact = moments.map((f) => estimate(Array.from({ length: 40000 }, (_, k) => f(sample(new Stream(["test", "reference", model.name, k]))))));
    const chains = Array.from({ length: 12 }, (_, chain) => {
      const state = sample(new Stream(["test", "chain", model.name, chain]));
      const evolve = dynamics.create(model, state, { arguments: { T }, amount: 1000, stream: new Stream(["test", "evolve", dynamics.name, model.name, chain]), tuning: true });
      for (let s = 0; s < 1000; s++) evolve.step();
      const tuned = evolve.tuned!();
      expect(Object.keys(tuned)).toEqual(dynamics === mala ? ["step"] : ["step", "leapfrog"]);
      const mover = dynamics.create(model, state, { arguments: { T, ...tuned }, amount: 3000, stream: new Stream(["test", "measure", dynamics.name, model.name, chain]) });
      const sums = moments.map(() => 0);
      for (let s = 0; s < 3000; s++) {
        mover.step();
        moments.forEach((f, m) => { sums[m]! += f(state) / 3000; });
      }
      expect(mover.tuned!()).toEqual({});
      expect(mover.acceptance!()).toBeGreaterThan(0.4);
      expect(mover.acceptance!()).toBeLessThan(0.999);
      return sums;
    });
    moments.forEach((_, m) => {
      const { mean, error } = estimate(chains.map((c) => c[m]!));
      const joint = Math.hypot(error, exact[m]!.error);
      expect(joint).toBeLessThan(0.12);
      expect(Math.abs(mean - exact[m]!.mean), `${mean} and ${exact[m]!.mean} +- ${joint}`).toBeLessThan(5.5 * joint);
    });
  });
});

describe("the exact values of the quartic", () => {
  test("<x²> = 0.33798912 and <E> = 1/4 at T = 1", () => {
    expect(quarticLine.mean((x) => x * x)).toBeCloseTo(0.33798912, 8);
    expect(quarticLine.mean((x) => x ** 4)).toBeCloseTo(0.25, 10);
  });
});

/** Time averages of f over chains that begin at 0. */
function timeAverages(dynamics: Dynamics, model: CompiledModel, arguments_: Readonly<Record<string, number>>, f: (x: Float64Array) => number, steps: number, chains = 24): number[] {
  return Array.from({ length: chains }, (_, chain) => {
    const state = new Float64Array(model.dimension);
    model.initialize(state, () => new Stream(["test", "averages", dynamics.name, model.name, chain]));
    const mover = dynamics.create(model, state, { arguments: arguments_, amount: steps, stream: new Stream(["test", "noise", dynamics.name, model.name, chain]) });
    let sum = 0;
    for (let s = 0; s < steps; s++) {
      mover.step();
      if (s >= steps / 10) sum += f(state);
    }
    return sum / (steps - steps / 10);
  });
}

describe("integrators without acceptance", () => {
  const curvatures = [0.5, 1, 2];
  const quadratic = freeQuadratic(curvatures);

  test.each([0.1, 0.5, 0.9])("langevin has its known bias on a quadratic, dt = %d", (dt) => {
    const T = 0.7;
    const exact = (T / 2) * curvatures.reduce((sum, a) => sum + 1 / (1 - (a * dt) / 2), 0);
    const averages = timeAverages(langevin, quadratic, { T, dt }, (x) => quadratic.energy(x), 20000);
    expectNear(averages, exact, 0.03);
    // The unbiased value is far outside.
    if (dt >= 0.5) expect(Math.abs(estimate(averages).mean - (T / 2) * 3)).toBeGreaterThan(5 * estimate(averages).error);
  });

  test("langevin without temperature is descent with a fixed step", () => {
    const state = Float64Array.of(1, -2, 3);
    const mover = langevin.create(quadratic, state, { arguments: { T: 0, dt: 0.1 }, amount: 7, stream: new Stream(["test", "cold"]) });
    for (let s = 0; s < 7; s++) mover.step();
    [1, -2, 3].forEach((x, i) => expect(state[i]).toBeCloseTo(x * (1 - 0.1 * curvatures[i]!) ** 7, 12));
    expect(mover.energy()).toBeCloseTo(quadratic.energy(state), 14);
  });

  test.each([0.3, 1.0])("underdamped (BAOAB) has no bias on a quadratic, dt = %d", (dt) => {
    const T = 0.7;
    expectNear(timeAverages(underdamped, quadratic, { T, dt, friction: 1 }, (x) => quadratic.energy(x), 20000), 1.5 * T, 0.02);
  });

  test("langevin and underdamped sample the dipoles up to their errors of order dt and dt²", () => {
    const exact = 2 * (1 / Math.tanh(2) - 1 / 2);
    for (const [dynamics, given] of [[langevin, { T: 1, dt: 0.01 }], [underdamped, { T: 1, dt: 0.1, friction: 1 }]] as const) {
      const { mean, error } = estimate(timeAverages(dynamics, dipoles, given, (x) => x[0]!, 20000));
      expect(error).toBeLessThan(0.03);
      expect(Math.abs(mean - exact)).toBeLessThan(0.02 + 4.5 * error);
    }
  });

  test("a step that is too long is a failure that says so", () => {
    const state = Float64Array.of(1, 1, 1);
    const mover = langevin.create(quartic, state, { arguments: { T: 1, dt: 10 }, amount: 100, stream: new Stream(["test", "diverges"]) });
    expect(() => { for (let s = 0; s < 100; s++) mover.step(); }).toThrow(/langevin diverged at step \d+.*smaller dt/);
  });
});

describe("adam", () => {
  test("the first step is the rate in every variable, against the sign of the gradient (Kingma, Ba 2015)", () => {
    const state = Float64Array.of(1, -2, 3);
    adam.create(freeQuadratic([1, 10, 100]), state, { arguments: { rate: 0.01, beta1: 0.9, beta2: 0.999 }, amount: 1, stream: new Stream(["test", "adam"]) }).step();
    [0.99, -1.99, 2.99].forEach((x, i) => expect(state[i]).toBeCloseTo(x, 8));
  });
  test("comes close to the minimum of a quadratic with curvatures from 1 to 1000", () => {
    const model = freeQuadratic([1, 30, 1000]);
    const state = Float64Array.of(1, -2, 3);
    const mover = adam.create(model, state, { arguments: { rate: { from: 0.1, to: 1e-6, shape: "geometric" }, beta1: 0.9, beta2: 0.999 }, amount: 2000, stream: new Stream(["test", "adam"]) });
    for (let s = 0; s < 2000; s++) mover.step();
    expect(model.energy(state)).toBeLessThan(1e-9);
  });
});

describe("moves on spheres", () => {
  const model = { dimension: 7, spheres };
  const stream = new Stream(["test", "geometry"]);
  const point = (step: number): Float64Array => {
    const x = new Float64Array(model.dimension);
    stream.normals(x, 0, step);
    retract(spheres, x);
    return x;
  };
  const tangent = (at: Float64Array, step: number): Float64Array => {
    const v = new Float64Array(model.dimension);
    stream.normals(v, 0, 100 + step);
    projectGradient(spheres, at, v, v);
    return v;
  };

  test("a geodesic is a great circle at constant speed, and leads back", () => {
    for (let k = 0; k < 20; k++) {
      const [start, velocity] = [point(k), tangent(point(k), k)];
      const [x, v] = [start.slice(), velocity.slice()];
      geodesic(spheres, x, v, 0.7);
      const speed = Math.hypot(velocity[0]!, velocity[2]!, velocity[4]!);
      const cosine = (x[0]! * start[0]! + x[2]! * start[2]! + x[4]! * start[4]!) / 4;
      expect(cosine).toBeCloseTo(Math.cos((0.7 * speed) / 2), 12);
      expect(x[6]).toBeCloseTo(start[6]! + 0.7 * velocity[6]!, 12);
      expect(euclideanNorm(v)).toBeCloseTo(euclideanNorm(velocity), 12);
      expect(Math.hypot(x[1]!, x[3]!, x[5]!)).toBeCloseTo(2, 12);
      for (let i = 0; i < 7; i++) v[i]! *= -1;
      geodesic(spheres, x, v, 0.7);
      start.forEach((y, i) => expect(x[i]).toBeCloseTo(y, 12));
    }
  });

  test("the backward velocity leads back, and is tangent", () => {
    for (let k = 0; k < 20; k++) {
      const [from, velocity] = [point(k), tangent(point(k), k)];
      const to = from.map((x, i) => x + velocity[i]!);
      retract(spheres, to);
      const back = new Float64Array(7);
      backwardVelocity(spheres, from, to, velocity, back);
      const projected = new Float64Array(7);
      projectGradient(spheres, to, back, projected);
      back.forEach((v, i) => expect(projected[i]).toBeCloseTo(v, 12));
      const again = to.map((x, i) => x + back[i]!);
      retract(spheres, again);
      from.forEach((x, i) => expect(again[i]).toBeCloseTo(x, 12));
    }
  });

  test("moves stay on their spheres", () => {
    const sphere = handWrittenModel({ name: "Sphere", dimension: 5, spheres: [wholeSphere(5, 5)], energyAndGradient: (x, g) => { g.fill(0); g[0] = 3 * x[0]! ** 2; return x[0]! ** 3; } });
    for (const [dynamics, given] of [[langevin, { dt: 0.1 }], [mala, { step: 0.1 }], [hmc, { step: 0.3, leapfrog: 3 }], [underdamped, { dt: 0.1, friction: 1 }]] as const) {
      const state = new Float64Array(5);
      sphere.initialize(state, () => new Stream(["test", "stay"]));
      const mover = dynamics.create(sphere, state, { arguments: { T: 1, ...given }, amount: 1000, stream: new Stream(["test", "stay", dynamics.name]) });
      for (let s = 0; s < 1000; s++) mover.step();
      expect(euclideanNorm(state) ** 2).toBeCloseTo(5, 10);
      expect(mover.energy()).toBeCloseTo(sphere.energy(state), 12);
    }
  });
});

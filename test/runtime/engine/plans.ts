import type { PlannedStep, RunPlan } from "../../../runtime/engine/plan.ts";

/** A step of `descent` at each of `points` points. */
export const descentStep = (points: number, step: Partial<PlannedStep> = {}): PlannedStep => ({
  kind: "evolve",
  dynamics: "descent",
  arguments: Array.from({ length: points }, () => ({})),
  amount: 2000,
  unit: "steps",
  every: 1,
  until: { kind: "gradient", below: 1e-6 },
  ...step,
});

/** A sweep over N of the spherical pair model, or of one with its parameters. */
export const sizePlan = (sizes: readonly number[], rest: Partial<RunPlan> = {}): RunPlan => ({
  run: "Minima",
  model: "SphericalPair",
  seed: 7,
  sweep: [{ name: "N", values: sizes }],
  points: sizes.map((N) => ({ sweep: { N }, parameters: { N } })),
  samples: 3,
  starts: 4,
  steps: [descentStep(sizes.length)],
  record: ["e", "first"],
  transient: false,
  ...rest,
});

export const fixture = (name: string): { readonly url: string } => ({ url: new URL(`./fixtures/${name}.ts`, import.meta.url).href });

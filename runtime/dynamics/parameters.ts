/** Parameters that several dynamics have, and the ranges of numbers that they take. */
import type { DynamicsParameter } from "./dynamics.ts";

const positive = { text: "a positive number", has: (value: number): boolean => value > 0 && value < Infinity };

/** Of dynamics whose acceptance or weights have limits at both ends. */
export const temperature: DynamicsParameter = {
  name: "T", doc: "Temperature of the Gibbs weight exp(-H/T): from 0 (greedy) to inf (uniform).", schedule: true,
  range: { text: "0, a positive number, or inf", has: (value) => value >= 0 },
};

/** Of a dynamics whose noise grows with the temperature, so that T = inf has no meaning. */
export const finiteTemperature: DynamicsParameter = {
  name: "T", doc: "Temperature of the Gibbs weight exp(-H/T): finite; 0 leaves no noise.", schedule: true,
  range: { text: "a finite number from 0", has: (value) => value >= 0 && value < Infinity },
};

export const timeStep: DynamicsParameter = { name: "dt", doc: "Time step.", range: positive };

export const positiveParameter = (parameter: Omit<DynamicsParameter, "range">): DynamicsParameter => ({ ...parameter, range: positive });

export const rate: DynamicsParameter = { name: "rate", doc: "Step along minus the gradient of the energy as written.", schedule: true };
export const batch: DynamicsParameter = { name: "batch", doc: "Examples in a mini-batch.", kind: "integer" };

export const damping: DynamicsParameter = {
  name: "damping", doc: "Weight of the old messages in an update.", default: 0, range: { text: "a number from 0 to below 1", has: (value) => value >= 0 && value < 1 },
};
export const tolerance: DynamicsParameter = {
  ...positiveParameter({ name: "tolerance", doc: "Largest change of a message at a fixed point." }), default: 1e-10,
};

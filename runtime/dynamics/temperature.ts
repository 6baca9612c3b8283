import type { DynamicsParameter } from "./dynamics.ts";

/** The temperature of all dynamics that take schedules of it. */
export const temperature: DynamicsParameter = {
  name: "T", doc: "Temperature of the Gibbs weight exp(-H/T): from 0 (greedy) to inf (uniform).", schedule: true,
  range: { text: "0, a positive number, or inf", has: (value) => value >= 0 },
};

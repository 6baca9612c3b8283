/** Parameters that several dynamics have. */
import type { DynamicsParameter } from "./dynamics.ts";

export const rate: DynamicsParameter = { name: "rate", doc: "Step along minus the gradient of the energy as written.", schedule: true };
export const batch: DynamicsParameter = { name: "batch", doc: "Examples in a mini-batch.", kind: "integer" };

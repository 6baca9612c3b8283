/**
 * Dynamics of the language that this version does not have yet. The compiler checks their names, parameters and units, and then
 * refuses them by name. One that gets implemented moves to a file of its own and to the table in `index.ts`.
 */
import type { DynamicsDescriptor } from "./dynamics.ts";

const FINITE = ["spin", "bit", "potts"];
const CONTINUOUS = ["real", "interval", "angle"];
const ALL = [...FINITE, ...CONTINUOUS];

const planned = (descriptor: DynamicsDescriptor): DynamicsDescriptor & { readonly implemented: false } => ({ ...descriptor, implemented: false });

export const tempering = planned({
  name: "tempering",
  doc: "Parallel tempering: copies at several temperatures, moved by another dynamics, that exchange their states.",
  parameters: [
    { name: "dynamics", doc: "What moves each copy, without its temperature.", kind: "dynamics" },
    { name: "T", doc: "The temperatures; a sweep variable of the records.", kind: "values" },
  ],
  needs: ["delta"], domains: ALL, units: ["sweeps"], stationary: true,
});

import type { Dynamics } from "./dynamics.ts";

/**
 * Parallel tempering (Hukushima, Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996)). It moves nothing itself: plans name the dynamics that moves each copy,
 * with the ladder of temperatures between which the engine exchanges states (`runLadder`).
 */
export const tempering: Dynamics = {
  name: "tempering",
  doc: "Parallel tempering: copies at several temperatures, moved by another dynamics, that exchange their states.",
  parameters: [
    { name: "dynamics", doc: "What moves each copy, without its temperature: metropolis, heat_bath, kawasaki, mala, hmc, langevin or underdamped.", kind: "dynamics" },
    { name: "T", doc: "The temperatures; a sweep variable of the records.", kind: "values" },
    { name: "rungs", doc: "How many temperatures the ladder has. Those beyond T are added between them and leave no records; during `evolve` they move to where all neighbours exchange equally often.", kind: "integer", optional: true },
  ],
  needs: ["delta"],
  domains: ["spin", "bit", "potts", "real", "interval", "angle"],
  units: ["sweeps", "steps", "time"],
  stationary: true,
  create: () => {
    throw new Error("internal: plans name the dynamics that moves the copies of tempering");
  },
};

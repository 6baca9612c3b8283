import type { Dynamics } from "./dynamics.ts";
import { createMetropolis, metropolis } from "./metropolis.ts";

/** Simulated annealing (Kirkpatrick, Gelatt, Vecchi, Science 220, 671 (1983)): `metropolis` whose temperature follows a schedule. */
export const anneal: Dynamics = {
  ...metropolis,
  name: "anneal",
  doc: "`metropolis` with a schedule of the temperature.",
  stationary: false,
  create: createMetropolis,
};

/**
 * The passes over whole programs, in order: [name, pass, why here]. What follows them works on one scalar at a time and is put
 * together in `modelProcedures.ts`: lowering (`contract`, with `pack`), then `reverse`, then `hessian` or `tangent`, then `prune`.
 */
import type { Program } from "../ir/program.ts";
import { resolveParameters } from "./resolveParameters.ts";

export type ProgramPass = readonly [name: string, pass: (program: Program) => Program, why: string];

export const programPasses: readonly ProgramPass[] = [
  ["resolve parameters", resolveParameters, "sizes become expressions of the header's parameters, so that equal ranges are equal objects for every later pass"],
];

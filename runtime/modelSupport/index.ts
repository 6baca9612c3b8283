/** Everything that generated modules import from `quench/runtime`. */
export { loadWasm } from "../backends/wasm.ts";
export * as linear from "../linear/index.ts";
export type { CompiledModel, ModelModule, ModelOptions, Observable, Sphere, StateArray } from "../model.ts";
export * as special from "../special/index.ts";
export type { Allocation } from "./allocate.ts";
export { allocate } from "./allocate.ts";
export type { DataArray } from "../data/source.ts";
export { expectShape, readData } from "../data/readData.ts";
export { binomial } from "./binomial.ts";
export type { ModelParts, RunnableModel } from "./completeModel.ts";
export { completeModel } from "./completeModel.ts";
export { drawEnsemble } from "./drawEnsemble.ts";
export { flip } from "./flip.ts";
export { initializeState } from "./initializeState.ts";
export { listPlaces } from "./listPlaces.ts";
export { repairSums } from "./repairSums.ts";
export { spheresOf, sumsOf } from "./spheresOf.ts";
export { SmoothConstraints } from "../geometry/smoothConstraints.ts";

/** `quench` as a library: compile a specification, generate a model's code, derive its theory. */
export { compile } from "./compile.ts";
export type { Compilation, CompileOptions } from "./compile.ts";
export { generateModel } from "./generateModel.ts";
export type { GeneratedModel } from "./generateModel.ts";
export { deriveTheory } from "./theory/deriveTheory.ts";
export type { Prediction, Theory } from "./theory/prediction.ts";
export { codes } from "./codes.ts";

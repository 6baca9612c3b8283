/** `quench` as a library: compile a specification, do its runs, decide its claims, ask its theories. Start with `compile` and `verify`. */
export { compile, compileFile, Rejection } from "./compile.ts";
export type { Specification } from "./compile.ts";
export { run } from "./run.ts";
export type { Estimate, Results, RunOptions } from "./run.ts";
export { theory } from "./theory.ts";
export type { TheoryPredictions, TheoryValue } from "./theory.ts";
export { verify } from "./verify.ts";
export type { Verification } from "./verify.ts";
export type { CompileOptions } from "../compiler/compile.ts";
export type { Diagnostic } from "../grammar/index.ts";
export type { RunEvent, RunOutcome } from "../runtime/engine/index.ts";
export type { RunnableModel } from "../runtime/modelSupport/index.ts";
export type { ClaimResult } from "../runtime/results/claim.ts";
export type { TaskRecord } from "../runtime/results/records.ts";
export type { TableResult } from "../runtime/results/table.ts";

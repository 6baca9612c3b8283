/** Running the tasks of a run on this machine. Start at `runTasks.ts`. */
export type { TaskFailure, TaskOutcome, TensorOptions } from "./taskOutcome.ts";
export type { TaskCheckpoint } from "./checkpoint.ts";
export type { ModelSource } from "./modelSource.ts";
export { loadModel } from "./modelSource.ts";
export type { ObservableCondition, PerPoint, PlannedStep, RunPlan, RunPoint, Schedule, StopCondition } from "./plan.ts";
export { atPoint } from "./plan.ts";
export type { FinalState, Progress, RunEvent, RunOptions, RunOutcome } from "./runTasks.ts";
export { runTasks } from "./runTasks.ts";
export type { StepSummary } from "./stepSummary.ts";

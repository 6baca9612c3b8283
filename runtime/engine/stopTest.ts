import { createFolds } from "../extensions/folds.ts";
import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import type { Mover } from "../dynamics/dynamics.ts";
import type { Memory } from "../dynamics/memory.ts";
import { memoryOf, noMemory } from "../dynamics/memory.ts";
import type { CompiledModel } from "../model.ts";
import { streamsByPurpose } from "../random/streamsByPurpose.ts";
import type { Stream } from "../random/stream.ts";
import { entryAt, evaluatorOf } from "./observableExpression.ts";
import type { ObservableCondition, PrecisionCondition, StopCondition } from "./plan.ts";
import { atPoint, observablesOf } from "./plan.ts";

/** What a condition is about: one state under one mover, at one sweep point. */
export interface StopSubject {
  readonly model: CompiledModel;
  readonly state: Float64Array;
  readonly mover: Mover;
  readonly point: number;
  /** Model parameters and sweep variables. */
  readonly parameters: Readonly<Record<string, number>>;
  /** Of random numbers for a purpose within an observable. */
  readonly stream: (purpose: string) => Stream;
}

export interface StopTest {
  /** Tests the subject's state as it is now; to be called once after each sweep, step or epoch. */
  readonly holds: () => boolean;
  /** What the next test depends on, beside the state. */
  readonly memory: Memory;
}

export function stopTest(condition: Exclude<StopCondition, PrecisionCondition>, subject: StopSubject): StopTest {
  switch (condition.kind) {
    case "gradient": {
      const below = atPoint(condition.below, subject.point);
      const norm = subject.mover.gradientNorm ?? projectedGradientNorm(subject.model, subject.state);
      return { holds: () => norm() < below, memory: noMemory };
    }
    case "change": {
      const below = atPoint(condition.below, subject.point);
      // Of message passing the probabilities: the state that they say is likely stands still long before.
      const now = (): Float64Array => subject.mover.marginals?.().means ?? subject.state;
      const before = now().slice();
      return { holds: () => takeChange(before, now()) < below, memory: memoryOf({}, [before]) };
    }
    case "observables":
      return observableTest(condition, subject);
  }
}

/** Whether the condition names other copies, so that it is about all of them together. */
export const readsOthers = (condition: StopCondition, model: CompiledModel): boolean =>
  condition.kind === "observables" && observablesOf(condition).some((observable) => (model.observables.find((o) => o.name === observable)?.copies ?? []).length > 0);

function projectedGradientNorm(model: CompiledModel, state: Float64Array): () => number {
  const gradient = new Float64Array(model.dimension);
  return () => {
    model.energyAndGradient(state, gradient);
    projectGradient(model.spheres, state, gradient, gradient);
    return euclideanNorm(gradient);
  };
}

/** How far `state` is from `before`, which then takes its place. */
function takeChange(before: Float64Array, state: Float64Array): number {
  for (let i = 0; i < state.length; i++) before[i] = state[i] - before[i];
  const change = euclideanNorm(before);
  before.set(state);
  return change;
}

function observableTest(condition: ObservableCondition, subject: StopSubject): StopTest {
  const value = evaluatorOf(condition, subject.parameters);
  const stream = streamsByPurpose(subject.stream);
  const folds = createFolds();
  const now = { tests: 0 };
  const reads = condition.observables.map(({ observable, places }) => {
    const found = subject.model.observables.find((o) => o.name === observable);
    if (!found) throw new Error(`internal: a stop condition reads ${observable}, which is not an observable of ${subject.model.name}`);
    const entry = entryAt(found.shape, places, subject.point);
    return () => found.evaluate(subject.state, { stream, step: now.tests, remembered: folds.remembered })[entry];
  });
  return {
    holds: () => {
      const holds = Boolean(value(reads.map((read) => read())));
      now.tests++;
      return holds;
    },
    memory: memoryOf(now, [], [folds.memory]),
  };
}

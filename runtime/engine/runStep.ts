import type { DescentProgress } from "../dynamics/createStepper.ts";
import type { Mover } from "../dynamics/dynamics.ts";
import type { Snapshot } from "../dynamics/memory.ts";
import { findDynamics } from "../dynamics/index.ts";
import type { Stream } from "../random/stream.ts";
import type { TaskRecord } from "../results/records.ts";
import type { CopyCheckpoint, Pause, StepCheckpoint, TaskCheckpoint, Turn } from "./checkpoint.ts";
import type { Copies, CopyState } from "./copies.ts";
import type { PlannedStep } from "./plan.ts";
import type { AskingContext, PointContext } from "./pointContext.ts";
import type { Recorder } from "./recorder.ts";
import { stepCounts } from "./stepCounts.ts";
import { precisionTest } from "./precisionTest.ts";
import { readsOthers, stopTest } from "./stopTest.ts";
import type { StopTest } from "./stopTest.ts";

export type StepOutcome = TaskRecord["steps"][number];

export interface StepInputs {
  readonly copies: Copies;
  readonly recorder: Recorder;
  /** Whether the state at the end of this `evolve` is what the task records. */
  readonly recordsEnd: boolean;
  /** Random numbers of the moves of a copy. */
  readonly stream: (copy: CopyState) => Stream;
  /** Random numbers of observables that the condition of the step reads, by purpose. */
  readonly conditionStream: (copy: CopyState, purpose: string) => Stream;
  /** Arguments that an earlier step with this dynamics has tuned on a copy. */
  readonly tuned: (copy: CopyState) => Readonly<Record<string, number>> | undefined;
  /** How far copy 1 is with it. */
  readonly progress: DescentProgress | undefined;
  readonly saved: StepCheckpoint | undefined;
  /** Told what moves, before it does. */
  readonly begun: (moving: readonly Moving[]) => void;
  /** In a ladder of temperatures: whether the step is over for a copy, by its place among those that move, at all of them together. */
  readonly over: ((copy: number) => boolean) | undefined;
  /** The temperature, where it isn't that of the plan: at a rung that was added to a ladder. */
  readonly temperature: number | undefined;
  /** The checkpoint of the task, from that of the step. */
  readonly checkpoint: (inside: StepCheckpoint) => TaskCheckpoint;
}

/** A copy and what moves it, and whether the condition of the step holds for it. */
export interface Moving {
  readonly copy: CopyState;
  readonly mover: Mover;
  readonly held: boolean;
  /** Goes on at another temperature from the state as it is. */
  readonly heat: (T: number) => void;
}

/** One copy at work. */
interface Work extends Moving {
  mover: Mover;
  /** The condition of the step, for this copy. */
  readonly condition: StopTest | undefined;
  done: number;
  stalled: boolean;
  held: boolean;
}

const never = (): boolean => false;

/**
 * One step of a run on all copies, each with its own noise. Copies know nothing of each other: in an `evolve` each ends when the
 * condition holds for it, whatever the others do; a `measure` records them together and ends with copy 1. A condition that names several
 * copies ends the step for all.
 */
export function* runStep(context: PointContext & Partial<AskingContext>, step: PlannedStep, inputs: StepInputs): Generator<Turn, StepOutcome, number> {
  const { plan, point, model, asks = false } = context;
  const { copies, recorder, saved, checkpoint } = inputs;
  const dynamics = findDynamics(step.dynamics);
  if (dynamics.sum) return yield* runSum(context, step, inputs, dynamics.sum);
  const { amount, every } = stepCounts(step, dynamics, point);
  const parameters = { ...plan.points[point].parameters, ...plan.points[point].sweep };
  const { until } = step;
  const test = (copy: CopyState, mover: Mover, state: Float64Array): StopTest | undefined =>
    until && until.kind !== "error" ? stopTest(until, { model, state, mover, point, parameters, stream: (purpose) => inputs.conditionStream(copy, purpose) }) : undefined;
  const isPrecise = until?.kind === "error" ? precisionTest(until, recorder, point, parameters) : never;
  const together = until !== undefined && readsOthers(until, model);
  const works = copies.moved.map((copy, k): Work => {
    const progress = k === 0 ? inputs.progress : undefined;
    const create = (T: number | undefined): Mover => dynamics.create(model, copy.state, {
      arguments: { ...inputs.tuned(copy), ...step.arguments[point], ...(T === undefined ? {} : { T }) }, amount, unit: step.unit, stream: inputs.stream(copy), tuning: step.kind === "evolve", ...(plan.constants ? { constants: plan.constants } : {}), ...(progress ? { progress } : {}),
    });
    const mover = create(inputs.temperature);
    const condition = together ? undefined : test(copy, mover, copy.state);
    const heat = (T: number): void => {
      const { memory } = work.mover;
      work.mover = create(T);
      work.mover.memory.restore(memory.save());
      restart(work.mover);
    };
    const before = saved?.copies[k];
    const done = before?.done ?? progress?.steps ?? 0;
    const work: Work = { copy, mover, condition, heat, done, stalled: before?.stalled ?? false, held: before?.held ?? false };
    if (before) {
      mover.memory.restore(before.mover);
      if (before.condition) condition?.memory.restore(before.condition);
    } else work.held = done > 0 && condition?.holds() === true;
    return work;
  });
  inputs.begun(works);
  const [first] = works as [Work, ...Work[]];
  const condition = together ? test(first.copy, first.mover, copies.all) : undefined;
  if (saved?.condition) condition?.memory.restore(saved.condition);
  const knowledge = knowledgeOf(copies.all, works);
  const pause: Pause = () => checkpoint({ copies: works.map(checkpointOf), ...(condition ? { condition: condition.memory.save() } : {}) });

  if (step.kind === "evolve") {
    const moves = (w: Work): boolean => !(inputs.over?.(works.indexOf(w)) ?? w.held) && !w.stalled && w.done < amount;
    while (works.some(moves)) {
      for (const work of works) {
        if (!moves(work)) continue;
        work.stalled = !(asks && work.mover.asking ? yield* work.mover.asking() : work.mover.step());
        if (!work.stalled) work.done++;
        if (work.condition) work.held = work.condition.holds();
      }
      if (condition?.holds() === true) for (const work of works) work.held = true;
      yield pause;
    }
  } else {
    while (first.done < amount && !(inputs.over?.(0) ?? first.held)) {
      for (const work of works) {
        // A state that cannot move any further stays, and is recorded, as time goes on.
        if (!work.stalled) work.stalled = !(asks && work.mover.asking ? yield* work.mover.asking() : work.mover.step());
        work.done++;
      }
      const records = first.done % every === 0;
      if (records) recorder.record(copies.all, knowledge);
      first.held = (first.condition ?? condition)?.holds() === true || (records && isPrecise());
      yield pause;
    }
  }
  if (inputs.recordsEnd) recorder.record(copies.all, knowledge);
  return outcomeOf(step, works, inputs.over);
}

/** Takes in a state that something else has changed. */
export function restart(mover: Mover): void {
  if (!mover.restart) throw new Error("internal: a dynamics that cannot go on from an exchanged state");
  mover.restart();
}

/** A sum over all states is no move: an `evolve` with it changes nothing, and it leaves no state behind. */
function* runSum({ model, point }: PointContext, step: PlannedStep, { copies, recorder, recordsEnd, saved, checkpoint }: StepInputs, sumOf: NonNullable<ReturnType<typeof findDynamics>["sum"]>): Generator<Turn, StepOutcome, number> {
  const T = step.arguments[point]!["T"];
  if (typeof T !== "number") throw new Error(`internal: ${step.dynamics} at no temperature`);
  if (step.kind === "measure") {
    const sum = sumOf(model, T, copies, recorder.evaluate, saved?.copies[0]?.mover);
    let next = sum.next();
    for (; !next.done; next = sum.next()) {
      const save: () => Snapshot = next.value;
      yield () => checkpoint({ copies: [{ done: 0, stalled: false, held: false, mover: save() }] });
    }
    recorder.recordWeighted(next.value.rows, next.value.weights);
  }
  else if (recordsEnd) recorder.record(copies.all);
  return { done: 1, capped: false };
}

/** What the dynamics know of the copies together; copies that know nothing of each other have the product of their marginals. */
function knowledgeOf(all: Float64Array, works: readonly Work[]): Pick<Mover, "marginals" | "quantities"> {
  const [{ mover: first }, ...others] = works as [Work, ...Work[]];
  return {
    ...(first.quantities ? { quantities: () => first.quantities!() } : {}),
    ...(first.marginals ? { marginals: () => {
      const own = first.marginals!();
      const means = all.slice();
      means.set(own.means);
      for (const { copy, mover } of others) means.set(mover.marginals!().means, (copy.state.byteOffset - all.byteOffset) / all.BYTES_PER_ELEMENT);
      return { ...own, means };
    } } : {}),
  };
}

const checkpointOf = ({ done, stalled, held, mover, condition }: Work): CopyCheckpoint =>
  ({ done, stalled, held, mover: mover.memory.save(), ...(condition ? { condition: condition.memory.save() } : {}) });

function outcomeOf({ kind, until }: PlannedStep, works: readonly Work[], over: StepInputs["over"]): StepOutcome {
  const [first, ...others] = works as [Work, ...Work[]];
  // One that looks for a fixed point and stops elsewhere has not come to its end.
  const astray = works.some((w) => w.mover.converged?.() === false && !w.held);
  const missed = (kind === "measure" ? [first] : works).filter((w, k) => until !== undefined && !(over?.(k) ?? w.held));
  const tunedBy = ({ mover }: Work): Readonly<Record<string, number>> | undefined => {
    const values = mover.tuned?.() ?? {};
    return Object.keys(values).length > 0 ? values : undefined;
  };
  const tuned = tunedBy(first);
  const certain = works.map(({ mover }) => mover.certain?.());
  const known = certain.includes(false) ? false : certain.every((one) => one === true) ? true : undefined;
  return {
    done: first.done, capped: missed.some((w) => !w.stalled) || astray, ...(missed.some((w) => w.stalled && w.mover.converged === undefined) ? { stalled: true } : {}),
    ...(known === undefined ? {} : { certain: known }),
    ...(tuned ? { tuned } : {}), ...(first.mover.acceptance ? { acceptance: first.mover.acceptance() } : {}),
    ...(tuned && others.length > 0 ? { tunedOthers: Object.fromEntries(others.map((w) => [w.copy.name, tunedBy(w) ?? {}])) } : {}),
  };
}

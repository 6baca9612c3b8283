import { thermalAddress } from "../random/address.ts";
import { Stream } from "../random/stream.ts";
import type { Pause, TaskCheckpoint } from "./checkpoint.ts";
import type { StartSources } from "./continuation.ts";
import { Exchanges } from "./exchanges.ts";
import type { PerPoint, RunPlan } from "./plan.ts";
import type { PointContext } from "./pointContext.ts";
import { firstRungs } from "./rungs.ts";
import type { Moving } from "./runStep.ts";
import { runTask, type TaskResult } from "./runTask.ts";

/** The sweep points that are one task: those of a ladder of temperatures, which is the last sweep variable, or the point alone. */
export function pointsOfTask({ ladder }: RunPlan, point: number): readonly number[] {
  if (!ladder) return [point];
  const { length } = ladder.values;
  return Array.from({ length }, (_, k) => point - (point % length) + k);
}

/**
 * Parallel tempering (Hukushima, Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996)): the tasks of all temperatures of a ladder in step with each other.
 * After each sweep or step neighbouring temperatures exchange states, the pairs (1, 2), (3, 4), … and (2, 3), (4, 5), … in turn: this
 * order, which is not reversible, makes states travel the ladder faster than random pairs (Okabe et al., Chem. Phys. Lett. 335, 435
 * (2001); Syed et al., J. R. Stat. Soc. B 84, 321 (2022)). Copies are exchanged each by itself, with those of its own name; one that is held is
 * the same at all temperatures.
 *
 * A step with a condition ends for all temperatures at once: as soon as it holds at one of them, but a precision only once it holds at all.
 *
 * Rungs that are added to the temperatures asked for move in `evolve` (`rungs.ts`) and stay where they are in `measure`.
 *
 * @param context of any point of the ladder
 * @param sources what the states of all temperatures start from in other runs
 */
export function* runLadder(context: PointContext, sample: number, start: number, saved?: TaskCheckpoint, sources?: StartSources): Generator<Pause, readonly TaskResult[]> {
  const { plan } = context;
  if (!plan.ladder) throw new Error(`internal: ${plan.run} has no ladder of temperatures`);
  const { variable, values, rungs = values.length } = plan.ladder;
  const points = pointsOfTask(plan, context.point);
  const added = firstRungs([...values].sort((a, b) => a - b), rungs - values.length);
  const planOfAdded = withPoints(plan, points[0]!, variable, added);
  const moving: (readonly Moving[])[] = [...values, ...added].map(() => []);
  let step = 0;
  let held: ReadonlyMap<string, Float64Array> = new Map();
  const tasks = moving.map((_, k) => {
    const own = k < points.length ? { ...context, point: points[k]! } : { ...context, plan: planOfAdded, point: plan.points.length + k - points.length, keepRecordedStates: false };
    return runTask(own, sample, start, undefined, saved?.ladder?.members[k], sources, {
      // The first member starts first.
      started: ({ states }) => {
        for (const { name, state } of states) if (plan.held?.includes(name)) state.set(held.get(name) ?? state);
        if (k === 0) held = new Map(states.map(({ name, state }) => [name, state]));
      },
      temperature: () => (k < points.length ? undefined : exchanges.temperature(k)),
      begun: (number, all) => {
        step = number;
        moving[k] = all;
      },
      over: (number, copy) => exchanges.isOver(number, copy),
    });
  });
  const { [variable]: _, ...sweep } = plan.points[context.point]!.sweep;
  const exchanges = new Exchanges([...values, ...added], values.length, plan.steps.length, 1 + (plan.copies?.length ?? 0), (number, replica) =>
    new Stream(thermalAddress({ seed: plan.seed, run: plan.run, purpose: `exchange:${number}`, sample, start, replica, sweep })));
  if (saved?.ladder) exchanges.memory.restore(saved.ladder.exchanges);
  for (;;) {
    const results: TaskResult[] = [];
    const pauses: Pause[] = [];
    for (const task of tasks) {
      const turn = task.next();
      if (turn.done) results.push(turn.value);
      else pauses.push(turn.value);
    }
    if (results.length === tasks.length) return points.map((_, k) => {
      const { record, ...rest } = results[k]!;
      return { ...rest, record: { ...record, steps: record.steps.map((outcome, n) => ({ ...outcome, ...exchanges.outcome(n, k) })) } };
    });
    if (results.length > 0) throw new Error("internal: the temperatures of a ladder are not in step");
    exchanges.end(step, moving, plan.steps[step]!.until?.kind === "error");
    exchanges.turn(step, moving);
    if (plan.steps[step]!.kind === "evolve") exchanges.adapt(step, moving);
    yield () => {
      const members = pauses.map((pause) => pause());
      return { ...members[0]!, ladder: { members, exchanges: exchanges.memory.save() } };
    };
  }
}

/**
 * The plan of a run with a point more for each added rung, which is like another point but for the temperature at which it begins: random numbers
 * are addressed by that. Nothing ends there before the others, and nothing but the energy is recorded.
 */
function withPoints(plan: RunPlan, like: number, variable: string, added: readonly number[]): RunPlan {
  const spread = (value: PerPoint): PerPoint => (typeof value === "number" ? value : [...value, ...added.map(() => value[like]!)]);
  return {
    ...plan, record: [],
    points: [...plan.points, ...added.map((T) => ({ ...plan.points[like]!, sweep: { ...plan.points[like]!.sweep, [variable]: T } }))],
    steps: plan.steps.map(({ until: _, ...step }) => ({
      ...step, amount: spread(step.amount), every: spread(step.every), arguments: [...step.arguments, ...added.map((T) => ({ ...step.arguments[like]!, [variable]: T }))],
    })),
  };
}

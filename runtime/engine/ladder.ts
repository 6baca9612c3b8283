import { memoryOf, type Memory } from "../dynamics/memory.ts";
import { thermalAddress } from "../random/address.ts";
import { Stream } from "../random/stream.ts";
import type { Pause, TaskCheckpoint } from "./checkpoint.ts";
import type { StartSources } from "./continuation.ts";
import type { RunPlan } from "./plan.ts";
import type { PointContext } from "./pointContext.ts";
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
 * (2001); Syed et al., J. R. Stat. Soc. B 84, 321 (2022)). Copies are exchanged each by itself, with those of its own name.
 *
 * A step with a condition ends for all temperatures at once: as soon as it holds at one of them, but a precision only once it holds at all.
 *
 * @param context of any point of the ladder
 * @param sources what the states of all temperatures start from in other runs
 */
export function* runLadder(context: PointContext, sample: number, start: number, saved?: TaskCheckpoint, sources?: StartSources): Generator<Pause, readonly TaskResult[]> {
  const { plan } = context;
  if (!plan.ladder) throw new Error(`internal: ${plan.run} has no ladder of temperatures`);
  const points = pointsOfTask(plan, context.point);
  const moving: (readonly Moving[])[] = points.map(() => []);
  let step = 0;
  const tasks = points.map((point, k) => runTask({ ...context, point }, sample, start, undefined, saved?.ladder?.members[k], sources, {
    begun: (number, all) => {
      step = number;
      moving[k] = all;
    },
    over: (number, copy) => exchanges.isOver(number, copy),
  }));
  const { [plan.ladder.variable]: _, ...sweep } = plan.points[context.point]!.sweep;
  const exchanges = new Exchanges(plan.ladder.values, plan.steps.length, 1 + (plan.copies?.length ?? 0), (number, replica) =>
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
    if (results.length === points.length) return results.map((result, k) => ({ ...result, record: { ...result.record, steps: result.record.steps.map((outcome, n) => ({ ...outcome, ...exchanges.outcome(n, k) })) } }));
    if (results.length > 0) throw new Error("internal: the temperatures of a ladder are not in step");
    exchanges.end(step, moving, plan.steps[step]!.until?.kind === "error");
    exchanges.turn(step, moving);
    yield () => {
      const members = pauses.map((pause) => pause());
      return { ...members[0]!, ladder: { members, exchanges: exchanges.memory.save() } };
    };
  }
}

/**
 * Probability with which states of energies `energies` at temperatures `T` change places, min(1, exp((1/T1 − 1/T2)(H1 − H2))): that of a
 * Metropolis move under the joint law of both. At T = 0 the lower energy stays, or goes, there.
 */
export function exchangeProbability(T: readonly [number, number], energies: readonly [number, number]): number {
  const difference = energies[0] - energies[1];
  return difference === 0 ? 1 : Math.min(1, Math.exp((1 / T[0] - 1 / T[1]) * difference));
}

/** The exchanges of one task. States are numbered by the temperature at which they began, to count their ways. */
class Exchanges {
  readonly memory: Memory;
  private readonly order: readonly number[];
  private readonly now = { step: 0, turns: 0 };
  /** For each step and pair: exchanges that were tried, and accepted; then for each step the round trips. */
  private readonly tried: Float64Array;
  private readonly accepted: Float64Array;
  private readonly trips: Float64Array;
  /** For each copy and rung what came last of its state: 1 the lowest temperature, 2 after that the highest, 0 neither. */
  private readonly ways: Int32Array;
  /** For each copy the number, from 1, of the last step that its condition has ended. */
  private readonly over: Int32Array;
  private readonly streams = new Map<string, Stream>();

  constructor(private readonly temperatures: readonly number[], steps: number, copies: number, private readonly stream: (step: number, replica: number | string) => Stream) {
    const { length } = temperatures;
    this.order = temperatures.map((_, k) => k).sort((a, b) => temperatures[a]! - temperatures[b]!);
    this.tried = new Float64Array(steps * length);
    this.accepted = new Float64Array(steps * length);
    this.trips = new Float64Array(steps);
    this.ways = new Int32Array(copies * length);
    this.over = new Int32Array(copies);
    this.memory = memoryOf(this.now, [this.tried, this.accepted, this.trips, this.ways, this.over]);
  }

  isOver(step: number, copy: number): boolean {
    return this.over[copy] === step + 1;
  }

  /** Ends the step for those copies for which its condition holds. */
  end(step: number, moving: readonly (readonly Moving[])[], atAll: boolean): void {
    moving[0]!.forEach((_, copy) => {
      const holds = (rung: readonly Moving[]): boolean => rung[copy]!.held;
      if (atAll ? moving.every(holds) : moving.some(holds)) this.over[copy] = step + 1;
    });
  }

  /** The exchanges after one sweep or step of all temperatures. */
  turn(step: number, moving: readonly (readonly Moving[])[]): void {
    if (step !== this.now.step) Object.assign(this.now, { step, turns: 0 });
    const { length } = this.order;
    for (let rung = this.now.turns % 2; rung + 1 < length; rung += 2) {
      const [low, high] = [this.order[rung]!, this.order[rung + 1]!];
      moving[low]!.forEach((lower, copy) => {
        if (this.isOver(step, copy)) return;
        this.tried[step * length + rung]!++;
        if (!this.exchange(step, rung, lower, moving[high]![copy]!)) return;
        this.accepted[step * length + rung]!++;
        const place = copy * length + rung;
        [this.ways[place], this.ways[place + 1]] = [this.ways[place + 1]!, this.ways[place]!];
      });
    }
    this.countTrips(step, moving[0]!.length);
    this.now.turns++;
  }

  /** What a step of the member `k` leaves in its record. */
  outcome(step: number, k: number): { readonly swaps?: number; readonly roundTrips?: number } {
    const { length } = this.order;
    const rung = this.order.indexOf(k);
    const place = step * length + rung;
    return { ...(this.tried[place]! > 0 ? { swaps: this.accepted[place]! / this.tried[place]! } : {}), ...(rung === 0 && length > 1 ? { roundTrips: this.trips[step]! } : {}) };
  }

  private exchange(step: number, rung: number, lower: Moving, higher: Moving): boolean {
    const [T1, T2] = [this.temperatures[this.order[rung]!]!, this.temperatures[this.order[rung + 1]!]!];
    const probability = exchangeProbability([T1, T2], [lower.mover.energy(), higher.mover.energy()]);
    if (!(this.streamOf(step, lower.copy.replica).uniform(this.now.turns, rung) < probability)) return false;
    const state = lower.copy.state.slice();
    lower.copy.state.set(higher.copy.state);
    higher.copy.state.set(state);
    for (const { mover } of [lower, higher]) {
      if (!mover.restart) throw new Error("internal: a dynamics that cannot go on from an exchanged state");
      mover.restart();
    }
    return true;
  }

  private countTrips(step: number, copies: number): void {
    const { length } = this.order;
    if (length < 2) return;
    for (let copy = 0; copy < copies; copy++) {
      const [lowest, highest] = [copy * length, copy * length + length - 1];
      if (this.ways[lowest] === 2) this.trips[step]!++;
      this.ways[lowest] = 1;
      if (this.ways[highest] === 1) this.ways[highest] = 2;
    }
  }

  private streamOf(step: number, replica: number | string): Stream {
    const key = `${step} ${typeof replica} ${replica}`;
    const found = this.streams.get(key) ?? this.stream(step, replica);
    this.streams.set(key, found);
    return found;
  }
}

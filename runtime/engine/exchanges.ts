import { memoryOf, type Memory, type Snapshot } from "../dynamics/memory.ts";
import type { Stream } from "../random/stream.ts";
import type { TaskRecord } from "../results/records.ts";
import { FIRST_ROUND, movedRungs, refusedShare } from "./rungs.ts";
import { restart, type Moving } from "./runStep.ts";

/**
 * Probability with which states of energies `energies` at temperatures `T` change places, min(1, exp((1/T1 − 1/T2)(H1 − H2))): that of a
 * Metropolis move under the joint law of both. At T = 0 the lower energy stays, or goes, there.
 */
export function exchangeProbability(T: readonly [number, number], energies: readonly [number, number]): number {
  const difference = energies[0] - energies[1];
  return difference === 0 ? 1 : Math.min(1, Math.exp((1 / T[0] - 1 / T[1]) * difference));
}

/** What moves at each member of a ladder: its copies, each by itself. */
type Members = readonly (readonly Moving[])[];

/**
 * The exchanges of one task between the members of its ladder, those that were asked for and then those that were added. A rung is a place
 * in the order of temperatures. States are followed along the rungs, to count their ways.
 */
export class Exchanges {
  readonly memory: Memory;
  /** Of each member; those of added ones move. */
  private readonly temperatures: Float64Array;
  /** The member at each rung. */
  private order: readonly number[] = [];
  private readonly now = { step: 0, turns: 0, round: FIRST_ROUND, turnsOfRound: 0 };
  /** For each step and rung: exchanges with the next rung that were tried, and accepted, since added rungs moved last; then for each step the round trips. */
  private readonly tried: Float64Array;
  private readonly accepted: Float64Array;
  private readonly trips: Float64Array;
  /** For each copy and rung what came last of its state: 1 the lowest temperature, 2 after that the highest, 0 neither. */
  private readonly ways: Int32Array;
  /** For each copy the number, from 1, of the last step that its condition has ended. */
  private readonly over: Int32Array;
  private readonly streams = new Map<string, Stream>();

  /**
   * @param requested how many of the members were asked for: they come first
   * @param stream of the exchanges of a copy in a step
   */
  constructor(temperatures: readonly number[], private readonly requested: number, steps: number, copies: number, private readonly stream: (step: number, replica: number | string) => Stream) {
    const { length } = temperatures;
    this.temperatures = Float64Array.from(temperatures);
    this.tried = new Float64Array(steps * length);
    this.accepted = new Float64Array(steps * length);
    this.trips = new Float64Array(steps);
    this.ways = new Int32Array(copies * length);
    this.over = new Int32Array(copies);
    this.sort();
    const all = memoryOf(this.now, [this.temperatures, this.tried, this.accepted, this.trips, this.ways, this.over]);
    this.memory = {
      save: all.save,
      restore: (saved: Snapshot) => {
        all.restore(saved);
        this.sort();
      },
    };
  }

  temperature(member: number): number {
    return this.temperatures[member]!;
  }

  isOver(step: number, copy: number): boolean {
    return this.over[copy] === step + 1;
  }

  /** Ends the step for those copies for which its condition holds at some of the temperatures that were asked for, or at all. */
  end(step: number, moving: Members, atAll: boolean): void {
    const asked = moving.slice(0, this.requested);
    moving[0]!.forEach((_, copy) => {
      const holds = (member: readonly Moving[]): boolean => member[copy]!.held;
      if (atAll ? asked.every(holds) : asked.some(holds)) this.over[copy] = step + 1;
    });
  }

  /** The exchanges after one sweep or step of all temperatures. */
  turn(step: number, moving: Members): void {
    if (step !== this.now.step) Object.assign(this.now, { step, turns: 0, turnsOfRound: 0 });
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
    this.now.turnsOfRound++;
  }

  /** Moves the added rungs at the end of each round, by what was counted in it. Every rung keeps its states. */
  adapt(step: number, moving: Members): void {
    const { length } = this.order;
    if (length === this.requested || this.now.turnsOfRound < this.now.round) return;
    Object.assign(this.now, { round: 2 * this.now.round, turnsOfRound: 0 });
    const ladder = this.order.map((member) => this.temperatures[member]!);
    const asked = ladder.filter((_, rung) => this.order[rung]! < this.requested);
    const [tried, accepted] = [this.tried, this.accepted].map((counts) => counts.subarray(step * length, (step + 1) * length));
    const states = this.order.map((member) => moving[member]!.map(({ copy }) => copy.state.slice()));
    this.temperatures.set(movedRungs(asked, ladder, ladder.slice(1).map((_, rung) => refusedShare(tried![rung]!, accepted![rung]!))), this.requested);
    tried!.fill(0);
    accepted!.fill(0);
    this.sort();
    this.order.forEach((member, rung) => moving[member]!.forEach((one, copy) => {
      one.copy.state.set(states[rung]![copy]!);
      if (member < this.requested) restart(one.mover);
      else one.heat(this.temperatures[member]!);
    }));
  }

  /** What a step of a member that was asked for leaves in its record. */
  outcome(step: number, member: number): Pick<TaskRecord["steps"][number], "swaps" | "roundTrips" | "rungs"> {
    const { length } = this.order;
    const rung = this.order.indexOf(member);
    const shareOf = (at: number): number => this.accepted[step * length + at]! / this.tried[step * length + at]!;
    const isTried = (at: number): boolean => this.tried[step * length + at]! > 0;
    return {
      ...(isTried(rung) ? { swaps: shareOf(rung) } : {}),
      ...(rung === 0 && length > 1 ? { roundTrips: this.trips[step]! } : {}),
      ...(rung === 0 && length > this.requested ? { rungs: { added: [...this.temperatures.subarray(this.requested)], swaps: this.order.flatMap((_, at) => (isTried(at) ? [shareOf(at)] : [])) } } : {}),
    };
  }

  private exchange(step: number, rung: number, lower: Moving, higher: Moving): boolean {
    const [T1, T2] = [this.temperatures[this.order[rung]!]!, this.temperatures[this.order[rung + 1]!]!];
    const probability = exchangeProbability([T1, T2], [lower.mover.energy(), higher.mover.energy()]);
    if (!(this.streamOf(step, lower.copy.replica).uniform(this.now.turns, rung) < probability)) return false;
    const state = lower.copy.state.slice();
    lower.copy.state.set(higher.copy.state);
    higher.copy.state.set(state);
    restart(lower.mover);
    restart(higher.mover);
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

  private sort(): void {
    this.order = [...this.temperatures.keys()].sort((a, b) => this.temperatures[a]! - this.temperatures[b]!);
  }

  private streamOf(step: number, replica: number | string): Stream {
    const key = `${step} ${typeof replica} ${replica}`;
    const found = this.streams.get(key) ?? this.stream(step, replica);
    this.streams.set(key, found);
    return found;
  }
}

/** A dynamics written as two functions, `init` and `step`: what schedules, checkpoints and random numbers need is added here. */
import { messageOf } from "../messageOf.ts";
import type { CompiledModel } from "../model.ts";
import { memoryOfOwn, type Own } from "../extensions/own.ts";
import { randomSequence } from "../random/sequence.ts";
import type { RandomSequence } from "../random/sequence.ts";
import type { Dynamics, DynamicsDescriptor } from "./dynamics.ts";
import { memoryOf } from "./memory.ts";
import { scheduleValue } from "./scheduleValue.ts";

/** What a dynamics works on. */
export interface DynamicsTask<Parameter extends string = string> {
  /** The drawn model: its energy, gradient, factor graph, whatever the dynamics needs of it. */
  readonly model: CompiledModel;
  /** The state, `model.dimension` numbers, which `step` changes in place. */
  readonly state: Float64Array;
  /** Random numbers of this step. */
  readonly random: RandomSequence;
  /** The value of an argument at this step: of a schedule where it is. NaN for an optional one that is not given. */
  readonly argument: (name: Parameter) => number;
  /** Number of this step, from 0. */
  readonly step: number;
}

export interface SteppedDynamics<Parameter extends string = string, Memory extends object = Own> extends Omit<DynamicsDescriptor, "name" | "parameters"> {
  readonly parameters: readonly (DynamicsDescriptor["parameters"][number] & { readonly name: Parameter })[];
  /** Arguments at which it is proved when its file is loaded; if absent, T = 0.8 and the defaults of the others. */
  readonly samples?: readonly { readonly [P in Parameter]?: number }[];
  /** What it remembers between steps, see `Own`; called again when `tempering` has exchanged the state. */
  readonly init: (task: DynamicsTask<Parameter>) => Memory;
  /** One sweep, step or epoch. Returns false, with the state as it was, when no further move is possible. */
  readonly step: (task: DynamicsTask<Parameter>, own: Memory) => boolean | void;
}

/** The step of the stream that `init` draws from, which no step has. */
const AT_INIT = 2 ** 32 - 1;

/**
 * An entry of the table of dynamics, which is still the record that it was made of.
 *
 * @param file that it comes from, for messages
 */
export function steppedDynamics<const Parameter extends string, Memory extends object>(name: string, definition: SteppedDynamics<Parameter, Memory>, file: string): Dynamics & SteppedDynamics<Parameter, Memory> {
  const { init, step } = definition;
  const named = <Result>(what: string, call: () => Result): Result => {
    try {
      return call();
    } catch (error) {
      throw new Error(`\`${name}\` of ${file} failed in ${what}: ${messageOf(error)}`, { cause: error });
    }
  };
  return {
    ...definition, name,
    create: (model, state, { arguments: given, amount, stream }) => {
      const now = { step: 0 };
      let place: () => number = () => AT_INIT;
      const sequence = randomSequence(stream, () => place());
      const task: DynamicsTask<Parameter> = {
        model, state, random: sequence,
        argument: (parameter) => { const value = given[parameter]; return value === undefined ? NaN : scheduleValue(value, now.step, amount); },
        get step() { return now.step; },
      };
      const begin = (): Memory => {
        place = () => AT_INIT;
        sequence.restart();
        return named("`init`", () => init(task));
      };
      const own = begin();
      return {
        step: () => {
          place = () => now.step;
          sequence.restart();
          const moved = named(`step ${now.step + 1}`, () => step(task, own));
          if (moved === false) return false;
          const odd = state.findIndex(Number.isNaN);
          if (odd >= 0) throw new Error(`\`${name}\` of ${file} left entry ${odd + 1} of the state as no number, in step ${now.step + 1}`);
          now.step++;
          return true;
        },
        energy: () => model.energy(state),
        restart: () => { Object.assign(own, begin()); },
        memory: memoryOf(now, [], [memoryOfOwn(own)]),
      };
    },
  };
}

/** What one step of a dynamics does, exactly: every way in which its random decisions may fall, with its probability. */
import type { SteppedDynamics } from "../dynamics/steppedDynamics.ts";
import { domainValues } from "../moves/domainMoves.ts";
import type { CompiledModel } from "../model.ts";
import { memoryOfOwn } from "./own.ts";
import type { RandomSequence } from "../random/sequence.ts";

/** Ways that are followed before it is given up. */
const MOST_WAYS = 2 ** 21;

/** The probabilities of a step cannot be listed. */
export class TooManyWays extends Error {}

/**
 * Probabilities of the states after one step from `state`, by their entries joined with commas. Decisions are `chance`, `integer` and `sign`;
 * a step that draws real numbers has no such list.
 *
 * @param given arguments of the dynamics
 * @param restores whether what it remembers can be saved and restored, so that `init` need not be called for each way
 * @throws Error for a step that draws real numbers, or has too many ways to fall
 */
export function transitionProbabilities<Parameter extends string, Memory extends object>(dynamics: SteppedDynamics<Parameter, Memory>, model: CompiledModel, state: Float64Array, given: Readonly<Record<string, number>>, most = MOST_WAYS, restores = false): ReadonlyMap<string, number> {
  const probabilities = new Map<string, number>();
  /** The outcome of each decision of the way at hand, with how many there are. */
  const way: { outcome: number; readonly of: number }[] = [];
  /** What `init` makes of this state, where it takes no decisions. */
  let begun: { readonly own: Memory; readonly restore: () => void } | undefined;
  const argument = (name: string): number => given[name] ?? dynamics.parameters.find((p) => p.name === name)?.default ?? NaN;
  for (let ways = 0; ways < most; ways++) {
    let decisions = 0;
    let probability = 1;
    const decide = (of: readonly number[]): number => {
      const decision = way[decisions] ?? way[way.push({ outcome: of.findIndex((p) => p > 0), of: of.length }) - 1]!;
      decisions++;
      probability *= of[decision.outcome]!;
      return decision.outcome;
    };
    const refuse = (): never => { throw new TooManyWays("it draws real numbers, and only `chance`, `integer` and `sign` can be followed"); };
    const random: RandomSequence = {
      uniform: refuse, normal: refuse,
      sign: () => 2 * decide([0.5, 0.5]) - 1,
      integer: (n) => decide(Array.from({ length: n }, () => 1 / n)),
      chance: (p) => decide([Math.min(1, Math.max(0, p)), 1 - Math.min(1, Math.max(0, p))]) === 0,
    };
    const after = state.slice();
    const task = { model, state: after, random, argument, step: 0 };
    if (begun) begun.restore();
    const own = begun ? begun.own : dynamics.init(task);
    if (restores && ways === 0 && decisions === 0) {
      const memory = memoryOfOwn(own);
      const saved = memory.save();
      begun = { own, restore: () => { memory.restore(saved); } };
    }
    dynamics.step(task, own);
    const key = after.join();
    if (probability > 0) probabilities.set(key, (probabilities.get(key) ?? 0) + probability);
    // The next way: the last decision that has another outcome takes it.
    while (way.length > 0 && way.at(-1)!.outcome === way.at(-1)!.of - 1) way.pop();
    const last = way.at(-1);
    if (!last) return probabilities;
    last.outcome++;
  }
  throw new TooManyWays(`a step of it has more than ${most} ways to fall: take a smaller model`);
}

/** All states of a small drawn model of discrete variables, with their Gibbs weights exp(−H/T), of sum 1. */
export function gibbsStates(model: CompiledModel, T: number): { readonly states: readonly Float64Array[]; readonly weights: readonly number[] } {
  let states = [new Float64Array(0)];
  for (const { domain, length } of model.state) {
    const values = domain && domainValues(domain);
    if (!values) throw new Error(`\`${model.name}\` has continuous variables, whose states cannot be listed`);
    for (let i = 0; i < length; i++) states = values.flatMap((v) => states.map((s) => Float64Array.from([...s, v])));
  }
  const energies = states.map((s) => model.energy(s));
  const least = Math.min(...energies);
  const weights = energies.map((energy) => Math.exp(-(energy - least) / T));
  const total = weights.reduce((a, b) => a + b, 0);
  return { states, weights: weights.map((w) => w / total) };
}

/**
 * How far one step is from keeping the Gibbs weights exp(−H/T): the largest change of a probability, over all states of a small drawn model of discrete
 * variables. 0 but for rounding where the dynamics is right.
 *
 * @param most ways in which the decisions of a step may fall
 * @param restores see `transitionProbabilities`
 */
export function stationarityDefect<Parameter extends string, Memory extends object>(dynamics: SteppedDynamics<Parameter, Memory>, model: CompiledModel, given: Readonly<Record<string, number>> & { readonly T: number }, most = MOST_WAYS, restores = false): number {
  const { states, weights } = gibbsStates(model, given.T);
  const after = new Map<string, number>();
  states.forEach((state, k) => {
    for (const [to, probability] of transitionProbabilities(dynamics, model, state, given, most, restores)) after.set(to, (after.get(to) ?? 0) + weights[k]! * probability);
  });
  return Math.max(...states.map((state, k) => Math.abs((after.get(state.join()) ?? 0) - weights[k]!)));
}

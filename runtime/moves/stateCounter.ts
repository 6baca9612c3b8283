import type { CompiledModel } from "../model.ts";
import { domainValues } from "./domainMoves.ts";

/** Visits all states of one copy, the first entry fastest. */
export class StateCounter {
  readonly state: Float64Array;
  /** How many states there are. */
  readonly states: number;
  /** Of the state at hand, from 0. */
  number = 0;
  private readonly values: readonly (readonly number[])[];
  private readonly digits: Int32Array;

  constructor(model: CompiledModel, state: Float64Array) {
    this.values = model.state.flatMap((array) => {
      const of = array.domain && domainValues(array.domain);
      if (!of) throw new Error(`internal: enumerate on ${array.name}, which is not finite`);
      return Array.from({ length: array.length }, () => of);
    });
    this.states = this.values.reduce((product, of) => product * of.length, 1);
    this.digits = new Int32Array(this.values.length);
    this.state = state;
    this.visit(0);
  }

  /** Goes to the state of this number. */
  visit(number: number): void {
    this.number = number;
    let rest = number;
    this.values.forEach((of, i) => {
      this.digits[i] = rest % of.length;
      this.state[i] = of[this.digits[i]!]!;
      rest = Math.floor(rest / of.length);
    });
  }

  /** False after the last state, when it is the first one again. */
  advance(): boolean {
    this.number = (this.number + 1) % this.states;
    for (let i = 0; i < this.digits.length; i++) {
      this.digits[i] = (this.digits[i]! + 1) % this.values[i]!.length;
      this.state[i] = this.values[i]![this.digits[i]!]!;
      if (this.digits[i] !== 0) break;
    }
    return this.number !== 0;
  }
}

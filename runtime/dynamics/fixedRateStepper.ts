import type { Schedule } from "../engine/plan.ts";
import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import { memoryOf } from "./memory.ts";
import type { Memory } from "./memory.ts";
import { scheduleValue } from "./scheduleValue.ts";
import type { TrialBuffers, TrialStepper } from "./trialStepper.ts";

/**
 * Gradient descent with a given rate: state ← retract(state − rate · g), g the Riemannian gradient of the energy as written.
 * Every trial is accepted, whether the energy falls or rises, unless energy or gradient there are not finite: then the rate was too
 * large, no further trial is proposed, and the state is the last finite one.
 */
export class FixedRateStepper implements TrialStepper {
  private readonly buffers: TrialBuffers;
  private readonly rate: number | Schedule;
  private readonly amount: number;
  private readonly acceptedBefore: number;
  private readonly gradient: Float64Array;
  private readonly now = { energy: NaN, gradientNorm: NaN, accepted: 0, diverged: false };
  readonly memory: Memory;

  /** @param amount number of steps over which a schedule runs */
  /** @param acceptedBefore steps of the same descent that were made before, for the schedule */
  constructor(buffers: TrialBuffers, rate: number | Schedule, amount: number, acceptedBefore = 0) {
    this.acceptedBefore = acceptedBefore;
    this.buffers = buffers;
    this.rate = rate;
    this.amount = amount;
    this.gradient = new Float64Array(buffers.state.length);
    this.memory = memoryOf(this.now, [this.gradient]);
  }

  get energy(): number {
    return this.now.energy;
  }

  get gradientNorm(): number {
    return this.now.gradientNorm;
  }

  start(energy: number): void {
    this.now.accepted = this.acceptedBefore;
    this.now.diverged = false;
    this.arrive(energy, this.buffers.state);
    this.now.diverged = !this.finite();
  }

  propose(): boolean {
    const { state, trial, spheres } = this.buffers;
    if (this.now.diverged || this.now.gradientNorm === 0) return false;
    const rate = scheduleValue(this.rate, this.now.accepted, this.amount);
    for (let i = 0; i < trial.length; i++) trial[i] = state[i] - rate * this.gradient[i];
    retract(spheres, trial);
    return true;
  }

  consume(energy: number): boolean {
    const { state, trial } = this.buffers;
    const energyBefore = this.now.energy;
    const normBefore = this.now.gradientNorm;
    this.arrive(energy, trial);
    if (!this.finite()) {
      this.now.diverged = true;
      this.now.energy = energyBefore;
      this.now.gradientNorm = normBefore;
      return false;
    }
    state.set(trial);
    this.now.accepted++;
    return true;
  }

  private arrive(energy: number, point: Float64Array): void {
    projectGradient(this.buffers.spheres, point, this.buffers.trialGradient, this.gradient);
    this.now.energy = energy;
    this.now.gradientNorm = euclideanNorm(this.gradient);
  }

  private finite(): boolean {
    return Number.isFinite(this.now.energy) && Number.isFinite(this.now.gradientNorm);
  }
}

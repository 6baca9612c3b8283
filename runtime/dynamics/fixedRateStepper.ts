import type { Schedule } from "../engine/plan.ts";
import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import { scheduleValue } from "./scheduleValue.ts";
import type { TrialBuffers, TrialStepper } from "./trialStepper.ts";

/**
 * Gradient descent with a given rate: state ← retract(state − rate · g), g the Riemannian gradient of the energy as written.
 * Every trial is accepted, whether the energy falls or rises, unless energy or gradient there are not finite: then the rate was too
 * large, no further trial is proposed, and the state is the last finite one.
 */
export class FixedRateStepper implements TrialStepper {
  energy = NaN;
  gradientNorm = NaN;

  private readonly buffers: TrialBuffers;
  private readonly rate: number | Schedule;
  private readonly amount: number;
  private readonly acceptedBefore: number;
  private readonly gradient: Float64Array;
  private accepted = 0;
  private diverged = false;

  /** @param amount number of steps over which a schedule runs */
  /** @param acceptedBefore steps of the same descent that were made before, for the schedule */
  constructor(buffers: TrialBuffers, rate: number | Schedule, amount: number, acceptedBefore = 0) {
    this.acceptedBefore = acceptedBefore;
    this.buffers = buffers;
    this.rate = rate;
    this.amount = amount;
    this.gradient = new Float64Array(buffers.state.length);
  }

  start(energy: number): void {
    this.accepted = this.acceptedBefore;
    this.diverged = false;
    this.arrive(energy, this.buffers.state);
    this.diverged = !this.finite();
  }

  propose(): boolean {
    const { state, trial, spheres } = this.buffers;
    if (this.diverged || this.gradientNorm === 0) return false;
    const rate = scheduleValue(this.rate, this.accepted, this.amount);
    for (let i = 0; i < trial.length; i++) trial[i] = state[i] - rate * this.gradient[i];
    retract(spheres, trial);
    return true;
  }

  consume(energy: number): boolean {
    const { state, trial } = this.buffers;
    const energyBefore = this.energy;
    const normBefore = this.gradientNorm;
    this.arrive(energy, trial);
    if (!this.finite()) {
      this.diverged = true;
      this.energy = energyBefore;
      this.gradientNorm = normBefore;
      return false;
    }
    state.set(trial);
    this.accepted++;
    return true;
  }

  private arrive(energy: number, point: Float64Array): void {
    projectGradient(this.buffers.spheres, point, this.buffers.trialGradient, this.gradient);
    this.energy = energy;
    this.gradientNorm = euclideanNorm(this.gradient);
  }

  private finite(): boolean {
    return Number.isFinite(this.energy) && Number.isFinite(this.gradientNorm);
  }
}

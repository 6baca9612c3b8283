import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import type { TrialBuffers, TrialStepper } from "./trialStepper.ts";

/** First trial: a hundredth of the distance of the state from the origin (the radius on a sphere), 1 where that is 0. */
const PROBE = 0.01;
/** Armijo: the fraction of the decrease that the gradient promises. */
const SUFFICIENT_DECREASE = 1e-4;
/** Step control of the flow: the step is at most this fraction of the local scale |s|/|y| ≈ 1/curvature. */
const FLOW_FRACTION = 0.25;
/** The flow has found its basin once the gradient is below this fraction of the largest gradient so far. */
const BASIN = 0.1;
const MOST_HALVINGS = 60;
/** Relative precision of energies in float64: below it a difference of energies says nothing. */
const FLOAT64_ENERGY_PRECISION = 1e-10;

/**
 * Steepest descent on a product of spheres, every direction being minus the Riemannian gradient g, in two phases:
 *
 * 1. While |g| ≥ 0.1 of its largest value, Euler integration of the gradient flow with step control, which chooses the basin that
 *    the flow chooses. (Spectral steps from the start jump between basins and bias the energies of the minima.)
 * 2. Then, once and for all, spectral steps, alternately <s,s>/<s,y> and <s,y>/<y,y> (Barzilai, Borwein 1988; alternating:
 *    Dai, Fletcher 2005), with s the last displacement and y the change of the gradient, both transported by projection.
 *
 * Each step is halved until it satisfies the Armijo rule or, where energy differences are below rounding, the approximate
 * Wolfe condition on the slope (Hager, Zhang, SIAM J. Optim. 16, 170 (2005)). So energies never rise by more than a relative
 * `energyPrecision`. A trial whose energy or gradient is not finite is halved too. The search stalls after 60 halvings, or when a step
 * no longer changes any number of the state.
 */
export class DescentStepper implements TrialStepper {
  energy = NaN;
  gradientNorm = NaN;

  private readonly buffers: TrialBuffers;
  private readonly energyPrecision: number;
  private readonly largestBefore: number;
  /** Riemannian gradient at the state, and the same transported to the trial point. */
  private readonly gradient: Float64Array;
  private readonly transported: Float64Array;

  private stepSize = NaN;
  private largestGradient = 0;
  private flowing = true;
  private accepted = 0;
  private halvings = 0;

  /**
   * @param energyPrecision relative rounding error of the energies that will be told; about 1e-6 where they are made in float32
   * @param largestBefore largest norm of the gradient in an earlier part of the same descent
   */
  constructor(buffers: TrialBuffers, energyPrecision = FLOAT64_ENERGY_PRECISION, largestBefore = 0) {
    this.buffers = buffers;
    this.energyPrecision = energyPrecision;
    this.largestBefore = largestBefore;
    this.gradient = new Float64Array(buffers.state.length);
    this.transported = new Float64Array(buffers.state.length);
  }

  start(energy: number): void {
    const { state, trialGradient, spheres } = this.buffers;
    projectGradient(spheres, state, trialGradient, this.gradient);
    this.energy = energy;
    this.gradientNorm = euclideanNorm(this.gradient);
    this.stepSize = (PROBE * (euclideanNorm(state) || 1)) / this.gradientNorm;
    this.largestGradient = this.largestBefore;
    this.flowing = true;
    this.accepted = 0;
    this.beginStep();
  }

  propose(): boolean {
    const { state, trial, spheres } = this.buffers;
    if (this.gradientNorm === 0 || this.halvings > MOST_HALVINGS) return false;
    if (!Number.isFinite(this.gradientNorm) || !Number.isFinite(this.energy)) return false;
    for (let i = 0; i < trial.length; i++) trial[i] = state[i] - this.stepSize * this.gradient[i];
    retract(spheres, trial);
    // A step below the spacing of floating-point numbers would be "accepted" for ever.
    for (let i = 0; i < trial.length; i++) if (trial[i] !== state[i]) return true;
    return false;
  }

  consume(energy: number): boolean {
    const { state, trial, trialGradient, spheres } = this.buffers;
    const gradientNorm2 = this.gradientNorm * this.gradientNorm;
    const decreases = energy <= this.energy - SUFFICIENT_DECREASE * this.stepSize * gradientNorm2;
    const level = Math.abs(energy - this.energy) <= this.energyPrecision * Math.max(Math.abs(energy), Math.abs(this.energy));
    if (!Number.isFinite(energy) || !(decreases || level)) return this.halve();

    projectGradient(spheres, trial, trialGradient, trialGradient);
    projectGradient(spheres, trial, this.gradient, this.transported);
    let slope = 0; // <g', transported g>: minus the derivative of the energy along the step, at its end
    let nextNorm2 = 0;
    let transportedNorm2 = 0;
    let transportedDotChange = 0;
    let changeNorm2 = 0;
    for (let i = 0; i < trial.length; i++) {
      const before = this.transported[i];
      const after = trialGradient[i];
      const change = after - before;
      slope += after * before;
      nextNorm2 += after * after;
      transportedNorm2 += before * before;
      transportedDotChange += before * change;
      changeNorm2 += change * change;
    }
    if (!Number.isFinite(nextNorm2)) return this.halve();
    if (!decreases && -slope > (1 - 2 * SUFFICIENT_DECREASE) * gradientNorm2) return this.halve();

    const t = this.stepSize;
    this.stepSize = this.nextStepSize(t * t * transportedNorm2, -t * transportedDotChange, changeNorm2);
    this.energy = energy;
    this.gradientNorm = Math.sqrt(nextNorm2);
    state.set(trial);
    this.gradient.set(trialGradient);
    this.accepted++;
    this.beginStep();
    return true;
  }

  private beginStep(): void {
    this.halvings = 0;
    this.largestGradient = Math.max(this.largestGradient, this.gradientNorm);
    if (this.gradientNorm < BASIN * this.largestGradient) this.flowing = false;
  }

  private halve(): false {
    this.stepSize *= 0.5;
    this.halvings++;
    return false;
  }

  /** From <s,s>, <s,y> and <y,y> of the step that was just accepted; `flowing` and `accepted` are still those at its start. */
  private nextStepSize(ss: number, sy: number, yy: number): number {
    const doubled = 2 * this.stepSize;
    // No change of the gradient, or none that can be told from rounding: no curvature is known, so lengthen.
    if (!(yy > 0 && ss > 0)) return doubled;
    const scale = Math.sqrt(ss / yy);
    if (this.flowing) return Math.min(doubled, FLOW_FRACTION * scale);
    const next = sy <= 0 ? scale : this.accepted % 2 === 1 ? ss / sy : sy / yy;
    return Number.isFinite(next) && next > 0 ? next : doubled;
  }
}

import { euclideanNorm } from "../geometry/euclideanNorm.ts";
import { projectGradient } from "../geometry/projectGradient.ts";
import { retract } from "../geometry/retract.ts";
import { memoryOf } from "./memory.ts";
import type { Memory } from "./memory.ts";
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
 * `energyPrecision`. A trial whose energy or gradient is not finite is halved too. The search fails after 60 halvings, or when a step
 * no longer changes any number of the state. It then stalls, but where the energy is small beside one that was met before (a
 * perfect fit, a sum of squares that was expanded): its rounding error is that of terms which cancel, so that the search is made
 * again, once and for all with the precision that the largest energy has. From there on no energy exceeds a fixed ceiling.
 */
export class DescentStepper implements TrialStepper {
  private readonly buffers: TrialBuffers;
  private readonly energyPrecision: number;
  private readonly largestBefore: number;
  /** Riemannian gradient at the state, and the same transported to the trial point. */
  private readonly gradient: Float64Array;
  private readonly transported: Float64Array;

  private readonly now = { energy: NaN, gradientNorm: NaN, stepSize: NaN, largestGradient: 0, flowing: true, accepted: 0, halvings: 0, largestEnergy: 0, ceiling: -Infinity };
  readonly memory: Memory;

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
    this.memory = memoryOf(this.now, [this.gradient]);
  }

  get energy(): number {
    return this.now.energy;
  }

  get gradientNorm(): number {
    return this.now.gradientNorm;
  }

  start(energy: number): void {
    const { state, trialGradient, spheres } = this.buffers;
    projectGradient(spheres, state, trialGradient, this.gradient);
    this.now.energy = energy;
    this.now.gradientNorm = euclideanNorm(this.gradient);
    this.now.stepSize = (PROBE * (euclideanNorm(state) || 1)) / this.now.gradientNorm;
    this.now.largestGradient = this.largestBefore;
    this.now.flowing = true;
    this.now.accepted = 0;
    this.now.largestEnergy = 0;
    this.now.ceiling = -Infinity;
    this.beginStep();
  }

  propose(): boolean {
    if (this.now.gradientNorm === 0) return false;
    if (!Number.isFinite(this.now.gradientNorm) || !Number.isFinite(this.now.energy)) return false;
    return this.proposeStep() || (this.admitCancellation() && this.proposeStep());
  }

  private proposeStep(): boolean {
    const { state, trial, spheres } = this.buffers;
    if (this.now.halvings > MOST_HALVINGS) return false;
    for (let i = 0; i < trial.length; i++) trial[i] = state[i] - this.now.stepSize * this.gradient[i];
    retract(spheres, trial);
    // A step below the spacing of floating-point numbers would be "accepted" for ever.
    for (let i = 0; i < trial.length; i++) if (trial[i] !== state[i]) return true;
    return false;
  }

  consume(energy: number): boolean {
    const { state, trial, trialGradient, spheres } = this.buffers;
    const gradientNorm2 = this.now.gradientNorm * this.now.gradientNorm;
    const decreases = energy <= this.now.energy - SUFFICIENT_DECREASE * this.now.stepSize * gradientNorm2;
    const rounding = this.energyPrecision * Math.max(Math.abs(energy), Math.abs(this.now.energy));
    const level = Math.abs(energy - this.now.energy) <= rounding || energy <= this.now.ceiling;
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

    const t = this.now.stepSize;
    this.now.stepSize = this.nextStepSize(t * t * transportedNorm2, -t * transportedDotChange, changeNorm2);
    this.now.energy = energy;
    this.now.gradientNorm = Math.sqrt(nextNorm2);
    state.set(trial);
    this.gradient.set(trialGradient);
    this.now.accepted++;
    this.beginStep();
    return true;
  }

  /** Begins a search that failed once more with the precision of the largest energy; false where that says nothing new. */
  private admitCancellation(): boolean {
    if (this.now.ceiling !== -Infinity || this.now.largestEnergy <= Math.abs(this.now.energy)) return false;
    this.now.ceiling = this.now.energy + this.energyPrecision * this.now.largestEnergy;
    this.now.stepSize *= 2 ** this.now.halvings;
    this.now.halvings = 0;
    return true;
  }

  private beginStep(): void {
    this.now.halvings = 0;
    this.now.largestEnergy = Math.max(this.now.largestEnergy, Math.abs(this.now.energy));
    this.now.largestGradient = Math.max(this.now.largestGradient, this.now.gradientNorm);
    if (this.now.gradientNorm < BASIN * this.now.largestGradient) this.now.flowing = false;
  }

  private halve(): false {
    this.now.stepSize *= 0.5;
    this.now.halvings++;
    return false;
  }

  /** From <s,s>, <s,y> and <y,y> of the step that was just accepted; `flowing` and `accepted` are still those at its start. */
  private nextStepSize(ss: number, sy: number, yy: number): number {
    const doubled = 2 * this.now.stepSize;
    // No change of the gradient, or none that can be told from rounding: no curvature is known, so lengthen.
    if (!(yy > 0 && ss > 0)) return doubled;
    const scale = Math.sqrt(ss / yy);
    if (this.now.flowing) return Math.min(doubled, FLOW_FRACTION * scale);
    const next = sy <= 0 ? scale : this.now.accepted % 2 === 1 ? ss / sy : sy / yy;
    return Number.isFinite(next) && next > 0 ? next : doubled;
  }
}

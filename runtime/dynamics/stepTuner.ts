import { memoryOf } from "./memory.ts";

/** Dual averaging: how fast the step follows the acceptance, how much early moves count, how fast they are forgotten. */
const FOLLOW = 0.05;
const EARLY = 10;
const FORGET = 0.75;
/** The search for the order of magnitude ends after so many halvings or doublings. */
const MOST_DOUBLINGS = 60;

/**
 * Tunes the step of a dynamics with an acceptance test towards a share of accepted proposals: first by factors of 2 until the acceptance
 * crosses 1/2, then by dual averaging (Hoffman, Gelman, "The No-U-Turn Sampler", JMLR 15, 1593 (2014), section 3.2.1 and algorithm 4).
 * Every move while it tunes is a proposal of the dynamics like any other. `settled` is the average that a `measure` then keeps.
 */
export class StepTuner {
  private readonly goal: number;
  private readonly longest: number;
  private readonly now = { step: 0, direction: 0, doublings: 0, searching: true, centre: 0, count: 0, deficit: 0, average: 0 };
  readonly memory = memoryOf(this.now);

  /** @param goal share of accepted proposals, between 0 and 1; @param longest limit of the step */
  constructor(first: number, goal: number, longest = Infinity) {
    this.now.step = Math.min(first, longest);
    this.now.centre = Math.log(this.step);
    this.goal = goal;
    this.longest = longest;
  }

  /** The step to propose with next. */
  get step(): number {
    return this.now.step;
  }

  /** The tuned step: the average of the logarithm over the moves since the search; the last step while there is none. */
  get settled(): number {
    return this.now.count === 0 ? this.step : Math.exp(this.now.average);
  }

  /** @param acceptance probability with which the last proposal was accepted, 0 to 1, or the share of those of a sweep that were; 0 where it is not a number */
  learn(acceptance: number): void {
    if (this.now.searching && this.search(acceptance)) return;
    this.now.count++;
    const weight = 1 / (this.now.count + EARLY);
    this.now.deficit += weight * (this.goal - acceptance - this.now.deficit);
    const logStep = Math.min(this.now.centre - (Math.sqrt(this.now.count) / FOLLOW) * this.now.deficit, Math.log(this.longest));
    this.now.average += this.now.count ** -FORGET * (logStep - this.now.average);
    this.now.step = Math.exp(logStep);
  }

  /** Whether the search goes on. */
  private search(acceptance: number): boolean {
    const direction = acceptance > 0.5 ? 1 : -1;
    if (this.now.direction === 0) this.now.direction = direction;
    if (direction === this.now.direction && this.now.doublings < MOST_DOUBLINGS && this.step * 2 ** direction <= this.longest) {
      this.now.step *= 2 ** direction;
      this.now.doublings++;
      return true;
    }
    this.now.searching = false;
    this.now.centre = Math.log(this.step);
    return false;
  }
}

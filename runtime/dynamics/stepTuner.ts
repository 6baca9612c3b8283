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
  /** The step to propose with next. */
  step: number;

  private readonly goal: number;
  private readonly longest: number;
  private direction = 0;
  private doublings = 0;
  private searching = true;
  private centre: number;
  private count = 0;
  private deficit = 0;
  private average = 0;

  /** @param goal share of accepted proposals, between 0 and 1; @param longest limit of the step */
  constructor(first: number, goal: number, longest = Infinity) {
    this.step = Math.min(first, longest);
    this.centre = Math.log(this.step);
    this.goal = goal;
    this.longest = longest;
  }

  /** The tuned step: the average of the logarithm over the moves since the search; the last step while there is none. */
  get settled(): number {
    return this.count === 0 ? this.step : Math.exp(this.average);
  }

  /** @param acceptance probability with which the last proposal was accepted, 0 to 1; 0 where it is not a number */
  learn(acceptance: number): void {
    if (this.searching && this.search(acceptance)) return;
    this.count++;
    const weight = 1 / (this.count + EARLY);
    this.deficit += weight * (this.goal - acceptance - this.deficit);
    const logStep = Math.min(this.centre - (Math.sqrt(this.count) / FOLLOW) * this.deficit, Math.log(this.longest));
    this.average += this.count ** -FORGET * (logStep - this.average);
    this.step = Math.exp(logStep);
  }

  /** Whether the search goes on. */
  private search(acceptance: number): boolean {
    const direction = acceptance > 0.5 ? 1 : -1;
    if (this.direction === 0) this.direction = direction;
    if (direction === this.direction && this.doublings < MOST_DOUBLINGS && this.step * 2 ** direction <= this.longest) {
      this.step *= 2 ** direction;
      this.doublings++;
      return true;
    }
    this.searching = false;
    this.centre = Math.log(this.step);
    return false;
  }
}

import { memoryOf } from "./memory.ts";

/** Trajectories with one number of leapfrog steps before the next comparison. */
const BATCH = 10;
const LONGEST = 10; // 2^10 leapfrog steps

/**
 * Tunes the number of leapfrog steps of a trajectory among the powers of 2: the one with the largest expected squared jump for a
 * gradient evaluation (Pasarica, Gelman, Statistica Sinica 20, 343 (2010)). It compares neighbours, 2^k and 2^(k+1), in batches, and walks
 * to the better one; jumps grow as the square of the length until trajectories turn back, so that there is one maximum. `settled` is
 * where it has been most often lately.
 */
export class TrajectoryTuner {
  /** `upper`: of the pair that is compared, the one at work, 0 or 1 above `exponent`. */
  private readonly now = { exponent: 0, upper: 0, trajectories: 0 };
  private readonly jumps = new Float64Array(2);
  /** How often each exponent won, older wins counting less. */
  private readonly wins = new Float64Array(LONGEST + 1);
  readonly memory = memoryOf(this.now, [this.jumps, this.wins]);

  get leapfrogs(): number {
    return 2 ** (this.now.exponent + this.now.upper);
  }

  get settled(): number {
    let best = 0;
    for (let k = 1; k <= LONGEST; k++) if (this.wins[k] > this.wins[best]) best = k;
    return 2 ** best;
  }

  /** @param acceptance of the last trajectory; @param jump2 squared distance of its ends */
  learn(acceptance: number, jump2: number): void {
    // A trajectory that diverged has a probability of 0 and a distance that may not be a number.
    this.jumps[this.now.upper] += acceptance > 0 ? (acceptance * jump2) / this.leapfrogs : 0;
    if (++this.now.trajectories < BATCH) return;
    this.now.trajectories = 0;
    this.now.upper = 1 - this.now.upper;
    if (this.now.upper === 1) return;
    const [shorter, longer] = this.jumps;
    const winner = this.now.exponent + (longer > shorter ? 1 : 0);
    for (let k = 0; k <= LONGEST; k++) this.wins[k] *= 0.9;
    this.wins[winner]++;
    this.now.exponent = Math.min(LONGEST - 1, Math.max(0, longer > shorter ? this.now.exponent + 1 : this.now.exponent - 1));
    this.jumps.fill(0);
  }
}

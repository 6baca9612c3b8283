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
  private exponent = 0;
  /** Of the pair that is compared, the one at work: 0 or 1 above `exponent`. */
  private upper = 0;
  private trajectories = 0;
  private jumps = [0, 0];
  /** How often each exponent won, older wins counting less. */
  private readonly wins = new Float64Array(LONGEST + 1);

  get leapfrogs(): number {
    return 2 ** (this.exponent + this.upper);
  }

  get settled(): number {
    let best = 0;
    for (let k = 1; k <= LONGEST; k++) if (this.wins[k] > this.wins[best]) best = k;
    return 2 ** best;
  }

  /** @param acceptance of the last trajectory; @param jump2 squared distance of its ends */
  learn(acceptance: number, jump2: number): void {
    // A trajectory that diverged has a probability of 0 and a distance that may not be a number.
    this.jumps[this.upper] += acceptance > 0 ? (acceptance * jump2) / this.leapfrogs : 0;
    if (++this.trajectories < BATCH) return;
    this.trajectories = 0;
    this.upper = 1 - this.upper;
    if (this.upper === 1) return;
    const [shorter, longer] = this.jumps;
    const winner = this.exponent + (longer > shorter ? 1 : 0);
    for (let k = 0; k <= LONGEST; k++) this.wins[k] *= 0.9;
    this.wins[winner]++;
    this.exponent = Math.min(LONGEST - 1, Math.max(0, longer > shorter ? this.exponent + 1 : this.exponent - 1));
    this.jumps = [0, 0];
  }
}

/** Share of accepted proposals that one-dimensional random-walk moves do well with (Gelman, Roberts, Gilks 1996: 0.44). */
const GOAL = 0.44;

/** Follows the acceptance with the width of the proposals: log width moves by a step that shrinks as 1/√sweeps. */
export class WidthTuner {
  width: number;
  private count = 0;

  constructor(first: number) {
    this.width = first;
  }

  /** @param acceptance share of accepted proposals in one sweep */
  learn(acceptance: number): void {
    this.count++;
    this.width *= Math.exp((2 * (acceptance - GOAL)) / Math.sqrt(this.count));
  }
}

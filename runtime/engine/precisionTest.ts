import { blockedError } from "../estimators/binning.ts";
import { evaluatorOf } from "./observableExpression.ts";
import type { PrecisionCondition } from "./plan.ts";
import { atPoint } from "./plan.ts";
import type { Recorder } from "./recorder.ts";

/** Records at the first look. Later ones are at twice, four times, … as many: fixed places, and so few that a lucky error hardly ends a task too soon. */
export const FIRST_LOOK = 64;
/** Blocks beyond the plateau that an error needs to be believed: it is then known to an eighth. */
const FEWEST_BLOCKS = 32;

/**
 * `until error(x) < y`: whether the standard error of the average of x over the records of a task is below y, by blocks in time beyond the plateau.
 * Each task decides for itself, from nothing but its own records: who else runs, and where it was interrupted, changes nothing. So with several
 * samples or starts the precision is that of each task.
 */
export function precisionTest(condition: PrecisionCondition, recorder: Pick<Recorder, "entriesOf" | "count">, point: number, parameters: Readonly<Record<string, number>>): () => boolean {
  const parts = condition.of.map((expression, k) => ({ value: evaluatorOf(expression, parameters), reads: expression.observables, below: atPoint(condition.below[k]!, point) }));
  return () => {
    const records = recorder.count();
    if (!isLook(records)) return false;
    return parts.every(({ value, reads, below }) => {
      const columns = reads.map(({ observable, places }) => recorder.entriesOf(observable, places, point));
      const { error, blocks, plateau } = blockedError(Float64Array.from({ length: records }, (_, k) => Number(value(columns.map((column) => column[k]!)))));
      return plateau && blocks >= FEWEST_BLOCKS && error < below;
    });
  };
}

const isLook = (records: number): boolean => records >= FIRST_LOOK && Number.isInteger(Math.log2(records / FIRST_LOOK));

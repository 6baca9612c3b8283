/** What state evolution says from two starts of one iteration: without information, and next to what is looked for (`q_informative`). */
import type { Prediction } from "./prediction.ts";
import { short } from "./shortNumber.ts";

/** Where an iteration has come, and by how much it moved last. */
export interface IteratedPoint { readonly iterations: number; readonly change: number; readonly values: Readonly<Record<string, number>> }

export interface TwoStarts<Point extends IteratedPoint> { readonly uninformative: Point; readonly informative: Point }

const SUFFIX = "_informative";
export const informative = (quantity: string): string => `${quantity}${SUFFIX}`;

/** @param missing what is said of a quantity that there isn't @param unsettled why an iteration may not have settled */
export function predictionOf<Point extends IteratedPoint>(starts: TwoStarts<Point>, quantity: string, missing: string, unsettled: (point: Point) => string): Prediction {
  const far = quantity.endsWith(SUFFIX);
  const point = far ? starts.informative : starts.uninformative, value = point.values[far ? quantity.slice(0, -SUFFIX.length) : quantity];
  if (value === undefined) return { refused: missing };
  return point.change < 1e-8 ? { value, residual: point.change } : { refused: `the iteration has not settled in ${point.iterations} steps: ${unsettled(point)}` };
}

export function whereStartsLead({ uninformative, informative: near }: TwoStarts<IteratedPoint>): string {
  const [q, other] = [uninformative.values["q"]!, near.values["q"]!];
  return Math.abs(q - other) < 1e-6 ? `both starts lead to q = ${short(q)}` : `the uninformative start leads to q = ${short(q)}, the informative one to q = ${short(other)}: what the larger free entropy favours may be hard to find`;
}

export const iterationsText = ({ uninformative, informative: near }: TwoStarts<IteratedPoint>): string => `${uninformative.iterations} iterations from q = 0, ${near.iterations} from q = 1`;

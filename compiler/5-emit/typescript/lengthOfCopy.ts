import type { ScheduledModel } from "../../4-schedule/schedule.ts";
import { printOffset } from "./scalar.ts";

export const sumText = (terms: readonly string[]): string => terms.filter((t) => t !== "0").join(" + ") || "0";

/** Number of entries of one copy of the states. */
export const lengthOfCopy = (m: ScheduledModel): string =>
  m.states.every((s) => s.copy === undefined) ? "dimension" : `(${sumText(m.states.filter((s) => s.copy === undefined).map((s) => printOffset(s.length)))})`;

import { dynamics } from "../dynamics/index.ts";
import type { RunPlan } from "../engine/plan.ts";
import type { Convergence } from "../estimators/convergence.ts";

/** Split R-hat above which chains are taken not to have mixed (LANGUAGE.md, section 3). */
const LARGEST_R_HAT = 1.05;
/** A drift counts if it is this many of its standard errors and more than a tenth of the thermal spread. */
const DRIFT_ERRORS = 4;
const DRIFT_SPREAD = 0.1;

/** Whether equilibration is to be tested: a `measure`, not transient, with a dynamics that has a stationary distribution. */
export function testsEquilibration(plan: RunPlan): boolean {
  const measure = plan.steps.find((step) => step.kind === "measure");
  return measure !== undefined && !plan.transient && dynamics[measure.dynamics]?.stationary === true;
}

/**
 * The chains among which none may differ from the others: those of each sample. Beside a held copy each start has a law of its own, as that copy may
 * start elsewhere each time: only the halves of a chain can then disagree.
 */
export const comparable = <Chain>({ held }: RunPlan, samples: readonly (readonly Chain[])[]): readonly (readonly Chain[])[] =>
  held === undefined ? samples : samples.flat().map((chain) => [chain]);

/** Why a measured quantity was not in equilibrium, as a sentence; undefined where nothing speaks against it. */
export function notEquilibrated(found: Convergence): string | undefined {
  const { splitRHat, drift, driftError, spread } = found;
  if (Number.isNaN(splitRHat)) return "fewer than 8 records a start: equilibration cannot be tested";
  if (splitRHat > LARGEST_R_HAT) return `not equilibrated: split R-hat is ${splitRHat.toFixed(2)}, starts or halves disagree`;
  if (Math.abs(drift) > DRIFT_ERRORS * driftError && Math.abs(drift) > DRIFT_SPREAD * spread) {
    return `not equilibrated: the halves of the measurement differ by ${(Math.abs(drift) / spread).toPrecision(2)} standard deviations`;
  }
  return undefined;
}

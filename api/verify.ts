import { judgeClaim, type ClaimResult } from "../runtime/results/claim.ts";
import { compile, requireAccepted, type Specification } from "./compile.ts";
import { environmentOf, run, type Results, type RunOptions } from "./run.ts";

export interface Verification {
  /** Whether every claim holds. */
  readonly holds: boolean;
  /** In the order of the specification, with both sides, errors, tolerances and reasons. */
  readonly claims: readonly ClaimResult[];
  readonly results: Results;
}

/**
 * Does the runs that claims are about and decides every claim; with `only`, those about these runs and no other run.
 *
 * @throws Rejection for a specification that was rejected
 */
export async function verify(specification: Specification | string, options: RunOptions = {}): Promise<Verification> {
  const spec = typeof specification === "string" ? compile(specification) : specification;
  requireAccepted(spec);
  const isRun = (name: string): boolean => spec.runs.some((plan) => plan.run === name);
  const { only } = options;
  const chosen = spec.claims.filter((claim) => only === undefined || claim.about.filter(isRun).every((name) => only.includes(name)));
  const needed = new Set(chosen.flatMap((claim) => claim.about.filter(isRun)));
  const results = await run(spec, { ...options, only: [...needed] });
  const environment = environmentOf(spec, new Map(Object.entries(results.runs)));
  const claims = chosen.map((claim) => judgeClaim(claim, environment));
  return { holds: claims.every((claim) => claim.verdict === "holds"), claims, results };
}

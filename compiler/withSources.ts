import type { RunPlan } from "../runtime/engine/plan.ts";

/** The chosen runs with those that they continue from, in an order in which each comes after what it needs. */
export function withSources(chosen: readonly RunPlan[], all: readonly RunPlan[]): readonly RunPlan[] {
  const needed = new Set<string>();
  const need = (run: string): void => {
    if (needed.has(run)) return;
    needed.add(run);
    all.find((p) => p.run === run)?.continues?.runs.forEach((r) => need(r.run));
  };
  for (const { run } of chosen) need(run);
  return all.filter(({ run }) => needed.has(run));
}

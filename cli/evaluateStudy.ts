/** What is computed from the records of a study: verdicts, tables, figures. */
import { join } from "node:path";
import type { Compilation } from "../compiler/compile.ts";
import { judgeClaim, type ClaimResult } from "../runtime/results/claim.ts";
import type { PlotPlan } from "../runtime/results/expression.ts";
import { evaluatePlot } from "../runtime/results/plot.ts";
import { runSummary, type RunSummary } from "../runtime/results/runSummary.ts";
import { evaluateTable, type TableResult } from "../runtime/results/table.ts";
import type { Execution } from "./execute.ts";
import { breathe } from "./interruption.ts";

export interface StudyResults {
  readonly claims: readonly ClaimResult[];
  readonly tables: readonly TableResult[];
  readonly plots: readonly DrawnFigure[];
  readonly runs: readonly RunSummary[];
}

/** `file` is relative to the directory of the results, whose bytes must not depend on where it is. */
export interface DrawnFigure { readonly name: string; readonly file?: string; readonly reasons: readonly string[] }

export type Chosen = Pick<Compilation, "claims" | "plots" | "tables">;

/** Evaluates one thing after the other, so that signals are heard in between; undefined if one was. Figures are written into `directory`. */
export async function evaluateStudy({ claims, plots, tables }: Chosen, { environment, outcomes }: Execution, directory: string, signal: AbortSignal): Promise<StudyResults | undefined> {
  const each = async <T, R>(items: readonly T[], evaluate: (item: T) => R | Promise<R>): Promise<R[]> => {
    const results: R[] = [];
    for (const item of items) {
      await breathe();
      if (signal.aborted) return [];
      results.push(await evaluate(item));
    }
    return results;
  };
  const results = {
    claims: await each(claims, (claim) => judgeClaim(claim, environment)),
    tables: await each(tables.filter((t) => t.undecidable === undefined), (table) => evaluateTable(table, environment)),
    plots: await each(plots, async (plan): Promise<DrawnFigure> => drawFigure(join(directory, "figures"), plan, environment)),
    runs: await each(outcomes, runSummary),
  };
  return signal.aborted ? undefined : results;
}

async function drawFigure(directory: string, plan: PlotPlan, environment: Execution["environment"]): Promise<DrawnFigure> {
  const { figure, reasons } = evaluatePlot(plan, environment);
  if (!figure) return { name: plan.name, reasons };
  const { writeFigure } = await import("../runtime/results/figures/write.ts");
  const written = await writeFigure(directory, figure);
  return written.ok ? { name: plan.name, file: `figures/${figure.name}.svg`, reasons } : { name: plan.name, reasons: [...reasons, written.message] };
}

/** What is computed from the records of a study: verdicts, tables, figures. */
import { join } from "node:path";
import type { Compilation } from "../compiler/compile.ts";
import { judgeClaim, type ClaimResult } from "../runtime/results/claim.ts";
import { PoolClosed } from "../compiler/theory/predictionPool.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import type { ResultEnvironment } from "../runtime/results/environment.ts";
import { evaluatePlot, type PlotResult } from "../runtime/results/plot.ts";
import { runSummary, type RunSummary } from "../runtime/results/runSummary.ts";
import { evaluateTable, type TableResult } from "../runtime/results/table.ts";
import type { Execution } from "./execute.ts";
import { breathe } from "./interruption.ts";
import type { Predictions } from "./predictions.ts";

export interface StudyResults {
  readonly claims: readonly ClaimResult[];
  readonly tables: readonly TableResult[];
  readonly plots: readonly DrawnFigure[];
  readonly runs: readonly RunSummary[];
}

/** `file` is relative to the directory of the results, whose bytes must not depend on where it is. */
export interface DrawnFigure { readonly name: string; readonly file?: string; readonly reasons: readonly string[] }

export type Chosen = Pick<Compilation, "claims" | "plots" | "tables">;

/**
 * Evaluates all that was chosen; what waits for predictions lets the rest go ahead. Undefined after an interruption. Figures are written into
 * `directory`.
 */
export async function evaluateStudy({ claims, plots, tables }: Chosen, { outcomes }: Pick<Execution, "outcomes">, directory: string, predictions: Predictions, signal: AbortSignal): Promise<StudyResults | undefined> {
  const runs = new Map(outcomes.map((o) => [o.plan.run, o]));
  const each = <T, R>(items: readonly T[], evaluate: (item: T, environment: ResultEnvironment) => R): Promise<R[]> =>
    Promise.all(items.map((item) => predictions.settle({ runs }, (environment) => evaluate(item, environment))));
  try {
    const [ofClaims, ofTables, figures, summaries] = await Promise.all([
      each(claims, judgeClaim), each(tables.filter((t) => t.undecidable === undefined), evaluateTable), each(plots, evaluatePlot), each(outcomes, runSummary),
    ]);
    const drawn: DrawnFigure[] = [];
    for (const [k, figure] of figures.entries()) {
      await breathe();
      if (signal.aborted) return undefined;
      drawn.push(await drawFigure(join(directory, "figures"), plots[k]!.name, figure));
    }
    return signal.aborted ? undefined : { claims: ofClaims, tables: ofTables, plots: drawn, runs: summaries };
  } catch (error) {
    if (error instanceof PoolClosed) return undefined;
    throw error;
  }
}

/** Asks all that can be asked before there are records. Errors come up once more when it is evaluated with them. */
export async function askAhead({ claims, plots, tables }: Chosen, plans: readonly RunPlan[], predictions: Predictions): Promise<void> {
  const runs = new Map(plans.map((plan) => [plan.run, { plan, tasks: [] }]));
  const ask = <T>(items: readonly T[], evaluate: (item: T, environment: ResultEnvironment) => unknown): Promise<unknown>[] =>
    items.map((item) => predictions.settle({ runs, ahead: true }, (environment) => evaluate(item, environment)));
  await Promise.allSettled([...ask(claims, judgeClaim), ...ask(plots, evaluatePlot), ...ask(tables, evaluateTable)]);
}

async function drawFigure(directory: string, name: string, { figure, reasons }: PlotResult): Promise<DrawnFigure> {
  if (!figure) return { name, reasons };
  const { writeFigure } = await import("../runtime/results/figures/write.ts");
  const written = await writeFigure(directory, figure);
  return written.ok ? { name, file: `figures/${figure.name}.svg`, reasons: [...reasons, ...written.value.notes] } : { name, reasons: [...reasons, written.message] };
}

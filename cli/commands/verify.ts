import { join } from "node:path";
import { judgeClaim } from "../../runtime/results/claim.ts";
import type { ClaimResult } from "../../runtime/results/claim.ts";
import { claimLines, tableLines } from "../../runtime/results/format.ts";
import { evaluatePlot } from "../../runtime/results/plot.ts";
import { evaluateTable } from "../../runtime/results/table.ts";
import { runSummary } from "../../runtime/results/runSummary.ts";
import { writeResults } from "../../runtime/results/writeResults.ts";
import type { ResultEnvironment } from "../../runtime/results/environment.ts";
import type { PlotPlan } from "../../runtime/results/expression.ts";
import { execute, isSelected, selection, type ExecutionOptions } from "../execute.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openSpecification } from "../openSpecification.ts";
import { reportDiagnostics } from "../reportDiagnostics.ts";
import { makeDirectory, resultsDirectory } from "../resultsDirectory.ts";
import { paint, toStderr, toStdout, type Style } from "../terminal.ts";

const verdictStyle: Record<ClaimResult["verdict"], Style> = { holds: "good", fails: "bad", undecided: "warning" };

/** `quench verify FILE`: does the runs that claims and figures need, decides every claim, draws the figures. */
export async function verify(path: string, options: ExecutionOptions): Promise<ExitStatus> {
  const opened = openSpecification(path, options);
  if (!opened.ok) return opened.status;
  const { compilation, source } = opened;
  const selected = selection(compilation, options.only);
  if (selected === "unknown") return exitStatus.usage;
  const chosen = <T extends { readonly about: readonly string[] }>(items: readonly T[]): readonly T[] => items.filter((item) => isSelected(item.about, selected, compilation.theories));
  const [claims, plots, tables] = [chosen(compilation.claims), chosen(compilation.plots), chosen(compilation.tables)];
  if (claims.length === 0) toStderr(`${path} has no claim${selected ? " about what --only names" : ""}`);

  const directory = resultsDirectory(path, options.output);
  const unwritable = makeDirectory(directory);
  if (unwritable) return reportDiagnostics([unwritable]), exitStatus.rejected;
  const needed = new Set([...claims, ...plots, ...tables].flatMap((item) => item.about));
  const { environment, outcomes, diagnostics, interrupted } = await execute(compilation, compilation.runs.filter((r) => needed.has(r.run)), options, source);

  const results = claims.map((claim) => judgeClaim(claim, environment));
  const tableResults = tables.filter((t) => t.undecidable === undefined).map((t) => evaluateTable(t, environment));
  const figures = await drawFigures(directory, plots, environment);
  await writeResults(directory, { runs: outcomes.map(runSummary), claims: results, tables: tableResults, plots: figures });

  if (options.json) toStdout(JSON.stringify({ claims: results, tables: tableResults, figures, directory, diagnostics }, undefined, 2));
  else {
    for (const table of tableResults) toStdout(`${paint("bold", table.run)}\n${tableLines(table).join("\n")}\n`);
    for (const result of results) {
      const [first, ...rest] = claimLines(result);
      toStdout([first!.replace(result.verdict, paint(verdictStyle[result.verdict], result.verdict)), ...rest.map((line) => paint("dim", line))].join("\n"));
    }
    for (const theory of new Set(results.flatMap((r) => r.theories))) toStdout(paint("dim", theory));
    toStdout(summary(results));
    for (const { name, file, reasons } of figures) toStderr([file ? join(directory, file) : `${name}: not drawn`, ...reasons].join("\n  "));
    toStderr(`results in ${directory}`);
  }
  if (interrupted) return exitStatus.stopped;
  if (diagnostics.some((d) => d.severity === "error")) return exitStatus.rejected;
  return results.every((r) => r.verdict === "holds") ? exitStatus.ok : exitStatus.claims;
}

function summary(results: readonly ClaimResult[]): string {
  const count = (verdict: ClaimResult["verdict"]): number => results.filter((r) => r.verdict === verdict).length;
  return `${results.length} claims: ${count("holds")} hold, ${count("fails")} fail, ${count("undecided")} undecided`;
}

/** `file` is relative to the directory of the results, whose bytes must not depend on where it is. */
interface DrawnFigure { readonly name: string; readonly file?: string; readonly reasons: readonly string[] }

/** Draws what can be drawn, and says for each figure where it is, and what is missing from it. */
async function drawFigures(directory: string, plots: readonly PlotPlan[], environment: ResultEnvironment): Promise<DrawnFigure[]> {
  const drawn: DrawnFigure[] = [];
  for (const plan of plots) {
    const { figure, reasons } = evaluatePlot(plan, environment);
    if (!figure) {
      drawn.push({ name: plan.name, reasons });
      continue;
    }
    const { writeFigure } = await import("../../runtime/results/figures/write.ts");
    const written = await writeFigure(join(directory, "figures"), figure);
    drawn.push(written.ok ? { name: plan.name, file: `figures/${figure.name}.svg`, reasons } : { name: plan.name, reasons: [...reasons, written.message] });
  }
  return drawn;
}

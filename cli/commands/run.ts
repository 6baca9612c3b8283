import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { execute, isSelected, selection, type ExecutionOptions } from "../execute.ts";
import { openSpecification } from "../openSpecification.ts";
import { reportDiagnostics } from "../reportDiagnostics.ts";
import { makeDirectory, resultsDirectory } from "../resultsDirectory.ts";
import { paint, toStderr, toStdout } from "../terminal.ts";
import { evaluateTable } from "../../runtime/results/table.ts";
import { tableLines } from "../../runtime/results/format.ts";
import { runSummary } from "../../runtime/results/runSummary.ts";
import { writeResults } from "../../runtime/results/writeResults.ts";

/** `quench run FILE`: does the runs, prints the tables, writes the records. */
export async function run(path: string, options: ExecutionOptions): Promise<ExitStatus> {
  const opened = openSpecification(path, options);
  if (!opened.ok) return opened.status;
  const { compilation, source } = opened;
  const selected = selection(compilation, options.only);
  if (selected === "unknown") return exitStatus.usage;
  const plans = compilation.runs.filter((r) => isSelected([r.run], selected, compilation.theories));
  if (plans.length === 0) {
    toStderr(`${path} has no run that this version can execute${selected ? " among those of --only" : ""}`);
    return exitStatus.rejected;
  }
  const directory = resultsDirectory(path, options.output);
  const unwritable = makeDirectory(directory);
  if (unwritable) return reportDiagnostics([unwritable]), exitStatus.rejected;
  const { environment, outcomes, diagnostics, interrupted } = await execute(compilation, plans, options, source);
  const tables = compilation.tables.filter((t) => isSelected([t.run], selected, compilation.theories)).map((t) => evaluateTable(t, environment));
  await writeResults(directory, { runs: outcomes.map(runSummary), claims: [], tables, plots: [] });
  if (options.json) toStdout(JSON.stringify({ file: path, directory, tables, diagnostics }, undefined, 2));
  else {
    for (const table of tables) toStdout(`${paint("bold", table.run)}\n${tableLines(table).join("\n")}\n`);
    toStderr(`results in ${directory}`);
  }
  if (interrupted) return exitStatus.stopped;
  return diagnostics.some((d) => d.severity === "error") ? exitStatus.rejected : exitStatus.ok;
}

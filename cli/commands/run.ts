import { join } from "node:path";
import type { Compilation } from "../../compiler/compile.ts";
import type { RunPlan } from "../../runtime/engine/plan.ts";
import { tableLines } from "../../runtime/results/format.ts";
import { type ExecutionOptions } from "../execute.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openSpecification } from "../openSpecification.ts";
import { printPlan } from "../planTable.ts";
import { resultsDirectory } from "../resultsDirectory.ts";
import { isSelected, selection } from "../selection.ts";
import { withSettings } from "../settingsFile.ts";
import { conduct, type StudySource } from "../study.ts";
import { paint, say, toStderr, toStdout } from "../terminal.ts";

/** `quench run FILE`: does the runs, prints the tables, draws the figures. */
export async function run(path: string, given: ExecutionOptions & { readonly dryRun?: boolean; readonly settings?: string }): Promise<ExitStatus> {
  const options = withSettings(given);
  if (options === undefined) return exitStatus.usage;
  const opened = openSpecification(path, { ...options, deriveTheories: false });
  if (!opened.ok) return opened.status;
  if (options.dryRun) {
    const plans = chosenRuns(opened.compilation, path, options);
    if (typeof plans === "number") return plans;
    return (await printPlan(opened.compilation, plans, options, opened.dataDirectory)) ? exitStatus.ok : exitStatus.rejected;
  }
  return conductRun({ ...opened, specification: path, directory: resultsDirectory(path, options) }, options);
}

export async function conductRun(source: StudySource, options: ExecutionOptions): Promise<ExitStatus> {
  const { compilation, specification: path, directory } = source;
  const plans = chosenRuns(compilation, path, options);
  if (typeof plans === "number") return plans;
  const selected = options.only === undefined ? undefined : new Set(plans.map((r) => r.run));
  const chosen = {
    claims: [],
    plots: compilation.plots.filter((p) => isSelected(p.about, selected, compilation.theories)),
    tables: compilation.tables.filter((t) => isSelected([t.run], selected, compilation.theories)),
  };
  const conducted = await conduct({ verb: "run", ...source, plans, chosen, options });
  if (!conducted.ok) return conducted.status;
  const { results: { tables, plots }, execution: { diagnostics } } = conducted;
  if (options.json) toStdout(JSON.stringify({ file: path, directory, tables, figures: plots, diagnostics }, undefined, 2));
  else {
    for (const table of tables) toStdout(`${paint("bold", table.run)}\n${tableLines(table).join("\n")}\n`);
    for (const { name, file, reasons } of plots) if (reasons.length > 0) toStderr([file ? join(directory, file) : `${name}: not drawn`, ...reasons].join("\n  "));
    if (options.quiet !== true) toStderr(`results in ${directory}`);
  }
  return diagnostics.some((d) => d.severity === "error") ? exitStatus.rejected : exitStatus.ok;
}

/** The runs that `--only` leaves; an exit status where it leaves none, or names what isn't there. */
function chosenRuns(compilation: Compilation, path: string, { only }: ExecutionOptions): readonly RunPlan[] | ExitStatus {
  const selected = selection(compilation, only);
  if (selected === "unknown") return exitStatus.usage;
  const plans = compilation.runs.filter((r) => isSelected([r.run], selected, compilation.theories));
  if (plans.length > 0) return plans;
  say(`${path} has no run that this version can execute${selected ? " among those of --only" : ""}`);
  return exitStatus.rejected;
}

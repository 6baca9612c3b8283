import { join } from "node:path";
import type { ClaimResult } from "../../runtime/results/claim.ts";
import { claimLines, tableLines } from "../../runtime/results/format.ts";
import { type ExecutionOptions } from "../execute.ts";
import { exitStatus, type ExitStatus } from "../exitStatus.ts";
import { openSpecification } from "../openSpecification.ts";
import { resultsDirectory } from "../resultsDirectory.ts";
import { isSelected, selection } from "../selection.ts";
import { withSettings } from "../settingsFile.ts";
import { conduct, type StudySource } from "../study.ts";
import { paint, say, toStderr, toStdout, type Style } from "../terminal.ts";

const verdictStyle: Record<ClaimResult["verdict"], Style> = { holds: "good", fails: "bad", undecided: "warning" };

/** `quench verify FILE`: does the runs that claims and figures need, decides every claim, draws the figures. */
export function verify(path: string, given: ExecutionOptions & { readonly settings?: string }): Promise<ExitStatus> | ExitStatus {
  const options = withSettings(given);
  if (options === undefined) return exitStatus.usage;
  const opened = openSpecification(path, { ...options, deriveTheories: false });
  if (!opened.ok) return opened.status;
  return conductVerification({ ...opened, specification: path, directory: resultsDirectory(path, options) }, options);
}

/** @param storedOnly takes what the directory has, and runs nothing */
export async function conductVerification(source: StudySource, options: ExecutionOptions, storedOnly = false): Promise<ExitStatus> {
  const { compilation, specification: path, directory } = source;
  const selected = selection(compilation, options.only);
  if (selected === "unknown") return exitStatus.usage;
  const choose = <T extends { readonly about: readonly string[] }>(items: readonly T[]): readonly T[] => items.filter((item) => isSelected(item.about, selected, compilation.theories));
  const chosen = { claims: choose(compilation.claims), plots: choose(compilation.plots), tables: choose(compilation.tables) };
  if (chosen.claims.length === 0) say(`${path} has no claim${selected ? " about what --only names" : ""}`);
  const needed = new Set([...chosen.claims, ...chosen.plots, ...chosen.tables].flatMap((item) => item.about));
  const plans = compilation.runs.filter((r) => needed.has(r.run));

  const conducted = await conduct({ verb: "verify", ...source, plans, chosen, options, storedOnly });
  if (!conducted.ok) return conducted.status;
  const { results: { claims, tables, plots }, execution: { diagnostics } } = conducted;
  if (options.json) toStdout(JSON.stringify({ claims, tables, figures: plots, directory, diagnostics }, undefined, 2));
  else {
    for (const table of tables) toStdout(`${paint("bold", table.run)}\n${tableLines(table).join("\n")}\n`);
    for (const result of claims) {
      const [first, ...rest] = claimLines(result);
      toStdout([first!.replace(result.verdict, paint(verdictStyle[result.verdict], result.verdict)), ...rest.map((line) => paint("dim", line))].join("\n"));
    }
    for (const theory of new Set(claims.flatMap((r) => r.theories))) toStdout(paint("dim", theory));
    toStdout(summary(claims));
    for (const { name, file, reasons } of plots) if (reasons.length > 0 || options.quiet !== true) toStderr([file ? join(directory, file) : `${name}: not drawn`, ...reasons].join("\n  "));
    if (options.quiet !== true) toStderr(`results in ${directory}`);
  }
  if (diagnostics.some((d) => d.severity === "error")) return exitStatus.rejected;
  return claims.every((r) => r.verdict === "holds") ? exitStatus.ok : exitStatus.claims;
}

function summary(results: readonly ClaimResult[]): string {
  const count = (verdict: ClaimResult["verdict"]): number => results.filter((r) => r.verdict === verdict).length;
  return `${results.length} claims: ${count("holds")} hold, ${count("fails")} fail, ${count("undecided")} undecided`;
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { highlight } from "../grammar/index.ts";
import { reportHtml, type ReportFigure } from "../runtime/results/report/reportHtml.ts";
import { replaceDurably } from "../runtime/results/store/durableFile.ts";
import type { RunJson } from "../runtime/results/store/runJson.ts";
import type { DrawnFigure, StudyResults } from "./evaluateStudy.ts";
import type { Execution } from "./execute.ts";

/** Writes report.html into a run directory, from its figures and what was evaluated. */
export async function writeReport(directory: string, text: string, run: RunJson, results: StudyResults, { diagnostics }: Pick<Execution, "diagnostics">): Promise<void> {
  const figures = await Promise.all(results.plots.map(async ({ name, file, reasons }: DrawnFigure): Promise<ReportFigure> => {
    if (file === undefined) return { name, reasons };
    const [svg, csv] = await Promise.all([file, file.replace(/svg$/, "csv")].map((path) => readFile(join(directory, path), "utf8")));
    return { name, reasons, drawing: { svg: svg!, csv: csv! } };
  }));
  await replaceDurably(join(directory, "report.html"), reportHtml({
    run, specification: highlight(text), claims: results.claims, figures, tables: results.tables,
    runs: results.runs, findings: diagnostics.map((d) => d.message),
  }));
}

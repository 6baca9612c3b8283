/** Results: from the records of runs and the predictions of theories to claims, tables and figures. */
export { judgeClaim } from "./claim.ts";
export type { ClaimPoint, ClaimResult } from "./claim.ts";
export { sameValue } from "./environment.ts";
export type { Point, ResultEnvironment, TheoryAnswer, TheoryRequest } from "./environment.ts";
export { PointEvaluator } from "./evaluate.ts";
export type { Evaluated } from "./evaluate.ts";
export { claimLines, formatNumber, formatWithError, tableLines } from "./format.ts";
export { evaluatePlot } from "./plot.ts";
export type { PlotResult } from "./plot.ts";
export { pointsOf } from "./points.ts";
export { runSummary } from "./runSummary.ts";
export type { RunSummary } from "./runSummary.ts";
export { evaluateTable } from "./table.ts";
export type { TableResult } from "./table.ts";
export type { Verdict } from "./verdict.ts";
export { resultsCsv, resultsJson, writeResults } from "./writeResults.ts";
export type { Results } from "./writeResults.ts";

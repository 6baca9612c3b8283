/** `report.html`: one file that needs no other, no network and no scripts, to be sent to a colleague. */
import type { ClaimPoint, ClaimResult } from "../claim.ts";
import { durationText, formatNumber, formatWithError } from "../format.ts";
import type { RunJson } from "../store/runJson.ts";
import type { ObservableSummary, RunSummary } from "../runSummary.ts";
import type { TableResult } from "../table.ts";
import { Html, html, type Part } from "./html.ts";
import { style } from "./style.ts";

export interface Report {
  readonly run: RunJson;
  /** The specification in pieces; `kind` is a class of the style sheet. */
  readonly specification: readonly { readonly text: string; readonly kind?: string }[];
  readonly claims: readonly ClaimResult[];
  readonly figures: readonly ReportFigure[];
  readonly tables: readonly TableResult[];
  readonly runs: readonly RunSummary[];
  /** What came up while running, a sentence each. */
  readonly findings: readonly string[];
}

export interface ReportFigure {
  readonly name: string;
  /** Absent where it could not be drawn. */
  readonly drawing?: { readonly svg: string; readonly csv: string };
  readonly reasons: readonly string[];
}

export function reportHtml(report: Report): string {
  const { run } = report;
  const name = run.specification.split(/[\\/]/).at(-1)!;
  const counts = (["holds", "fails", "undecided"] as const).map((verdict) => ({ verdict, count: report.claims.filter((c) => c.verdict === verdict).length })).filter((c) => c.count > 0);
  const last = run.invocations.at(-1);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Quench ${run.quench}">
<link rel="icon" href="data:,">
<title>${name}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${name}</h1>
<p class="dim">Quench ${run.quench}${last ? `, ${last.started.slice(0, 16).replace("T", " ")} UTC` : ""}, ${run.settings.target}, ${run.precision}, seed ${[...new Set(run.runs.map((r) => r.seed))].join(", ") || "none"}${run.settings.set.length > 0 ? `, with ${run.settings.set.join(", ")}` : ""}</p>
${counts.length > 0 ? html`<div class="verdicts">${counts.map(({ verdict, count }) => html`<span class="count ${verdict}">${count} ${verdictText(verdict, count)}</span>`)}</div>` : undefined}
${section("Claims", report.claims.length > 0 ? claimTable(report.claims) : undefined)}
${section("Figures", report.figures.length > 0 ? report.figures.map(figureBlock) : undefined)}
${section("Tables", report.tables.length > 0 ? report.tables.map(tableBlock) : undefined)}
${section("Diagnostics", [...report.findings.map((f) => html`<p class="undecided">${f}</p>`), ...report.runs.map((r) => diagnosticsBlock(r, run))])}
${section("Specification", html`<pre>${report.specification.map(({ text, kind }) => (kind === undefined ? text : html`<span class="${kind}">${text}</span>`))}</pre>`)}
${section("To run it again", provenance(run))}
</main>
</body>
</html>
`;
  return page.text;
}

const verdictText = (verdict: string, count: number): string => (count === 1 ? verdict : { holds: "hold", fails: "fail" }[verdict] ?? verdict);

const section = (title: string, content: Part): Part => (content === undefined || (Array.isArray(content) && content.length === 0) ? undefined : html`<section><h2>${title}</h2>${content}</section>`);

function claimTable(claims: readonly ClaimResult[]): Part {
  const theories = [...new Set(claims.flatMap((c) => c.theories))];
  return html`<div class="scroll"><table class="wide"><thead><tr><th>verdict</th><th>claim</th><th class="number">left</th><th></th><th class="number">right</th><th class="number">difference</th></tr></thead><tbody>
${claims.map((claim) => claimRows(claim))}
</tbody></table></div>${theories.map((t) => html`<p class="dim">${t}</p>`)}`;
}

/** Numbers in parentheses are standard errors in units of the last digits. */
function claimRows({ verdict, text, points, reasons, notes }: ClaimResult): Part {
  const remarks = [...reasons, ...notes];
  const first = html`<td class="verdict ${verdict}">${verdict}</td><td>${text}${remarks.length > 0 ? html`<ul class="reasons">${remarks.map((r) => html`<li>${r}</li>`)}</ul>` : undefined}</td>`;
  if (points.length === 0) return html`<tr>${first}<td></td><td></td><td></td><td></td></tr>`;
  if (points.length === 1) return html`<tr>${first}${sides(points[0]!)}</tr>`;
  return [html`<tr>${first}<td></td><td></td><td></td><td></td></tr>`, ...points.map((p) => html`<tr><td class="verdict ${p.verdict}">${p.verdict === verdict ? "" : p.verdict}</td><td class="dim">${placeText(p.at)}</td>${sides(p)}</tr>`)];
}

const sides = (p: ClaimPoint): Html =>
  html`<td class="number">${formatWithError(p.left, p.leftError)}</td><td>${p.operator === "~=" ? "≈" : p.operator}</td><td class="number">${formatWithError(p.right, p.rightError)}${p.operator === "~=" ? ` ± ${formatNumber(p.tolerance)}` : ""}</td><td class="number">${formatWithError(p.left - p.right, p.error)}</td>`;

const placeText = (at: Readonly<Record<string, number>>): string => Object.entries(at).map(([name, value]) => `${name} = ${formatNumber(value)}`).join(", ");

function figureBlock({ name, drawing, reasons }: ReportFigure, k: number): Part {
  const remarks = reasons.length > 0 ? html`<ul class="reasons">${reasons.map((r) => html`<li>${r}</li>`)}</ul>` : undefined;
  if (!drawing) return html`<figure><figcaption>${name}: not drawn</figcaption>${remarks}</figure>`;
  const numbers = `data:text/csv;base64,${Buffer.from(drawing.csv).toString("base64")}`;
  return html`<figure>${new Html(embedded(drawing.svg, `figure${k + 1}`))}<figcaption>Figure ${k + 1}. <a download="${name}.csv" href="${numbers}">Its numbers (CSV)</a></figcaption>${remarks}</figure>`;
}

/** An SVG as part of a page, on which the names of its parts must be no others'. */
function embedded(svg: string, prefix: string): string {
  return svg.replace(/^<\?xml[^>]*\?>\s*/, "").replace(/^<!DOCTYPE[^>]*>\s*/, "")
    .replaceAll(/\bid="([^"]+)"/g, `id="${prefix}-$1"`).replaceAll(/url\(#([^)]+)\)/g, `url(#${prefix}-$1)`).replaceAll(/href="#([^"]+)"/g, `href="#${prefix}-$1"`);
}

const tableBlock = ({ run, columns, rows, reasons }: TableResult): Part =>
  html`<h3>${run}</h3><div class="scroll"><table><thead><tr>${columns.map((c) => html`<th class="number">${c}</th>`)}</tr></thead><tbody>${rows.map(({ cells }) => html`<tr>${cells.map(({ value, error }) => html`<td class="number">${formatWithError(value, error)}</td>`)}</tr>`)}</tbody></table></div>${reasons.length > 0 ? html`<ul class="reasons">${reasons.map((r) => html`<li>${r}</li>`)}</ul>` : undefined}`;

/** Rows of a run that are shown; the rest is in results.json. */
const MOST_ROWS = 200;

interface DiagnosticsRow extends ObservableSummary { readonly at: Readonly<Record<string, number>>; readonly observable: string }

function diagnosticsBlock({ run, model, equilibrium, points }: RunSummary, { runs }: RunJson): Part {
  const rows = points.flatMap(({ at, observables }) => Object.entries(observables).map(([observable, found]): DiagnosticsRow => ({ at, observable, ...found })));
  const [tasks, expected] = [points.reduce((sum, p) => sum + p.finished, 0), points.reduce((sum, p) => sum + p.expected, 0)];
  const names = [...new Set(rows.flatMap((r) => Object.keys(r.at)))];
  const chains = rows.some((r) => !Number.isNaN(r.autocorrelationTime));
  const seconds = runs.find((r) => r.run === run)?.seconds;
  const objections = rows.filter((r) => r.objection !== undefined).length;
  const verdict = !equilibrium ? undefined : objections === 0 ? html`<span class="holds">in equilibrium, as far as R-hat and drift can tell</span>` : html`<span class="undecided">${objections} of ${rows.length} averages are not in equilibrium</span>`;
  return html`<h3>${run} <span class="dim">of ${model}</span></h3>
<p class="dim">${tasks} of ${expected} tasks${seconds === undefined ? "" : `, ${durationText(seconds)}${seconds > 0 ? `, ${formatNumber(Number((tasks / seconds).toPrecision(3)))} tasks a second` : ""}`}${verdict ? html`, ${verdict}` : ""}</p>
<div class="scroll"><table><thead><tr>${names.map((n) => html`<th class="number">${n}</th>`)}<th>observable</th><th class="number">mean</th><th>error over</th><th class="number">records</th>${chains ? html`<th class="number">autocorrelation time</th><th class="number">effective samples</th><th class="number">split R-hat</th>` : undefined}<th></th></tr></thead><tbody>
${rows.slice(0, MOST_ROWS).map((r) => diagnosticsRow(r, names, chains))}
</tbody></table></div>${rows.length > MOST_ROWS ? html`<p class="dim">${rows.length - MOST_ROWS} more rows are in results.json</p>` : undefined}`;
}

function diagnosticsRow(r: DiagnosticsRow, names: readonly string[], chains: boolean): Part {
  const digits = (value: number, count: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(count))) : "");
  return html`<tr>${names.map((n) => html`<td class="number">${formatNumber(r.at[n]!)}</td>`)}<td>${r.observable}</td><td class="number">${formatWithError(r.mean, r.error)}</td><td>${r.over}</td><td class="number">${r.records}</td>${chains ? html`<td class="number">${digits(r.autocorrelationTime, 3)}</td><td class="number">${Number.isFinite(r.effectiveSampleSize) ? Math.round(r.effectiveSampleSize) : ""}</td><td class="number">${Number.isFinite(r.splitRHat) ? r.splitRHat.toFixed(3) : ""}</td>` : undefined}<td class="undecided">${r.objection ?? ""}</td></tr>`;
}

function provenance({ specification, verb, settings, node, host, runs, invocations }: RunJson): Part {
  const command = ["quench", verb, specification, ...(settings.seed === undefined ? [] : ["--seed", settings.seed]), ...(settings.set.length > 0 ? ["--set", ...settings.set] : []), ...(settings.only === undefined ? [] : ["--only", settings.only]), ...(settings.target === "wasm" ? [] : ["--target", settings.target])].join(" ");
  const seconds = invocations.reduce((sum, i) => sum + i.seconds, 0);
  const facts: readonly (readonly [string, Part])[] = [
    ["command", html`<code>${command}</code>`],
    ["Node", node],
    ["host", `${host["name"]}, ${host["processor"]}, ${host["cores"]} cores, ${host["platform"]} ${host["architecture"]}`],
    ["time", `${durationText(seconds)} in ${invocations.length} ${invocations.length === 1 ? "invocation" : "invocations"}`],
    ...runs.map((r) => [`address of ${r.run}`, html`<code>${r.address}</code>`] as const),
  ];
  return html`<dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

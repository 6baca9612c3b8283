import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { replaceDurably } from "./store/durableFile.ts";
import type { ClaimResult } from "./claim.ts";
import type { RunSummary } from "./runSummary.ts";
import type { TableResult } from "./table.ts";

/** All that was computed from the records. Times and the host are not among it: they stand in run.json. */
export interface Results {
  readonly claims: readonly ClaimResult[];
  readonly tables: readonly TableResult[];
  readonly plots: readonly { readonly name: string; readonly reasons: readonly string[] }[];
  readonly runs: readonly RunSummary[];
}

/**
 * Writes results.json and results.csv into a folder, which is made if need be, and returns their paths. The bytes depend on the results only.
 */
export async function writeResults(directory: string, results: Results): Promise<readonly string[]> {
  await mkdir(directory, { recursive: true });
  const files = { "results.json": resultsJson(results), "results.csv": resultsCsv(results) };
  const paths: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    await replaceDurably(path, content);
    paths.push(path);
  }
  return paths;
}

/** JSON with sorted keys. What is not a number is null, the infinities are "inf" and "-inf": JSON has no other way. */
export function resultsJson(value: unknown): string {
  return `${JSON.stringify(canonical(value), null, 1)}\n`;
}

function canonical(value: unknown): unknown {
  if (typeof value === "number") return Number.isNaN(value) ? null : value === Infinity ? "inf" : value === -Infinity ? "-inf" : value;
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, canonical(part)]));
}

const header = ["kind", "name", "point", "quantity", "value", "error", "halfWidth", "verdict"];

/**
 * A number a row. kind: claim (name is its text, quantity left, right, difference or tolerance) or table (name is its run, quantity the column).
 * `error` is the standard error, halfWidth half the 95% confidence interval. Numbers are printed so that they read back exactly.
 */
export function resultsCsv({ claims, tables }: Pick<Results, "claims" | "tables">): string {
  const ofClaims = claims.flatMap(({ text, points }) => points.flatMap((point) => {
    const { left, right, leftError, rightError, leftHalfWidth, rightHalfWidth, error, tolerance, verdict } = point;
    const rows: [string, number, number?, number?][] = [["left", left, leftError, leftHalfWidth], ["right", right, rightError, rightHalfWidth], ["difference", left - right, error]];
    if (!Number.isNaN(tolerance)) rows.push(["tolerance", tolerance]);
    return rows.map(([quantity, value, own, halfWidth]) => ["claim", text, place(point.at), quantity, value, own, halfWidth, verdict]);
  }));
  const ofTables = tables.flatMap(({ run, columns, rows }) => rows.flatMap(({ at, cells }) =>
    cells.map(({ value, error, halfWidth }, column) => ["table", run, place(at), columns[column], value, error, halfWidth, undefined])));
  return [header, ...ofClaims, ...ofTables].map((row) => `${row.map(field).join(",")}\n`).join("");
}

const place = (at: Readonly<Record<string, number>>): string => Object.entries(at).map(([name, value]) => `${name}=${value}`).join(" ");

function field(value: string | number | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isNaN(value) ? "" : Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

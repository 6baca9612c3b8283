/** Results as plain text: numbers with errors as physicists write them, and a few lines for each claim. */
import type { ClaimPoint, ClaimResult } from "./claim.ts";
import type { TableResult } from "./table.ts";

/**
 * A value with its standard error in units of the last digits shown: -1.4652(48) is −1.4652 ± 0.0048. The error has two significant
 * digits; above 10⁶ and below 10⁻⁴ both are in units of a power of ten: 1.20(13)e-7. An error of 0 leaves `formatNumber`, one that is not
 * a number adds (?).
 */
export function formatWithError(value: number, error: number): string {
  if (!Number.isFinite(value) || error === 0) return formatNumber(value);
  if (!Number.isFinite(error)) return `${formatNumber(value)}(?)`;
  const largest = Math.max(Math.abs(value), error);
  const power = Math.floor(Math.log10(largest));
  const scaled = power >= 6 || power < -4 || twoDigits(error) > 0;
  const unit = scaled ? power : 0;
  // Decimals such that the error keeps two digits.
  const decimals = Math.min(100, Math.max(0, unit - twoDigits(error)));
  const shift = 10 ** -unit;
  const digits = Math.round(error * shift * 10 ** decimals);
  const body = `${(value * shift).toFixed(Math.min(decimals, 20))}(${digits})`;
  return unit === 0 ? body : `${body}e${unit}`;
}

/** The exponent of the second significant digit of a number, after rounding to two. */
function twoDigits(error: number): number {
  const [, exponent] = error.toExponential(1).split("e");
  return Number(exponent) - 1;
}

/** A number without error: up to seven significant digits, no trailing zeros. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "undefined";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return String(Number(value.toPrecision(7)));
}

/**
 * The report of a claim, a line each: verdict, text and both sides with the error of their difference and the tolerance; then each point where
 * there are several; then reasons and notes, indented.
 */
export function claimLines(claim: ClaimResult): string[] {
  const { points } = claim;
  const shown = points.find((point) => point.verdict === claim.verdict) ?? points[0];
  const head = `${claim.verdict.padEnd(9)}  ${claim.text}`;
  const first = shown === undefined ? head : points.length === 1 ? `${head}: ${sides(shown)}` : head;
  const rest = points.length > 1 ? points.map((point) => `  ${point.verdict.padEnd(9)}  ${placeOf(point)}${sides(point)}`) : [];
  const reasons = claim.reasons.map((reason) => `  because ${reason}`);
  return [first, ...rest, ...reasons, ...claim.notes.map((note) => `  ${note}`)];
}

function placeOf({ at }: ClaimPoint): string {
  const names = Object.entries(at).map(([name, value]) => `${name} = ${formatNumber(value)}`);
  return names.length === 0 ? "" : `${names.join(", ")}: `;
}

function sides(point: ClaimPoint): string {
  const tolerance = point.operator === "~=" ? ` +- ${formatNumber(point.tolerance)}` : "";
  const sign = { holds: point.operator, fails: `not ${point.operator}`, undecided: `${point.operator}?` }[point.verdict];
  const error = point.leftError !== 0 && point.rightError !== 0 ? `  (difference ${formatWithError(point.left - point.right, point.error)})` : "";
  return `${formatWithError(point.left, point.leftError)} ${sign} ${formatWithError(point.right, point.rightError)}${tolerance}${error}`;
}

/** A table with aligned columns: a header, then a line each row. */
export function tableLines({ columns, rows, reasons }: TableResult): string[] {
  const cells = [columns, ...rows.map((row) => row.cells.map(({ value, error }) => formatWithError(value, error)))];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const lines = cells.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join("  "));
  return [...lines, ...reasons.map((reason) => `  ${reason}`)];
}

/** 3 s, 12 min, 5.2 h, 3 d. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? Number(seconds.toPrecision(2)) : Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${(seconds / 3600).toFixed(1)} h`;
  return `${(seconds / 86400).toFixed(1)} d`;
}

import { partAt, positionAt, renderDiagnostic, type Diagnostic, type Source } from "../grammar/index.ts";
import { machineReadable } from "./machineReadable.ts";
import { paint, sayEvent, toStderr } from "./terminal.ts";

/** Prints diagnostics to stderr; with `--json` as an event each. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], source?: Source): void {
  if (machineReadable) return diagnostics.forEach((d) => sayEvent(diagnosticEvent(d, source)));
  for (const d of diagnostics) {
    if (source && d.labels.length > 0) toStderr(`${renderDiagnostic(d, source, { color: (style, text) => paint(style, text, process.stderr) })}\n`);
    else toStderr(`${paint(d.severity, `${d.severity}[${d.code}]`, process.stderr)}: ${d.message}${d.help ? `\n  ${paint("help", "help:", process.stderr)} ${d.help}` : ""}`);
  }
  const errors = diagnostics.filter((d) => d.severity === "error").length;
  if (errors > 1) toStderr(paint("error", `${errors} errors`, process.stderr));
}

/** Lines and columns count from 1, columns in characters. */
const diagnosticEvent = ({ severity, code, message, labels, help }: Diagnostic, source: Source | undefined): object => ({
  event: "diagnostic", severity, code, message, ...(help === undefined ? {} : { help }),
  places: source ? labels.map(({ span, message: text }) => ({ file: partAt(source, span.start).name, ...positionAt(source, span.start), end: positionAt(source, span.end), ...(text === "" ? {} : { message: text }) })) : [],
});

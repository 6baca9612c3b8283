import { renderDiagnostic, type Diagnostic, type Source } from "../grammar/index.ts";
import { paint, toStderr } from "./terminal.ts";

/** Prints diagnostics to stderr. */
export function reportDiagnostics(diagnostics: readonly Diagnostic[], source?: Source): void {
  for (const d of diagnostics) {
    if (source && d.labels.length > 0) toStderr(`${renderDiagnostic(d, source, { color: (style, text) => paint(style, text, process.stderr) })}\n`);
    else toStderr(`${paint(d.severity, `${d.severity}[${d.code}]`, process.stderr)}: ${d.message}${d.help ? `\n  ${paint("help", "help:", process.stderr)} ${d.help}` : ""}`);
  }
  const errors = diagnostics.filter((d) => d.severity === "error").length;
  if (errors > 1) toStderr(paint("error", `${errors} errors`, process.stderr));
}

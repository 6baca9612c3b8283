import type { Diagnostic, Label } from "../../grammar/diagnostic.ts";
import type { Span } from "../../grammar/span.ts";

/** Collects diagnostics. The same finding at the same place is kept once: a `fn` or a shared declaration may be looked at twice. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  private readonly seen = new Set<string>();

  /** An error at `place`: a span, or labels of which the first is the primary one. */
  error(code: string, message: string, place: Span | readonly Label[], help?: string, arguments_?: Readonly<Record<string, string | number>>): void {
    this.add({ severity: "error", code, message, labels: labelsOf(place), ...(help ? { help } : {}), ...(arguments_ ? { arguments: arguments_ } : {}) });
  }

  warning(code: string, message: string, place: Span | readonly Label[], help?: string): void {
    this.add({ severity: "warning", code, message, labels: labelsOf(place), ...(help ? { help } : {}) });
  }

  get hasErrors(): boolean {
    return this.diagnostics.some((d) => d.severity === "error");
  }

  private add(diagnostic: Diagnostic): void {
    const at = diagnostic.labels[0]?.span;
    const key = `${diagnostic.code}@${at?.start}:${at?.end}:${diagnostic.message}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.diagnostics.push(diagnostic);
  }
}

const labelsOf = (place: Span | readonly Label[]): readonly Label[] =>
  "start" in place ? [{ span: place, message: "" }] : place;

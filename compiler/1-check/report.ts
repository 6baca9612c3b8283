import type { Diagnostic, Label } from "../../grammar/diagnostic.ts";
import type { Span } from "../../grammar/span.ts";

/** Of one finding as many places are shown. */
const mostPlaces = 4;

/** Collects diagnostics. The same finding at the same place is kept once: a `fn` or a shared declaration may be looked at twice. */
export class Report {
  readonly diagnostics: Diagnostic[] = [];
  private readonly seen = new Set<string>();
  private readonly repeated = new Map<object, Map<string, number>>();

  /** An error at `place`: a span, or labels of which the first is the primary one. */
  error(code: string, message: string, place: Span | readonly Label[], help?: string, arguments_?: Readonly<Record<string, string | number>>): void {
    this.add({ severity: "error", code, message, labels: labelsOf(place), ...(help ? { help } : {}), ...(arguments_ ? { arguments: arguments_ } : {}) });
  }

  /** An error that is one finding within `scope`, however often it comes up there: further places are labels of the first. */
  errorOnce(scope: object, code: string, message: string, span: Span, help?: string, arguments_?: Readonly<Record<string, string | number>>): void {
    const known = this.repeated.get(scope) ?? new Map<string, number>();
    this.repeated.set(scope, known);
    const at = known.get(message);
    if (at === undefined) {
      known.set(message, this.diagnostics.length);
      this.error(code, message, span, help, arguments_);
      return;
    }
    const first = this.diagnostics[at]!;
    if (first.labels.some((l) => l.span.start === span.start)) return;
    const spans = [...first.labels.map((l) => l.span), span].sort((a, b) => a.start - b.start);
    this.diagnostics[at] = { ...first, labels: spans.slice(0, mostPlaces).map((s, k) => ({ span: s, message: k === 0 ? "" : "and here" })) };
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

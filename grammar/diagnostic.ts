import type { Span } from "./span.ts";

export type Severity = "error" | "warning";

/** A place in the source that matters for a diagnostic, with what to write under its carets. */
export interface Label {
  readonly span: Span;
  readonly message: string;
}

/**
 * One finding about a specification, as data: it is collected, never thrown.
 * `code` is stable ("Q204") and has a page (`quench explain Q204`); `labels[0]` is the primary place.
 * `arguments` holds what the message was made from, for programs that read `--json`.
 */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly labels: readonly Label[];
  readonly help?: string;
  readonly arguments?: Readonly<Record<string, string | number>>;
}

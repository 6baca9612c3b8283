import type { Diagnostic, Label } from "./diagnostic.ts";
import type { Span } from "./span.ts";

/** What a diagnostic of this phase may carry besides code, message and places. */
interface Extras {
  readonly help?: string | undefined;
  readonly arguments?: Readonly<Record<string, string | number>>;
}

/** An error of this phase: the first place is the one in its headline. */
export function syntaxError(code: `Q1${number}`, message: string, labels: readonly [Span, string][], extras: Extras = {}): Diagnostic {
  return {
    severity: "error",
    code,
    message,
    labels: labels.map(([span, text]): Label => ({ span, message: text })),
    ...(extras.help === undefined ? {} : { help: extras.help }),
    ...(extras.arguments === undefined ? {} : { arguments: extras.arguments }),
  };
}

/** The net below the limits on nesting and on definitions: whatever else is too deep for the stack is an error of the specification, not of Quench. */
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Span } from "../grammar/span.ts";

/** What `make` returns, or the diagnostic that it needs more stack than there is. */
export function withinStack<T>(where: Span, make: () => T, refused: (diagnostic: Diagnostic) => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.includes("call stack")) throw error;
    return refused({
      severity: "error", code: "Q235", message: "a formula nests too deeply to be compiled", labels: [{ span: where, message: "once its definitions are written out" }],
      help: "write long sums and products as a `sum` or `prod` over an array, and shorten chains of definitions", arguments: {},
    });
  }
}

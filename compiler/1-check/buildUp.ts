/**
 * How far definitions build on each other. `fn`s and most `let`s are written out where they are read, and every phase walks what comes of it:
 * what is too much for that is refused here, where its name is known.
 */
import { checkedChildren } from "./dependencies.ts";
import type { Report } from "./report.ts";
import type { Span } from "../../grammar/span.ts";
import type { CheckedExpression } from "./tree.ts";

export interface BuildUp {
  /** Definitions between an expression and what is given: 0 if it reads none. */
  readonly levels: number;
  /** Calls of `fn`s, with those in their bodies. */
  readonly calls: number;
}

/** Far beyond what anyone writes, far below what the stack bears. */
export const mostLevels = 150;
export const mostCalls = 10_000;

export function buildUp(root: CheckedExpression): BuildUp {
  let [levels, calls] = [0, 0];
  const go = (e: CheckedExpression): void => {
    if (e.kind === "name" && e.symbol.kind === "array") levels = Math.max(levels, (e.symbol.levels ?? -1) + 1);
    if (e.kind === "inline") {
      const own = e.function.buildUp ?? { levels: 0, calls: 0 };
      levels = Math.max(levels, own.levels + 1);
      calls += own.calls + 1;
    }
    checkedChildren(e).forEach(go);
  };
  go(root);
  return { levels, calls };
}

/** Why a definition of this build-up is refused. */
export function tooMuch({ levels, calls }: BuildUp): string | undefined {
  if (levels > mostLevels) return `more than ${mostLevels} definitions, one inside of the other`;
  if (calls > mostCalls) return `more than ${mostCalls} calls of functions when it is written out`;
  return undefined;
}

/** Once a file: where definitions are made by the hundred, one of them says it for all. */
export function reportBuildUp(report: Report, name: string, built: BuildUp, span: Span): void {
  if (report.diagnostics.some((d) => d.code === "Q235")) return;
  report.error("Q235", `\`${name}\` holds ${tooMuch(built)}`, span, "an array and a `sum`, `prod` or `max` over it say at once what a chain of definitions says step by step");
}

/** What a result is about, and why it cannot be decided. */
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { outsideOfSet } from "./checkAt.ts";
import type { RunSymbol, TheorySymbol } from "./names.ts";

interface Subject { readonly runs: readonly RunSymbol[]; readonly theories: readonly TheorySymbol[] }

/** Names of the runs and theories, for `--only`. */
export const aboutOf = ({ runs, theories }: Subject): readonly string[] => [...runs, ...theories].map((s) => s.name);

/** The first reason why the result cannot be decided. */
export function undecidable({ runs }: Pick<Subject, "runs">, expressions: readonly ResultExpression[]): { readonly undecidable?: string } {
  const reason = runs.flatMap((run) => expressions.map((e) => outsideOfSet(e, run))).find((outside) => outside !== undefined);
  return reason === undefined ? {} : { undecidable: reason };
}

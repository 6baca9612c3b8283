/** What a result is about, and why this version cannot decide it. */
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { outsideOfSet } from "./checkAt.ts";
import type { RunSymbol, TheorySymbol } from "./names.ts";

interface Subject { readonly runs: readonly RunSymbol[]; readonly theories: readonly TheorySymbol[] }

/** Names of the runs and theories, for `--only`. */
export const aboutOf = ({ runs, theories }: Subject): readonly string[] => [...runs, ...theories].map((s) => s.name);

/** The first reason why the result cannot be decided. */
export function undecidable({ runs, theories }: Subject, expressions: readonly ResultExpression[], unsupported: string | undefined): { readonly undecidable?: string } {
  const skipped = runs.find((r) => r.skipped !== undefined)?.skipped?.reason;
  const refused = theories.find((t) => t.unsupported !== undefined);
  const outside = runs.flatMap((run) => expressions.map((e) => outsideOfSet(e, run))).find((reason) => reason !== undefined);
  const reason = skipped ?? (refused && `${refused.unsupported}: ${refused.name} is skipped`) ?? unsupported ?? outside;
  return reason === undefined ? {} : { undecidable: reason };
}

import type { Diagnostic } from "./diagnostic.ts";
import { declarationRules, furtherUnknownLines } from "./explainDeclaration.ts";
import { operandRules } from "./explainOperand.ts";
import type { Segment } from "./outline.ts";
import type { Stop } from "./parser.ts";
import { Situation } from "./situation.ts";
import { syntaxError } from "./syntaxError.ts";

/**
 * Why the parser stopped in a segment, in the language's own terms: the first rule that knows the mistake, else what was
 * expected and found. Lines behind it that are no declarations either are reported too.
 */
export function explain(segment: Segment, stop: Stop): readonly Diagnostic[] {
  const situation = new Situation(segment, stop);
  for (const rule of [...declarationRules, ...operandRules]) {
    const diagnostic = rule(situation);
    if (diagnostic) return [diagnostic, ...furtherUnknownLines(situation)];
  }
  return [syntaxError("Q140", `expected ${situation.expectedText}, found ${situation.foundText}`, [[situation.place, `expected ${situation.expectedText}`]])];
}

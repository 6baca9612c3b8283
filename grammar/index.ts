/** The public face of the grammar: text ⇄ syntax tree, and diagnostics as data and as text. */
export type * from "./ast.ts";
export type { Diagnostic, Label, Severity } from "./diagnostic.ts";
export { cover } from "./span.ts";
export type { Span } from "./span.ts";

export { parse } from "./parse.ts";
export type { ParseResult } from "./parse.ts";
export { format, print } from "./print.ts";
export { printBinders, printExpression } from "./printExpression.ts";
export { equalTrees, withoutPlaces } from "./equal.ts";

export { createSource, lineText, partAt, positionAt } from "./source.ts";
export type { Position, Source, SourcePart } from "./source.ts";
export { renderDiagnostic } from "./renderDiagnostic.ts";
export type { DiagnosticStyle, RenderOptions } from "./renderDiagnostic.ts";
export { didYouMean, nearest } from "./nearest.ts";
export { highlight } from "./highlight.ts";
export type { HighlightedText } from "./highlight.ts";
export { displayWidth } from "./displayWidth.ts";
export { syntaxCodes } from "./codes.ts";
export { factorReductions, isReductionName, isReserved, linearReductions, reservedWords } from "./words.ts";

import type { Expression } from "../../../grammar/ast.ts";
import { syntaxChildren } from "../text.ts";

const LONGEST = 60;

/** File name of a figure: its number and the words of what it shows: `figure-1-histogram-Minima-loss`. */
export function plotName(number: number, expressions: readonly Expression[]): string {
  const words = expressions.slice(0, 1).flatMap(wordsOf).join("-").replaceAll(/[^\p{L}\p{N}_.-]+/gu, "-");
  return `figure-${number}${words === "" ? "" : `-${words.slice(0, LONGEST).replace(/[-.]+$/, "")}`}`;
}

/** Names and numbers in reading order; named arguments and what `at` picks are left out. */
function wordsOf(e: Expression): readonly string[] {
  switch (e.kind) {
    case "number": return [e.text];
    case "name": return [e.name];
    case "call": return [e.callee.name, ...e.arguments.filter((a) => a.name === undefined).flatMap((a) => wordsOf(a.value))];
    case "member": return [...wordsOf(e.object), e.name.name, ...(e.arguments ?? []).filter((a) => a.name === undefined).flatMap((a) => wordsOf(a.value))];
    case "reduction": return [e.name.name, ...wordsOf(e.body)];
    case "at": case "with": return wordsOf(e.object);
    default: return syntaxChildren(e).flatMap(wordsOf);
  }
}

/** Scalars and integers of kernels as TypeScript, with no more parentheses than needed. */
import { printInteger } from "../../4-schedule/integer.ts";
import type { AtomPrinter, Integer } from "../../4-schedule/integer.ts";
import type { Scalar } from "../../4-schedule/kernel.ts";
import { identifier } from "../../4-schedule/names.ts";
import { ops } from "../../library/ops/index.ts";
import type { Notation } from "../../library/ops/operator.ts";

interface Printed { readonly text: string; readonly precedence: number }

const atom: AtomPrinter = (a, print) => {
  switch (a.kind) {
    case "variable": return identifier(a.name);
    case "binomial": return `binomial(${print(a.of)}, ${a.choose})`;
    case "modulo": return `special.modulo(${print(a.of)}, ${print(a.divisor)})`;
    case "quotient": return `Math.floor((${print(a.of)}) / (${print(a.divisor)}))`;
    case "minimum": return `Math.min(${print(a.left)}, ${print(a.right)})`;
    case "maximum": return `Math.max(${print(a.left)}, ${print(a.right)})`;
    case "scalar": return parenthesised(printed(a.value), 12);
  }
};

/** The words of an array of bits, of 32 each. */
export const wordsOf = (array: string): string => identifier(`${array} words`);

/** The word of a bit, and a word with that bit alone. */
export function wordAndBit(array: string, offset: Integer): readonly [string, string] {
  const place = printOffset(offset);
  return [`${wordsOf(array)}[(${place}) >>> 5]`, `(1 << ((${place}) & 31))`];
}

export const printOffset = (x: Integer): string => printInteger(x, atom);

/** JavaScript's precedences: unary 14, `*` 12, `+` 11. */
function integerPrecedence(x: Integer): number {
  const [term] = x.terms;
  if (x.terms.length > 1) return 11;
  if (term === undefined) return 20;
  if (term.coefficient < 0) return 12;
  return term.factors.length + (term.coefficient === 1 && term.factors.length > 0 ? 0 : 1) > 1 ? 12 : 20;
}

export const numberText = (value: number): string => (value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : Object.is(value, -0) ? "-0" : String(value));
const parenthesised = (p: Printed, needed: number): string => (p.precedence < needed ? `(${p.text})` : p.text);

function applied(notation: Notation, arguments_: readonly Scalar[]): Printed {
  let text = notation.print(...arguments_.map((a, k) => parenthesised(printed(a), notation.arguments[k]!)));
  for (const a of arguments_) {
    // `(x < y ? 1 : 0) !== 0` is `x < y`.
    const condition = conditionOf(a);
    if (condition) text = text.replace(`(${printed(a).text}) !== 0`, parenthesised(condition, equality));
  }
  return { text, precedence: notation.precedence };
}

/** JavaScript's precedence of `===`. */
const equality = 8;

const conditions = new WeakMap<Scalar, Printed | undefined>();
const texts = new WeakMap<Scalar, Printed>();

// Each is asked for twice at every level: for itself, and as what stands in a condition.
function conditionOf(s: Scalar): Printed | undefined {
  if (s.kind !== "apply") return undefined;
  const notation = ops[s.operator].typescript.condition;
  if (!conditions.has(s)) conditions.set(s, notation && applied(notation, s.arguments));
  return conditions.get(s);
}

function printed(s: Scalar): Printed {
  let text = texts.get(s);
  if (text === undefined) texts.set(s, (text = print(s)));
  return text;
}

function print(s: Scalar): Printed {
  switch (s.kind) {
    case "constant": return { text: numberText(s.value), precedence: s.value < 0 || Object.is(s.value, -0) ? 14 : 20 };
    case "real": return { text: identifier(s.name), precedence: 20 };
    case "integer": return { text: printOffset(s.value), precedence: integerPrecedence(s.value) };
    case "load": {
      if (s.bits) {
        const [word, bit] = wordAndBit(s.array, s.offset);
        return { text: `${word} & ${bit} ? 1 : 0`, precedence: 2 };
      }
      return { text: `${identifier(s.array)}[${printOffset(s.offset)}]`, precedence: 20 };
    }
    case "apply": return applied(ops[s.operator].typescript, s.arguments);
  }
}

export const printScalar = (s: Scalar): string => printed(s).text;

/** A truth value as a JavaScript condition. */
export const printCondition = (s: Scalar): string => conditionOf(s)?.text ?? `${parenthesised(printed(s), equality + 1)} !== 0`;

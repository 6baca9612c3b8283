/** What people type out of habit from other languages or from paper, and what it is called here. */

/** How a foreign spelling is written in Quench; `as` is the spelling that the parser goes on with, if there is one. */
export interface ForeignSpelling {
  readonly write: string;
  readonly as?: string;
}

const replaced = (as: string): ForeignSpelling => ({ write: `write \`${as}\``, as });

/** Operators of other programming languages. */
export const foreignOperators: Readonly<Record<string, ForeignSpelling>> = {
  "**": replaced("^"),
  "&&": replaced("and"),
  "&": replaced("and"),
  "||": replaced("or"),
  "!": replaced("not"),
  "===": replaced("=="),
  "!==": replaced("!="),
  "<>": replaced("!="),
  "=<": replaced("<="),
  "=>": replaced(">="),
  ":=": replaced("="),
  "%": { write: "there is no remainder operator; comments start with `#`", as: "/" },
  "|": { write: "an absolute value is `abs(x)`, a norm `norm(x)`" },
};

/** Mathematical characters that have a spelling on every keyboard. */
export const foreignCharacters: Readonly<Record<string, ForeignSpelling>> = {
  "−": replaced("-"),
  "–": replaced("-"),
  "—": replaced("-"),
  "×": replaced("*"),
  "·": replaced("*"),
  "⋅": replaced("*"),
  "∗": replaced("*"),
  "÷": replaced("/"),
  "∕": replaced("/"),
  "≤": replaced("<="),
  "≥": replaced(">="),
  "≠": replaced("!="),
  "≈": replaced("~="),
  "∼": replaced("~"),
  "→": replaced("->"),
  "…": replaced(".."),
  "∞": replaced("inf"),
  "¬": replaced("not"),
  "∧": replaced("and"),
  "∨": replaced("or"),
  "∈": replaced("in"),
  "⟨": { write: "an average over a run is `mean(R.e)`" },
  "⟩": { write: "an average over a run is `mean(R.e)`" },
  "√": { write: "write `sqrt(x)`" },
  "∑": { write: "write `sum(i) …`" },
  "∏": { write: "write `prod(i) …`" },
  "∫": { write: "write `integral(x in a..b) …`" },
  "∂": { write: "write `grad(H)`" },
  "∇": { write: "write `grad(H)`" },
  "′": { write: "names have no primes; write `x1`" },
  "²": { write: "write `^2`" },
  "³": { write: "write `^3`" },
  "¹": { write: "write `^1`" },
  "⁰": { write: "write `^0`" },
  "⁴": { write: "write `^4`" },
  "⁵": { write: "write `^5`" },
  "⁶": { write: "write `^6`" },
  "⁷": { write: "write `^7`" },
  "⁸": { write: "write `^8`" },
  "⁹": { write: "write `^9`" },
  "⁻": { write: "write `^(-1)`" },
};

/** A comment of another language that begins at `offset`: from `//` or `%` to the end of its line, or a C block; else undefined. */
export function matchForeignComment(text: string, offset: number): string | undefined {
  if (text.startsWith("/*", offset)) {
    const end = text.indexOf("*/", offset + 2);
    return text.slice(offset, end < 0 ? endOfLine(text, offset) : end + 2);
  }
  if (text[offset] !== "%" && !text.startsWith("//", offset)) return undefined;
  const rest = text.slice(offset, endOfLine(text, offset));
  // `(i % 2)`: what follows closes a bracket that was opened before it, so this stood for an operator.
  return closesMoreThanItOpens(rest) ? undefined : rest;
}

function endOfLine(text: string, offset: number): number {
  const next = /[\n\r]/g;
  next.lastIndex = offset;
  return next.exec(text)?.index ?? text.length;
}

function closesMoreThanItOpens(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character) && --depth < 0) return true;
  }
  return false;
}

/** What people type out of habit from other languages or from paper, and what it is called here. */

import { isReductionName } from "./words.ts";

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
  "%": { write: "a remainder is `mod(x, n)`; a lattice wraps by itself when its slot is `periodic`; comments start with `#`" },
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

const greek = "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi rho sigma tau phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega".split(" ");

/** LaTeX commands, without the backslash. */
const latexCommands: Readonly<Record<string, string>> = {
  sum: "a sum is `sum(i) …`, over pairs `sum(i < j) …`",
  prod: "a product is `prod(i) …`",
  int: "an integral is `integral(x in a..b) …`",
  frac: "a fraction is `a / b`",
  sqrt: "a root is `sqrt(x)`",
  cdot: "a product is written `*`",
  times: "a product is written `*`",
  left: "parentheses grow by themselves: leave `\\left` and `\\right` out",
  right: "parentheses grow by themselves: leave `\\left` and `\\right` out",
  langle: "an average over a run is `mean(R.e)`",
  rangle: "an average over a run is `mean(R.e)`",
  le: "write `<=`", leq: "write `<=`", ge: "write `>=`", geq: "write `>=`", ne: "write `!=`", neq: "write `!=`", in: "write `in`", infty: "write `inf`",
  mathcal: "names are plain: `H`", mathbf: "names are plain: `w`", vec: "names are plain: `w`", text: "names are plain", mathrm: "names are plain", hat: "names are plain: `m_hat`", bar: "names are plain: `m_bar`",
  ...Object.fromEntries(greek.map((letter) => [letter, `names have no backslash: \`${letter}\`, or the letter itself`])),
};

/** What a LaTeX command is called here, or that names are written out. */
export const latexHelp = (command: string): string =>
  (Object.hasOwn(latexCommands, command) ? latexCommands[command] : undefined) ?? (/^(?:log|exp|sin|cos|tanh|max|min|det)$/.test(command) ? `write \`${command}(…)\`` : "names are written out: `alpha` or `α`");

/** Reductions by other names. */
export const foreignReductions: Readonly<Record<string, string>> = {
  "Σ": "sum", Sum: "sum", "Π": "prod", product: "prod", Prod: "prod", average: "mean", avg: "mean", E: "mean", integrate: "integral", int: "integral", maximum: "max", minimum: "min", number: "count",
};

/** Names that mean nothing without parentheses behind them, on paper `log x`. */
export const isCalled = (name: string): boolean => isReductionName(name) || /^(?:log|exp|sqrt|abs|sign|sin|cos|tan|sinh|cosh|tanh|erf|norm)$/.test(name);

const foreignBeginnings: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["param", "parameter", "parameters", "params", "int", "integer", "float", "double", "real", "number", "const", "constant"].map((word) => [word, "a parameter stands in the head of the model, `model M(N = 100, J = 1.5)`; a derived number is `let P = round(alpha * N)`"])),
  ...Object.fromEntries(["temperature", "temp", "T", "beta"].map((word) => [word, "the temperature is an argument of the dynamics: `evolve metropolis(T = 0.5) for 100 sweeps`, swept by `sweep T in [0.5, 1]`"])),
  ...Object.fromEntries(["repeat", "while", "steps", "sweeps", "iterate"].map((word) => [word, "a length stands behind its dynamics: `evolve metropolis(T = 1) for 100 sweeps`"])),
  graph: "a random graph is an ensemble, `ensemble G ~ ErdosRenyi(N, degree = c)`, and its edges are a range, `sum((i, j) in G) …`",
  print: "results are printed by `table RUN: T, mean(e)`",
  return: "the last value of a `fn` is its body: `fn f(x) = x^2`",
};

/** Help for a word that begins a declaration in other languages and has none of its own here. */
export const beginningHelp = (word: string): string | undefined => (Object.hasOwn(foreignBeginnings, word) ? foreignBeginnings[word] : undefined);

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

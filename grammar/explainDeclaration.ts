/** Syntax errors of declarations, steps and items around their expressions; tried before those of `explainOperand`. */
import type { IToken } from "chevrotain";
import { endsOperand } from "./beginnings.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { beginningHelp } from "./foreign.ts";
import { nearest } from "./nearest.ts";
import type { Segment } from "./outline.ts";
import { reservedName } from "./reservedName.ts";
import type { Situation } from "./situation.ts";
import { syntaxError } from "./syntaxError.ts";
import { is, isOneOf, onNewLine, spanOf } from "./token.ts";
import { Assign, Colon, Comma, keyword, LeftBrace, LeftParenthesis, Name, NumberToken, Text, Tilde } from "./tokens.ts";
import { clauseWords, isReserved, itemWords, modelWords, stepWords, theoryWords } from "./words.ts";
import type { ReservedWord } from "./words.ts";

type Rule = (s: Situation) => Diagnostic | undefined;

const blockWords: readonly ReservedWord[] = [...modelWords, ...theoryWords];
const clauses: ReadonlySet<string> = new Set(clauseWords);

/** How each declaration is written. */
const patterns: Partial<Record<ReservedWord, string>> = {
  import: 'import "lib.quench"',
  use: 'use "./mine.ts"',
  fn: "fn NAME(x) = …",
  model: "model NAME(N = 100) { … }",
  theory: "theory NAME of MODEL = METHOD",
  run: "run NAME of MODEL { … }",
  plot: "plot mean(R.e) vs T",
  table: "table RUN: T, mean(e)",
  claim: 'claim "…" : a < b',
  let: "let NAME = …",
  ensemble: "ensemble NAME[i in N] ~ D",
  state: "state NAME[i in N] : domain",
  data: "data (x[mu in P], y[mu in P]) = source(…)",
  constraint: "constraint a == b",
  energy: "energy NAME = …",
  observable: "observable NAME = …",
  order: "order NAME in (a, b)",
  free_energy: "free_energy NAME = …",
  saddle: "saddle NAME over q",
  sweep: "sweep NAME in [a, b, c]",
  samples: "samples 32",
  starts: "starts 4",
  seed: "seed 7",
  bias: "bias EXPR",
  evolve: "evolve D for N sweeps",
  measure: "measure D for N sweeps every K",
  record: "record a, b",
  start: "start from RUN",
  hold: "hold NAME",
  transient: "transient",
};

const pattern = (s: Situation): string => `write \`${patterns[s.segment.word] ?? s.segment.word}\``;

/** A reserved word where a name or an operand belongs. */
const reserved: Rule = (s) => {
  const { found } = s;
  if (!found || !isReserved(found.image) || is(found, Name)) return undefined;
  if (s.at === 1 && clauses.has(found.image)) return undefined;
  if (s.expects(Name) && (!s.expectsOperand || !clauses.has(found.image))) return reservedName(found);
  // Behind a complete expression, on the same line: `2 * x energy`.
  return !clauses.has(found.image) && endsOperand(s.previous) && !s.foundOnNewLine ? reservedName(found) : undefined;
};

const missingName: Rule = (s) => {
  if (s.at !== 1 || !s.expects(Name) || s.expectsOperand) return undefined;
  return syntaxError("Q123", `\`${s.segment.word}\` needs a name`, [[s.place, `expected a name, found ${s.foundText}`]], { help: pattern(s) });
};

const missingText: Rule = (s) => {
  if (!s.expectsOnly(Text)) return undefined;
  return syntaxError("Q146", `\`${s.segment.word}\` needs a text in double quotes`, [[s.place, `expected a text, found ${s.foundText}`]], { help: pattern(s) });
};

/** The sign between what is declared and what it is: `=`, `~` or `:`. */
const wrongSign: Rule = (s) => {
  const expected = [Assign, Tilde, Colon].find((type) => s.expectsOnly(type));
  const { word } = s.segment;
  if (expected !== undefined && !["replacement", "listedReplacement"].includes(s.rules.at(-1)!)) {
    // In the head of a model a parameter without its value isn't a matter of the sign alone.
    const parameter = s.rules.at(-1) === "parameter";
    if (s.foundOnNewLine && !parameter) return undefined;
    const help =
      parameter ? `a parameter has a default: \`${s.previous.image} = 100\``
      : word === "let" && is(s.found, Tilde) ? "a random array is an `ensemble NAME ~ D`"
      : word === "ensemble" && is(s.found, Assign) ? "an ensemble is drawn with `~`; a computed array is a `let`"
      : word === "state" && is(s.found, Tilde) ? "the domain comes first: `state NAME : real ~ D`"
      : is(s.found, LeftParenthesis) && s.at === 2 && ["let", "ensemble", "state", "energy", "observable"].includes(word) ? `indices and their ranges stand in brackets: \`${word} ${s.previous.image}[i in N]\``
      : pattern(s);
    return syntaxError("Q124", `expected ${expected.LABEL}, found ${s.foundText}`, [[s.place, `expected ${expected.LABEL}`]], { help });
  }
  if (isOneOf(s.found, [Assign, Colon, Tilde]) && s.at === 1 && s.expectsOperand) {
    return syntaxError("Q124", `\`${word}\` takes no \`${s.found!.image}\``, [[s.place, "not expected here"]], { help: `${pattern(s)}, without \`${s.found!.image}\`` });
  }
  // `start w : …`, `start w 3`
  if (word === "start" && s.expects(Assign)) return syntaxError("Q124", `expected ${s.expectedText}, found ${s.foundText}`, [[s.place, `expected ${s.expectedText}`]], { help: "write `start from RUN`, `start w = …` or `start w ~ D`" });
  return undefined;
};

/** A word that joins the parts of a declaration: `of`, `in`, `over`, `for`. */
const missingWord: Rule = (s) => {
  for (const word of ["of", "in", "over"] as const) {
    if (!s.expectsOnly(keyword[word]) || s.rules.includes("prefix")) continue;
    return syntaxError("Q139", `\`${word}\` is missing`, [[s.place, `expected \`${word}\`, found ${s.foundText}`]], { help: s.segment.word === "plot" ? "write `for u in 0..1`" : pattern(s) });
  }
  if (s.segment.word === "theory" && s.expects(keyword.of)) {
    return syntaxError("Q139", "`of` or a block is missing", [[s.place, `expected \`of\`, \`(\` or \`{\`, found ${s.foundText}`]], { help: `${pattern(s)} or \`theory NAME(alpha = 0.5) { … }\`` });
  }
  if (s.segment.word === "order" && is(s.found, LeftParenthesis) && is(s.previous, Name)) {
    return syntaxError("Q139", "`in` is missing", [[s.place, "expected `in`, found `(`"]], { help: pattern(s) });
  }
  const move = s.segment.word === "evolve" || s.segment.word === "measure";
  if (!move || s.foundOnNewLine || !endsOperand(s.previous)) return undefined;
  const clause = s.tokens.slice(0, s.at).findLast((token) => is(token, keyword.for) || is(token, keyword.every) || is(token, keyword.until));
  if (clause && is(clause, keyword.every) && is(s.found, Name)) {
    return syntaxError("Q138", "`every` has no unit of its own", [[s.place, "not expected here"]], { help: "it counts in the unit of the amount: `for 10000 sweeps every 10`" });
  }
  if (!clause && is(s.found, NumberToken)) return syntaxError("Q139", "`for` is missing", [[s.place, `expected \`for\`, found ${s.foundText}`]], { help: pattern(s) });
  return undefined;
};

const missingBrace: Rule = (s) => {
  if (s.segment.word === "theory" && is(s.found, LeftBrace) && !s.expects(LeftBrace)) {
    return syntaxError("Q140", "a derived theory has no block", [[s.place, "not expected here"]], {
      help: "a theory is either derived, `theory NAME of MODEL = METHOD`, or written out, `theory NAME { … }`",
    });
  }
  if (!s.expects(LeftBrace)) return undefined;
  const name = s.tokens[1]?.image ?? "";
  return syntaxError("Q113", `the block of \`${s.segment.word} ${name}\` isn't opened`, [[s.place, `expected \`{\`, found ${s.foundText}`]], {
    help: s.segment.word === "theory" ? "write `theory NAME(alpha = 0.5) { … }`" : pattern(s),
  });
};

/** `evolve D for 100 sweeps, measure …`: nothing stands between declarations. */
const separator: Rule = (s) => {
  if (!is(s.found, Comma) || s.rules.length > 1 || !endsOperand(s.previous) || s.expectsOperand || s.segment.word === "sweep") return undefined;
  const next = s.peek(1);
  const again = next && is(next, Name) && !isReserved(next.image) && ["observable", "let", "ensemble", "energy"].includes(s.segment.word);
  return syntaxError("Q140", "no comma stands between declarations", [[s.place, "not expected here"]], {
    help: again ? `each has its own word: \`${s.segment.word} ${next.image} …\`` : "leave it out: every declaration and every step begins with its own word",
  });
};

/** `fn sq x = x^2` */
const bareParameters: Rule = (s) =>
  s.segment.word === "fn" && s.at === 2 && s.expectsOnly(LeftParenthesis)
    ? syntaxError("Q140", "the parameters of a function stand in parentheses", [[s.place, `expected \`(\`, found ${s.foundText}`]], { help: `write \`fn ${s.previous.image}(x) = …\`` })
    : undefined;

/** `for i in N { … }`: nothing is computed step by step. */
const loop: Rule = (s) =>
  is(s.found, keyword.for) && s.foundOnNewLine && is(s.peek(1), Name) && is(s.peek(2), keyword.in) && s.segment.word !== "plot"
    ? syntaxError("Q140", "there are no loops", [[s.place, "an index takes every value of its range by itself"]], {
        help: `a sum over ${s.peek(1)!.image} is \`sum(${s.peek(1)!.image}) …\`, an array \`let a[${s.peek(1)!.image} in N] = …\``,
      })
    : undefined;

/** `ensemble J[x in L, 2] ~ Sign` */
const slotWithoutIndex: Rule = (s) =>
  is(s.found, NumberToken) && s.rules.at(-1) === "binder" && !s.rules.includes("prefix")
    ? syntaxError("Q140", `expected an index, found ${s.foundText}`, [[s.place, "expected an index"]], { help: `every slot names the index that runs over it: \`mu in ${s.found!.image}\`` })
    : undefined;

/** `sweep T in 0.1, 0.2` */
const openList: Rule = (s) =>
  s.segment.word === "sweep" && is(s.found, Comma) && s.rules.length <= 1
    ? syntaxError("Q140", "a list stands in brackets", [[s.place, "expected the next step"]], { help: `write \`sweep ${s.tokens[1]!.image} in [${s.tokens.slice(3).map((token) => token.image).join(" ").replaceAll(" ,", ",")}]\`` })
    : undefined;

/** A line that begins with no word of the language. */
const unknownLine: Rule = (s) => (s.found && s.foundOnNewLine && endsOperand(s.previous) && is(s.found, Name) && s.rules.length <= 1 ? unknownWord(s.segment, s.found) : undefined);

function unknownWord(segment: Segment, found: IToken): Diagnostic {
  const inRun = (stepWords as readonly ReservedWord[]).includes(segment.word);
  const inBlock = blockWords.includes(segment.word);
  const words: readonly ReservedWord[] = inRun ? stepWords : inBlock ? [...new Set(blockWords)] : itemWords;
  const place = inRun ? "step" : inBlock ? "declaration" : "item";
  const meant = nearest(found.image, words);
  return syntaxError("Q120", `\`${found.image}\` begins no ${place}`, [[spanOf(found), `expected an operator, or the word that begins ${place === "item" ? "an item" : `a ${place}`}`]], {
    help: meant ? `did you mean \`${meant}\`?` : beginningHelp(found.image) ?? `one of ${words.map((word) => `\`${word}\``).join(", ")}`,
    arguments: { found: found.image },
  });
}

/** Behind a line that begins with no word of the language: further such lines, no deeper indented. */
export function furtherUnknownLines(s: Situation): Diagnostic[] {
  const { found } = s;
  if (found === undefined || unknownLine(s) === undefined) return [];
  return s.tokens
    .filter((token, i) => i > s.at && is(token, Name) && endsOperand(s.tokens[i - 1]) && onNewLine(token, s.tokens[i - 1]) && token.startColumn! <= found.startColumn!)
    .map((token) => unknownWord(s.segment, token));
}

export const declarationRules: readonly Rule[] = [reserved, missingName, missingText, wrongSign, missingWord, missingBrace, loop, openList, bareParameters, separator, slotWithoutIndex, unknownLine];

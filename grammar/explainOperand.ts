/** Syntax errors inside of expressions: one rule for each kind of mistake, tried in the order of `operandRules`. */
import type { IToken } from "chevrotain";
import { endsOperand } from "./beginnings.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { foreignReductions, isCalled } from "./foreign.ts";
import { nearest } from "./nearest.ts";
import type { Span } from "./span.ts";
import type { Situation } from "./situation.ts";
import { syntaxError } from "./syntaxError.ts";
import { adjacent, is, spanBetween, spanOf } from "./token.ts";
import {
  Approximately, Arrow, Assign, Colon, Comma, Dot, DotDot, keyword, LeftBrace, LeftBracket, Less, LeftParenthesis, Name, NumberToken, PlusMinus, RightBrace, RightBracket, RightParenthesis, Sign, Tilde,
  WithClause, WithOperator,
} from "./tokens.ts";
import { factorReductions, isReductionName, linearReductions } from "./words.ts";

type Rule = (s: Situation) => Diagnostic | undefined;

/** `{1, 2}` for a list. */
const braces: Rule = (s) => {
  const domain = "`spin` is −1 or +1, `bit` 0 or 1, `potts(q)` one of 1…q; continuous: `real`, `interval(a, b)`, `angle`";
  if (is(s.found, LeftBracket) && s.segment.word === "state" && is(s.previous, Colon)) return syntaxError("Q144", "brackets enclose indices and lists only", [[s.place, "expected a domain"]], { help: domain });
  if (!is(s.found, LeftBrace) || s.expects(LeftBrace) || s.segment.word === "theory") return undefined;
  const close = s.tokens.findIndex((token, i) => i > s.at && is(token, RightBrace));
  const inner = s.tokens.slice(s.at + 1, close < 0 ? undefined : close).map((token) => token.image).join(" ").replaceAll(" ,", ",").replaceAll(/(?<![\w\])] )- /g, "-");
  const attached = is(s.previous, Name) && adjacent(s.previous, s.found!) ? /^(.+)_$/.exec(s.previous.image)?.[1] : undefined;
  if (attached !== undefined) {
    return syntaxError("Q144", "a subscript isn't written as in LaTeX", [[spanBetween(s.previous, s.found!), "indices have no `_` and no braces"]], {
      help: isReductionName(attached) ? `write \`${attached}(${inner}) …\`` : `an entry is read with brackets: \`${attached}[i,j]\``,
    });
  }
  if (s.segment.word === "state") {
    return syntaxError("Q144", "braces enclose blocks only", [[s.place, "expected a domain"]], { help: domain });
  }
  return syntaxError("Q144", "braces enclose blocks only", [[s.place, "neither a list nor a group"]], {
    help: inner.length < 60 ? `a list stands in brackets: \`[${inner}]\`` : "a list stands in brackets, a group in parentheses",
  });
};

/** `1.`, `.5`, `1_000`, `0x1F`, `1e`. */
const badNumber: Rule = (s) => {
  const { found, previous } = s;
  const [before, next] = [s.peek(-1), s.peek(1)];
  if (is(found, Dot) && is(before, NumberToken)) {
    return syntaxError("Q108", "a number doesn't end with a point", [[spanBetween(before!, found!), "no digits behind the point"]], { help: `write \`${before!.image}.0\` or \`${before!.image}\`` });
  }
  if (is(found, Dot) && is(next, NumberToken) && adjacent(found!, next!) && !endsOperand(before)) {
    return syntaxError("Q108", "a number doesn't begin with a point", [[spanBetween(found!, next!), "no digits before the point"]], { help: `write \`0.${next!.image}\`` });
  }
  if (!is(previous, NumberToken) || !is(found, Name) || !adjacent(previous, found!)) return undefined;
  const whole = previous.image + found!.image;
  const help =
    /^\d[\d_]*$/.test(whole) ? `write \`${whole.replaceAll("_", "")}\``
    : /^0[xX][\da-fA-F]+$/.test(whole) || /^0[bB][01]+$/.test(whole) || /^0[oO][0-7]+$/.test(whole) ? `write \`${Number(whole)}\``
    : /^[eE]$/.test(found!.image) ? `an exponent has digits: \`${previous.image}e-3\``
    : undefined;
  return help === undefined ? undefined : syntaxError("Q108", `\`${whole}\` isn't a number`, [[spanBetween(previous, found!), "not a number"]], { help });
};

/** `a +-3`, or a tolerance without `~=`. */
const plusMinus: Rule = (s) => {
  if (!is(s.found, PlusMinus)) return undefined;
  const next = s.peek(1);
  if (s.segment.word === "claim" && !s.tokens.slice(0, s.at).some((token) => is(token, Approximately)) && s.rules.length <= 1) {
    return syntaxError("Q130", "a tolerance belongs to `~=`", [[s.place, "there is no `~=` before it"]], { help: "write `claim \"…\" : a ~= b +- t`" });
  }
  return syntaxError("Q129", "`+-` is the plus-minus of a tolerance", [[s.place, "one sign, not two"]], {
    help: next ? `with a space, \`+ -${next.image}\`, it adds a negative number` : "with a space, `+ -`, it adds a negative number",
  });
};

const approximately: Rule = (s) => {
  if (s.expectsOnly(PlusMinus) && !is(s.found, Approximately)) {
    return syntaxError("Q130", "`~=` needs a tolerance", [[s.place, "expected `+-` and the tolerance"]], { help: "write `a ~= b +- 0.01`" });
  }
  const inClaim = s.segment.word === "claim";
  if (inClaim && is(s.found, Tilde)) return syntaxError("Q130", "`~` stands behind what is drawn", [[s.place, "not a comparison"]], { help: "write `claim \"…\" : a ~= b +- t`" });
  if (!is(s.found, Approximately)) return undefined;
  return syntaxError("Q130", inClaim ? "`~=` joins the two sides of a claim, once" : "`~=` belongs to claims", [[s.place, "not expected here"]], {
    help: inClaim ? "write `claim \"…\" : a ~= b +- t`" : "equality is `==`; nearness `abs(a - b) < t`",
  });
};

const misplacedRange: Rule = (s) =>
  is(s.found, DotDot)
    ? syntaxError("Q131", "a range `a..b` can't stand here", [[s.place, "not in a binder, a sweep or a `for`"]], {
        help: "ranges stand behind `in`: `sum(i in 1..9) …`, `sweep T in 1..9 by 2`, `for u in 0..1`",
      })
    : undefined;

const misplacedArrow: Rule = (s) =>
  is(s.found, Arrow)
    ? syntaxError("Q132", "a schedule `a -> b` stands in an argument only", [[s.place, "not in an argument"]], { help: "write `metropolis(T = 2.0 -> 0.05)`, without parentheses of its own" })
    : undefined;

/** `log T` in a plot. */
const axis: Rule = (s) =>
  s.segment.word === "plot" && s.found?.image === "log" && s.afterExpression
    ? syntaxError("Q138", is(s.peek(1), Name) ? `\`${s.peek(1)!.image}\` isn't an axis` : "`log` says which axis it is for", [[spanOf(s.peek(1) ?? s.found), "expected `x` or `y`"]], { help: "write `log x`, `log y` or both" })
    : undefined;

/** `e at N = 100`, `e with foo`. */
const applied: Rule = (s) => {
  if (is(s.previous, keyword.at)) {
    const end = s.tokens.slice(s.at).findIndex((token) => !is(token, Name) && !is(token, Assign) && !is(token, NumberToken) && !is(token, Comma));
    const written = s.tokens.slice(s.at, end < 0 ? undefined : s.at + end).map((token) => token.image).join(" ").replaceAll(" ,", ",");
    return syntaxError("Q137", "`at` needs its values in parentheses", [[s.place, `expected \`(\`, found ${s.foundText}`]], {
      help: /=/.test(written) ? `write \`at (${written})\`` : "write `at (N = 100, T = 0.2)`",
    });
  }
  if (!is(s.previous, WithOperator) && !is(s.previous, WithClause) && !["replacement", "listedReplacement", "targets"].includes(s.rules.at(-1)!)) return undefined;
  return syntaxError("Q137", "`with` needs what replaces what", [[s.place, `found ${s.foundText}`]], {
    help: "write `with fresh(x, P = 5000)`, `with w = flip(w, 0.05)` or `with (x, y) = mnist(split = \"test\")`",
  });
};

const conditional: Rule = (s) => {
  if (s.expectsOnly(keyword.then) || s.expectsOnly(keyword.else)) {
    const word = s.expectsOnly(keyword.then) ? "then" : "else";
    if (is(s.found, Assign)) return syntaxError("Q125", "`=` doesn't compare", [[s.place, "expected an operator"]], { help: "equality is `==`" });
    return syntaxError("Q135", `an \`if\` needs its \`${word}\``, [[s.place, `expected \`${word}\`, found ${s.foundText}`]], { help: "write `if c then a else b`" });
  }
  if (endsOperand(s.previous) && (is(s.found, keyword.then) || is(s.found, keyword.else))) {
    return syntaxError("Q135", `\`${s.found!.image}\` has no \`if\``, [[s.place, "no `if` is open here"]], { help: "write `if c then a else b`; an inner `if` may need parentheses" });
  }
  return undefined;
};

/** `=` behind a whole operand, where only a comparison makes sense. */
const assignment: Rule = (s) => {
  if (!is(s.found, Assign) || !s.afterExpression) return undefined;
  const inArguments = s.rules.at(-1) === "arguments";
  return syntaxError("Q125", "`=` doesn't compare", [[s.place, inArguments ? "the name of an argument is a single word" : "expected an operator"]], {
    help: inArguments ? "an argument is `name = value`; equality is `==`"
      : s.tokens.slice(s.at).some((token) => is(token, PlusMinus)) ? "nearness is `a ~= b +- t`, equality `==`" : "equality is `==`",
  });
};

/** `f(= 3)`. */
const missingArgumentName: Rule = (s) =>
  is(s.found, Assign) && (is(s.previous, LeftParenthesis) || is(s.previous, Comma)) && ["arguments", "parameters", "argument", "parameter", "operand", "place", "group"].includes(s.rules.at(-1)!)
    ? syntaxError("Q123", "the name of an argument is missing", [[s.place, "expected a name before it"]], { help: "write `name = value`, or the value alone" })
    : undefined;

/** The name before the bracket that is open at the stop, and what follows its partner. */
function enclosingCall(s: Situation): { readonly name: string; readonly next: IToken | undefined } | undefined {
  let depth = 0;
  for (let i = s.at - 1; i > 0; i -= 1) {
    if (is(s.tokens[i], RightParenthesis)) depth += 1;
    else if (is(s.tokens[i], LeftParenthesis) && (depth -= 1) < 0) {
      const close = partner(s.tokens, i);
      return is(s.tokens[i - 1], Name) ? { name: s.tokens[i - 1]!.image, next: s.tokens[close + 1] } : undefined;
    }
  }
  return undefined;
}

/** The index of the parenthesis that closes the one at `open`. */
function partner(tokens: readonly IToken[], open: number): number {
  let depth = 0;
  return tokens.findIndex((token, i) => i >= open && (depth += is(token, LeftParenthesis) ? 1 : is(token, RightParenthesis) ? -1 : 0) === 0);
}

/** `mean(R.e) in [-8, -7]` */
const membership: Rule = (s) =>
  is(s.found, keyword.in) && s.rules.length <= 1 && endsOperand(s.previous) && ["claim", "constraint"].includes(s.segment.word)
    ? syntaxError("Q140", "`in` doesn't compare", [[s.place, "expected a comparison"]], {
        help: s.segment.word === "claim" ? "an interval is `a < b < c`" : "a constraint is `lhs == rhs` or `lhs <= rhs`; a bounded variable has the domain `interval(a, b)`",
      })
    : undefined;

/** `order q in [0, 1]` */
const closedInterval: Rule = (s) =>
  is(s.found, LeftBracket) && s.segment.word === "order" && s.expectsOnly(LeftParenthesis)
    ? syntaxError("Q140", "the interval of an order parameter is open", [[s.place, "expected `(`"]], { help: "write `order q in (0, 1)`" })
    : undefined;

/** `sum(s[i] for i in N)` */
const comprehension: Rule = (s) => {
  if (!is(s.found, keyword.for) || !is(s.peek(1), Name) || !is(s.peek(2), keyword.in)) return undefined;
  const call = enclosingCall(s);
  return call === undefined ? undefined : syntaxError("Q145", "an index stands in parentheses of its own", [[s.place, "not a list that is built by `for`"]], {
    help: `write \`${isReductionName(call.name) ? call.name : "sum"}(${s.peek(1)!.image} in N) …\``,
  });
};

/** `sum(i in N) -x[i]`, `average(i in N) x[i]`: indices in the parentheses of a call. */
const indexInCall: Rule = (s) => {
  if (!is(s.found, keyword.in)) return undefined;
  const call = enclosingCall(s);
  if (call === undefined) return undefined;
  if (!isReductionName(call.name)) {
    return syntaxError("Q128", `\`${call.name}\` isn't a reduction`, [[s.place, "only reductions and slots have indices"]], { help: `reductions are ${reductionNames}` });
  }
  return syntaxError("Q128", `\`${call.name}(…)\` is a call here, not a reduction`, [
    [s.place, "only reductions and slots have indices"],
    ...(call.next ? [[spanOf(call.next), "not the beginning of a term"] as [Span, string]] : []),
  ], { help: is(call.next, Sign) ? `a reduction's term has no sign of its own: write \`${call.next!.image}${call.name}(…) …\`` : "the term of a reduction directly follows its `)`" });
};

/** What a reduction of another language or of paper is called here. */
const reductionElsewhere = (name: string): string | undefined => (Object.hasOwn(foreignReductions, name) ? foreignReductions[name] : undefined);

const reductionHelp = (name: string): string | undefined => {
  const meant = reductionElsewhere(name) ?? nearest(name, [...linearReductions, ...factorReductions]);
  return meant && `did you mean \`${meant}(${["integral", "root"].includes(meant) ? "x in a..b" : "i"}) …\`?`;
};

const reductionNames = [...linearReductions, ...factorReductions].join(", ");

/** The name that a call before the stop has, if there is one. */
function callBefore(s: Situation): string | undefined {
  if (!is(s.previous, RightParenthesis)) return undefined;
  let depth = 0;
  for (let i = s.at - 1; i > 0; i -= 1) {
    if (is(s.tokens[i], RightParenthesis)) depth += 1;
    else if (is(s.tokens[i], LeftParenthesis) && (depth -= 1) === 0) return is(s.tokens[i - 1], Name) ? s.tokens[i - 1]!.image : undefined;
  }
  return undefined;
}

/** `median(i) x[i]`, `2x`, `f(x)(y)`. */
const missingOperator: Rule = (s) => {
  if (!s.afterExpression || !s.sideBySide || s.foundOnNewLine) return undefined;
  const call = callBefore(s);
  if (call !== undefined && !is(s.found, LeftBracket)) {
    return syntaxError("Q128", `\`${call}\` isn't a reduction`, [[s.place, `nothing can follow \`${call}(…)\` directly`]], {
      help: reductionHelp(call) ?? `reductions are ${reductionNames}; else an operator is missing`,
    });
  }
  const joined = is(s.previous, Name) ? /^(\p{L}+?)(?:_(\w*))?$/u.exec(s.previous.image) : null;
  const meant = joined && (isReductionName(joined[1]!) && joined[2] !== undefined ? joined[1] : reductionElsewhere(joined[1]!));
  if (joined && meant) {
    return syntaxError("Q128", `\`${s.previous.image}\` isn't a reduction`, [[spanOf(s.previous), "a name"], [s.place, "nothing can follow it directly"]], { help: `write \`${meant}(${joined[2] || "i"}) …\`` });
  }
  if (is(s.previous, Name) && is(s.found, Name) && isCalled(s.previous.image)) {
    return syntaxError("Q126", `the parentheses of \`${s.previous.image}\` are missing`, [[s.place, "expected `(` before this"]], { help: `write \`${s.previous.image}(${s.found!.image})\`` });
  }
  if (is(s.previous, NumberToken) && is(s.found, Name) && adjacent(s.previous, s.found!)) {
    return syntaxError("Q126", "an operator is missing", [[s.place, "expected an operator before this"]], {
      help: `a product is written \`${s.previous.image} * ${s.found!.image}\`${s.found!.image.length > 1 ? `; a name begins with a letter: \`${s.found!.image}${s.previous.image.replaceAll(/\D/g, "_")}\`` : ""}`,
    });
  }
  const bracketed = is(s.previous, RightBracket) ? s.tokens.findLast((token, i) => i < s.at && is(s.tokens[i + 1], LeftBracket) && is(token, Name)) : undefined;
  if (bracketed && isReductionName(bracketed.image)) {
    return syntaxError("Q128", `the indices of \`${bracketed.image}\` stand in parentheses`, [[spanOf(bracketed), "an array, since brackets follow"], [s.place, "nothing can follow it directly"]], { help: `write \`${bracketed.image}(i < j) …\`` });
  }
  const whole = `${s.previous.image.length < 30 ? s.previous.image : "…"} * ${s.found!.image.length < 30 ? s.found!.image : "…"}`;
  const simple = is(s.previous, NumberToken) || is(s.previous, Name);
  return syntaxError("Q126", "an operator is missing", [[s.place, "expected an operator before this"]], {
    help: simple && (is(s.found, Name) || is(s.found, NumberToken)) ? `a product is written \`${whole}\`` : "a product is written with `*`",
  });
};

/** `f(a, )`, `()`, `x[]`. */
const emptyPlace: Rule = (s) => {
  const closes = is(s.found, RightParenthesis) || is(s.found, RightBracket);
  if (!closes) return undefined;
  if (is(s.previous, Comma)) return syntaxError("Q142", "something is missing behind the comma", [[spanOf(s.previous), "nothing follows it"]], { help: "leave the last comma out" });
  if (is(s.previous, LeftParenthesis) || is(s.previous, LeftBracket)) {
    return syntaxError("Q142", "nothing stands between the brackets", [[spanBetween(s.previous, s.found!), `expected ${s.expectedText}`]], { help: "put something in, or leave them out" });
  }
  return undefined;
};

/** The parentheses of a reduction hold indices. */
const badBinder: Rule = (s) => {
  if (!s.rules.includes("prefix") || !["prefix", "binders", "binder", "chainBinder", "edgeBinder", "names"].includes(s.rules.at(-1)!)) return undefined;
  const head = s.tokens.findLast((token, i) => i < s.at && token.tokenType.name === "ReductionName")!;
  const close = partner(s.tokens, s.tokens.indexOf(head) + 1);
  const next = s.tokens[close + 1];
  if (is(s.found, Dot) && next) {
    return syntaxError("Q145", `nothing can follow \`${head.image}(…)\` directly`, [[spanOf(next), "expected an operator or a clause before this"], [spanOf(head), "an estimator over a run"]], {
      help: is(next, LeftBracket) ? "a sweep point is picked by `at (T = 1)`" : s.segment.word === "plot" ? "the x axis stands behind `vs`, groups behind `by`" : "a product is written with `*`",
    });
  }
  return syntaxError("Q145", `the parentheses of a reduction hold indices`, [
    [s.place, `expected ${s.expects(Name) ? "an index" : "`,`, `in`, `<` or `)`"}, found ${s.foundText}`],
    [spanOf(head), "a reduction, since a term follows its `)`"],
  ], { help: is(s.found, Less) ? `pairs are \`${head.image}(i < j) …\`, the edges of a graph \`${head.image}((i, j) in G) …\`` : `write \`${head.image}(i in N) …\`; for a call, put an operator behind \`)\`` });
};

const missingOperand: Rule = (s) =>
  s.expectsOperand
    ? syntaxError("Q127", "an expression is missing", [[s.place, `expected an expression, found ${s.foundText}`]],
        s.found?.image === "/" && s.previous.image === "+" && s.peek(1)?.image === "-" ? { help: "the tolerance of a claim stands behind `+-`" }
        : is(s.found, Less) ? { help: "an average over a run is `mean(R.e)`" } : endsOperand(s.previous) ? {} : { help: `something must follow \`${s.previous.image}\`` })
    : undefined;

export const operandRules: readonly Rule[] = [
  braces, badNumber, plusMinus, approximately, misplacedRange, misplacedArrow, axis, applied, conditional, comprehension, membership, closedInterval, indexInCall, badBinder, emptyPlace, missingArgumentName, assignment, missingOperator, missingOperand,
];

/**
 * The findings of this phase, Q100 to Q199: a title for lists, and the page that `quench explain Q101` prints.
 * Long because it is a table of texts: one entry for each kind of mistake, with a wrong and a right example.
 */
export interface CodePage {
  readonly title: string;
  readonly page: string;
}

const indent = (text: string): string => text.split("\n").map((line) => `    ${line}`).join("\n");

const entry = (title: string, explanation: string, wrong: string, right: string): CodePage => ({
  title,
  page: `${explanation}\n\nWrong:\n\n${indent(wrong)}\n\nRight:\n\n${indent(right)}\n`,
});

export const syntaxCodes: Readonly<Record<string, CodePage>> = {
  Q101: entry(
    "a character that isn't part of the language",
    "Names are letters (Greek ones too), digits and `_`, and begin with a letter or `_`. There are no primes, backslashes or dollar signs:\nformulas are written as they are, and the names of letters are words.",
    "let $beta = 2",
    "let β = 2",
  ),
  Q102: entry(
    "a text without its closing quote",
    "A text stands between two straight double quotes on one line. It has no escapes: every character but `\"` and the end of the line stands for itself.",
    'claim "the ground state : 1 < 2',
    'claim "the ground state" : 1 < 2',
  ),
  Q103: entry(
    "quotes other than \"…\"",
    "Texts stand in straight double quotes. Word processors turn them into typographic ones; other languages allow single ones.",
    "import “lib.quench”",
    'import "lib.quench"',
  ),
  Q104: entry("a comment of another language", "A comment starts with `#` and ends with its line. There are no block comments.", "let a = 1 // the size", "let a = 1 # the size"),
  Q105: entry(
    "an operator of another language",
    "Powers are `^`; logic is `and`, `or`, `not`; equality is `==` and `!=`; a value is given with `=`. There is no remainder operator\nand no bitwise one, and an absolute value is `abs(x)`.",
    "let a = x ** 2",
    "let a = x^2",
  ),
  Q106: entry("a semicolon", "Nothing ends with `;`: every declaration begins with its own word, and line breaks don't matter. What stands in brackets is separated by `,`.", "let a = 1;", "let a = 1"),
  Q107: entry(
    "a mathematical character with another spelling",
    "Operators are spelled with the characters of a keyboard: `<=`, `>=`, `!=`, `~=`, `->`, `*`, `-`, `^2`, `sqrt(x)`, `sum(i) …`, `inf`.\nOnly `±` is also read, as `+-`. Letters may be Greek.",
    "constraint a ≤ 3",
    "constraint a <= 3",
  ),
  Q108: entry(
    "a number that isn't written like one",
    "A number has digits before and, if there is a point, behind it, and may have an exponent: `3`, `0.5`, `1e-3`. There are no separators\nand no other bases.",
    "let a = .5",
    "let a = 0.5",
  ),
  Q109: entry("a number that is too large", "Numbers are 64-bit floating point numbers: the largest is about 1.8e308. Infinity is `inf`.", "let a = 1e999", "let a = inf"),
  Q110: entry(
    "a bracket that isn't closed, or closed by another one",
    "Each `(` needs its `)` and each `[` its `]`, within one declaration. Both places are shown: the bracket, and where its partner was still missing.",
    "let a = sum(i) (x[i] - 1",
    "let a = sum(i) (x[i] - 1)",
  ),
  Q111: entry("a bracket that closes nothing", "A `)`, `]` or `}` stands where no bracket of its kind is open.", "let a = (1 + 2))", "let a = (1 + 2)"),
  Q112: entry(
    "a block without its closing brace",
    "The declarations of a `model` or `theory` and the steps of a `run` stand between `{` and `}`. A word that begins an item, such as `run`,\ncan't stand inside of a block.",
    "model M {\n  state s : spin\nrun R of M { samples 2 }",
    "model M {\n  state s : spin\n}\nrun R of M { samples 2 }",
  ),
  Q113: entry("a block without its opening brace", "Behind the name (and the parameters) of a `model`, `theory` or `run` its block is opened with `{`.", "model M(N = 10)\n  state s : spin\n}", "model M(N = 10) {\n  state s : spin\n}"),
  Q115: entry(
    "an expression that nests too deeply",
    "Brackets, powers and reductions may nest 200 levels (signs and `if` count twice), and 1000 operators may be chained. Name a part with `let`,\nor use a reduction: the compiler works on formulas, not on written-out sums.",
    "let a = x[1] + x[2] + x[3] + …",
    "let a = sum(i) x[i]",
  ),
  Q120: entry(
    "a word that begins nothing",
    "Every item, declaration and step begins with a reserved word. A line that begins with another word is neither a new one nor does it\ncontinue the expression above it.",
    "model M {\n  enregy E = 1\n}",
    "model M {\n  energy E = 1\n}",
  ),
  Q121: entry(
    "a declaration in the wrong block",
    "Models hold `let ensemble state data constraint energy observable`, theories `let order free_energy saddle observable`, runs `sweep samples\nstarts evolve measure record start seed bias hold transient`. None of these stands outside of a block.",
    "model M {\n  sweep T in [1, 2]\n}",
    "run R of M {\n  sweep T in [1, 2]\n}",
  ),
  Q122: entry(
    "a reserved word in the place of a name",
    "The words that begin declarations, steps and clauses, and `in of if then else and or not`, can't be names, except behind a `.` and before\nthe `=` of a named argument: `R.energy`, `csv(data = \"a\")`.",
    "let state = 3",
    "let state_1 = 3",
  ),
  Q123: entry("a name is missing", "The word of a declaration is followed by the name of what it declares. The energy has a name too: under it a run observes it.", "energy = 3", "energy E = 3"),
  Q124: entry(
    "the wrong sign in a declaration",
    "`=` gives a value (`let`, `energy`, `observable`, `data`, parameters), `~` draws from a distribution (`ensemble`), `:` names the domain of a\n`state`, behind which `~` or `=` gives its beginning. `samples`, `starts`, `seed` and `bias` take no sign.",
    "ensemble x[i in N] = Sign",
    "ensemble x[i in N] ~ Sign",
  ),
  Q125: entry("`=` where a comparison is meant", "`=` gives a value or names an argument; equality is `==`.", "constraint a = 3", "constraint a == 3"),
  Q126: entry("an operator is missing", "Products are written with `*`: there is no multiplication by standing side by side, except behind the head of a reduction.", "let a = 2x", "let a = 2 * x"),
  Q127: entry("an expression is missing", "An operator, an opening bracket or a `=` is followed by nothing that could be its operand.", "let a = 2 +", "let a = 2 + x"),
  Q128: entry(
    "a call that was meant as a reduction",
    "`NAME(…) term` is a reduction, and only the names of reductions can head one: `sum`, `prod`, `mean`, `max`, `min`, `logsumexp`, `count`, `any`,\n`all`, `argmax`, `argmin`, `gauss`, `integral`, `root`. The term has no sign of its own: write `-sum(i) x[i]`.\nBehind a call an operator must follow, and its parentheses hold no indices.",
    "let a = median(i) x[i]",
    "let a = mean(i) x[i]",
  ),
  Q129: entry("`+-` between two numbers", "`+-`, also written `±`, is the plus-minus before the tolerance of a claim, even without a space.", "let a = b +-3", "let a = b + -3"),
  Q130: entry(
    "`~=` outside of a claim, or without its tolerance",
    "An approximate claim says how near is near enough: `a ~= b +- t`. Elsewhere there is no `~=`; equality is `==`.",
    'claim "energy" : a ~= 1',
    'claim "energy" : a ~= 1 +- 0.01',
  ),
  Q131: entry("a range that can't stand here", "A range `a..b` says where an index or a variable runs: behind `in` in binders, sweeps and the `for` of a plot. It isn't a value.", "let a = 1..9", "let a = sum(i in 1..9) i"),
  Q132: entry(
    "a schedule outside of an argument",
    "`a -> b` is the value of an argument that changes over the steps of a dynamics. It can't be part of an expression or stand in parentheses of its own.",
    "evolve anneal((2 -> 1)) for 10 sweeps",
    "evolve anneal(2 -> 1) for 10 sweeps",
  ),
  Q133: entry(
    "arithmetic after `at (…)` or `with …`",
    "`at` and `with` apply to all of the arithmetic on their left, so it can't go on to their right: put the part that they belong to in parentheses.",
    'claim "difference" : mean(R.e) at (N = 25) - mean(R.e) at (N = 50) < 0',
    'claim "difference" : (mean(R.e) at (N = 25)) - (mean(R.e) at (N = 50)) < 0',
  ),
  Q134: entry(
    "parentheses are missing",
    "A form stands inside of one that binds more tightly: `if` or `not` as the operand of an operator, a comparison as the end of a range, a\nreduction as an exponent, an amount that isn't a product of numbers and names. It needs parentheses.",
    "let a = 1 + if b then 2 else 3",
    "let a = 1 + (if b then 2 else 3)",
  ),
  Q135: entry("an incomplete `if`", "A condition is an expression with a value in both cases: `if c then a else b`.", "let a = if b then 2", "let a = if b then 2 else 0"),
  Q136: entry("a positional argument after a named one", "Arguments without names come first, in their order; named ones follow.", "let a = f(p = 2, x)", "let a = f(x, p = 2)"),
  Q137: entry(
    "`at` or `with` without what belongs to it",
    "`at` is followed by values in parentheses: `at (N = 100, T = 0.2)`. `with` is followed by what replaces what: `fresh(x, P = 5000)`,\n`w = flip(w, 0.05)`, `(x, y) = mnist(split = \"test\")`, or several of these in parentheses.",
    'claim "low" : mean(R.e) at N = 100 < 0',
    'claim "low" : mean(R.e) at (N = 100) < 0',
  ),
  Q138: entry(
    "a clause that doesn't fit",
    "Each clause of a step stands once; `every` belongs to `measure`, and counts in the unit of the amount; the axes are `x` and `y`; `by` is the step of a range `a..b`.",
    "measure metropolis(T) for 100 sweeps every 10 sweeps",
    "measure metropolis(T) for 100 sweeps every 10",
  ),
  Q139: entry(
    "a joining word is missing",
    "The parts of a declaration are joined by words: `run NAME of MODEL`, `sweep NAME in VALUES`, `saddle NAME over q`, `evolve D for N sweeps`.",
    "sweep T = [1, 2]",
    "sweep T in [1, 2]",
  ),
  Q140: entry("something else was expected", "The line under the source says what could have stood here and what was found.", "fn square x = x^2", "fn square(x) = x^2"),
  Q141: entry("a copy without a proper name", "Copies of the state are numbered, `w@1`, `w@2`, or named, `w@ref`.", "let a = w@1.5", "let a = w@1"),
  Q142: entry("an empty place in a list", "Something is missing between two brackets, or behind the last comma.", "let a = (x, y,)", "let a = (x, y)"),
  Q144: entry("braces around a list", "Braces enclose the blocks of models, theories and runs. A list stands in brackets, a group in parentheses.", "sweep T in {1, 2}", "sweep T in [1, 2]"),
  Q145: entry(
    "a reduction without indices",
    "`NAME(…)` is a reduction when its `)` is directly followed by a term, and then its parentheses hold indices: `i`, `i, j`, `i in N`, `i in 1..9`,\n`i < j`, `i != j`, `(i, j) in G`. A call, `mean(s)`, is followed by an operator or by nothing.",
    "let a = sum(x[i]) y[i]",
    "let a = sum(i) x[i] * y[i]",
  ),
  Q146: entry("a text is missing", "A claim begins with what it claims, `import` and `use` with the path of a file, in double quotes.", "import lib", 'import "lib.quench"'),
  Q199: entry(
    "more errors than are shown",
    "After 100 errors the others are only counted.",
    "let a = &\nlet b = &\n…",
    "let a = 1",
  ),
};

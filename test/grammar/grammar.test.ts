/** The grammar itself: Chevrotain's own checks find nothing, and each documented word and letter is read as documented. */
import { expect, test } from "vitest";
import { Level, operatorLevel } from "../../grammar/precedence.ts";
import { lex } from "../../grammar/lex.ts";
import { parse } from "../../grammar/parse.ts";
import { parser } from "../../grammar/parser.ts";
import { lexer } from "../../grammar/tokens.ts";
import { reservedWords } from "../../grammar/words.ts";

test("the lexer's definitions are sound", () => {
  expect(() => lexer(true)).not.toThrow();
  expect(lexer(true).lexerDefinitionErrors).toEqual([]);
});

// No alternative has a gate, and nothing is ignored, so the self-analysis sees every decision of the grammar.
test("the grammar has no ambiguities", () => {
  expect(() => parser(true)).not.toThrow();
});

test("the reserved words are those of LANGUAGE.md section 1", () => {
  const documented =
    "import use fn model theory run plot table claim let ensemble state data constraint energy observable order free_energy saddle " +
    "sweep samples starts evolve measure record start seed bias hold transient for until every at with vs by in of if then else and or not";
  expect([...reservedWords].sort()).toEqual(documented.split(" ").sort());
});

const images = (text: string): string[] => lex(text).tokens.map((token) => token.image);

test("numbers, ranges and points", () => {
  expect(images("1..9")).toEqual(["1", "..", "9"]);
  expect(images("1.5..2.5")).toEqual(["1.5", "..", "2.5"]);
  expect(images("1e-3..2E+4")).toEqual(["1e-3", "..", "2E+4"]);
  expect(images("1.")).toEqual(["1", "."]);
  expect(images("w@1.x")).toEqual(["w", "@", "1", ".", "x"]);
});

test("± is +-", () => {
  expect(parse('claim "a" : a ~= b ± c').diagnostics).toEqual([]);
});

test("words are whole words", () => {
  expect(images("inf starts start startsx integral in")).toEqual(["inf", "starts", "start", "startsx", "integral", "in"]);
  expect(lex("inf").tokens[0]!.tokenType.name).toBe("Identifier");
});

test.each([...reservedWords])("`%s` is a name behind a point and before the `=` of a named argument, and nowhere else", (word) => {
  expect(parse(`fn f() = R.${word} + g(${word} = 1, ${word} = 2)`).diagnostics).toEqual([]);
  expect(parse(`model M(${word} = 1) { }`).diagnostics.map(({ code }) => code)).toEqual(["Q122"]);
  expect(parse(`fn f() = 2 * ${word}`).diagnostics).not.toEqual([]);
});

test.each(["α", "σ", "Ω", "ħ", "ℓ", "é", "ñ", "x₁", "m̂", "𝛼", "переменная", "変数", "_a", "ξ2"])("`%s` is a name", (name) => {
  const { file, diagnostics } = parse(`fn ${name}(x) = ${name}`);
  expect(diagnostics).toEqual([]);
  expect(file.items[0]).toMatchObject({ name: { name: name.normalize("NFC") } });
});

test("one name has one spelling", () => {
  const { file } = parse("fn µ() = μ\nfn e\u0301() = é");
  expect(file.items).toMatchObject([{ name: { name: "μ" }, body: { name: "μ" } }, { name: { name: "é" }, body: { name: "é" } }]);
});

test("levels are those of LANGUAGE.md section 2", () => {
  expect(operatorLevel["^"]).toBeGreaterThan(Level.prefix);
  expect(operatorLevel["*"]).toBeLessThan(Level.prefix);
  expect(Level.applied).toBeLessThan(operatorLevel["+"]);
  expect(operatorLevel["<"]).toBeLessThan(Level.applied);
  expect(operatorLevel.or).toBeLessThan(operatorLevel.and);
});

test("line ends of every system", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const { file, diagnostics } = parse(`# a${end}model M {${end}  let a = 1 # b${end}}${end}`);
    expect(diagnostics).toEqual([]);
    expect(file.comments.map(({ text, ownLine }) => [text, ownLine])).toEqual([["# a", true], ["# b", false]]);
  }
});

test("a byte order mark is white space", () => {
  expect(parse('\uFEFFimport "a"').diagnostics).toEqual([]);
});

/** No input makes the parser throw, hang (the runner ends a test that does), or point outside of the text: random text, mutated specs, and adversarial sizes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { syntaxCodes } from "../../grammar/codes.ts";
import { lex } from "../../grammar/lex.ts";
import { parse } from "../../grammar/parse.ts";
import { format } from "../../grammar/print.ts";
import { renderDiagnostic } from "../../grammar/renderDiagnostic.ts";
import { createSource } from "../../grammar/source.ts";
import { reservedWords } from "../../grammar/words.ts";
import { nodesOf } from "./expressionsOf.ts";
import { specs } from "./specs.ts";

const numRuns = Number(process.env["RUNS"] ?? 400);

/** What must hold of any text at all. */
function expectSound(text: string): ReturnType<typeof parse> {
  const result = parse(text);
  const source = createSource("any.quench", text);
  for (const diagnostic of result.diagnostics) {
    expect(Object.keys(syntaxCodes)).toContain(diagnostic.code);
    expect(diagnostic.labels.length).toBeGreaterThan(0);
    for (const { span } of diagnostic.labels) expectInside(span, text);
    renderDiagnostic(diagnostic, source);
  }
  for (const node of nodesOf(result.file)) expectInside(node.span, text);
  if (result.diagnostics.length === 0) expect(format(text).text).toBeDefined();
  return result;
}

function expectInside({ start, end }: { start: number; end: number }, text: string): void {
  if (!(start >= 0 && start <= end && end <= text.length)) expect({ start, end, length: text.length }).toBe("inside of the text");
}

describe("random text", () => {
  const words = fc.constantFrom(...reservedWords, "x", "sum", "log", "fresh", "from", "1", "0.5", '"t"', "#", "\n", " ", "=", "~", ":", "(", ")", "[", "]", "{", "}", ",", ".", "..", "->", "+-", "~=", "@", "^", "<", "**", "²", "“");
  test("of words of the language", () => {
    fc.assert(fc.property(fc.array(words, { maxLength: 60 }), fc.constantFrom("", " "), (parts, joint) => void expectSound(parts.join(joint))), { numRuns: numRuns * 5 });
  });
  test("of characters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void expectSound(text)), { numRuns });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void expectSound(Buffer.from(bytes).toString("latin1"))), { numRuns });
    fc.assert(fc.property(fc.uint16Array({ maxLength: 100 }), (units) => void expectSound(String.fromCharCode(...units))), { numRuns });
  });
});

describe.each(specs.filter(({ name }) => !name.includes("/")))("one mistake in $name", ({ text }) => {
  const { tokens } = lex(text);
  const places = tokens.map((token) => ({ start: token.startOffset, end: token.endOffset! + 1 }));
  const place = fc.constantFrom(...places);

  test("a token left out, doubled, replaced, or two exchanged", () => {
    const other = fc.constantFrom("(", ")", "[", "]", "{", "}", ",", "=", "==", "~", "x", "3", '"', "#", "+-", "..", "model", "energy", "in", "with", ";", "&&", "²", "\0");
    fc.assert(
      fc.property(place, other, fc.constantFrom("leave out", "double", "replace", "insert"), ({ start, end }, replacement, how) => {
        const kept = how === "leave out" ? "" : how === "double" ? `${text.slice(start, end)} ${text.slice(start, end)}` : how === "replace" ? replacement : `${replacement} ${text.slice(start, end)}`;
        const { diagnostics } = expectSound(text.slice(0, start) + kept + text.slice(end));
        // No cascades: a single mistake is at most a few findings.
        expect(diagnostics.length, diagnostics.map(({ message }) => message).join("\n")).toBeLessThanOrEqual(4);
      }),
      { numRuns },
    );
  });

  test("cut off anywhere", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: text.length }), (length) => void expectSound(text.slice(0, length))), { numRuns: Math.ceil(numRuns / 4) });
  });
});

describe("independent mistakes are all reported", () => {
  test.each(specs.filter(({ name }) => !name.includes("/")))("$name", ({ text }) => {
    // A `=` doubled in every declaration that has one at its first level.
    const lines = text.split("\n");
    const broken = lines.map((line) => line.replace(/^(\s+(?:let|energy|observable)\s+[^=]*=)/, "$1 ="));
    const changed = lines.flatMap((line, i) => (line === broken[i] ? [] : [i]));
    const { diagnostics } = expectSound(broken.join("\n"));
    const source = createSource("any", broken.join("\n"));
    const reported = diagnostics.map(({ labels }) => source.lines.findLastIndex((start) => start <= labels[0]!.span.start));
    expect(reported).toEqual(changed);
  });
});

describe("sizes", () => {
  const deep = 10_000;
  const texts: Record<string, string> = {
    "parentheses": `fn f(x) = ${"(".repeat(deep)}x${")".repeat(deep)}`,
    "open parentheses": `fn f(x) = ${"(".repeat(deep)}`,
    "closing parentheses": `fn f(x) = ${")".repeat(deep)}`,
    "braces": "model a {".repeat(deep),
    "signs": `fn f(x) = ${"-".repeat(deep)}x`,
    "powers": `fn f(x) = ${"x^".repeat(deep)}x`,
    "sums": `fn f(x) = ${"x+".repeat(deep)}x`,
    "reductions": `fn f(x) = ${"sum(i) ".repeat(deep)}x`,
    "members": `fn f(x) = x${".a".repeat(deep)}`,
    "subscripts": `fn f(x) = x${"[1]".repeat(deep)}`,
    "conditions": `fn f(x) = ${"if a then b else ".repeat(deep)}c`,
    "at": `fn f(x) = x${" at (a = 1)".repeat(deep)}`,
    "quotes": '"'.repeat(deep + 1),
    "zeros": "\0".repeat(deep),
    "operators": "&&".repeat(deep),
    "words": "model ".repeat(deep),
    "lines": "foo bar\n".repeat(deep),
    "a long name": `let ${"x".repeat(1_000_000)} = 3`,
    "a long line": `model M { ${"let a = 1 ".repeat(deep)} }`,
    "a long comment": `# ${"x".repeat(1_000_000)}`,
  };
  test.each(Object.entries(texts))("%s", (_name, text) => void expectSound(text));

  test("just below the limits parses, prints and parses again", () => {
    const bodies = [
      "(".repeat(200) + "x" + ")".repeat(200), "f(".repeat(199) + "x" + ")".repeat(199), "-".repeat(100) + "x", "not ".repeat(199) + "x", "x^".repeat(199) + "x",
      "if a then b else ".repeat(99) + "c", `${"if a then ".repeat(99)}c${" else d".repeat(99)}`, "x+".repeat(999) + "x", "x[".repeat(199) + "1" + "]".repeat(199), `x${" with w = x".repeat(999)}`,
    ];
    for (const body of bodies) {
      const first = format(`fn f(x) = ${body}`);
      expect(first.diagnostics).toEqual([]);
      expect(format(first.text!).text).toBe(first.text);
    }
  });
});

test("names that may have been declared in what can't be read are listed", () => {
  const { file, unreadable } = parse("model M(N = 3) {\n  let P = 3 3\n  state w[i in N] spin\n  energy E = 1\n}\nrun R of M(( {\n}\n");
  expect(file.items.map((item) => item.kind)).toEqual(["model"]);
  expect([...unreadable]).toEqual(expect.arrayContaining(["P", "w", "R"]));
});

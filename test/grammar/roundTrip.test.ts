/** parse∘print is the identity and formatting is idempotent: for the specs, for random trees, and with comments anywhere. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expression, SourceFile } from "../../grammar/ast.ts";
import { equalTrees, withoutPlaces } from "../../grammar/equal.ts";
import { lex } from "../../grammar/lex.ts";
import { parse } from "../../grammar/parse.ts";
import { format, print } from "../../grammar/print.ts";
import { arbitraryExpression, arbitraryFile } from "./arbitraryTree.ts";
import { expressionsOf } from "./expressionsOf.ts";
import { specs } from "./specs.ts";

const numRuns = Number(process.env["RUNS"] ?? 400);
const span = { start: 0, end: 0 };

function expectRoundTrip(file: SourceFile): void {
  const text = print(file);
  const again = parse(text);
  expect(again.diagnostics, text).toEqual([]);
  expectSame(again.file, file, text);
  expect(format(text).text).toBe(text);
}

function expectSame(actual: SourceFile, expected: SourceFile, text: string): void {
  if (!equalTrees(actual, expected)) expect({ text, tree: withoutPlaces(actual) }).toEqual({ text, tree: withoutPlaces(expected) });
}

/** The text under the place of every expression reads as that expression. */
function expectExactPlaces(text: string): void {
  for (const each of expressionsOf(parse(text).file)) {
    if (each.kind === "schedule" || each.kind === "range") continue;
    const part = text.slice(each.span.start, each.span.end);
    const { file, diagnostics } = parse(`fn f() = ${part}`);
    expect(diagnostics, part).toEqual([]);
    expect(equalTrees((file.items[0] as { body: typeof each }).body, each), part).toBe(true);
  }
}

describe.each(specs)("$name", ({ text }) => {
  test("parses, prints and parses again to the same", () => {
    const { file, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expectRoundTrip(file);
    const formatted = format(text).text!;
    expectSame(parse(formatted).file, file, formatted);
    expect(format(formatted).text).toBe(formatted);
  });

  test("has exact places", () => expectExactPlaces(text));

  test("keeps every comment, wherever it stands", () => {
    const { tokens } = lex(text);
    const insertion = fc.record({ at: fc.integer({ min: 0, max: tokens.length - 1 }), ownLine: fc.boolean() });
    fc.assert(
      fc.property(fc.array(insertion, { minLength: 1, maxLength: 6 }), (insertions) => {
        let commented = text;
        [...insertions]
          .sort((a, b) => b.at - a.at)
          .forEach(({ at, ownLine }, i) => {
            const offset = tokens[at]!.startOffset;
            commented = `${commented.slice(0, offset)}${ownLine ? "\n" : " "}# inserted ${i}.\n${commented.slice(offset)}`;
          });
        const formatted = format(commented).text!;
        const comments = (source: string): string[] => parse(source).file.comments.map((comment) => comment.text).sort();
        expect(comments(formatted)).toEqual(comments(commented));
        expectSame(parse(formatted).file, parse(text).file, formatted);
        expect(format(formatted).text).toBe(formatted);
      }),
      { numRuns: Math.ceil(numRuns / 10) },
    );
  });
});

test("random files", () => {
  fc.assert(fc.property(arbitraryFile, expectRoundTrip), { numRuns });
});

const asFile = (body: Expression): SourceFile => ({
  kind: "file", items: [{ kind: "fn", name: { kind: "identifier", name: "f", span }, parameters: [], body, span }], comments: [], span,
});

test("random expressions", () => {
  fc.assert(fc.property(arbitraryExpression, (body) => expectRoundTrip(asFile(body))), { numRuns: numRuns * 3 });
});

test("random expressions have exact places", () => {
  fc.assert(fc.property(arbitraryExpression, (body) => expectExactPlaces(print(asFile(body)))), { numRuns: Math.ceil(numRuns / 4) });
});

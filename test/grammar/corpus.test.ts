/** parse ∘ print is the identity on every program of the corpus, on random models as they are written, and on the blocks of the reference; formatting keeps comments and changes nothing twice. */
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { equalTrees } from "../../grammar/equal.ts";
import { parse } from "../../grammar/parse.ts";
import { format, print } from "../../grammar/print.ts";
import { accepted } from "../cases/accepted.ts";
import { arbitraryModel } from "../generated/arbitraryModel.ts";
import { modelText } from "../generated/modelText.ts";

const reference = readFileSync(join(import.meta.dirname, "../../grammar/LANGUAGE.md"), "utf8");
const texts = [
  ...accepted.map(({ name, text }) => ({ name, text })),
  ...[...reference.matchAll(/^```quench *\n([^]*?)^```$/gm)].map((m, k) => ({ name: `block ${k + 1} of the reference`, text: m[1]! })),
];

function expectRoundTrip(text: string): void {
  const { file, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  expect(equalTrees(parse(print(file)).file, file), text).toBe(true);
  const formatted = format(text).text!;
  const again = parse(formatted);
  expect(equalTrees(again.file, file), formatted).toBe(true);
  const comments = (source: typeof file): string[] => source.comments.map((c) => c.text).sort();
  expect(comments(again.file)).toEqual(comments(file));
  expect(format(formatted).text).toBe(formatted);
}

describe("written programs", () => {
  test.each(texts)("$name", ({ text }) => expectRoundTrip(text));
});

test("random models", () => {
  fc.assert(fc.property(arbitraryModel, (model) => expectRoundTrip(modelText(model))), { numRuns: Number(process.env["RUNS"] ?? 60), seed: 20260103 });
});

test("one token less: what can still be read is formatted once and for all", () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.nat(), ({ text }, where) => {
      const words = [...text.matchAll(/[\p{L}_]+|[^\s\p{L}_]/gu)];
      const at = words[where % words.length]!;
      const changed = text.slice(0, at.index) + text.slice(at.index + at[0].length);
      const written = format(changed).text;
      if (written !== undefined) expect(format(written).text).toBe(written);
    }),
    { numRuns: Number(process.env["RUNS"] ?? 60), seed: 20260104 },
  );
});

import { expect, test } from "vitest";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { renderDiagnostic } from "../../grammar/renderDiagnostic.ts";
import { createSource, positionAt } from "../../grammar/source.ts";

/** A diagnostic about the places of `needles` in a text. */
function about(text: string, labels: readonly (readonly [string, string])[], help?: string): Diagnostic {
  return {
    severity: "error",
    code: "Q204",
    message: "index `k` ranges over two different sizes",
    labels: labels.map(([needle, message]) => {
      const [before, part = ""] = needle.split("|");
      const start = text.indexOf(before!) + before!.length;
      return { span: { start, end: start + part.length }, message };
    }),
    ...(help ? { help } : {}),
  };
}
const show = (text: string, labels: readonly (readonly [string, string])[], help?: string): string => renderDiagnostic(about(text, labels, help), createSource("pspin.quench", text));

test("the layout of LANGUAGE.md section 6", () => {
  const text = "model M {\n\n\n  state  w[i in N] : real\n  energy H = sum(i, j, k) X[i,j,k] * w[i] * w[j] * v[k]\n}\n";
  expect(show(text, [["X[i,j,|k", "1..N, from X"], ["v[|k", "1..M, from v"]], "did you mean `w[k]`?")).toBe(
    [
      "error[Q204]: index `k` ranges over two different sizes                       pspin.quench:5:33",
      "  4 |   state  w[i in N] : real",
      "  5 |   energy H = sum(i, j, k) X[i,j,k] * w[i] * w[j] * v[k]",
      "    |                                 ^ 1..N, from X       ^ 1..M, from v",
      "  help: did you mean `w[k]`?",
    ].join("\n"),
  );
});

test("labels that are too close go below, from the right", () => {
  const text = "let a = f(x, y, z)";
  expect(show(text, [["f(|x", "the first one"], ["x, |y", "the second one"], ["y, |z", "the third"]]).split("\n").slice(2)).toEqual([
    "    |           ^  ^  ^ the third",
    "    |           |  the second one",
    "    |           the first one",
  ]);
});

test("labels on several lines, near and far; line numbers of several widths", () => {
  const text = Array.from({ length: 12 }, (_, i) => `line ${i + 1}`).join("\n");
  expect(show(text, [["line 11\nline |12", "here"], ["1\nline |2", "and here"], ["3\nline |4", "and there"]]).split("\n").slice(1)).toEqual([
    "   1 | line 1",
    "   2 | line 2",
    "     |      ^ and here",
    "   3 | line 3",
    "   4 | line 4",
    "     |      ^ and there",
    "     :",
    "  12 | line 12",
    "     |      ^^ here",
  ]);
});

test("the end of the text, an empty text, and places outside of it", () => {
  expect(show("abc", [["abc|", "missing"]]).split("\n").slice(1)).toEqual(["  1 | abc", "    |    ^ missing"]);
  expect(show("", [["|", "missing"]]).split("\n").slice(1)).toEqual(["  1 |", "    | ^ missing"]);
  const outside: Diagnostic = { severity: "warning", code: "Q1", message: "m", labels: [{ span: { start: 90, end: 99 }, message: "" }] };
  expect(renderDiagnostic(outside, createSource("f", "abc")).split("\n").slice(1)).toEqual(["  1 | abc", "    |    ^"]);
});

test("a diagnostic without a place", () => {
  expect(renderDiagnostic({ severity: "warning", code: "Q900", message: "nothing was measured", labels: [] }, createSource("f", "abc"))).toMatch(/^warning\[Q900\]: nothing was measured +f$/);
});

test("tabs, combining and wide characters keep the carets in place", () => {
  expect(show("\tm̂ = 変数 + x", [["+ |x", "here"]]).split("\n").slice(1)).toEqual(["  1 |     m̂ = 変数 + x", "    |                ^ here"]);
  expect(positionAt(createSource("f", "𝛼 = x"), 5)).toEqual({ line: 1, column: 5 });
});

test("control and reordering characters can't act on the terminal", () => {
  const shown = show("a\u001b[31m \u202e b\0", [["|a", "\u001b[2J"]], "\u0007");
  expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(shown).toContain("a␛[31m � b␀");
});

test("long lines are shown around their labels", () => {
  const text = `${"x".repeat(300)} here ${"y".repeat(300)} there ${"z".repeat(300)}`;
  const lines = show(text, [["x |here", "one"], ["y |there", "two"]]).split("\n").slice(1);
  expect(lines.map((line) => line.length).every((length) => length < 140)).toBe(true);
  expect(lines).toHaveLength(4);
  for (const [i, word] of [[0, "here"], [2, "there"]] as const) {
    const column = lines[i + 1]!.indexOf("^");
    expect(lines[i]!.slice(column, column + word.length)).toBe(word);
  }
});

test("a place of several lines is marked on its first", () => {
  expect(show("a = (b +\n c)", [["= |(b +\n c)", "all of it"]]).split("\n").slice(1)).toEqual(["  1 | a = (b +", "    |     ^^^^ all of it"]);
});

test("colours wrap the parts and change nothing else", () => {
  const text = "let a = b";
  const colored = renderDiagnostic(about(text, [["= |b", "here"]], "h"), createSource("f", text), { color: (style, part) => `<${style}>${part}</${style}>` });
  expect(colored.replaceAll(/<\/?\w+>/g, "")).toBe(renderDiagnostic(about(text, [["= |b", "here"]], "h"), createSource("f", text)));
  for (const style of ["error", "message", "location", "gutter", "caret", "help"]) expect(colored).toContain(`<${style}>`);
});

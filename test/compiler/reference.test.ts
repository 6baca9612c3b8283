/**
 * grammar/LANGUAGE.md: every block compiles, or is rejected by the code that it names; every reserved word stands in it; its tables are those of
 * the compiler (`UPDATE=1` writes them anew), and whatever isn't planned only is accepted where it stands.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../compiler/catalogue.ts";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { reservedWords } from "../../grammar/words.ts";

const path = join(import.meta.dirname, "../../grammar/LANGUAGE.md");
const page = readFileSync(path, "utf8");
const blocks = [...page.matchAll(/^```quench *(.*)\n([^]*?)^```$/gm)].map((m) => ({ line: page.slice(0, m.index).split("\n").length + 1, kind: m[1]!, text: m[2]! }));

describe("blocks", () => {
  test.each(blocks)("line $line", ({ kind, text }) => {
    const { diagnostics, models } = compile(text, { directory: dirname(path) });
    const wrong = /^wrong (Q\d+)$/.exec(kind)?.[1];
    expect([...new Set(diagnostics.map((d) => (wrong ? d.code : `${d.code}: ${d.message}`)))]).toEqual(wrong ? [wrong] : []);
    if (!wrong) for (const { name, program } of models) expect(program && generateModel(program).ok, name).toBe(true);
  });
});

test("there are blocks of every kind of item", () => {
  for (const item of ["model", "run", "theory", "claim", "plot", "table", "fn"]) expect(blocks.some((b) => b.kind === "" && new RegExp(`^${item} `, "m").test(b.text)), item).toBe(true);
});

test("every reserved word stands in the page", () => {
  const prose = page.replaceAll(/^\* Reserved words.*$/gm, "");
  expect(reservedWords.filter((word) => !new RegExp(`\`[^\`]*\\b${word}\\b|^ *${word} `, "m").test(prose))).toEqual([]);
});

test("the tables are those of the compiler", () => {
  const escaped = (text: string): string => text.replaceAll("|", "\\|");
  const tables = catalogue().map(({ title, entries }) =>
    `### ${title}\n\n| | |\n|---|---|\n${entries.map((e) => `| \`${e.form}\` | ${escaped(e.doc)} |`).join("\n")}\n`).join("\n");
  const [begin, end] = [/<!-- tables: .*-->\n/, "<!-- end of tables -->"];
  const from = begin.exec(page)!;
  const written = page.slice(from.index + from[0].length, page.indexOf(end));
  if (process.env["UPDATE"] === "1") writeFileSync(path, page.slice(0, from.index + from[0].length) + `\n${tables}\n` + page.slice(page.indexOf(end)));
  else expect(written.trim()).toBe(tables.trim());
});

/** Rejected programs: what is printed about each file in `rejected/` stands beside it. `UPDATE=1` writes it anew. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { syntaxCodes } from "../../grammar/codes.ts";
import { parse } from "../../grammar/parse.ts";
import { renderDiagnostic } from "../../grammar/renderDiagnostic.ts";
import { createSource } from "../../grammar/source.ts";
import { itemWords, stepWords, theoryWords } from "../../grammar/words.ts";

const folder = join(import.meta.dirname, "rejected");
const programs = readdirSync(folder).filter((name) => name.endsWith(".quench"));
/** Needs a file of its own making. */
const counted = "Q199";

describe("rejected programs", () => {
  test.each(programs)("%s", (name) => {
    const text = readFileSync(join(folder, name), "utf8");
    const { diagnostics } = parse(text);
    const rendered = `${diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, createSource(name, text))).join("\n\n")}\n`;
    const golden = join(folder, name.replace(/quench$/, "txt"));
    if (process.env["UPDATE"] || !existsSync(golden)) writeFileSync(golden, rendered);
    expect(rendered).toBe(readFileSync(golden, "utf8"));
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(name.slice(0, 4));
  });

  test("every code has a program, and every program's code is listed", () => {
    const codes = new Set(programs.map((name) => name.slice(0, 4)));
    expect([...codes].sort()).toEqual(Object.keys(syntaxCodes).filter((code) => code !== counted));
  });

  test("more than a hundred errors are counted", () => {
    const text = Array.from({ length: 130 }, () => "claim 3 : 1 < 2\n").join("");
    const { diagnostics } = parse(text);
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)).toMatchObject({ code: counted, message: "30 more errors are not shown" });
  });
});

describe("pages", () => {
  /** An example in the block that it belongs in. */
  function complete(example: string): string {
    const word = /^\w+/.exec(example)?.[0] ?? "";
    if ((itemWords as readonly string[]).includes(word)) return example;
    const block = (stepWords as readonly string[]).includes(word) ? "run R of M" : (theoryWords as readonly string[]).includes(word) && word !== "let" ? "theory T" : "model M";
    return `${block.replace("theory T", word === "observable" ? "model M" : "theory T")} {\n${example}\n}`;
  }
  const examples = Object.entries(syntaxCodes).map(([code, { page }]) => {
    const [, wrong, right] = /\n\nWrong:\n\n([^]*)\n\nRight:\n\n([^]*)\n$/.exec(page)!;
    const dedent = (text: string): string => text.replaceAll(/^ {4}/gm, "");
    return { code, wrong: dedent(wrong!), right: dedent(right!) };
  });
  test.each(examples)("$code has a right and a wrong example", ({ code, wrong, right }) => {
    expect(parse(complete(right)).diagnostics).toEqual([]);
    if (!wrong.includes("…\n") && !wrong.endsWith("…")) expect(parse(complete(wrong)).diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });
  test("every code in the sources has a page", () => {
    const sources = readdirSync(join(import.meta.dirname, "../../grammar")).map((name) => readFileSync(join(import.meta.dirname, "../../grammar", name), "utf8"));
    const used = new Set(sources.filter((text) => !text.includes("syntaxCodes:")).flatMap((text) => text.match(/"Q1\d\d"/g) ?? []));
    expect([...used].map((code) => code.slice(1, -1)).sort()).toEqual(Object.keys(syntaxCodes));
  });
});

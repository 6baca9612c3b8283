/**
 * test/coverage.md: which rules of the grammar stand in programs that are checked, run with numbers asserted (test/pipeline/claims.test.ts, on both
 * targets; test/cases/assertedSegments.ts says which parts of a program those are), emitted as TypeScript and as WASM, as tensor programs, and explained; then, for each entry of the compiler's tables, in how many programs asserted numbers
 * depend on it. Nothing in it is written by hand: `UPDATE=1` writes it anew.
 */
import type { CstNode } from "chevrotain";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { catalogue } from "../compiler/catalogue.ts";
import { compile } from "../compiler/compile.ts";
import { explainModel } from "../compiler/explain.ts";
import { generateModel } from "../compiler/generateModel.ts";
import { tensorCode } from "../compiler/tensorCode.ts";
import { matchBrackets } from "../grammar/brackets.ts";
import { classify } from "../grammar/classify.ts";
import { lex } from "../grammar/lex.ts";
import { outline, type Segment } from "../grammar/outline.ts";
import { readSegment, ruleNames } from "../grammar/parser.ts";
import { segmentRules } from "../grammar/segmentRules.ts";
import { accepted, notRun } from "./cases/accepted.ts";
import { assertedSegments } from "./cases/assertedSegments.ts";

const root = join(import.meta.dirname, "..");
const reference = join(root, "grammar/LANGUAGE.md");

interface Program { readonly text: string; readonly directory: string; readonly asserted?: boolean }
const programs: readonly Program[] = [
  ...accepted,
  ...readdirSync(join(root, "examples")).filter((name) => name.endsWith(".quench")).map((name) => ({ text: readFileSync(join(root, "examples", name), "utf8"), directory: join(root, "examples"), asserted: false })),
  ...[...readFileSync(reference, "utf8").matchAll(/^```quench\n([^]*?)^```$/gm)].map((m) => ({ text: m[1]!, directory: dirname(reference), asserted: false })),
];

function collect(node: CstNode, rules: Set<string>): void {
  rules.add(node.name);
  for (const child of Object.values(node.children).flat()) if ("children" in child) collect(child, rules);
}

/** The rules by which segments are read. */
function rulesOf(segments: readonly Segment[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const segment of segments) {
    classify(segment, matchBrackets(segment).pairs);
    const { tree } = readSegment(segmentRules[segment.word]!, segment.tokens);
    if (tree) collect(tree, found);
  }
  return found;
}
const segmentsOf = (text: string): readonly Segment[] => outline(lex(text).tokens).items.flatMap(({ head, body }) => [head, ...body]);

/** Rules and entries of which no claim can depend, with the tests that hold their numbers against independent values. */
const elsewhere: Readonly<Record<string, string>> = Object.fromEntries(["plotClause", "plotItem", "rangeVariable", "recordStep", "tableItem", "histogram"].map((name) => [name, "pipeline/plotsAndTables.test.ts"]));

/** How many programs name an entry of a table where the numbers of their claims depend on it, outside of comments and texts. */
const codes = accepted.filter((p) => p.asserted).map((p) => assertedSegments(p.text).map(({ tokens }) => p.text.slice(tokens[0]!.startOffset, tokens.at(-1)!.endOffset! + 1)).join("\n").replaceAll(/#.*|"[^"]*"/g, ""));
const tables = catalogue().map(({ title, entries }) => ({
  title, entries: entries.map(({ form }) => {
    const name = /^[\p{L}_]+[\p{L}\p{N}_]*/u.exec(form)![0];
    return { name, programs: codes.filter((text) => new RegExp(`(?<![\\p{ID_Continue}.])${name}(?!\\p{ID_Continue})`, "u").test(text)).length };
  }),
}));

test("every entry of the tables stands in a program whose numbers are asserted", () => {
  expect(tables.flatMap(({ title, entries }) => entries.flatMap((e) => (e.programs === 0 && !Object.hasOwn(elsewhere, e.name) ? [`${title}: ${e.name}`] : [])))).toEqual([]);
});

test("tests that hold numbers elsewhere are there, and mean what they are named for", () => {
  for (const [name, path] of Object.entries(elsewhere)) {
    const text = readFileSync(join(import.meta.dirname, path), "utf8");
    const spec = /const text = `([^`]*)`/.exec(text)![1]!;
    expect(rulesOf(segmentsOf(spec)).has(name) || spec.includes(`${name}(`), name).toBe(true);
  }
});

const columns = ["check", "run", "typescript", "wasm", "tfjs", "explain"] as const;

test("every tick of coverage.md is earned, and its rules are those of the grammar", () => {
  const covered = new Map(columns.map((c) => [c, new Set<string>()]));
  // Those with asserted numbers first: a program is compiled further only where that shows something new.
  for (const { text, directory, asserted = false } of [...programs].sort((a, b) => Number(b.asserted ?? false) - Number(a.asserted ?? false) || a.text.length - b.text.length)) {
    const rules = [...rulesOf(segmentsOf(text))];
    const lacks = (column: (typeof columns)[number]): boolean => rules.some((rule) => !covered.get(column)!.has(rule));
    const add = (column: (typeof columns)[number]): void => rules.forEach((rule) => covered.get(column)!.add(rule));
    if (!columns.some((c) => c !== "run" && lacks(c)) && !asserted) continue;
    const { diagnostics, models } = compile(text, { directory });
    if (diagnostics.some((d) => d.severity === "error")) continue;
    add("check");
    if (asserted) for (const rule of rulesOf(assertedSegments(text))) covered.get("run")!.add(rule);
    const runnable = models.flatMap((m) => (m.program ? [m.program] : []));
    const generated = lacks("typescript") || lacks("wasm") || lacks("tfjs") ? runnable.map((program) => generateModel(program)) : [];
    if (generated.some((g) => g.ok && g.javascript.length > 0)) add("typescript");
    if (generated.some((g) => g.ok && g.scheduled.kernels.some((k) => k.target === "wasm"))) add("wasm");
    const explained = (): boolean => runnable.some((program) => explainModel(program, Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), { target: "wasm" }).length > 0);
    if (lacks("explain") && explained()) add("explain");
    if (generated.some((g) => g.ok && tensorCode(g.procedures).ok)) add("tfjs");
  }
  for (const rule of ruleNames()) if (Object.hasOwn(elsewhere, rule)) covered.get("run")!.add(rule);
  const row = (rule: string, tick: (column: (typeof columns)[number]) => boolean): string => `| \`${rule}\` | ${columns.map((c) => (tick(c) ? "✓" : "—")).join(" | ")} |`;
  const rules = [...ruleNames()].sort();
  const path = join(import.meta.dirname, "coverage.md");
  if (process.env["UPDATE"] === "1") {
    const rows = rules.map((rule) => row(rule, (c) => covered.get(c)!.has(rule)));
    writeFileSync(path, `# Coverage\n\nRules of the grammar × what is done with programs that use them. Written by \`UPDATE=1 npx vitest run test/coverage.test.ts\`. "run": numbers that depend on it are asserted against independent values, on TypeScript and WASM: claims of accepted programs (pipeline/claims.test.ts), of which only what a claim depends on is counted, or \`pipeline/plotsAndTables.test.ts\`; "tfjs": its model has a tensor form, whose energy and gradient pipeline/targetsAgree.test.ts compares.\n\n| rule | ${columns.join(" | ")} |\n|---|${columns.map(() => "---|").join("")}\n${rows.join("\n")}\n\n${tables.map(({ title, entries }) => `## ${title}\n\n| | programs with asserted numbers |\n|---|---|\n${entries.map((e) => `| \`${e.name}\` | ${e.programs || elsewhere[e.name]} |`).join("\n")}\n`).join("\n")}\n## Accepted programs whose claims are not decided here\n\n| | why |\n|---|---|\n${Object.entries(notRun).map(([name, why]) => `| \`${name}\` | ${why} |`).join("\n")}\n`);
  }
  const page = readFileSync(path, "utf8");
  for (const { entries } of tables) for (const { name } of entries) expect(page).toContain(`| \`${name}\` |`);
  const listed = [...page.slice(0, page.indexOf("\n## ")).matchAll(/^\| `(\w+)` \| (.*) \|$/gm)].map((m) => ({ rule: m[1]!, ticks: m[2]!.split(" | ") }));
  expect(listed.map((l) => l.rule)).toEqual(rules);
  const lost = listed.flatMap(({ rule, ticks }) => columns.filter((c, k) => ticks[k] === "✓" && !covered.get(c)!.has(rule)).map((c) => `${rule}: ${c}`));
  expect(lost).toEqual([]);
}, 60_000);

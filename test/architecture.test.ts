/** Holds the folder structure to ARCHITECTURE.md: which folder may import which, no cycles, no long file without a reason. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const layers = ["grammar", "runtime", "compiler", "api", "cli"];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

interface Import { from: string; to: string; typeOnly: boolean }

/** Static and dynamic imports of a file; relative ones resolved to paths from the root, others kept as package names. */
function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8").replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const found = text.matchAll(/(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^;"'`]*?\sfrom\s+)?["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g);
  return [...found].map((m) => {
    const specifier = m[3] ?? m[4]!;
    return { from: file, to: specifier.startsWith(".") ? relative(root, resolve(root, dirname(file), specifier)) : specifier, typeOnly: m[2] !== undefined };
  });
}

const files = layers.flatMap(sources);
const imports = files.flatMap(importsOf);
const ours = imports.filter((i) => layers.some((l) => i.to.startsWith(`${l}/`)));
const layer = (path: string): string => path.split("/")[0]!;

/** Which layers a layer may import: values and types, or types only. */
const allowed: Record<string, { values: string[]; types: string[] }> = {
  grammar: { values: [], types: [] },
  runtime: { values: [], types: [] },
  compiler: { values: ["grammar", "runtime"], types: ["grammar", "runtime"] },
  api: { values: ["grammar", "compiler", "runtime"], types: ["grammar", "compiler", "runtime"] },
  cli: { values: ["grammar", "compiler", "runtime"], types: ["grammar", "compiler", "runtime"] },
};

test("arrows between the layers run one way", () => {
  const wrong = ours.filter((i) => layer(i.from) !== layer(i.to) && !allowed[layer(i.from)]![i.typeOnly ? "types" : "values"].includes(layer(i.to)));
  expect(wrong).toEqual([]);
});

test("a phase of the compiler imports only earlier phases, ir, library and its own", () => {
  const phase = (path: string): number => Number(/^compiler\/(\d)-/.exec(path)?.[1] ?? NaN);
  const wrong = ours.filter((i) => phase(i.from) < phase(i.to));
  const library = ours.filter((i) => /^compiler\/(ir|library)\//.test(i.from) && /^compiler\/(\d-|theory\/)/.test(i.to));
  expect([...wrong, ...library]).toEqual([]);
});

test("every import names a file that exists", () => {
  expect(ours.filter((i) => !files.includes(i.to)).map((i) => `${i.from} → ${i.to}`)).toEqual([]);
});

test("there are no import cycles (types aside)", () => {
  const next = new Map<string, string[]>();
  for (const i of ours) if (!i.typeOnly) next.set(i.from, [...(next.get(i.from) ?? []), i.to]);
  const state = new Map<string, "open" | "done">();
  const cycles: string[] = [];
  const walk = (file: string, path: string[]): void => {
    if (state.get(file) === "open") cycles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (state.has(file)) return;
    state.set(file, "open");
    for (const to of next.get(file) ?? []) walk(to, [...path, file]);
    state.set(file, "done");
  };
  files.forEach((f) => walk(f, []));
  expect(cycles).toEqual([]);
});

test("each dependency is imported in one file", () => {
  const packages = new Map<string, Set<string>>();
  for (const i of imports) {
    if (ours.includes(i) || i.to.startsWith("node:") || i.to.startsWith(".") || i.typeOnly) continue;
    const name = i.to.startsWith("@") ? i.to.split("/").slice(0, 2).join("/") : i.to.split("/")[0]!;
    packages.set(name, (packages.get(name) ?? new Set()).add(i.from));
  }
  // Chevrotain's lexer and parser are two concepts: tokens and grammar.
  const many = [...packages].filter(([name, where]) => where.size > (name === "chevrotain" ? 2 : 1)).map(([name, where]) => `${name}: ${[...where].join(", ")}`);
  expect(many).toEqual([]);
});

test("files stay below 400 lines, or say why in their header", () => {
  const long = files.filter((f) => {
    const text = readFileSync(join(root, f), "utf8");
    return text.split("\n").length > 400 && !/\blong\w*\b[^.]*because/i.test(text.slice(0, 1500));
  });
  expect(long).toEqual([]);
});

test("every entry of every table says what it is", async () => {
  const { ops } = await import("../compiler/library/ops/index.ts");
  const { libraryFunctions } = await import("../compiler/library/functions/index.ts");
  const { reductions } = await import("../compiler/library/reductions/index.ts");
  const { distributions } = await import("../compiler/library/distributions/index.ts");
  const { domains } = await import("../compiler/library/domains/index.ts");
  const { theories } = await import("../compiler/library/theories/index.ts");
  const { dynamics } = await import("../runtime/dynamics/index.ts");
  const { estimators } = await import("../runtime/estimators/index.ts");
  const tables: Record<string, Record<string, unknown>> = { ops, libraryFunctions, reductions, distributions, domains, theories, dynamics, estimators };
  for (const [table, entries] of Object.entries(tables)) {
    expect(Object.keys(entries).length, table).toBeGreaterThan(1);
    for (const [name, entry] of Object.entries(entries)) expect((entry as { doc?: string }).doc?.length ?? 0, `${table}.${name}`).toBeGreaterThan(5);
  }
  for (const [name, op] of Object.entries(ops)) expect(op.samples.length, name).toBeGreaterThanOrEqual(2);
});

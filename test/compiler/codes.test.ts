/** Diagnostic codes: one table each, a page each, and no code in the sources that has none. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { codes, codeTables } from "../../compiler/codes.ts";

const root = resolve(import.meta.dirname, "../..");

test("a code stands in one table only", () => {
  const all = codeTables.flatMap((table) => Object.keys(table));
  expect(all.filter((code, k) => all.indexOf(code) !== k)).toEqual([]);
});

test("every code has a title and a page", () => {
  for (const [code, { title, page }] of Object.entries(codes)) {
    expect(code).toMatch(/^Q\d{3}$/);
    expect(title.length, code).toBeGreaterThan(3);
    expect(page.length, code).toBeGreaterThan(40);
  }
});

test("every code that the sources name has a page, and every page's code is named somewhere", () => {
  const named = new Set<string>();
  for (const layer of ["grammar", "compiler", "runtime", "cli"]) {
    for (const entry of readdirSync(join(root, layer), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.endsWith(".ts") || /codes/.test(join(entry.parentPath, entry.name))) continue;
      for (const [, code] of readFileSync(join(entry.parentPath, entry.name), "utf8").matchAll(/"(Q\d{3})"/g)) named.add(code!);
    }
  }
  expect([...named].filter((code) => !(code in codes))).toEqual([]);
  expect(Object.keys(codes).filter((code) => !named.has(code))).toEqual([]);
});

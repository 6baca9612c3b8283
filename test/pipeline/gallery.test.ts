/** The gallery: classics in at most 25 lines, with a source, claims against known results, and nothing that this version cannot run. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";

const folder = join(import.meta.dirname, "../../examples");
const papers = ["loss-surfaces.quench", "thermal-landscape.quench", "atypical-transitions.quench"];
const gallery = readdirSync(folder).filter((name) => name.endsWith(".quench") && !papers.includes(name));

test("there are at least twelve", () => expect(gallery.length).toBeGreaterThanOrEqual(12));

describe("each", () => {
  test.each(gallery)("%s", (name) => {
    const text = readFileSync(join(folder, name), "utf8");
    expect(text.trimEnd().split("\n").length).toBeLessThan(25);
    expect(text, "the source of what is claimed").toMatch(/^#.*\d{4}\)/m);
    const { diagnostics, claims, models } = compile(text, { directory: folder });
    expect(diagnostics).toEqual([]);
    expect(claims.length).toBeGreaterThan(0);
    for (const { program } of models) expect(generateModel(program!).ok).toBe(true);
  });
});

/**
 * docs/: every block is compiled or run, in the order of its page and in a folder of the page's own. `quench NAME` is written there and accepted without a
 * warning, by the calls of the page where there are some; `quench wrong CODE` is rejected with that code; `ts NAME` is type-checked with all others and, where `run` follows, run on the built package; of `sh`, each line is
 * a call of the built command line that must end well.
 */
import { transformSync } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import ts from "typescript";
import { compile } from "../compiler/compile.ts";
import { quench } from "./cli/commandLine.ts";

const root = join(import.meta.dirname, "..");
const docs = join(root, "docs");
// Inside of the package, so that its name is known there.
const place = join(root, "runs/docs");
rmSync(place, { recursive: true, force: true });

interface Block { readonly page: string; readonly folder: string; readonly line: number; readonly language: string; readonly info: readonly string[]; readonly text: string }
const pages = readdirSync(docs).filter((name) => name.endsWith(".md")).sort();
const blocks = pages.flatMap((page): Block[] => {
  const text = readFileSync(join(docs, page), "utf8");
  return [...text.matchAll(/^```(\S*) *(.*)\n([^]*?)^```$/gm)].map((m) => ({
    page, folder: join(place, page.replace(".md", "")), line: text.slice(0, m.index).split("\n").length + 1, language: m[1]!, info: m[2]!.split(" ").filter((w) => w !== ""), text: m[3]!,
  }));
});

/** Specifications that the calls of a page read. */
const called = (page: string): ReadonlySet<string> => new Set(blocks.filter((b) => b.page === page && b.language === "sh").flatMap((b) => b.text.split(/\s/)));

// All files are there before anything runs: a page may show a file after its use.
for (const { folder, info: [name], language, text } of blocks) {
  mkdirSync(folder, { recursive: true });
  if (name !== undefined && name !== "wrong" && language !== "sh") writeFileSync(join(folder, name), text);
  if (language === "ts" && name !== undefined) writeFileSync(join(folder, name.replace(/\.ts$/, ".mjs")), transformSync(text, { loader: "ts" }).code.replaceAll(/(from "\.[^"]*)\.ts"/g, '$1.mjs"'));
}

describe.each(pages.filter((page) => blocks.some((b) => b.page === page)))("%s", (page) => {
  const own = blocks.filter((b) => b.page === page);
  test.each(own.map((b) => [b.line, b.language, b.info.join(" "), b] as const))("line %i: %s %s", async (_, language, __, { folder, info, text }) => {
    switch (language) {
      case "quench": {
        const [first, code] = info;
        if (first !== undefined && called(page).has(first)) return;
        const { diagnostics } = compile(text, { directory: folder });
        if (first === "wrong") expect([...new Set(diagnostics.map((d) => d.code))]).toEqual([code]);
        else expect(diagnostics.map((d) => `${d.code}: ${d.message}`)).toEqual([]);
        return;
      }
      case "ts":
        if (info[1] === "run") execFileSync(process.execPath, [join(folder, info[0]!.replace(/\.ts$/, ".mjs"))], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
        return;
      case "sh":
        for (const line of text.trim().split("\n")) {
          const [command, ...words] = line.split(" ");
          expect(command).toBe("quench");
          const { status, stdout, stderr } = await quench(words, { cwd: folder });
          expect(status, `${line}\n${stdout}${stderr}`).toBe(0);
          expect(stderr).not.toMatch(/^(?:warning|error)\[Q[0-7]/m);
        }
        return;
      default: throw new Error(`what is a block of ${language || "nothing"}?`);
    }
  }, 120_000);
});

test("blocks of TypeScript are strictly typed", () => {
  const files = blocks.filter((b) => b.language === "ts").map((b) => join(b.folder, b.info[0]!));
  const program = ts.createProgram(files.filter((f) => !f.endsWith("use-built.ts")), {
    strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: ["node"], typeRoots: [join(root, "node_modules/@types")], target: ts.ScriptTarget.ES2022, lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, // As users have them.
    paths: { quench: [join(root, "dist/types/api/index.d.ts")], "quench/extend": [join(root, "dist/types/compiler/extend.d.ts")] },
  });
  const found = files.flatMap((path) => { const file = program.getSourceFile(path); return file ? [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)] : []; });
  expect(found.map((d) => `${d.file?.fileName}: ${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`)).toEqual([]);
});

test("links lead to files", () => {
  for (const page of pages) for (const [, target] of readFileSync(join(docs, page), "utf8").matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
    expect(() => readFileSync(join(docs, dirname(page), target!)), `${page}: ${target}`).not.toThrow();
  }
});

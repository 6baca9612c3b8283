/** `import`: names of other files, each file once, places in the right file, clashes, circles and files that are not there. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { renderDiagnostic } from "../../grammar/index.ts";

const folder = mkdtempSync(join(tmpdir(), "quench-imports-"));
function compiled(files: Readonly<Record<string, string>>): { readonly codes: readonly string[]; readonly text: string } {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const name = join(folder, "main.quench");
  const compilation = compile(files["main.quench"]!, { name, directory: folder });
  return { codes: compilation.diagnostics.map((d) => d.code), text: compilation.diagnostics.map((d) => renderDiagnostic(d, compilation.source)).join("\n").replaceAll(`${folder}/`, "") };
}
const model = "model M(N = 3) {\n  state s[i in N] : spin\n  energy H = f(s[1])\n}\n";

test("models, functions and runs of other files; a file that two import comes once", () => {
  const main = join(import.meta.dirname, "fixtures/imports/main.quench");
  const compilation = compile(readFileSync(main, "utf8"), { name: main, directory: dirname(main) });
  expect(compilation.diagnostics).toEqual([]);
  expect(compilation.models.map((m) => m.name)).toEqual(["Pair"]);
  expect(compilation.runs.map((r) => r.run)).toEqual(["Exact"]);
});

test("an error in an imported file is shown there", () => {
  const { codes, text } = compiled({ "main.quench": `import "lib/f.quench"\n${model}`, "lib/f.quench": "# a library\nfn f(x) = x + y\n" });
  expect(codes).toEqual(["Q200"]);
  expect(text).toMatch(/lib\/f\.quench:2:15\n {2}1 \| # a library\n {2}2 \| fn f\(x\) = x \+ y/);
});

test("a clash is an error at both places", () => {
  const { codes, text } = compiled({ "main.quench": `import "f.quench"\nfn f(x) = x\n${model}`, "f.quench": "\n\nfn f(x) = 2 * x\n" });
  expect(codes).toEqual(["Q201"]);
  expect(text).toContain("f.quench:3:4");
  expect(text).toContain("in main.quench");
});

test("circles, and files that are not there", () => {
  expect(compiled({ "main.quench": `import "a.quench"\n${model}`, "a.quench": 'import "b.quench"\nfn f(x) = x\n', "b.quench": 'import "a.quench"\n' })).toMatchObject({ codes: ["Q012"], text: expect.stringContaining("b.quench:1:8") as string });
  expect(compiled({ "main.quench": 'import "main.quench"\nfn f(x) = x' }).codes).toEqual(["Q012"]);
  const { codes, text } = compiled({ "main.quench": `import "nowhere.quench"\nfn f(x) = x\n${model}` });
  expect(codes).toEqual(["Q011"]);
  expect(text).toContain("there is no file");
});

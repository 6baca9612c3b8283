/** An extension file and all that it imports, as one text: files and packages become functions in it, so that it needs none of them later. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { ExtensionText } from "../../runtime/extensions/extension.ts";
import { findFile } from "./findFile.ts";
import { stripTypes } from "./stripTypes.ts";

/** What is there beside files: imported when the text is evaluated. */
const provided: ReadonlySet<string> = new Set(["quench/extend"]);

interface Module { readonly javascript: string; readonly imports: Readonly<Record<string, number>> }

/**
 * @param path of the file; @param file that name for messages
 * @throws Error for a file that cannot be read or parsed, with its place
 */
export function bundle(path: string, file: string): ExtensionText {
  const numbers = new Map<string, number>();
  const modules: Module[] = [];
  const hash = createHash("sha256");
  const add = (place: string): number => {
    const before = numbers.get(place);
    if (before !== undefined) return before;
    const number = numbers.size;
    numbers.set(place, number);
    const text = readFileSync(place, "utf8");
    hash.update(text);
    const javascript = stripTypes(text, place);
    const imports: Record<string, number> = {};
    for (const [, , wanted] of javascript.matchAll(/\brequire\((['"])([^'"\n]+)\1\)/g)) {
      if (provided.has(wanted!) || wanted!.startsWith("node:")) continue;
      const found = findFile(wanted!, dirname(place));
      // One that isn't there is told when it is asked for: this may be the text of a comment.
      if ("path" in found) imports[wanted!] = add(found.path);
    }
    modules[number] = { javascript, imports };
    return number;
  };
  add(path);
  const [main] = modules as [Module, ...Module[]];
  return { name: `extension_${hash.digest("hex").slice(0, 12)}`, file, javascript: modules.length === 1 ? main.javascript : joined(modules) };
}

/** Modules by number, each evaluated when it is first imported; the exports are those of number 0. */
function joined(modules: readonly Module[]): string {
  const text = modules.map(({ javascript, imports }) => `[${JSON.stringify(imports)}, (exports, require, module) => {\n${javascript}\n}],`).join("\n");
  return [
    `const modules = [\n${text}\n];`,
    "const loaded = [];",
    "const load = (number) => {",
    "  if (loaded[number]) return loaded[number].exports;",
    "  const module = (loaded[number] = { exports: {} });",
    "  const [imports, run] = modules[number];",
    "  run(module.exports, (name) => (Object.hasOwn(imports, name) ? load(imports[name]) : require(name)), module);",
    "  return module.exports;",
    "};",
    "Object.assign(exports, load(0));",
  ].join("\n");
}

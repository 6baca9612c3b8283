/** The functions that are written in the language itself: `library/` of the package, imported as `import "quench/moments.quench"`. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parse } from "../grammar/index.ts";

// The folder stands beside that of the sources, and beside dist/ in the package.
const folder = fileURLToPath(new URL("../library/", import.meta.url));
const prefix = "quench/";

export const isLibraryPath = (path: string): boolean => path.startsWith(prefix);
export const libraryPath = (path: string): string => folder + path.slice(prefix.length);

/** Its files, as `import` names them. */
export const libraryFiles = (): readonly string[] => readdirSync(folder).filter((name) => name.endsWith(".quench")).sort().map((name) => prefix + name);

export interface LibraryEntry {
  readonly file: string;
  readonly name: string;
  /** `binder(m2, m4)` */
  readonly form: string;
  /** The comment before it. */
  readonly doc: string;
}

export function libraryEntries(): readonly LibraryEntry[] {
  return libraryFiles().flatMap((file) => {
    const text = readFileSync(libraryPath(file), "utf8");
    return parse(text).file.items.flatMap((item): readonly LibraryEntry[] => {
      if (item.kind !== "fn") return [];
      const comment = /(?:^|\n)((?:#[^\n]*\n)+)$/.exec(text.slice(0, item.span.start))?.[1] ?? "";
      return [{
        file, name: item.name.name, form: `${item.name.name}(${item.parameters.map((p) => p.name.name).join(", ")})`,
        doc: comment.split("\n").map((line) => line.replace(/^#\s*/, "")).join(" ").trim(),
      }];
    });
  });
}

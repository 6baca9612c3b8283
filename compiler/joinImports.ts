/**
 * `import "lib.quench"`: the texts of imported files stand behind the specification's own, each once, and the whole is one text for every phase.
 * Names are resolved over all of it, a clash is one as within a file, and a place belongs to the file it came from (`Source.parts`).
 */
import { readFileSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { isLibraryPath, libraryFiles, libraryPath } from "./standardLibrary.ts";
import type { Span } from "../grammar/span.ts";
import { createSource, parse, type Diagnostic, type ParseResult, type Source, type SourcePart } from "../grammar/index.ts";

export interface JoinedSource {
  readonly source: Source;
  /** What the whole reads as. */
  readonly parsed: ParseResult;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param directory where the paths of the specification's own imports start; those of an imported file start where that lies */
export function joinImports(own: Source, directory = "."): JoinedSource {
  const diagnostics: Diagnostic[] = [];
  const parts: SourcePart[] = [];
  const self = resolve(directory, basename(own.name));
  const joined = new Set<string>([self]);
  let text = own.text;
  const report = (code: string, message: string, span: Span, help: string): void =>
    void diagnostics.push({ severity: "error", code, message, labels: [{ span, message: "" }], help, arguments: {} });
  const joinPart = (part: string, start: number, folder: string, path: readonly string[]): ParseResult => {
    const parsed = parse(part);
    for (const item of parsed.file.items) {
      if (item.kind !== "import") continue;
      const span = { start: item.path.span.start + start, end: item.path.span.end + start };
      const name = isLibraryPath(item.path.value) ? libraryPath(item.path.value) : isAbsolute(item.path.value) ? item.path.value : join(folder, item.path.value);
      if (path.includes(resolve(name))) {
        report("Q012", `\`${item.path.value}\` imports itself${path.length > 1 ? ` through ${path.length - 1} other file${path.length > 2 ? "s" : ""}` : ""}`, span, "move what both need into a file of its own");
        continue;
      }
      if (joined.has(resolve(name))) continue;
      joined.add(resolve(name));
      let imported: string;
      try {
        imported = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(name));
      } catch (error) {
        report("Q011", `\`${item.path.value}\` cannot be read: ${error instanceof TypeError ? "it is not UTF-8 text" : `there is no file ${name}`}`, span, isLibraryPath(item.path.value) ? `the library has ${libraryFiles().join(", ")}` : "paths start at the folder of the file that imports");
        continue;
      }
      const at = text.length + 1;
      text = `${text}\n${imported}`;
      parts.push({ name, start: at });
      joinPart(imported, at, dirname(name), [...path, resolve(name)]);
    }
    return parsed;
  };
  const parsed = joinPart(own.text, 0, directory, [self]);
  return parts.length === 0 ? { source: own, parsed, diagnostics } : { source: { ...createSource(own.name, text), parts }, parsed: parse(text), diagnostics };
}

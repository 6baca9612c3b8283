import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Diagnostic } from "../grammar/index.ts";

/** Where the results of a specification go: `runs/NAME` below the current folder, unless `-o` says otherwise. */
export const resultsDirectory = (path: string, output: string | undefined): string => output ?? join("runs", basename(path, ".quench"));

/**
 * Makes a directory before anything long is done. One level after the other: a recursive mkdir doesn't return below some special
 * file systems.
 */
export function makeDirectory(path: string): Diagnostic | undefined {
  try {
    const missing: string[] = [];
    for (let folder = resolve(path); ; folder = dirname(folder)) {
      const found = statSync(folder, { throwIfNoEntry: false });
      if (found?.isDirectory()) break;
      if (found) throw Object.assign(new Error("not a directory"), { code: "ENOTDIR" });
      missing.push(folder);
    }
    for (const folder of missing.reverse()) mkdirSync(folder);
    accessSync(path, constants.W_OK);
    return undefined;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return { severity: "error", code: "Q006", message: `results cannot be written to ${path} (${reason})`, labels: [], help: "give a folder with -o", arguments: { path } };
  }
}

import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { ExecutionOptions } from "./execute.ts";
import type { Diagnostic } from "../grammar/index.ts";

/**
 * Where the results of a specification go, unless `-o` says otherwise: `runs/NAME-HASH` below the current folder, with the hash of the path and of
 * what changes all results. An edited specification stays in its folder, where the content addresses of its tasks say which samples are still of it.
 */
export function resultsDirectory(path: string, { output, set, seed, target, simd, precision, constants, tfjsBackend }: Pick<ExecutionOptions, "output" | "set" | "seed" | "target" | "simd" | "precision" | "constants" | "tfjsBackend">): string {
  if (output !== undefined) return output;
  const study = JSON.stringify([relative(process.cwd(), path), [...set].sort(), seed ?? null, target, ...(simd === "relaxed" ? [simd] : []), ...(precision === "f32" ? [precision] : []), ...(constants && Object.keys(constants).length > 0 ? [constants] : []), ...((tfjsBackend ?? "auto") === "auto" ? [] : [tfjsBackend])]);
  return join("runs", `${basename(path, ".quench")}-${createHash("sha256").update(study).digest("hex").slice(0, 8)}`);
}

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

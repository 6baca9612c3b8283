/** Type-checks extension files, with the `typescript` that is installed beside them: it is no dependency of ours. */
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type * as TypeScript from "typescript";
import type { Diagnostic } from "../../grammar/index.ts";
import type { Extensions } from "./readExtensions.ts";

/** Errors of types in a file that are told; the others are seen in an editor. */
const MOST = 5;

/** Q016 for each error of types, at the `use` that asks for its file; undefined where no `typescript` is installed in the folder or above. */
export function typeCheckExtensions(files: Extensions["files"], folder: string): readonly Diagnostic[] | undefined {
  const written = files.filter(({ path }) => [".ts", ".mts"].includes(extname(path)));
  if (written.length === 0) return [];
  const ts = installed(folder);
  if (!ts) return undefined;
  const here = import.meta.url;
  const extend = fileURLToPath(new URL(here.endsWith(".ts") ? "../extend.ts" : "./types/compiler/extend.d.ts", here));
  const program = ts.createProgram(written.map(({ path }) => resolve(path)), {
    strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [], target: ts.ScriptTarget.ES2022, lib: ["lib.es2023.d.ts"],
    module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, paths: { "quench/extend": [extend] },
  });
  return written.flatMap(({ path, item }) => {
    const file = program.getSourceFile(resolve(path));
    const found = file ? [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)] : [];
    return found.slice(0, MOST).map((d): Diagnostic => {
      const at = file && d.start !== undefined ? file.getLineAndCharacterOfPosition(d.start) : undefined;
      return {
        severity: "error", code: "Q016", message: `\`${item.path.value}\`${at ? `:${at.line + 1}:${at.character + 1}` : ""}: ${ts.flattenDiagnosticMessageText(d.messageText, " ").replace(/\s+/g, " ")}`,
        labels: [{ span: item.path.span, message: "" }], arguments: { file: path },
      };
    });
  });
}

function installed(folder: string): typeof TypeScript | undefined {
  try {
    return createRequire(join(resolve(folder), "specification.js"))("typescript") as typeof TypeScript;
  } catch {
    return undefined;
  }
}

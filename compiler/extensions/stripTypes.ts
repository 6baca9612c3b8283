/** TypeScript, or JavaScript with `export`, as the text of a CommonJS module. Types are dropped, not checked. */
import { basename } from "node:path";
import { messageOf } from "../../runtime/messageOf.ts";
import { createRequire } from "node:module";
import type { transform as Transform } from "sucrase";

/** @throws Error with line and column if the text does not parse */
export function stripTypes(text: string, path: string): string {
  // Loaded when the first extension is read: it takes a tenth of a second.
  const { transform } = createRequire(import.meta.url)("sucrase") as { readonly transform: typeof Transform };
  try {
    return transform(text, { transforms: ["typescript", "imports"], disableESTransforms: true }).code;
  } catch (error) {
    // It ends with (line:column).
    const [, what, line, column] = /^(?:Error transforming [^:]*: )?(.*) \((\d+):(\d+)\)$/s.exec(messageOf(error)) ?? [];
    throw new Error(what === undefined ? messageOf(error) : `${basename(path)}, line ${line!}, column ${column!}: ${what}`, { cause: error });
  }
}

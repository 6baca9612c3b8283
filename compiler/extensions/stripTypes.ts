/** TypeScript, or JavaScript with `export`, as the text of a CommonJS module. Types are dropped, not checked. */
import { createRequire } from "node:module";
import type { transform as Transform } from "sucrase";

/** @throws Error with line and column if the text does not parse */
export function stripTypes(text: string, path: string): string {
  // Loaded when the first extension is read: it takes a tenth of a second.
  const { transform } = createRequire(import.meta.url)("sucrase") as { readonly transform: typeof Transform };
  return transform(text, { transforms: ["typescript", "imports"], filePath: path, disableESTransforms: true }).code;
}

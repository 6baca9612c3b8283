import { readFileSync } from "node:fs";
import { createSource, type Diagnostic, type Source } from "../grammar/index.ts";

export type Read = { readonly ok: true; readonly source: Source } | { readonly ok: false; readonly diagnostic: Diagnostic };

/** A specification's text, or why the file isn't one. */
export function readSource(path: string): Read {
  const problem = (code: string, message: string, help?: string): Read =>
    ({ ok: false, diagnostic: { severity: "error", code, message, labels: [], ...(help ? { help } : {}), arguments: { path } } });
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === "ENOENT") return problem("Q001", `there is no file ${path}`);
    if (reason === "EISDIR") return problem("Q002", `${path} is a directory`, "name a .quench file in it");
    return problem("Q003", `${path} cannot be read (${reason ?? "unknown reason"})`);
  }
  if (bytes.includes(0)) return problem("Q004", `${path} is a binary file`, "a specification is UTF-8 text");
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return problem("Q004", `${path} is not UTF-8 text`, "a specification is UTF-8 text");
  }
  if (text.trim() === "") return problem("Q005", `${path} is empty`, "a specification declares at least a model, a theory or a claim");
  return { ok: true, source: createSource(path, text) };
}

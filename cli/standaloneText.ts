import type { Compilation } from "../compiler/compile.ts";

/** The specification as one text that needs no other file: imported ones stand behind it, and spaces where they were asked for, so that places stay. */
export function standaloneText({ source, file }: Pick<Compilation, "source" | "file">): string {
  const imports = file.items.filter((item) => item.kind === "import");
  return imports.reduce((text, { span }) => text.slice(0, span.start) + " ".repeat(span.end - span.start) + text.slice(span.end), source.text);
}

import type { Diagnostic } from "../grammar/index.ts";

export type Settings = { readonly ok: true; readonly set: Readonly<Record<string, number>> } | { readonly ok: false; readonly diagnostic: Diagnostic };

/** `--set NAME=value …` as numbers. */
export function parseSettings(assignments: readonly string[]): Settings {
  const set: Record<string, number> = {};
  for (const text of assignments) {
    const [name, value, ...rest] = text.split("=").map((part) => part.trim());
    const number = value === "inf" ? Infinity : value === "-inf" ? -Infinity : Number(value);
    if (!name || !value || rest.length > 0 || Number.isNaN(number)) {
      return { ok: false, diagnostic: { severity: "error", code: "Q010", message: `--set ${text} is not NAME=number`, labels: [], help: "--set N=50", arguments: { assignment: text } } };
    }
    set[name] = number;
  }
  return { ok: true, set };
}

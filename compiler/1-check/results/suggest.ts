import { nearest } from "../../../grammar/nearest.ts";

/** "did you mean `x`?", else a list of what there is, else nothing. */
export function suggest(name: string, known: readonly string[], listed: string): string | undefined {
  const near = nearest(name, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return known.length === 0 ? undefined : `${listed}: ${inQuotes(known)}`;
}

/** `a`, `b`, `c`; long lists are cut. */
export const inQuotes = (names: readonly string[]): string =>
  [...names.slice(0, 12).map((n) => `\`${n}\``), ...(names.length > 12 ? [`… (${names.length})`] : [])].join(", ");

/** The values of a sweep as a message lists them. */
export const listValues = (values: readonly number[]): string =>
  values.length <= 8 ? values.join(", ") : `${values.slice(0, 6).join(", ")}, …, ${values.at(-1)}`;

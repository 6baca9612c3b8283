/**
 * A text of any part of the IR that is equal for equal structures, in this process and in any other: spans, the names and numbers of bound
 * indices and the sharing of nodes do not enter, nor do functions, which stand beside the name of their operator. What content addresses are made of.
 */

/** Keys that say where something was written, not what it is. */
const skipped = new Set(["span", "spans"]);

export function contentText(root: unknown): string {
  const known = new Map<object, number>();
  const go = (value: unknown): string => {
    if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
    if (typeof value !== "object" || value === null) return typeof value === "string" ? JSON.stringify(value) : String(value);
    const before = known.get(value);
    // A node that was met before is named by the place of its first appearance: the IR shares all equal nodes, so that this is canonical.
    if (before !== undefined) return `#${before}`;
    known.set(value, known.size);
    if (Array.isArray(value)) return `[${value.map(go).join()}]`;
    if (value instanceof Map) return `<${[...value].map(([k, v]) => `${go(k)}:${go(v)}`).join()}>`;
    const isIndex = "id" in value && "range" in value;
    const entries = Object.entries(value).filter(([key, part]) => part !== undefined && typeof part !== "function" && !skipped.has(key) && !(isIndex && (key === "id" || key === "name")));
    return `{${entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => `${key}:${go(part)}`).join()}}`;
  };
  return go(root);
}

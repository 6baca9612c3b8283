import type { Comment, SourceFile } from "./ast.ts";

type Tree = SourceFile | { readonly kind: string };

/** A tree without its places and comments: what printing and parsing must keep. */
export function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => key !== "span" && entry !== undefined && !(key === "comments" && isComments(entry)))
      .map(([key, entry]) => [key, withoutPlaces(entry)]),
  );
}

const isComments = (value: unknown): value is readonly Comment[] => Array.isArray(value);

/** Whether two trees say the same: equal up to places and comments. */
export function equalTrees(a: Tree, b: Tree): boolean {
  return equal(withoutPlaces(a), withoutPlaces(b));
}

function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object" || Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && equal(value, right.get(key)));
}

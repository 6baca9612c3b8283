/**
 * A specification under other names and at slightly larger sizes: what is timed is never the text that lies in this folder, so that no
 * part of the compiler can know it.
 */
import { compile } from "../compiler/compile.ts";

export interface Disguised {
  readonly text: string;
  /** New name of each parameter. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Renames the model, its parameters, its arrays and its indices; `random` gives numbers in [0, 1). */
export function disguise(text: string, random: () => number): Disguised {
  const program = compile(text).models[0]?.program;
  if (!program) throw new Error("the specification has no model that compiles");
  const indices = [...text.matchAll(/([\p{L}_][\p{L}\p{N}_]*)\s+in\s/gu)].map((m) => m[1]!);
  const ordered = [...text.matchAll(/([\p{L}_][\p{L}\p{N}_]*)\s*<\s*(?=[\p{L}_])/gu)].map((m) => m[1]!);
  const arrays = program.arrays.map((a) => a.name).filter((name) => new RegExp(`(^|[^\\p{L}\\p{N}_])${name}([^\\p{L}\\p{N}_]|$)`, "u").test(text));
  const names = [...new Set([program.model, ...program.parameters.map((p) => p.name), ...arrays, ...indices, ...ordered])];
  const fresh = new Map(names.map((name, k) => [name, `${"abcdefghijklmnopqrstuvwxyz"[Math.floor(26 * random())]!}${k}${Math.floor(1e6 * random()).toString(36)}`]));
  const renamed = text.replaceAll(/#.*/g, "").replaceAll(/[\p{L}_][\p{L}\p{N}_]*/gu, (word) => fresh.get(word) ?? word);
  return { text: renamed, parameters: Object.fromEntries(program.parameters.map((p) => [p.name, fresh.get(p.name)!])) };
}

/** Whatever is written, the check ends with diagnostics or a program that the verifier accepts: it never throws. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkModels } from "../../../compiler/1-check/checkModels.ts";
import { checkSizes } from "../../../compiler/1-check/checkSizes.ts";
import { lowerModel } from "../../../compiler/2-lower/lowerModel.ts";
import { verifyProgram } from "../../../compiler/ir/verify.ts";
import { parse } from "../../../grammar/index.ts";

const root = join(import.meta.dirname, "../../cases");
const texts = readdirSync(join(root, "accept")).sort().flatMap((name) => {
  const text = readFileSync(join(root, "accept", name, "spec.quench"), "utf8").replaceAll(/#.*/g, "");
  // One model at a time, with the functions of its file: a mistake should not hide in a long text.
  const functions = text.match(/^fn .*$/gm)?.join("\n") ?? "";
  return (text.match(/^model [^]*?^}/gm) ?? []).map((model) => `${functions}\n${model}\n`);
});

/** A fixed sequence of integers below n (a linear congruential generator is random enough to pick tokens). */
function picker(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}

const tokenPattern = /\s+|[\p{L}_][\p{L}\p{N}_]*|\d+(\.\d+)?|./gu;

function grouped(tokens: readonly string[], kindOf: (token: string) => string): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const token of tokens) groups.set(kindOf(token), [...(groups.get(kindOf(token)) ?? []), token]);
  return groups;
}

function run(text: string): { readonly errors: number; readonly problems: readonly string[] } {
  const { file, diagnostics, unreadable } = parse(text);
  const checked = checkModels(file, { unreadable, complete: diagnostics.length === 0 });
  const problems = checked.models.flatMap((m) => {
    const program = lowerModel(m);
    if (!program) return [];
    checkSizes(program);
    return verifyProgram(program);
  });
  for (const d of [...checked.diagnostics]) for (const l of d.labels) expect(l.span.end).toBeGreaterThanOrEqual(l.span.start);
  return { errors: [...diagnostics, ...checked.diagnostics].filter((d) => d.severity === "error").length, problems };
}

test("mutated specifications are rejected or lowered, never an internal error", () => {
  const pick = picker(20260101);
  const kindOf = (token: string): string => (/^[\p{L}_]/u.test(token) ? "name" : /^\d/.test(token) ? "number" : /^[-+*/^<]$/.test(token) ? "operator" : "other");
  const words = grouped(texts.join(" ").match(tokenPattern)!.filter((t) => t.trim() !== ""), kindOf);
  let rejected = 0, lowered = 0;
  for (let round = 0; round < 600; round++) {
    const tokens = [...texts[pick(texts.length)]!.match(tokenPattern)!];
    const changes = 1 + pick(2);
    for (let k = 0; k < changes; k++) {
      const at = pick(tokens.length);
      if (tokens[at]!.trim() === "") continue;
      // Mostly another token of its kind, so that the text can still be read; now and then none.
      const same = words.get(kindOf(tokens[at]!))!;
      tokens[at] = pick(8) === 0 ? "" : same[pick(same.length)]!;
    }
    const text = tokens.join("");
    let result: ReturnType<typeof run>;
    try {
      result = run(text);
    } catch (error) {
      throw new Error(`round ${round}: ${String(error)}\n${text}`);
    }
    expect(result.problems, text).toEqual([]);
    if (result.errors > 0) rejected++;
    else lowered++;
  }
  expect(rejected).toBeGreaterThan(300);
  expect(lowered).toBeGreaterThan(100);
});

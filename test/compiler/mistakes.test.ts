/**
 * One mistake in a good program: compilation ends within a second with diagnostics or plans, and what it reports points at the change. Programs are
 * those of the gallery and of test/cases/accept; `RUNS` is the number of mistakes in each.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { format } from "../../grammar/print.ts";
import { lex } from "../../grammar/lex.ts";
import { createSource, renderDiagnostic } from "../../grammar/index.ts";

const runs = Number(process.env["RUNS"] ?? 10);
const examples = join(import.meta.dirname, "../../examples");
const accepted = join(import.meta.dirname, "../cases/accept");
const programs = [
  ...readdirSync(examples).filter((name) => name.endsWith(".quench")).map((name) => ({ name, directory: examples, path: join(examples, name) })),
  ...readdirSync(accepted).map((name) => ({ name, directory: join(accepted, name), path: join(accepted, name, "spec.quench") })),
]
  .map((p) => ({ ...p, text: readFileSync(p.path, "utf8") }))
  // A long file costs time and tests nothing else; data that are read at each compilation too, and several theories that are derived at each.
  .filter(({ name, text }) => text.length < 3000 && !text.includes("mnist") && name !== "derived-theories");

/** A linear congruential generator: a fixed sequence of integers below n. */
function picker(seed: number): (n: number) => number {
  let x = seed >>> 0;
  return (n) => {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    return Math.floor((x / 2 ** 32) * n);
  };
}

const others = ["(", ")", "[", "]", ",", "=", "==", "*", "+", "<", "~", "N", "3", "0.5", "in", "sum", "of", "state", "qqq"];

/** A word with two letters exchanged, else another token. */
function misspelt(image: string, pick: (n: number) => number): string {
  if (!/^\p{L}{3,}$/u.test(image)) return others[pick(others.length)]!;
  const at = pick(image.length - 1);
  return image.slice(0, at) + image[at + 1]! + image[at]! + image.slice(at + 2);
}

interface Mistake { readonly reported: boolean; readonly near: boolean; readonly text: string }

function make(text: string, directory: string, pick: (n: number) => number): Mistake {
  const { tokens } = lex(text);
  const at = pick(tokens.length);
  const places = tokens.map((token) => ({ start: token.startOffset, end: token.endOffset! + 1 }));
  const { start, end } = places[at]!;
  const how = pick(4);
  const image = text.slice(start, end);
  const changed = how === 0 ? "" : how === 1 ? `${image} ${image}` : misspelt(image, pick);
  const mutated = text.slice(0, start) + changed + text.slice(end);
  const before = performance.now();
  const { diagnostics } = compile(mutated, { directory });
  expect(performance.now() - before, mutated).toBeLessThan(5000);
  const source = createSource("p.quench", mutated);
  for (const d of diagnostics) renderDiagnostic(d, source);
  const errors = diagnostics.filter((d) => d.severity === "error");
  // Two tokens before the change and two behind it, in the changed text.
  const shift = changed.length - image.length;
  const from = places[Math.max(0, at - 2)]!.start, to = places[Math.min(places.length - 1, at + 2)]!.end + shift;
  const near = errors.some((d) => d.labels.some(({ span }) => span.start <= to && span.end >= from));
  if (errors.length === 0) {
    const written = format(mutated).text;
    if (written !== undefined) expect(format(written).text).toBe(written);
  }
  return { reported: errors.length > 0, near, text: mutated };
}

const found: Mistake[] = [];

describe("one mistake", () => {
  test.each(programs)("in $name", ({ text, directory, name }) => {
    const pick = picker([...name].reduce((sum, c) => sum * 31 + c.codePointAt(0)!, 7));
    for (let k = 0; k < runs; k++) found.push(make(text, directory, pick));
  });
});

test("is shown within two tokens of its place in at least 80 %", () => {
  const reported = found.filter((m) => m.reported);
  expect(reported.length).toBeGreaterThan(100);
  if (process.env["SHOW"]) for (const m of reported.filter((r) => !r.near)) console.log(`${m.text}\n${compile(m.text).diagnostics.map((d) => renderDiagnostic(d, createSource("p.quench", m.text))).join("\n")}\n-----`);
  const share = reported.filter((m) => m.near).length / reported.length;
  console.info(`${(100 * share).toFixed(1)} % of ${reported.length} reported mistakes within two tokens`);
  expect(share).toBeGreaterThanOrEqual(0.8);
});

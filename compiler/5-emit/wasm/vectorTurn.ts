/** How much of an innermost loop in lanes a turn takes, by what finds registers. */
import type { KernelStatement } from "../../4-schedule/kernel.ts";
import { scalarsOf, visitScalar } from "../../4-schedule/kernel.ts";
import { strideOf } from "../../4-schedule/vectorisable.ts";
import { ops } from "../../library/ops/index.ts";
import { streamKey } from "./streams.ts";

export type Loop = Extract<KernelStatement, { kind: "for" }>;
/** A body of at most so many operations has four vectors a turn: more would not fit into registers, fewer would be outweighed by the counting. */
const shortBody = 6;
/** So many sums keep additions apart by themselves: one need not wait for the last. */
export const manySums = 4;
/** Of the 16 of x64, one is the engine's and one holds a product. */
const registers = 14;

const sumsIn = (loop: Loop): readonly string[] => loop.body.flatMap((s) => (s.kind === "update" ? [s.name] : []));

/** How many vectors of each array a turn takes. */
export function vectorsPerTurn(loop: Loop): number {
  let operations = 0;
  let functions = 0;
  for (const s of loop.body) for (const root of scalarsOf(s)) visitScalar(root, (x) => {
    if (x.kind !== "apply") return;
    operations++;
    if (ops[x.operator].wasm === undefined) functions++;
  });
  return functions === 0 && operations + loop.body.length <= shortBody ? 4 : sumsIn(loop).length >= manySums && vectorsOf(loop) > registers ? 1 : 2;
}

/** How many vectors two vectors a turn would hold: sums, what the loop around gives, and the entries of both that are read, which the engine loads first. */
function vectorsOf(loop: Loop): number {
  const [entries, others, own] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const s of loop.body) {
    if (s.kind === "let") own.add(s.name);
    for (const root of scalarsOf(s)) visitScalar(root, (x) => {
      if (x.kind === "load") (strideOf(x.offset, loop.variable) === "unit" ? entries : others).add(streamKey(x.array, x.offset));
      else if (x.kind === "real" && !own.has(x.name)) others.add(x.name);
    });
  }
  const sums = new Set(sumsIn(loop)).size;
  return sums * (sums >= manySums ? 1 : 2) + 2 * entries.size + others.size;
}

/** In how many parts each sum is taken, of the `vectors` of a turn. */
export const partsOfSum = (loop: Loop, vectors: number): number => (new Set(sumsIn(loop)).size >= manySums ? 1 : vectors);

/** How many vectors of each array a turn of a loop takes. */
import type { KernelStatement } from "../../4-schedule/kernel.ts";
import { scalarsOf, visitScalar } from "../../4-schedule/kernel.ts";
import { strideOf } from "../../4-schedule/vectorisable.ts";
import { ops } from "../../library/ops/index.ts";
import { streamKey } from "./streams.ts";

type Loop = Extract<KernelStatement, { kind: "for" }>;

/** A body of at most so many operations has four vectors a turn: more would not fit into registers, fewer would be outweighed by the counting. */
const shortBody = 6;
/** So many sums keep additions apart by themselves. */
export const manySums = 4;
/** Of the 16 of x64, one is the engine's and one holds a product. */
const registers = 14;

const sumsIn = (loop: Loop): number => loop.body.filter((s) => s.kind === "update").length;

/** How many vectors two vectors a turn would hold: sums, what the loop around gives, and the entries of both that are read, which the engine loads first. */
function vectorsOf(loop: Loop): number {
  const [sums, entries, others, own] = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()];
  for (const s of loop.body) {
    if (s.kind === "update") sums.add(s.name);
    if (s.kind === "let") own.add(s.name);
    for (const root of scalarsOf(s)) visitScalar(root, (x) => {
      if (x.kind === "load") (strideOf(x.offset, loop.variable) === "unit" ? entries : others).add(streamKey(x.array, x.offset));
      else if (x.kind === "real" && !own.has(x.name)) others.add(x.name);
    });
  }
  return sums.size * (sums.size >= manySums ? 1 : 2) + 2 * entries.size + others.size;
}

/** How a loop goes through its vectors. */
export interface Turns {
  /** Vectors of a turn: as often as they fit, then what is left by the smaller numbers. */
  readonly vectors: readonly [number, ...number[]];
  /** Partial sums of each sum, which the vectors of a turn add to one after the other. */
  readonly partialSums: number;
  /** Whether functions of all vectors of a turn go into sums alone: nothing else holds their computations together. */
  readonly onlySums: boolean;
}

/**
 * Four vectors of a short body without functions, and of a function that is only summed, of which four are computed side by side; one where two would not fit into
 * registers.
 */
export function turnsOf(loop: Loop): Turns {
  let operations = 0;
  let functions = 0;
  for (const s of loop.body) for (const root of scalarsOf(s)) visitScalar(root, (x) => {
    if (x.kind !== "apply") return;
    operations++;
    if (ops[x.operator].wasm === undefined) functions++;
  });
  const sums = sumsIn(loop);
  const apart = (vectors: number): number => (sums >= manySums ? 1 : vectors);
  const onlySums = functions > 0 && loop.body.every((s) => s.kind !== "store");
  if (functions === 0 && operations + loop.body.length <= shortBody) return { vectors: [4, 1], partialSums: apart(4), onlySums };
  if (sums >= manySums && vectorsOf(loop) > registers) return { vectors: [1], partialSums: 1, onlySums };
  return { vectors: onlySums && functions === 1 ? [4, 2, 1] : [2, 1], partialSums: apart(2), onlySums };
}

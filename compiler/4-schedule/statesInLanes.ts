/**
 * Kernels that serve several states of one disorder sample at once: the states are the lanes of vectors, and what the states share (couplings,
 * data, sizes, all addresses) is loaded or computed once for all of them.
 *
 *     x in lanes = x₁[0] x₂[0] x₁[1] x₂[1] …
 *
 * The body stays that of one state; that an entry of an array stands for so many numbers is a property of the array (`KernelArray.states`), and what
 * depends on one is a vector (`valuesInLanes`). Every lane computes what the kernel of one state computes, in its order, sums over the
 * lanes of that kernel's own vectors included (`5-emit/wasm/stateLoop.ts`). So a state has the same bits alone and beside any other, and
 * how many are at hand decides nothing but the time.
 */
import { STATES } from "../../runtime/webassembly/stateLanes.ts";
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import { ops } from "../library/ops/index.ts";
import type { Operator } from "../library/ops/operator.ts";
import { visitAtoms } from "./integer.ts";
import type { Integer } from "./integer.ts";
import { bodyOf, scalarsOf, visitScalar } from "./kernel.ts";
import type { Kernel, KernelStatement, Scalar } from "./kernel.ts";
import { onArrays } from "./rewriteStatements.ts";
import { tiled } from "./tile.ts";
import { assertKernel } from "./verifyKernel.ts";

/** No name of a specification has spaces. */
export const laneName = (array: string): string => `${array} in lanes`;

/** Whether it serves several states. */
export const isInLanes = ({ arrays }: Kernel): boolean => arrays.some((a) => a.states !== undefined);

/** The kernel for `STATES` states, or why there is none. `isShared` says which inputs are the same for all states. */
export function statesInLanes(kernel: Kernel, name: string, isShared: (array: string) => boolean): { readonly kernel: Kernel } | { readonly reason: string } {
  const names = new Map(kernel.arrays.flatMap((a) => (a.role === "input" && isShared(a.name) ? [] : [[a.name, laneName(a.name)] as const])));
  const made: Kernel = {
    ...kernel, name, doc: `${kernel.doc} Of ${STATES} states, in lanes.`,
    arrays: kernel.arrays.map((a) => (names.has(a.name) ? { ...a, name: laneName(a.name), states: STATES } : a)),
    body: onArrays(kernel.body, names),
  };
  assertKernel(made);
  const reason = obstacle(made);
  return reason === undefined ? { kernel: made } : { reason };
}

/** The names whose values are vectors: what depends on an entry in lanes, and the sums of loops in vectors. */
export function valuesInLanes({ arrays, body }: Kernel): ReadonlySet<string> {
  const inLanes = new Set(arrays.flatMap((a) => (a.states === undefined ? [] : [a.name])));
  const found = new Set<string>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    const walk = (statements: readonly KernelStatement[], vectorisable: boolean): void => {
      for (const s of statements) {
        if ((s.kind === "let" || s.kind === "update") && ((s.kind === "update" && vectorisable) || dependsOnState(s.value, inLanes, found))) found.add(s.name);
        walk(bodyOf(s), s.kind === "for" && s.vectorisable);
      }
    };
    walk(body, false);
  }
  return found;
}

export function dependsOnState(x: Scalar, arrays: ReadonlySet<string>, names: ReadonlySet<string>): boolean {
  let depends = false;
  visitScalar(x, (part) => { if ((part.kind === "load" && arrays.has(part.array)) || (part.kind === "real" && names.has(part.name))) depends = true; });
  return depends;
}

/** Why the states of a kernel can't stand in lanes, or would not be faster there. */
function obstacle(kernel: Kernel): string | undefined {
  const arrays = new Set(kernel.arrays.flatMap((a) => (a.states === undefined ? [] : [a.name])));
  const names = valuesInLanes(kernel);
  const depends = (x: Scalar): boolean => dependsOnState(x, arrays, names);
  const indexDepends = (x: Integer): boolean => {
    let found = false;
    visitAtoms(x, (a) => { if (a.kind === "scalar" && depends(a.value)) found = true; });
    return found;
  };
  const walk = (body: readonly KernelStatement[]): string | undefined => {
    for (const s of body) {
      const reason = ofStatement(s) ?? walk(bodyOf(s));
      if (reason !== undefined) return reason;
    }
    return undefined;
  };
  const ofStatement = (s: KernelStatement): string | undefined => {
    if (s.kind === "call") return `${nameOfKey(s.function)} is a function of whole arrays`;
    if (s.kind === "if" && depends(s.condition)) return "what is computed depends on the state";
    if (s.kind === "for" && s.product) return "products of matrices fill their vectors with one state";
    if (s.kind === "store" && s.bits) return "bits stand in words, not in lanes";
    const integers = s.kind === "for" ? [s.from, s.to] : s.kind === "integer" ? [s.value] : s.kind === "advance" ? [s.by] : s.kind === "store" ? [s.offset] : [];
    const missing = new Set<string>();
    let reads = integers.some(indexDepends);
    for (const root of scalarsOf(s)) visitScalar(root, (x) => {
      if (x.kind === "load" && indexDepends(x.offset)) reads = true;
      if (x.kind === "integer" && indexDepends(x.value)) reads = true;
      if (x.kind !== "apply" || !depends(x)) return;
      const { wasm, vectorFunction }: Operator = ops[x.operator];
      if (wasm?.vector === undefined && vectorFunction === undefined) missing.add(x.operator);
    });
    if (reads) return "which entries are read depends on the state";
    return missing.size > 0 ? `no vector form of ${[...missing].sort().join(", ")}` : undefined;
  };
  return walk(tiled(kernel).body) ?? (isFilled(kernel.body) ? "its longest loops fill vectors with entries of one state" : undefined);
}

/**
 * Whether the loops with the most loops around them run in vectors all, over whole rows. Measured, there is nothing to gain then (0.9 to 1.05 of the
 * speed); where they run entry by entry, or over rows that begin behind the index around them and so are short, there is (1.1 to 1.9).
 */
function isFilled(body: readonly KernelStatement[]): boolean {
  const loops: { readonly depth: number; readonly filled: boolean }[] = [];
  const walk = (statements: readonly KernelStatement[], around: ReadonlySet<string>): void => {
    for (const s of statements) {
      const inside = s.kind === "for" ? new Set([...around, s.variable]) : around;
      const isInnermost = s.kind === "for" && !s.body.some((t) => t.kind === "for" || (t.kind === "if" && t.body.some((u) => u.kind === "for")));
      if (isInnermost) loops.push({ depth: around.size, filled: s.vectorisable && ![s.from, s.to].some((x) => mentions(x, around)) });
      walk(bodyOf(s), inside);
    }
  };
  walk(body, new Set());
  const depth = Math.max(-1, ...loops.map((l) => l.depth));
  return loops.every((l) => l.depth < depth || l.filled);
}

function mentions(x: Integer, names: ReadonlySet<string>): boolean {
  let found = false;
  visitAtoms(x, (a) => { if (a.kind === "variable" && names.has(a.name)) found = true; });
  return found;
}

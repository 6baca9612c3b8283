/**
 * A function of several vectors at once, one computation beside the other: what waits for its own results leaves the machine to the others. Without
 * branches the engine mixes them by itself; where a function has one (`ifAny`), all take it together.
 */
import { unsigned } from "./bytes.ts";
import { simd } from "./simd.ts";
import type { Node, VectorSink } from "./vectorFunction.ts";

interface Branch { readonly mask: Node; readonly steps: Steps; readonly result: Node; readonly otherwise: Node; readonly local: number }
type Steps = (number[] | Branch)[];

const anyTrue = simd(0x53);
const or = simd(0x50);
const exclusiveOr = simd(0x51);
const set = (local: number): Node => [0x21, ...unsigned(local)];

/** What `apply` gives for each of the arguments; all of it is written to `sink`. */
export function sideBySide(apply: (argument: Node, sink: VectorSink) => Node, given: readonly Node[], sink: VectorSink): readonly Node[] {
  const made = given.map((argument) => {
    let steps: Steps = [];
    const result = apply(argument, {
      local: sink.local,
      ...(sink.fused === undefined ? {} : { fused: sink.fused }),
      write: (code) => {
        const last = steps.at(-1);
        if (Array.isArray(last)) for (const byte of code) last.push(byte);
        else steps.push([...code]);
      },
      ifAny: (mask, make, otherwise) => {
        const [outer, inner, local]: [Steps, Steps, number] = [steps, [], sink.local()];
        steps = inner;
        const result = make();
        steps = outer;
        steps.push({ mask, steps: inner, result, otherwise, local });
        return [0x20, ...unsigned(local)];
      },
    });
    return { steps, result };
  });
  writeTogether(made.map(({ steps }) => steps), sink);
  return made.map(({ result }) => result);
}

/**
 * The same vectors, each of which depends on all by ⊕: else the engine, which orders computations by what they end in, would put one whole
 * computation behind the other.
 */
export function joined(vectors: readonly Node[], sink: VectorSink): readonly Node[] {
  const combine = (...parts: readonly Node[]): Node => {
    const local = sink.local();
    sink.write([...parts.flatMap((part, k) => [...part, ...(k > 0 ? exclusiveOr : [])]), ...set(local)]);
    return [0x20, ...unsigned(local)];
  };
  const own = vectors.map((x) => combine(x));
  const all = combine(...own);
  return own.map((_, k) => combine(all, ...own.filter((__, other) => other !== k)));
}

/** The steps of all, which differ in their places only. */
function writeTogether(all: readonly Steps[], sink: VectorSink): void {
  all[0]!.forEach((_, k) => {
    const branches: Branch[] = [];
    for (const steps of all) {
      const step = steps[k]!;
      if (Array.isArray(step)) sink.write(step);
      else branches.push(step);
    }
    if (branches.length === 0) return;
    sink.write(branches.flatMap(({ mask }, p) => [...mask, ...(p > 0 ? or : [])]));
    sink.write([...anyTrue, 0x04, 0x40]);
    writeTogether(branches.map(({ steps }) => steps), sink);
    for (const { result, local } of branches) sink.write([...result, ...set(local)]);
    sink.write([0x05]);
    for (const { otherwise, local } of branches) sink.write([...otherwise, ...set(local)]);
    sink.write([0x0b]);
  });
}

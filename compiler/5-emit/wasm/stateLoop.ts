/**
 * An innermost loop of a kernel with states in lanes. A loop of one state takes even entries in the lower lane of its vectors and odd ones in the
 * upper; here each entry is a vector of the states, and each sum has a vector for either lane of those vectors, added in the same order: so
 * a state has the bits that it has alone. A loop of many sums is several, so that they find registers.
 */
import { scalarsOf, visitScalar, type KernelStatement, type Scalar } from "../../4-schedule/kernel.ts";
import { opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { doubles } from "./lanes.ts";
import type { StateWriter } from "./stateWriter.ts";
import { VectorLoop, type Loop, type Stream } from "./vectorLoop.ts";
import { manySums } from "./vectorsPerTurn.ts";

/** Lanes of the vectors of a loop of one state. */
const lanes = doubles.count;
/** Sums of one loop where there are many; with three, the engine keeps some on the stack. */
const sumsAtOnce = 2;

/** Writes the loop; false if no array is walked in it: then its turns are as for one state, one by one. */
export const writeStateLoop = (writer: StateWriter, loop: Loop): boolean => divided(loop).every((part) => new StateLoop(writer, part, loop).write());

/** The loop as several one after the other: what is added to one entry stays in order. Names must not read what the loop writes. */
function divided(loop: Loop): readonly Loop[] {
  const { body } = loop;
  const written = new Set(body.flatMap((s) => (s.kind === "store" ? [s.array] : [])));
  let reads = false;
  for (const s of body) for (const root of scalarsOf(s)) visitScalar(root, (x) => { if (x.kind === "load" && written.has(x.array)) reads = true; });
  if (reads || body.filter((s) => s.kind === "update").length < manySums) return [loop];
  const groups: KernelStatement[][] = [[]];
  for (const s of body) {
    if (s.kind === "let") continue;
    if (s.kind === "update" && groups.at(-1)!.filter(({ kind }) => kind === "update").length === sumsAtOnce) groups.push([]);
    groups.at(-1)!.push(s);
  }
  return groups.map((own) => ({ ...loop, body: [...neededFor(own, body), ...own] }));
}

/** The names that statements use, and those that these use. */
function neededFor(own: readonly KernelStatement[], body: readonly KernelStatement[]): readonly KernelStatement[] {
  const used = new Set<string>();
  const look = (s: KernelStatement): void => { for (const root of scalarsOf(s)) visitScalar(root, (x) => { if (x.kind === "real") used.add(x.name); }); };
  own.forEach(look);
  const names = [...body].reverse().filter((s) => {
    if (s.kind !== "let" || !used.has(s.name)) return false;
    look(s);
    return true;
  });
  return names.reverse();
}

class StateLoop extends VectorLoop {
  private readonly states: StateWriter;

  /** @param whole the loop of one state, of which this one is a part */
  constructor(writer: StateWriter, loop: Loop, whole: Loop) {
    super(writer, loop, doubles, whole);
    this.states = writer;
  }

  protected override vectorsOfSum(parts: number): number {
    return lanes * parts;
  }

  protected override splat(x: Scalar): void {
    this.states.vector(x);
  }

  protected override load({ array, pointer }: Stream, entry: number): void {
    const { f } = this.writer;
    f.get(pointer);
    if (this.states.isInLanes(array)) f.memory(opcode.v128Load, 16 * entry);
    else f.memory(opcode.load64Splat, 8 * entry);
  }

  protected override store(_: Stream, entry: number): void {
    this.writer.f.memory(opcode.v128Store, 16 * entry);
  }

  protected override bytesOf({ array }: Stream): number {
    return this.states.isInLanes(array) ? 16 : 8;
  }

  /** Each entry computes its functions where it stands. */
  protected override functionsAhead(): void {
    // Nothing.
  }

  /** What is a vector of entries in a loop of one state. */
  protected override body(part: number): void {
    for (let lane = 0; lane < lanes; lane++) super.body(lanes * part + lane);
  }

  protected override reduce(name: string, first: number, others: readonly number[]): void {
    const { f } = this.writer;
    const all = [first, ...others];
    const total = this.states.vectorOf(name);
    f.get(total);
    for (let lane = 0; lane < lanes; lane++) {
      all.filter((_, k) => k % lanes === lane).forEach((part, k) => {
        f.get(part);
        if (k > 0) f.write(opcode.f64x2Add);
      });
      if (lane > 0) f.write(opcode.f64x2Add);
    }
    f.write(opcode.f64x2Add);
    f.set(total);
    // The entry that is left is added to the sum itself.
    this.accumulators.set(name, [total]);
  }

  /** As in a loop of one state, the entry that fills no vector is computed without fused operations. */
  protected override last(): void {
    this.fused = false;
    super.body(0);
    this.fused = this.writer.fused;
  }
}

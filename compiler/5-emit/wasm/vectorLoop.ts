/**
 * An innermost loop in lanes, of four float32 where all that is walked are float32, else of two float64: four vectors a turn of a short body,
 * two of a long one, with an accumulator of each sum for every one (one addition need not wait for the last) unless there are many sums; then one vector, then one entry. An entry that several statements read is
 * loaded once, and one that several add to is loaded and stored once. Every array that is walked has a pointer; scalars from
 * outside are splat once. Vector functions are written in place, so that their constants stay outside of the loop. The file is long because turns, what is left of
 * them and the entries that fill no vector share pointers, splats and sums.
 */
import type { Integer } from "../../4-schedule/integer.ts";
import type { KernelStatement, Scalar } from "../../4-schedule/kernel.ts";
import { scalarsOf, visitScalar } from "../../4-schedule/kernel.ts";
import { strideOf } from "../../4-schedule/vectorisable.ts";
import { ops } from "../../library/ops/index.ts";
import { unsigned } from "../../../runtime/webassembly/bytes.ts";
import { joined, sideBySide } from "../../../runtime/webassembly/sideBySide.ts";
import type { VectorSink } from "../../../runtime/webassembly/vectorFunction.ts";
import { bytesOf, opcode, type Element } from "../../../runtime/webassembly/functionWriter.ts";
import { simd } from "../../../runtime/webassembly/simd.ts";
import { additionsWith } from "./additions.ts";
import { functionsOfRead } from "./functionsOfRead.ts";
import type { KernelWriter } from "./kernelWriter.ts";
import { doubles, lanesFor } from "./lanes.ts";
import type { Lanes } from "./lanes.ts";
import { startOf, streamKey, turns } from "./streams.ts";
import { turnsOf, type Turns } from "./vectorsPerTurn.ts";

export type Loop = Extract<KernelStatement, { kind: "for" }>;
export type Apply = Extract<Scalar, { kind: "apply" }>;
const isProduct = (x: Scalar): x is Apply => x.kind === "apply" && x.operator === "mul";
/** Writes the loop; false if no array is walked in it, so that there is nothing to gain. */
export function writeVectorLoop(writer: KernelWriter, loop: Loop): boolean {
  const writing = new VectorLoop(writer, loop, lanesFor(loop, (array) => writer.isSingle(array)));
  return writing.write();
}

/** Of two vectors, by a mask; and of one, where a mask has bits. */
const [chosen, both] = [simd(0x52), simd(0x4e)];

/** An array that is walked. */
export interface Stream { readonly array: string; readonly offset: Integer; readonly pointer: number; readonly element: Element }

export class VectorLoop {
  protected readonly writer: KernelWriter;
  protected readonly loop: Loop;
  protected readonly lanes: Lanes;
  /** Whether a product that is added to something is one operation with it. */
  protected fused: boolean;
  protected readonly streams = new Map<string, Stream>();
  /** Vectors of what does not change, by name, constant or entry. */
  private readonly splats = new Map<string, number>();
  protected readonly accumulators = new Map<string, readonly number[]>();
  protected readonly lets = new Map<string, number>();
  private readonly turns: Turns;
  /** Vectors of entries that stand in locals during one part of a turn, by stream; and how often each is read. */
  protected readonly held = new Map<string, number>();
  private readonly reads = new Map<string, number>();
  private readonly places = new Map<string, number>();
  /** Functions that are computed for all vectors of the turn: what pushes each. */
  private readonly ahead = new Map<Scalar, readonly (readonly number[])[]>();

  /** @param shape the loop by which turns and parts of sums are chosen, of which this one may be a part */
  constructor(writer: KernelWriter, loop: Loop, lanes: Lanes = doubles, shape = loop) {
    this.writer = writer;
    this.loop = loop;
    this.lanes = lanes;
    this.turns = turnsOf(shape);
    this.fused = writer.fused;
  }

  write(): boolean {
    const { f } = this.writer;
    const lanes = this.lanes.count;
    this.collect();
    if (this.streams.size === 0) return false;
    const left = f.local("i32");
    this.writer.integer(turns(this.loop.from, this.loop.to));
    f.tee(left);
    f.i32(0);
    f.write(opcode.i32Greater, opcode.if);
    this.startStreams();
    this.prepareSplats();
    for (const parts of this.accumulators.values()) for (const part of parts) {
      f.v128(0);
      f.set(part);
    }
    const [most, ...fewer] = this.turns.vectors;
    f.whileLeft(left, most * lanes, () => { this.turn(most); });
    fewer.forEach((vectors, k) => { this.rest(left, vectors, this.turns.vectors[k]!); });
    for (const [name, [first, ...others]] of this.accumulators) this.reduce(name, first!, others);
    f.get(left);
    f.i32(lanes - 1);
    f.write(opcode.i32And);
    this.remainder(left);
    f.write(opcode.end);
    return true;
  }

  /** Entries that are fewer than a vector; their number is on the stack. */
  protected remainder(left: number): void {
    const { f } = this.writer;
    if (this.lanes.count === 2) {
      f.write(opcode.if);
      this.last();
      f.write(opcode.end);
      return;
    }
    f.set(left);
    f.whileLeft(left, 1, () => {
      this.last();
      this.advance(1);
    });
  }

  /** So many vectors, and on to the next ones. */
  private turn(vectors: number): void {
    this.functionsAhead(vectors);
    for (let part = 0; part < vectors; part++) this.body(part);
    this.ahead.clear();
    this.advance(vectors * this.lanes.count);
  }

  /** What is left of turns of `before` vectors, by `vectors` of them. */
  private rest(left: number, vectors: number, before: number): void {
    const { f } = this.writer;
    const entries = vectors * this.lanes.count;
    if (before > 2 * vectors) return f.whileLeft(left, entries, () => { this.turn(vectors); });
    f.get(left);
    f.i32(entries);
    f.write(opcode.i32GreaterEqual, opcode.if);
    this.turn(vectors);
    f.advance(left, -entries);
    f.write(opcode.end);
  }

  protected collect(): void {
    const { f } = this.writer;
    const stream = (array: string, offset: Integer): void => {
      const key = streamKey(array, offset);
      if (strideOf(offset, this.loop.variable) === "unit" && !this.streams.has(key)) this.streams.set(key, { array, offset, pointer: f.local("i32"), element: this.writer.element(array) });
    };
    const sums = new Set<string>();
    for (const s of this.loop.body) {
      for (const root of scalarsOf(s)) visitScalar(root, (x) => {
        if (x.kind !== "load") return;
        stream(x.array, x.offset);
        const key = streamKey(x.array, x.offset);
        this.reads.set(key, (this.reads.get(key) ?? 0) + 1);
      });
      if (s.kind === "store" && !s.bits) stream(s.array, s.offset);
      if (s.kind === "update") sums.add(s.name);
      if (s.kind === "let") this.lets.set(s.name, f.local("v128"));
    }
    for (const name of sums) this.accumulators.set(name, Array.from({ length: this.vectorsOfSum(this.turns.partialSums) }, () => f.local("v128")));
  }

  /** How many vectors a sum has that is taken in so many parts. */
  protected vectorsOfSum(parts: number): number {
    return parts;
  }

  protected startStreams(): void {
    for (const { array, offset, pointer } of this.streams.values()) {
      this.writer.address(array, startOf(offset, this.loop.variable, this.loop.from));
      this.writer.f.set(pointer);
    }
  }

  protected prepareSplats(): void {
    const { f } = this.writer;
    for (const s of this.loop.body) for (const root of scalarsOf(s)) visitScalar(root, (x) => {
      const key = this.splatKey(x);
      if (key === undefined || this.splats.has(key)) return;
      const local = f.local("v128");
      this.splats.set(key, local);
      this.splat(x);
      f.set(local);
    });
  }

  /** Pushes a vector of what does not change. */
  protected splat(x: Scalar): void {
    this.writer.scalar(x);
    this.scale(x);
    this.writer.f.write(this.lanes.splat);
  }

  /** Pushes entries of a turn, or stores them behind the pointer that was pushed. */
  protected load(stream: Stream, part: number): void {
    this.writer.f.get(stream.pointer);
    this.lanes.load(this.writer.f, stream.element, part);
  }

  protected store(stream: Stream, part: number): void {
    this.lanes.store(this.writer.f, stream.element, part);
  }

  /** Makes of the scalar on the stack what its vectors have in their lanes. */
  protected scale(_x: Scalar): void {
    // The number itself.
  }

  /** What does not change in the loop has a key. Operators on such things were taken out of the loop by the scheduler. */
  private splatKey(x: Scalar): string | undefined {
    switch (x.kind) {
      case "real": return this.lets.has(x.name) ? undefined : x.name;
      case "integer": return `integer ${streamKey("", x.value)}`;
      case "load": return strideOf(x.offset, this.loop.variable) === "invariant" ? streamKey(x.array, x.offset) : undefined;
      case "constant": return `constant ${Object.is(x.value, -0) ? "-0" : x.value}`;
      case "apply": return undefined;
    }
  }

  private stream(array: string, offset: Integer): Stream {
    return this.streams.get(streamKey(array, offset))!;
  }

  protected vector(x: Scalar, part: number): void {
    const { f } = this.writer;
    const key = this.splatKey(x);
    if (key !== undefined) f.get(this.splats.get(key)!);
    else if (x.kind === "real") f.get(this.lets.get(x.name)!);
    else if (x.kind === "load") this.entry(this.stream(x.array, x.offset), part);
    else if (x.kind === "apply") {
      const known = this.ahead.get(x)?.[part];
      if (known) f.write(known);
      else this.operation(x, part);
    }
  }

  protected operation(x: Apply, part: number): void {
    const { f } = this.writer;
    const operator = ops[x.operator];
    const { wasm, vectorFunction } = operator;
    const [left, right] = x.arguments as [Scalar, Scalar];
    const product = this.fused && x.operator === "add" ? [left, right].find(isProduct) : this.fused && x.operator === "sub" && isProduct(right) ? right : undefined;
    if (product) {
      for (const a of product.arguments) this.vector(a, part);
      this.vector(product === right ? left : right, part);
      f.write(x.operator === "add" ? this.lanes.multiplyAdd : this.lanes.negativeMultiplyAdd);
      return;
    }
    for (const k of wasm?.order ?? x.arguments.keys()) this.vector(x.arguments[k]!, part);
    if (vectorFunction) f.write(this.lanes.apply(vectorFunction, this.fromStack(), this.sink()));
    else f.write(this.lanes.instructions(operator)!);
  }

  /** The vector on the stack, in a local from here on. */
  private fromStack(): readonly number[] {
    const local = this.writer.f.local("v128");
    this.writer.f.set(local);
    return [0x20, ...unsigned(local)];
  }

  private sink(): VectorSink {
    const { f } = this.writer;
    return { local: () => f.local("v128"), write: (code) => f.write(code), fused: this.writer.fused };
  }

  /** Computes the functions of what a turn only reads for all its vectors side by side, before the statements. */
  protected functionsAhead(parts: number): void {
    if (parts < 2) return;
    for (const x of functionsOfRead(this.loop)) {
      const vectorFunction = ops[x.operator].vectorFunction!;
      const given = Array.from({ length: parts }, (_, part) => {
        this.held.clear();
        this.vector(x.arguments[0]!, part);
        return this.fromStack();
      });
      const results = sideBySide((argument, sink) => this.lanes.apply(vectorFunction, argument, sink), given, this.sink());
      this.ahead.set(x, this.turns.onlySums ? joined(results, this.sink()) : results);
    }
  }

  /** Pushes the entries of a stream; from a local if another statement has them there, and into one if another wants them. */
  private entry(stream: Stream, part: number): void {
    const { f } = this.writer;
    const key = streamKey(stream.array, stream.offset);
    const held = this.held.get(key);
    if (held !== undefined) {
      f.get(held);
      return;
    }
    this.load(stream, part);
    if ((this.reads.get(key) ?? 0) < 2) return;
    let place = this.places.get(key);
    if (place === undefined) this.places.set(key, (place = f.local("v128")));
    this.held.set(key, place);
    f.tee(place);
  }

  /** @param meant the lanes that are stored, as a mask in a local; all if absent */
  protected body(part: number, meant?: number): void {
    const { f } = this.writer;
    this.held.clear();
    const done = new Set<KernelStatement>();
    for (const s of this.loop.body) {
      if (done.has(s)) continue;
      if (s.kind === "let") {
        this.vector(s.value, part);
        f.set(this.lets.get(s.name)!);
      } else if (s.kind === "update") {
        const parts = this.accumulators.get(s.name)!;
        const accumulator = parts[part % parts.length]!;
        this.plus(() => f.get(accumulator), s.value, part);
        f.set(accumulator);
      } else if (s.kind === "store") {
        const stream = this.stream(s.array, s.offset);
        f.get(stream.pointer);
        if (s.combine === undefined) {
          this.vector(s.value, part);
          if (meant !== undefined) {
            f.get(stream.pointer);
            this.lanes.load(f, stream.element, part);
            f.get(meant);
            f.write(chosen);
          }
        } else {
          const key = streamKey(s.array, s.offset);
          const additions = additionsWith(s, key, this.loop, this.reads.has(key));
          const push = (n: number): void => {
            if (n >= 0 && meant !== undefined) {
              push(n - 1);
              this.vector(additions[n]!.value, part);
              f.get(meant);
              f.write(both, this.lanes.add);
            } else if (n >= 0) this.plus(() => { push(n - 1); }, additions[n]!.value, part);
            else this.load(stream, part);
          };
          push(additions.length - 1);
          for (const same of additions) done.add(same);
        }
        this.store(stream, part);
        // Other streams may walk the same array.
        for (const key of [...this.held.keys()]) if (key.startsWith(`${s.array} `)) this.held.delete(key);
      }
    }
  }

  /** Pushes a sum: what `push` pushes, and `value`. */
  private plus(push: () => void, value: Scalar, part: number): void {
    const { f } = this.writer;
    const negative = value.kind === "apply" && value.operator === "neg" ? value.arguments[0]! : undefined;
    // Integers are exact: nothing is gained where products and sums are one.
    const product = this.fused && !this.loop.fixed ? [value, negative].find((x): x is Apply => x !== undefined && isProduct(x)) : undefined;
    if (product) {
      for (const a of product.arguments) this.vector(a, part);
      push();
      f.write(product === value ? this.lanes.multiplyAdd : this.lanes.negativeMultiplyAdd);
      return;
    }
    push();
    this.vector(value, part);
    f.write(this.lanes.add);
  }

  /** Moves all pointers on by so many entries. */
  protected advance(entries: number): void {
    for (const stream of this.streams.values()) this.writer.f.advance(stream.pointer, this.bytesOf(stream) * entries);
  }

  protected bytesOf({ element }: Stream): number {
    return bytesOf[element];
  }

  /** scalar += all lanes of all parts. */
  protected reduce(name: string, first: number, others: readonly number[]): void {
    const { f } = this.writer;
    const scalar = this.writer.name(name, "f64");
    f.get(first);
    for (const other of others) {
      f.get(other);
      f.write(this.lanes.add);
    }
    f.set(first);
    f.get(scalar);
    this.lanes.sum(f, first);
    f.write(opcode.f64Add);
    f.set(scalar);
  }

  /** One entry, at the pointers. */
  protected last(): void {
    const { f } = this.writer;
    for (const s of this.loop.body) {
      if (s.kind === "let") {
        this.single(s.value);
        f.set(this.writer.name(s.name, "f64"));
      } else if (s.kind === "update") {
        const scalar = this.writer.name(s.name, "f64");
        f.get(scalar);
        this.single(s.value);
        f.write(opcode.f64Add);
        f.set(scalar);
      } else if (s.kind === "store") {
        const { pointer, element } = this.stream(s.array, s.offset);
        f.get(pointer);
        if (s.combine === undefined) this.single(s.value);
        else {
          f.get(pointer);
          f.loadEntry(element);
          this.single(s.value);
          f.write(opcode.f64Add);
        }
        f.storeEntry(element);
      }
    }
  }

  private single(x: Scalar): void {
    const { f } = this.writer;
    if (x.kind === "load" && strideOf(x.offset, this.loop.variable) === "unit") {
      const { pointer, element } = this.stream(x.array, x.offset);
      f.get(pointer);
      f.loadEntry(element);
    } else if (x.kind === "apply") {
      const { wasm, vectorFunction } = ops[x.operator];
      for (const k of wasm?.order ?? x.arguments.keys()) this.single(x.arguments[k]!);
      if (vectorFunction) {
        f.write(opcode.splat);
        f.call(this.writer.indexOf(vectorFunction));
        f.write(opcode.lane, [0]);
      } else f.write(wasm!.scalar);
    } else this.writer.scalar(x);
  }
}

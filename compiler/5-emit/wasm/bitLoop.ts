/**
 * Loops over truth values that are kept as bits. Where truth values are only combined and counted, a turn takes 128 of them in two words of
 * 64; where truth values of vectors are kept, a turn makes 16 bits of eight vectors. Bits behind the last entry of a row are 0, and what is counted
 * of zeros is 0.
 */
import { constantValue } from "../../4-schedule/integer.ts";
import type { Integer } from "../../4-schedule/integer.ts";
import type { KernelStatement, Scalar } from "../../4-schedule/kernel.ts";
import { scalarsOf, visitScalar } from "../../4-schedule/kernel.ts";
import { strideOf } from "../../4-schedule/vectorisable.ts";
import { ops } from "../../library/ops/index.ts";
import type { Operator } from "../../library/ops/operator.ts";
import { opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { shortConstant, simd, vectorConstant } from "../../../runtime/webassembly/simd.ts";
import type { KernelWriter } from "./kernelWriter.ts";
import { bytesOfShorts, doubles, shorts } from "./lanes.ts";
import { startOf, streamKey } from "./streams.ts";
import { FixedLoop } from "./fixedLoop.ts";

type Loop = Extract<KernelStatement, { kind: "for" }>;
type Store = Extract<KernelStatement, { kind: "store" }>;

/** Whether a loop reads or writes bits, so that it is none over vectors of numbers. */
export function touchesBits(loop: Loop): boolean {
  let found = false;
  for (const s of loop.body) {
    if (s.kind === "store" && s.bits) found = true;
    for (const root of scalarsOf(s)) visitScalar(root, (x) => { if (x.kind === "load" && x.bits) found = true; });
  }
  return found;
}

/** Writes the loop; false where it must go entry by entry. */
export function writeBitLoop(writer: KernelWriter, loop: Loop): boolean {
  if (constantValue(loop.from) !== 0) return false;
  if (loop.body.every((s) => s.kind === "update" && s.combine === "sum" && isCombination(s.value, loop.variable))) {
    writeCount(writer, loop);
    return true;
  }
  const kept = loop.body.every((s) => s.kind === "let" || (s.kind === "store" && s.bits));
  if (!kept || loop.body.some((s) => scalarsOf(s).some(readsBits))) return false;
  new PackingLoop(writer, loop, loop.fixed ? shorts : doubles).write();
  return true;
}

function readsBits(root: Scalar): boolean {
  let found = false;
  visitScalar(root, (x) => { if (x.kind === "load" && x.bits) found = true; });
  return found;
}

/** Operators on words that make 0 of zeros. */
const wordInstruction: Readonly<Record<string, readonly number[]>> = { and: opcode.i64And, or: opcode.i64Or, ne: opcode.i64ExclusiveOr };
/** The same on masks of lanes, where the arguments are truth values. */
const maskInstruction: Readonly<Record<string, readonly number[]>> = { and: simd(0x4e), or: simd(0x50), ne: simd(0x51) };

const isCombination = (x: Scalar, variable: string): boolean =>
  x.kind === "load" ? x.bits === true && strideOf(x.offset, variable) === "unit" : x.kind === "apply" && wordInstruction[x.operator] !== undefined && x.arguments.every((a) => isCombination(a, variable));

function writeCount(writer: KernelWriter, loop: Loop): void {
  const { f } = writer;
  const pointers = new Map<string, number>();
  for (const s of loop.body) for (const root of scalarsOf(s)) visitScalar(root, (x) => {
    if (x.kind !== "load" || pointers.has(streamKey(x.array, x.offset))) return;
    const pointer = f.local("i32");
    pointers.set(streamKey(x.array, x.offset), pointer);
    bitAddress(writer, x.array, startOf(x.offset, loop.variable, loop.from));
    f.set(pointer);
  });
  const word = (x: Scalar, part: number): void => {
    if (x.kind === "load") {
      f.get(pointers.get(streamKey(x.array, x.offset))!);
      f.memory(opcode.i64Load, 8 * part);
    } else if (x.kind === "apply") {
      for (const a of x.arguments) word(a, part);
      f.write(wordInstruction[x.operator]!);
    }
  };
  const counts = loop.body.flatMap((s) => (s.kind === "update" ? [{ name: s.name, value: s.value, totals: [f.local("i64"), f.local("i64")] as const }] : []));
  for (const { totals } of counts) for (const total of totals) {
    f.write(opcode.i64Constant, [0]);
    f.set(total);
  }
  const left = f.local("i32");
  writer.integer(loop.to);
  f.tee(left);
  f.i32(0);
  f.write(opcode.i32Greater, opcode.if, opcode.loop);
  for (const { value, totals } of counts) totals.forEach((total, part) => {
    f.get(total);
    word(value, part);
    f.write(opcode.i64CountBits, opcode.i64Add);
    f.set(total);
  });
  for (const pointer of pointers.values()) f.advance(pointer, 16);
  f.repeatWhileAny(left, 128);
  f.write(opcode.end, opcode.end);
  for (const { name, totals: [first, second] } of counts) {
    const scalar = writer.name(name, "f64");
    f.get(scalar);
    f.get(first);
    f.get(second);
    f.write(opcode.i64Add, opcode.i32FromLow, opcode.f64FromInteger, opcode.f64Add);
    f.set(scalar);
  }
}

/** Pushes the byte offset of a bit at the start of a byte. */
function bitAddress(writer: KernelWriter, array: string, offset: Integer): void {
  const { f } = writer;
  f.get(writer.array(array));
  if (constantValue(offset) === 0) return;
  writer.integer(offset);
  f.i32(3);
  f.write(opcode.i32ShiftRightUnsigned, opcode.i32Add);
}

/** Entries of a turn: eight vectors of two numbers, or two of eight. */
const BLOCK = 16;

class PackingLoop extends FixedLoop {
  override write(): boolean {
    const { f } = this.writer;
    this.collect();
    const stores = this.loop.body.flatMap((s) => (s.kind === "store" ? [{ store: s, pointer: f.local("i32"), half: f.local("v128"), quarter: f.local("v128"), eighth: f.local("v128") }] : []));
    this.startStreams();
    for (const { store, pointer } of stores) {
      bitAddress(this.writer, store.array, startOf(store.offset, this.loop.variable, this.loop.from));
      f.set(pointer);
    }
    this.prepareSplats();
    const [left, mask] = [f.local("i32"), f.local("i32")];
    this.writer.integer(this.loop.to);
    f.tee(left);
    f.i32(0);
    // The last turn reads beyond the row, where the memory goes on, and leaves these bits out.
    f.write(opcode.i32Greater, opcode.if, opcode.loop);
    f.i32(-1);
    f.i32(-1);
    f.get(left);
    f.write(opcode.i32ShiftLeft);
    f.i32(-1);
    f.write(opcode.i32ExclusiveOr);
    f.get(left);
    f.i32(BLOCK);
    f.write(opcode.i32GreaterEqual, opcode.select);
    f.set(mask);
    {
      for (let part = 0; part < BLOCK / this.lanes.count; part++) {
        this.held.clear();
        for (const s of this.loop.body) if (s.kind === "let") {
          this.vector(s.value, part);
          f.set(this.lets.get(s.name)!);
        }
        for (const s of stores) {
          this.mask(s.store.value, part);
          this.narrow(part, mask, s);
        }
      }
    }
    this.advance(BLOCK);
    for (const { pointer } of stores) f.advance(pointer, BLOCK / 8);
    f.repeatWhileAny(left, BLOCK);
    f.write(opcode.end, opcode.end);
    return true;
  }

  /** Masks of 64 or 16 bits a lane, two by two as such of 32, 16 and 8 bits, and at last as bits that are stored. */
  private narrow(part: number, mask: number, { pointer, half, quarter, eighth }: { readonly store: Store; readonly pointer: number; readonly half: number; readonly quarter: number; readonly eighth: number }): void {
    const { f } = this.writer;
    const joined = (first: number, instruction: readonly number[]): void => {
      const second = f.local("v128");
      f.set(second);
      f.get(first);
      f.get(second);
      f.write(instruction);
    };
    if (this.loop.fixed) {
      if (part === 0) { f.set(eighth); return; }
    } else {
      if (part % 2 === 0) { f.set(half); return; }
      joined(half, lowerHalves);
      if (part % 4 === 1) { f.set(quarter); return; }
      joined(quarter, simd(0x85));
      if (part % 8 === 3) { f.set(eighth); return; }
    }
    joined(eighth, bytesOfShorts);
    const bits = f.local("i32");
    f.write(simd(0x64));
    f.set(bits);
    f.get(pointer);
    f.get(bits);
    f.get(mask);
    f.write(opcode.i32And);
    f.memory(opcode.i32Store16, 0, 1);
  }

  /** Pushes a truth value as a mask: all bits of a lane, or none. */
  private mask(x: Scalar, part: number): void {
    const { f } = this.writer;
    const operator: Operator | undefined = x.kind === "apply" ? ops[x.operator] : undefined;
    if (x.kind === "apply" && maskInstruction[x.operator] && x.arguments.every(isTruth)) {
      for (const a of x.arguments) this.mask(a, part);
      f.write(maskInstruction[x.operator]!);
      return;
    }
    const fixed = this.loop.fixed && operator?.fixed;
    if (x.kind === "apply" && fixed && endsWith(fixed.code, ofShortMask)) {
      this.aligned(x, part);
      f.write(fixed.code.slice(0, fixed.code.length - ofShortMask.length));
      return;
    }
    const code = this.loop.fixed ? undefined : operator?.wasm?.vector;
    if (x.kind === "apply" && code && endsWith(code, ofMask)) {
      for (const k of operator?.wasm?.order ?? x.arguments.keys()) this.vector(x.arguments[k]!, part);
      f.write(code.slice(0, code.length - ofMask.length));
      return;
    }
    this.vector(x, part);
    f.write(vectorConstant(0), simd(this.loop.fixed ? 0x2e : 0x48));
  }
}

/** i8x16.shuffle that takes the lower 32 bits of each of four lanes. */
const lowerHalves = [0xfd, 0x0d, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
/** How a mask becomes 0 or 1. */
const ofMask = [...vectorConstant(1), ...simd(0x4e)];
const ofShortMask = [...shortConstant(1), ...simd(0x4e)];
const endsWith = (code: readonly number[], end: readonly number[]): boolean => code.length > end.length && end.every((byte, k) => code[code.length - end.length + k] === byte);
const isTruth = (x: Scalar): boolean => x.kind === "apply" && ops[x.operator].type(x.arguments.map(() => "real")) === "truth";

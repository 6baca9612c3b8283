/** Instructions and locals of one function under construction. */
import { float64, signed, unsigned } from "./bytes.ts";
import type { ValueType } from "./bytes.ts";

/** Opcodes of the core instructions that kernels are made of. */
export const opcode = {
  if: [0x04, 0x40], else: [0x05], loop: [0x03, 0x40], end: [0x0b], select: [0x1b], drop: [0x1a],
  i32Add: [0x6a], i32Sub: [0x6b], i32Mul: [0x6c], i32DivUnsigned: [0x6e], i32RemainderSigned: [0x6f], i32And: [0x71], i32Or: [0x72], i32ExclusiveOr: [0x73], i32RotateLeft: [0x77], i32ShiftLeft: [0x74], i32ShiftRight: [0x75], i32ShiftRightUnsigned: [0x76], i32Load: [0x28], i32Store: [0x36], i32Store16: [0x3b], i32Store8: [0x3a], i32Load16: [0x2e], i32Load8: [0x2c],
  i32Equal: [0x46], i32Less: [0x48], i32Greater: [0x4a], i32GreaterEqual: [0x4e], i32FromFloat: [0xfc, 0x02], memoryFill: [0xfc, 0x0b, 0],
  i64Load: [0x29], i64Store: [0x37], i64And: [0x83], i64Or: [0x84], i64ExclusiveOr: [0x85], i64Add: [0x7c], i64CountBits: [0x7b], i64FromBits: [0xbd], i32FromLow: [0xa7], i64Constant: [0x42],
  f64Add: [0xa0], f64Sub: [0xa1], f64Mul: [0xa2], f64Min: [0xa4], f64Max: [0xa5], f64NotEqual: [0x62], f64FromInteger: [0xb7],
  v128Load: [0xfd, 0x00], v128Store: [0xfd, 0x0b], f64Load: [0x2b], f64Store: [0x39], f32Load: [0x2a], f32Store: [0x38], f64FromSingle: [0xbb], f32FromDouble: [0xb6],
  splatSingle: [0xfd, 0x13], load16Splat: [0xfd, 0x08], load32Splat: [0xfd, 0x09], load64Splat: [0xfd, 0x0a], load32Zero: [0xfd, 0x5c], load64Zero: [0xfd, 0x5d], store16Lane: [0xfd, 0x59], store32Lane: [0xfd, 0x5a], store64Lane: [0xfd, 0x5b], loadBytes: [0xfd, 0x01],
  splat: [0xfd, 0x14], lane: [0xfd, 0x21], f64x2Add: [0xfd, 0xf0, 0x01],
} as const;

/** What an entry of an array is in memory; on the stack it is a float64. */
export type Element = "float64" | "float32" | "int16" | "int8";

export const bytesOf: Readonly<Record<Element, number>> = { float64: 8, float32: 4, int16: 2, int8: 1 };

export class FunctionWriter {
  readonly locals: ValueType[] = [];
  readonly code: number[] = [];
  readonly parameters: readonly ValueType[];

  constructor(parameters: readonly ValueType[]) {
    this.parameters = parameters;
  }

  local(type: ValueType): number {
    this.locals.push(type);
    return this.parameters.length + this.locals.length - 1;
  }
  write(...parts: readonly (readonly number[])[]): void {
    for (const part of parts) for (const byte of part) this.code.push(byte);
  }
  get(local: number): void {
    this.write([0x20], unsigned(local));
  }
  set(local: number): void {
    this.write([0x21], unsigned(local));
  }
  tee(local: number): void {
    this.write([0x22], unsigned(local));
  }
  call(index: number): void {
    this.write([0x10], unsigned(index));
  }
  i32(value: number): void {
    this.write([0x41], signed(value));
  }
  f64(value: number): void {
    this.write([0x44], float64(value));
  }
  v128(value: number): void {
    this.write([0xfd, 0x0c], float64(value), float64(value));
  }
  /** Branches to the loop that is `depth` blocks out if the value on the stack is not 0. */
  branchIf(depth: number): void {
    this.write([0x0d], unsigned(depth));
  }
  /** pointer += by, a number of bytes or a local that holds one. */
  advance(pointer: number, by: number | { readonly local: number }): void {
    this.get(pointer);
    if (typeof by === "number") this.i32(by);
    else this.get(by.local);
    this.write(opcode.i32Add);
    this.set(pointer);
  }
  /** Takes `count` from `left`, and branches to the loop around if there are as many again. */
  repeat(left: number, count: number): void {
    this.get(left);
    this.i32(count);
    this.write(opcode.i32Sub);
    this.tee(left);
    this.i32(count);
    this.write(opcode.i32GreaterEqual);
    this.branchIf(0);
  }
  /** Takes `count`, a number or a local that holds one, from `left`, and branches to the loop around if any are left. */
  repeatWhileAny(left: number, count: number | { readonly local: number }): void {
    this.get(left);
    if (typeof count === "number") this.i32(count);
    else this.get(count.local);
    this.write(opcode.i32Sub);
    this.tee(left);
    this.i32(0);
    this.write(opcode.i32Greater);
    this.branchIf(0);
  }
  /** Goes on to the next value of a counter, and branches to the loop around if it is below `end`. */
  repeatBelow(counter: number, end: number): void {
    this.get(counter);
    this.i32(1);
    this.write(opcode.i32Add);
    this.tee(counter);
    this.get(end);
    this.write(opcode.i32Less);
    this.branchIf(0);
  }
  /** `body` as often as `count` fits into `left`, where the remainder stays. */
  whileLeft(left: number, count: number, body: () => void): void {
    this.get(left);
    this.i32(count);
    this.write(opcode.i32GreaterEqual, opcode.if, opcode.loop);
    body();
    this.repeat(left, count);
    this.write(opcode.end, opcode.end);
  }
  /** A load or store at the address on the stack plus `offset`, which is a multiple of 2^alignment. */
  memory(instruction: readonly number[], offset = 0, alignment = 3): void {
    this.write(instruction, [alignment], unsigned(offset));
  }
  /** Loads the number at the address on the stack as a float64. */
  loadNumber(isSingle: boolean, offset = 0): void {
    this.loadEntry(isSingle ? "float32" : "float64", offset);
  }
  /** Stores the float64 on the stack at the address below. */
  storeNumber(isSingle: boolean, offset = 0): void {
    this.storeEntry(isSingle ? "float32" : "float64", offset);
  }
  /** The same for any kind of entry. */
  loadEntry(element: Element, offset = 0): void {
    switch (element) {
      case "float64": this.memory(opcode.f64Load, offset); break;
      case "float32": this.memory(opcode.f32Load, offset, 2); this.write(opcode.f64FromSingle); break;
      case "int16": this.memory(opcode.i32Load16, offset, 1); this.write(opcode.f64FromInteger); break;
      case "int8": this.memory(opcode.i32Load8, offset, 0); this.write(opcode.f64FromInteger);
    }
  }
  storeEntry(element: Element, offset = 0): void {
    switch (element) {
      case "float64": this.memory(opcode.f64Store, offset); break;
      case "float32": this.write(opcode.f32FromDouble); this.memory(opcode.f32Store, offset, 2); break;
      case "int16": this.write(opcode.i32FromFloat); this.memory(opcode.i32Store16, offset, 1); break;
      case "int8": this.write(opcode.i32FromFloat); this.memory(opcode.i32Store8, offset, 0);
    }
  }
}

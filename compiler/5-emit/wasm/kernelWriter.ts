/** A kernel as a WASM function: integers are i32, scalars f64, arrays byte offsets into the linear memory. */
import { constantValue, integerConstant } from "../../4-schedule/integer.ts";
import type { Integer, IntegerAtom } from "../../4-schedule/integer.ts";
import type { Kernel, KernelArray, KernelStatement, Scalar } from "../../4-schedule/kernel.ts";
import type { Combine } from "../../ir/expression.ts";
import { ops } from "../../library/ops/index.ts";
import type { Operator } from "../../library/ops/operator.ts";
import type { VectorFunction } from "../../../runtime/webassembly/vectorFunction.ts";
import { builtInConstants, type MeasuredConstants } from "../../../runtime/measuredConstants.ts";
import type { WasmFunction } from "../../../runtime/webassembly/bytes.ts";
import { arrayFunctionImport } from "../../../runtime/extensions/importedArrayFunctions.ts";
import { bytesOf, FunctionWriter, opcode, type Element } from "../../../runtime/webassembly/functionWriter.ts";
import { touchesBits, writeBitLoop } from "./bitLoop.ts";
import { writeFixedLoop } from "./fixedLoop.ts";
import { writeProduct } from "./productLoop.ts";
import { writeSparseLoop } from "./sparseLoop.ts";
import { writeVectorLoop } from "./vectorLoop.ts";

const INTEGER_IN_LOW_BITS = 6755399441055744;

const combineInstruction: Readonly<Record<Combine, readonly number[]>> = { sum: opcode.f64Add, product: opcode.f64Mul, max: opcode.f64Max, min: opcode.f64Min };

/** The number in the module of a vector function, or of a tile or an imported function by its name. */
export type NumberOf = (f: VectorFunction | string) => number;

export function wasmFunction(kernel: Kernel, indexOf: NumberOf, fused = false, constants = builtInConstants, Writer = KernelWriter): WasmFunction {
  const writer = new Writer(kernel, indexOf, fused, constants);
  writer.statements(kernel.body);
  return { name: kernel.name, parameters: writer.f.parameters, locals: writer.f.locals, code: writer.f.code };
}

/** The name by which a function of whole arrays is imported, for this number of axes of its arguments: `runtime/backends/wasm.ts` reads it. */
export const importOfCall = ({ function: key, adjointOf, tangent, arguments: given }: Extract<KernelStatement, { kind: "call" }>): string =>
  arrayFunctionImport({ key, adjointOf, tangent: tangent === true, axes: given.map(({ shape }) => shape.length) });

/** What the entries of an array are in memory. */
export function elementOf(a: KernelArray | undefined): Element {
  if (a?.integer !== undefined) return a.integer === 8 ? "int8" : "int16";
  return a?.single ? "float32" : "float64";
}

export class KernelWriter {
  readonly f: FunctionWriter;
  /** Locals of sizes, reals, arrays, and of the names in scope. */
  private readonly place = new Map<string, number>();
  private readonly elements: ReadonlyMap<string, Element>;

  /** Numbers of entries of the arrays. */
  private readonly lengths: ReadonlyMap<string, Integer>;
  readonly indexOf: NumberOf;
  /** Whether vectors use fused multiply-adds. */
  readonly fused: boolean;
  readonly constants: MeasuredConstants;

  constructor(kernel: Kernel, indexOf: NumberOf, fused: boolean, constants: MeasuredConstants) {
    this.indexOf = indexOf;
    this.fused = fused;
    this.constants = constants;
    this.elements = new Map(kernel.arrays.map((a) => [a.name, elementOf(a)]));
    this.lengths = new Map(kernel.arrays.map((a) => [a.name, a.length]));
    this.f = new FunctionWriter([...kernel.sizes.map(() => "i32" as const), ...kernel.reals.map(() => "f64" as const), ...kernel.arrays.map(() => "i32" as const)]);
    [...kernel.sizes, ...kernel.reals, ...kernel.arrays.map((a) => arrayKey(a.name))].forEach((name, k) => this.place.set(name, k));
  }

  statements(body: readonly KernelStatement[]): void {
    for (const s of body) this.statement(s);
  }

  /** The local of a name; a new one for a name that was not met before. Names of parallel blocks share theirs. */
  name(name: string, type: "i32" | "f64" | "v128"): number {
    let local = this.place.get(name);
    if (local === undefined) this.place.set(name, (local = this.f.local(type)));
    return local;
  }

  protected statement(s: KernelStatement): void {
    const { f } = this;
    switch (s.kind) {
      case "integer": this.integer(s.value); f.set(this.name(s.name, "i32")); break;
      case "advance": f.get(this.name(s.name, "i32")); this.integer(s.by); f.write(opcode.i32Add); f.set(this.name(s.name, "i32")); break;
      case "let": this.scalar(s.value); f.set(this.name(s.name, "f64")); break;
      case "update": f.get(this.name(s.name, "f64")); this.scalar(s.value); f.write(combineInstruction[s.combine]); f.set(this.name(s.name, "f64")); break;
      case "store": this.store(s); break;
      case "fill": this.fill(s.array, s.length, s.value); break;
      case "call":
        this.integer(s.blocks);
        for (const { array, shape } of s.arguments) {
          f.get(this.array(array));
          for (const length of shape) this.integer(length);
        }
        f.get(this.array(s.target));
        this.integer(this.lengths.get(s.target)!);
        f.call(this.indexOf(importOfCall(s)));
        break;
      case "if":
        this.condition(s.condition);
        f.write(opcode.if);
        this.statements(s.body);
        f.write(opcode.end);
        break;
      case "for":
        if (s.product && writeProduct(this, s.product)) break;
        if (writeSparseLoop(this, s)) break;
        if (s.vectorisable && (touchesBits(s) ? writeBitLoop(this, s) : s.fixed ? writeFixedLoop(this, s) : writeVectorLoop(this, s))) break;
        this.loop(s);
        break;
    }
  }

  private store(s: Extract<KernelStatement, { kind: "store" }>): void {
    const { f } = this;
    if (s.bits) {
      this.storeBit(s);
      return;
    }
    this.address(s.array, s.offset);
    if (s.combine === undefined) this.scalar(s.value);
    else {
      const address = f.local("i32");
      f.tee(address);
      f.get(address);
      f.loadEntry(this.element(s.array));
      this.scalar(s.value);
      f.write(combineInstruction[s.combine]);
    }
    f.storeEntry(this.element(s.array));
  }

  /** word = (word & ~(1 << place)) | (truth << place) */
  private storeBit(s: Extract<KernelStatement, { kind: "store" }>): void {
    const { f } = this;
    const [address, place] = [f.local("i32"), f.local("i32")];
    this.wordOf(s.array, s.offset, place);
    f.tee(address);
    f.get(address);
    f.memory(opcode.i32Load, 0, 2);
    f.i32(-2);
    f.get(place);
    f.write(opcode.i32RotateLeft, opcode.i32And);
    this.condition(s.value);
    f.get(place);
    f.write(opcode.i32ShiftLeft, opcode.i32Or);
    f.memory(opcode.i32Store, 0, 2);
  }

  /** Pushes the byte offset of the word of a bit, whose place in the word is left in a local. */
  private wordOf(array: string, offset: Integer, place: number): void {
    const { f } = this;
    f.get(this.array(array));
    this.integer(offset);
    f.tee(place);
    f.i32(5);
    f.write(opcode.i32ShiftRightUnsigned);
    f.i32(2);
    f.write(opcode.i32ShiftLeft, opcode.i32Add);
    f.get(place);
    f.i32(31);
    f.write(opcode.i32And);
    f.set(place);
  }

  private fill(array: string, length: Integer, value: number): void {
    const { f } = this;
    if (value === 0) {
      f.get(this.array(array));
      f.i32(0);
      this.integer(length);
      f.i32(this.shift(array));
      f.write(opcode.i32ShiftLeft, opcode.memoryFill);
      return;
    }
    const position = `fill ${array}`;
    this.loop({ kind: "for", variable: position, from: integerConstant(0), to: length, vectorisable: false, body: [{ kind: "store", array, offset: { terms: [{ coefficient: 1, factors: [{ kind: "variable", name: position }] }] }, value: { kind: "constant", value } }] });
  }

  /** Tests once before and once after each turn: `if (from < to) do … while (++variable < to)`. */
  loop(s: Extract<KernelStatement, { kind: "for" }>): void {
    const { f } = this;
    const variable = this.name(s.variable, "i32");
    const end = f.local("i32");
    this.integer(s.from);
    f.tee(variable);
    this.integer(s.to);
    f.tee(end);
    f.write(opcode.i32Less, opcode.if, opcode.loop);
    this.statements(s.body);
    f.repeatBelow(variable, end);
    f.write(opcode.end, opcode.end);
  }

  isSingle(array: string): boolean {
    return this.element(array) === "float32";
  }

  isInteger(array: string): boolean {
    return this.element(array) === "int16" || this.element(array) === "int8";
  }

  element(array: string): Element {
    return this.elements.get(array) ?? "float64";
  }

  /** Entries times 2^shift are bytes. */
  shift(array: string): number {
    return Math.log2(bytesOf[this.element(array)]);
  }

  array(name: string): number {
    const local = this.place.get(arrayKey(name));
    if (local === undefined) throw new Error(`internal: no array ${name}`);
    return local;
  }

  /** Pushes the byte offset of an entry. */
  address(array: string, offset: Integer): void {
    const { f } = this;
    f.get(this.array(array));
    if (constantValue(offset) === 0) return;
    this.integer(offset);
    f.i32(this.shift(array));
    f.write(opcode.i32ShiftLeft, opcode.i32Add);
  }

  scalar(s: Scalar): void {
    const { f } = this;
    switch (s.kind) {
      case "constant": f.f64(s.value); break;
      case "real": f.get(this.name(s.name, "f64")); break;
      case "integer": this.integer(s.value); f.write(opcode.f64FromInteger); break;
      case "load":
        if (s.bits) {
          const place = f.local("i32");
          this.wordOf(s.array, s.offset, place);
          f.memory(opcode.i32Load, 0, 2);
          f.get(place);
          f.write(opcode.i32ShiftRightUnsigned);
          f.i32(1);
          f.write(opcode.i32And, opcode.f64FromInteger);
          break;
        }
        this.address(s.array, s.offset);
        f.loadEntry(this.element(s.array));
        break;
      case "apply": {
        const { wasm, vectorFunction, typescript }: Operator = ops[s.operator];
        if (vectorFunction) {
          this.scalar(s.arguments[0]!);
          f.write(opcode.splat);
          f.call(this.indexOf(vectorFunction));
          f.write(opcode.lane, [0]);
          break;
        }
        if (!wasm) {
          if (typescript.callee === undefined) throw new Error(`internal: ${s.operator} has no WASM form`);
          for (const a of s.arguments) this.scalar(a);
          f.call(this.indexOf(typescript.callee));
          break;
        }
        for (const k of wasm.order ?? s.arguments.keys()) this.scalar(s.arguments[k]!);
        f.write(wasm.scalar);
      }
    }
  }

  /** Pushes an i32 that is 0 for false. Comparisons leave it before they are made numbers. */
  condition(s: Scalar): void {
    const { f } = this;
    if (s.kind === "load" && s.bits) {
      this.scalar(s);
      f.write(opcode.i32FromFloat);
      return;
    }
    if (this.isCondition(s)) {
      const comparison = ops[s.operator].wasm!;
      for (const k of comparison.order ?? s.arguments.keys()) this.scalar(s.arguments[k]!);
      f.write(comparison.scalar.slice(0, 1));
      return;
    }
    this.scalar(s);
    f.f64(0);
    f.write(opcode.f64NotEqual);
  }

  private isCondition(s: Scalar): s is Extract<Scalar, { kind: "apply" }> {
    const comparison: Operator["wasm"] = s.kind === "apply" ? ops[s.operator].wasm : undefined;
    return comparison?.scalar.length === 2 && comparison.scalar[1] === opcode.f64FromInteger[0];
  }

  integer(x: Integer): void {
    const { f } = this;
    if (x.terms.length === 0) f.i32(0);
    x.terms.forEach(({ coefficient, factors }, k) => {
      const subtracted = k > 0 && coefficient === -1;
      const [first, ...rest] = factors;
      if (first === undefined) f.i32(coefficient);
      else {
        this.atom(first);
        for (const factor of rest) {
          this.atom(factor);
          f.write(opcode.i32Mul);
        }
        if (coefficient !== 1 && !subtracted) {
          f.i32(coefficient);
          f.write(opcode.i32Mul);
        }
      }
      if (k > 0) f.write(subtracted && first !== undefined ? opcode.i32Sub : opcode.i32Add);
    });
  }

  /** A scalar that is an integer of 32 bits: added to 1.5 · 2^52 it stands in the low bits, which takes a fraction of the time of a conversion. */
  private integerOf(s: Scalar): void {
    const { f } = this;
    if (this.isCondition(s)) {
      this.condition(s);
      return;
    }
    this.scalar(s);
    f.f64(INTEGER_IN_LOW_BITS);
    f.write(opcode.f64Add, opcode.i64FromBits, opcode.i32FromLow);
  }

  private atom(a: IntegerAtom): void {
    const { f } = this;
    switch (a.kind) {
      case "variable": f.get(this.name(a.name, "i32")); break;
      case "scalar": this.integerOf(a.value); break;
      case "binomial": {
        // (x over m) = (x over m − 1) · (x − m + 1) / m, exact at each step; unsigned, so that results up to 2^32 / m are right.
        const of = f.local("i32");
        this.integer(a.of);
        f.tee(of);
        for (let m = 2; m <= a.choose; m++) {
          f.get(of);
          f.i32(m - 1);
          f.write(opcode.i32Sub, opcode.i32Mul);
          f.i32(m);
          f.write(opcode.i32DivUnsigned);
        }
        break;
      }
      case "modulo": {
        const divisor = f.local("i32");
        this.integer(a.divisor);
        f.set(divisor);
        this.integer(a.of);
        f.get(divisor);
        f.write(opcode.i32RemainderSigned);
        f.get(divisor);
        f.write(opcode.i32Add);
        f.get(divisor);
        f.write(opcode.i32RemainderSigned);
        break;
      }
      case "quotient":
        this.integer(a.of);
        this.integer(a.divisor);
        f.write(opcode.i32DivUnsigned);
        break;
      case "minimum": case "maximum": {
        const [left, right] = [f.local("i32"), f.local("i32")];
        this.integer(a.left);
        f.tee(left);
        this.integer(a.right);
        f.tee(right);
        f.get(left);
        f.get(right);
        f.write(a.kind === "minimum" ? opcode.i32Less : opcode.i32Greater, opcode.select);
      }
    }
  }
}

const arrayKey = (name: string): string => `array ${name}`;

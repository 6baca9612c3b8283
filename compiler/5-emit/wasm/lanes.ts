/** How an innermost loop computes: on vectors of two float64, of four float32 whose sums are added to float64, or of eight integers of 16 bits. */
import { VectorBuilder, type VectorFunction, type VectorSink } from "../../../runtime/webassembly/vectorFunction.ts";
import { inFloat32 } from "../../../runtime/webassembly/singleFunction.ts";
import { opcode, type Element, type FunctionWriter } from "../../../runtime/webassembly/functionWriter.ts";
import { demote, inFourLanes, multiplyAdd, negativeMultiplyAdd, promoteLow, singleMultiplyAdd, singleNegativeMultiplyAdd, simd, upperHalf, vectorConstant } from "../../../runtime/webassembly/simd.ts";
import type { KernelStatement } from "../../4-schedule/kernel.ts";
import { scalarsOf, visitScalar } from "../../4-schedule/kernel.ts";
import { strideOf } from "../../4-schedule/vectorisable.ts";
import type { Operator } from "../../library/ops/operator.ts";

export interface Lanes {
  /** Entries of a vector. */
  readonly count: number;
  /** Makes a vector of the float64 on the stack. */
  readonly splat: readonly number[];
  readonly add: readonly number[];
  readonly multiplyAdd: readonly number[];
  readonly negativeMultiplyAdd: readonly number[];
  /** Loads so many vectors behind the address on the stack: whatever the entries are as far as lanes of float64 go, else those that the lanes are for. */
  readonly load: (f: FunctionWriter, element: Element, vector: number) => void;
  /** Stores the vector on the stack there. */
  readonly store: (f: FunctionWriter, element: Element, vector: number) => void;
  /** The instructions of an operator, if it has any. */
  readonly instructions: (operator: Operator) => readonly number[] | undefined;
  /** Pushes a function of the vector in a local. */
  readonly apply: (f: VectorFunction, argument: readonly number[], sink: VectorSink) => readonly number[];
  /** Pushes the sum of all lanes of a vector in a local, as float64. */
  readonly sum: (f: FunctionWriter, vector: number) => void;
}

function sumOfTwo(f: FunctionWriter, vector: number): void {
  f.get(vector);
  f.write(opcode.lane, [0]);
  f.get(vector);
  f.write(opcode.lane, [1], opcode.f64Add);
}

/** The lower lanes made wider, or narrower by saturation, two vectors into one. */
const shortsOfBytes = simd(0x87);
const wordsOfShorts = simd(0xa7);
const doublesOfWords = simd(0xfe);
const wordsOfDoubles = simd(0xfc);
const shortsOfWords = simd(0x85);
export const bytesOfShorts = simd(0x65);
const none = vectorConstant(0);

export const doubles: Lanes = {
  count: 2, splat: opcode.splat, add: opcode.f64x2Add, multiplyAdd, negativeMultiplyAdd,
  load: (f, element, vector) => {
    switch (element) {
      case "float64": f.memory(opcode.v128Load, 16 * vector); break;
      case "float32": f.memory(opcode.load64Zero, 8 * vector, 2); f.write(promoteLow); break;
      case "int16": f.memory(opcode.load32Zero, 4 * vector, 1); f.write(wordsOfShorts, doublesOfWords); break;
      case "int8": f.memory(opcode.load16Splat, 2 * vector, 0); f.write(shortsOfBytes, wordsOfShorts, doublesOfWords);
    }
  },
  store: (f, element, vector) => {
    switch (element) {
      case "float64": f.memory(opcode.v128Store, 16 * vector); break;
      case "float32": f.write(demote); f.memory(opcode.store64Lane, 8 * vector, 2); f.write([0]); break;
      case "int16": f.write(wordsOfDoubles, none, shortsOfWords); f.memory(opcode.store32Lane, 4 * vector, 1); f.write([0]); break;
      case "int8": f.write(wordsOfDoubles, none, shortsOfWords, none, bytesOfShorts); f.memory(opcode.store16Lane, 2 * vector, 0); f.write([0]);
    }
  },
  instructions: ({ wasm }) => wasm?.vector,
  apply: (function_, argument, sink) => function_.body(new VectorBuilder(sink), argument),
  sum: sumOfTwo,
};

export const singles: Lanes = {
  count: 4, splat: [...opcode.f32FromDouble, ...opcode.splatSingle], add: inFourLanes(0xf0), multiplyAdd: singleMultiplyAdd, negativeMultiplyAdd: singleNegativeMultiplyAdd,
  load: (f, _, vector) => f.memory(opcode.v128Load, 16 * vector, 2),
  store: (f, _, vector) => f.memory(opcode.v128Store, 16 * vector, 2),
  instructions: ({ wasm }) => wasm?.single,
  apply: inFloat32,
  sum: (f, vector) => {
    const halves = f.local("v128");
    f.get(vector);
    f.write(promoteLow);
    f.get(vector);
    f.get(vector);
    f.write(upperHalf, promoteLow, opcode.f64x2Add);
    f.set(halves);
    sumOfTwo(f, halves);
  },
};

/** Whole numbers, and halves and quarters by shifts: what instructions are and how places are aligned is up to `FixedLoop`. */
export const shorts: Lanes = {
  count: 8, splat: [...opcode.i32FromFloat, ...simd(0x10)], add: simd(0x8e), multiplyAdd: [], negativeMultiplyAdd: [],
  load: (f, element, vector) => {
    if (element === "int8") f.memory(opcode.loadBytes, 8 * vector, 0);
    else f.memory(opcode.v128Load, 16 * vector, 1);
  },
  store: (f, _, vector) => f.memory(opcode.v128Store, 16 * vector, 1),
  instructions: ({ fixed }) => fixed?.code,
  apply: () => { throw new Error("internal: a function of integers of 16 bits"); },
  sum: () => { throw new Error("internal: a sum of integers of 16 bits"); },
};

/** Those of float32 where all arrays that the loop walks are, and it walks some. */
export function lanesFor(loop: Extract<KernelStatement, { kind: "for" }>, isSingle: (array: string) => boolean): Lanes {
  const walked = new Set<string>();
  for (const s of loop.body) {
    if (s.kind === "store") walked.add(s.array);
    for (const root of scalarsOf(s)) visitScalar(root, (x) => { if (x.kind === "load" && strideOf(x.offset, loop.variable) === "unit") walked.add(x.array); });
  }
  return walked.size > 0 && [...walked].every(isSingle) ? singles : doubles;
}

/** How an innermost loop computes: on vectors of two float64, or of four float32 whose sums are added to float64. */
import { VectorBuilder, type VectorFunction, type VectorSink } from "../../../runtime/webassembly/vectorFunction.ts";
import { inFloat32 } from "../../../runtime/webassembly/singleFunction.ts";
import { opcode, type FunctionWriter } from "../../../runtime/webassembly/functionWriter.ts";
import { demote, inFourLanes, multiplyAdd, negativeMultiplyAdd, promoteLow, singleMultiplyAdd, singleNegativeMultiplyAdd, upperHalf } from "../../../runtime/webassembly/simd.ts";
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
  /** Loads so many vectors behind the address on the stack: of float32 or float64, whatever the lanes are, as far as those of float64 go. */
  readonly load: (f: FunctionWriter, single: boolean, vector: number) => void;
  /** Stores the vector on the stack there. */
  readonly store: (f: FunctionWriter, single: boolean, vector: number) => void;
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

export const doubles: Lanes = {
  count: 2, splat: opcode.splat, add: opcode.f64x2Add, multiplyAdd, negativeMultiplyAdd,
  load: (f, single, vector) => {
    if (!single) return f.memory(opcode.v128Load, 16 * vector);
    f.memory(opcode.load64Zero, 8 * vector, 2);
    f.write(promoteLow);
  },
  store: (f, single, vector) => {
    if (!single) return f.memory(opcode.v128Store, 16 * vector);
    f.write(demote);
    f.memory(opcode.store64Lane, 8 * vector, 2);
    f.write([0]);
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

/** Those of float32 where all arrays that the loop walks are, and it walks some. */
export function lanesFor(loop: Extract<KernelStatement, { kind: "for" }>, isSingle: (array: string) => boolean): Lanes {
  const walked = new Set<string>();
  for (const s of loop.body) {
    if (s.kind === "store") walked.add(s.array);
    for (const root of scalarsOf(s)) visitScalar(root, (x) => { if (x.kind === "load" && strideOf(x.offset, loop.variable) === "unit") walked.add(x.array); });
  }
  return walked.size > 0 && [...walked].every(isSingle) ? singles : doubles;
}

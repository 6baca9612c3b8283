/** How an innermost loop computes: on vectors of two float64, or of four float32 whose sums are added to float64. */
import type { VectorFunction } from "../../../runtime/webassembly/vectorFunction.ts";
import { VectorBuilder } from "../../../runtime/webassembly/vectorFunction.ts";
import type { VectorSink } from "../../../runtime/webassembly/vectorFunction.ts";
import { inFloat32 } from "../../../runtime/webassembly/singleFunction.ts";
import type { FunctionWriter } from "../../../runtime/webassembly/functionWriter.ts";
import { opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { inFourLanes, multiplyAdd, negativeMultiplyAdd, promoteLow, singleMultiplyAdd, singleNegativeMultiplyAdd, upperHalf } from "../../../runtime/webassembly/simd.ts";
import type { Operator } from "../../library/ops/operator.ts";

export interface Lanes {
  /** Entries of a vector. */
  readonly count: number;
  /** Makes a vector of the float64 on the stack. */
  readonly splat: readonly number[];
  readonly add: readonly number[];
  readonly multiplyAdd: readonly number[];
  readonly negativeMultiplyAdd: readonly number[];
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
  instructions: ({ wasm }) => wasm?.vector,
  apply: (function_, argument, sink) => function_.body(new VectorBuilder(sink), argument),
  sum: sumOfTwo,
};

export const singles: Lanes = {
  count: 4, splat: [...opcode.f32FromDouble, ...opcode.splatSingle], add: inFourLanes(0xf0), multiplyAdd: singleMultiplyAdd, negativeMultiplyAdd: singleNegativeMultiplyAdd,
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

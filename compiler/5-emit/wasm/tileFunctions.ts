/**
 * The inner loops of products of matrices as functions of their own: a kernel that holds them in place is too long for the engine to keep
 * their sums in registers. Addresses and distances are in bytes; `count` is at least 1. All three matrices are float64, or (`single`) float32.
 */
import type { WasmFunction } from "../../../runtime/webassembly/bytes.ts";
import { FunctionWriter, opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { inFourLanes, simd } from "../../../runtime/webassembly/simd.ts";
import { doubles, singles } from "./lanes.ts";

/** Rows of the tile, and its columns: vectors, of scalar products their number. */
export interface TileShape { readonly rows: number; readonly columns: number; readonly single: boolean }

export const rowsTileName = (shape: TileShape, negative: boolean): string => `tile of rows ${shapeText(shape)}${negative ? " negative" : ""}`;
export const dotsTileName = (shape: TileShape, assigned: boolean): string => `tile of dots ${shapeText(shape)}${assigned ? " assigned" : ""}`;
const shapeText = ({ rows, columns, single }: TileShape): string => `${rows} ${columns}${single ? " single" : ""}`;

const f64x2 = { add: 0xf0, sub: 0xf1, mul: 0xf2 } as const;
/** Instructions on vectors of the shape's numbers, and the binary logarithm of the bytes of one. */
const instructionsOf = ({ single }: TileShape) => {
  const of = (opcode: number): readonly number[] => (single ? inFourLanes(opcode) : simd(opcode));
  const lanes = single ? singles : doubles;
  return { lanes, add: of(f64x2.add), sub: of(f64x2.sub), mul: of(f64x2.mul), loadSplat: single ? opcode.load32Splat : opcode.load64Splat, loadZero: single ? opcode.load32Zero : opcode.load64Zero, alignment: single ? 2 : 3 };
};
const numbers = (count: number): readonly number[] => [...Array(count).keys()];

/** Pointers to `count` rows, the first at `base`. */
function pointersTo(f: FunctionWriter, base: number, distance: number, count: number): readonly number[] {
  const pointers = [base];
  for (let r = 1; r < count; r++) {
    const pointer = f.local("i32");
    f.get(pointers[r - 1]!);
    f.get(distance);
    f.write(opcode.i32Add);
    f.set(pointer);
    pointers.push(pointer);
  }
  return pointers;
}

/**
 * C[r, :] ± = Σ_k A[r, k] B[k, :] for the rows and columns of the tile, where the entries A[0, k], A[1, k], … stand one behind the other, and those
 * of k + 1 behind them: (C, its row, A, B, its term, count).
 */
export function rowsTile(shape: TileShape, negative: boolean, fused: boolean): WasmFunction {
  const f = new FunctionWriter(["i32", "i32", "i32", "i32", "i32", "i32"]);
  const [target, targetRow, factor, walked, walkedTerm, count] = [0, 1, 2, 3, 4, 5] as const;
  const { lanes, add, sub, mul, loadSplat, alignment } = instructionsOf(shape);
  const bytes = shape.single ? 4 : 8;
  const columns = numbers(shape.columns);
  const targets = pointersTo(f, target, targetRow, shape.rows);
  const sums = targets.map((pointer) => columns.map((v) => {
    const sum = f.local("v128");
    f.get(pointer);
    f.memory(opcode.v128Load, 16 * v, alignment);
    f.set(sum);
    return sum;
  }));
  const entries = columns.map(() => f.local("v128"));
  const a = f.local("v128");
  f.whileLeft(count, 1, () => {
    for (const v of columns) {
      f.get(walked);
      f.memory(opcode.v128Load, 16 * v, alignment);
      f.set(entries[v]!);
    }
    sums.forEach((row, r) => {
      f.get(factor);
      f.memory(loadSplat, bytes * r, alignment);
      f.set(a);
      row.forEach((sum, v) => {
        if (fused) {
          f.get(a);
          f.get(entries[v]!);
          f.get(sum);
          f.write(negative ? lanes.negativeMultiplyAdd : lanes.multiplyAdd);
        } else {
          f.get(sum);
          f.get(a);
          f.get(entries[v]!);
          f.write(mul, negative ? sub : add);
        }
        f.set(sum);
      });
    });
    f.advance(factor, bytes * shape.rows);
    f.advance(walked, { local: walkedTerm });
  });
  targets.forEach((pointer, r) => { for (const v of columns) {
    f.get(pointer);
    f.get(sums[r]![v]!);
    f.memory(opcode.v128Store, 16 * v, alignment);
  } });
  return { name: rowsTileName(shape, negative), parameters: f.parameters, locals: f.locals, code: f.code, internal: true };
}

/** C[r, c] += (with `assigned`: =) Σ_k A[r, k] B[c, k], entries k side by side: (C, its row, its column, A, its row, B, its row, count). */
export function dotsTile(shape: TileShape, assigned: boolean, fused: boolean): WasmFunction {
  const { lanes, add, mul, loadZero, alignment } = instructionsOf(shape);
  const f = new FunctionWriter(["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"]);
  const [target, targetRow, targetColumn, left, leftRow, right, rightRow, count] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const lefts = pointersTo(f, left, leftRow, shape.rows);
  const rights = pointersTo(f, right, rightRow, shape.columns);
  const sums = lefts.map(() => rights.map(() => f.local("v128")));
  const entries = rights.map(() => f.local("v128"));
  const a = f.local("v128");
  f.whileLeft(count, lanes.count, () => {
    rights.forEach((pointer, c) => {
      f.get(pointer);
      f.memory(opcode.v128Load, 0, alignment);
      f.set(entries[c]!);
      f.advance(pointer, 16);
    });
    lefts.forEach((pointer, r) => {
      f.get(pointer);
      f.memory(opcode.v128Load, 0, alignment);
      f.set(a);
      rights.forEach((_, c) => {
        const sum = sums[r]![c]!;
        if (fused) {
          f.get(a);
          f.get(entries[c]!);
          f.get(sum);
          f.write(lanes.multiplyAdd);
        } else {
          f.get(sum);
          f.get(a);
          f.get(entries[c]!);
          f.write(mul, add);
        }
        f.set(sum);
      });
      f.advance(pointer, 16);
    });
  });
  // The terms that fill no vector: one after the other, alone in the first lane.
  const bytes = shape.single ? 4 : 8;
  f.whileLeft(count, 1, () => {
    rights.forEach((pointer, c) => {
      f.get(pointer);
      f.memory(loadZero, 0, alignment);
      f.set(entries[c]!);
      f.advance(pointer, bytes);
    });
    lefts.forEach((pointer, r) => {
      f.get(pointer);
      f.memory(loadZero, 0, alignment);
      f.set(a);
      rights.forEach((_, c) => {
        f.get(sums[r]![c]!);
        f.get(a);
        f.get(entries[c]!);
        f.write(mul, add);
        f.set(sums[r]![c]!);
      });
      f.advance(pointer, bytes);
    });
  });
  const columns = pointersTo(f, target, targetColumn, shape.columns);
  for (const row of sums) row.forEach((sum, c) => {
    f.get(columns[c]!);
    lanes.sum(f, sum);
    if (!assigned) {
      f.get(columns[c]!);
      f.loadNumber(shape.single);
      f.write(opcode.f64Add);
    }
    f.storeNumber(shape.single);
    f.advance(columns[c]!, { local: targetRow });
  });
  return { name: dotsTileName(shape, assigned), parameters: f.parameters, locals: f.locals, code: f.code, internal: true };
}

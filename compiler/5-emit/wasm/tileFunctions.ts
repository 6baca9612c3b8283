/**
 * The inner loops of products of matrices as functions of their own: a kernel that holds them in place is too long for the engine to keep
 * their sums in registers. Addresses and distances are in bytes; `count` is at least 1.
 */
import type { WasmFunction } from "../../../runtime/webassembly/bytes.ts";
import { FunctionWriter, opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { multiplyAdd, negativeMultiplyAdd, simd } from "../../../runtime/webassembly/simd.ts";

/** Rows of the tile, and its columns: vectors of two entries or, for 0, a single entry; of scalar products their number. */
export interface TileShape { readonly rows: number; readonly columns: number }

/** Of a sum of rows: whether the products are subtracted, and whether the entries of A for neighbouring rows lie side by side. */
export interface RowsForm { readonly negative: boolean; readonly adjacent: boolean }

export const rowsTileName = ({ rows, columns }: TileShape, { negative, adjacent }: RowsForm): string => `tile of rows ${rows} ${columns}${negative ? " negative" : ""}${adjacent ? " adjacent" : ""}`;
export const dotsTileName = ({ rows, columns }: TileShape, assigned: boolean): string => `tile of dots ${rows} ${columns}${assigned ? " assigned" : ""}`;

/** v128.load64_splat. */
const loadSplat = simd(0x0a);
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

/** C[r, :] ± = Σ_k A[r, k] B[k, :] for the rows and columns of the tile: (C, its row, A, its row, its term, B, its term, count). */
export function rowsTile(shape: TileShape, form: RowsForm, fused: boolean): WasmFunction {
  const f = new FunctionWriter(["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"]);
  const [target, targetRow, factor, factorRow, factorTerm, walked, walkedTerm, count] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const { negative, adjacent } = form;
  const single = shape.columns === 0;
  const type = single ? "f64" : "v128";
  const [load, store, splat] = single ? [opcode.f64Load, opcode.f64Store, opcode.f64Load] : [opcode.v128Load, opcode.v128Store, loadSplat];
  const [multiply, plus] = single ? [opcode.f64Mul, negative ? opcode.f64Sub : opcode.f64Add] : [simd(0xf2), negative ? simd(0xf1) : simd(0xf0)];
  const parts = numbers(Math.max(1, shape.columns));
  const targets = pointersTo(f, target, targetRow, shape.rows);
  // One pointer serves entries that lie side by side.
  const factors = adjacent ? [factor] : pointersTo(f, factor, factorRow, shape.rows);
  const sums = targets.map((pointer) => parts.map((v) => {
    const sum = f.local(type);
    f.get(pointer);
    f.memory(load, 16 * v);
    f.set(sum);
    return sum;
  }));
  const entries = parts.map(() => f.local(type));
  const a = f.local(type);
  f.write(opcode.loop);
  for (const v of parts) {
    f.get(walked);
    f.memory(load, 16 * v);
    f.set(entries[v]!);
  }
  targets.forEach((_, r) => {
    f.get(adjacent ? factor : factors[r]!);
    f.memory(splat, adjacent ? 8 * r : 0);
    f.set(a);
    for (const v of parts) {
      const sum = sums[r]![v]!;
      if (fused && !single) {
        f.get(a);
        f.get(entries[v]!);
        f.get(sum);
        f.write(negative ? negativeMultiplyAdd : multiplyAdd);
      } else {
        f.get(sum);
        f.get(a);
        f.get(entries[v]!);
        f.write(multiply, plus);
      }
      f.set(sum);
    }
  });
  for (const pointer of factors) f.advance(pointer, { local: factorTerm });
  f.advance(walked, { local: walkedTerm });
  f.repeat(count, 1);
  f.write(opcode.end);
  targets.forEach((pointer, r) => { for (const v of parts) {
    f.get(pointer);
    f.get(sums[r]![v]!);
    f.memory(store, 16 * v);
  } });
  return { name: rowsTileName(shape, form), parameters: f.parameters, locals: f.locals, code: f.code, internal: true };
}

/** C[r, c] += (with `assigned`: =) Σ_k A[r, k] B[c, k], entries k side by side: (C, its row, its column, A, its row, B, its row, count). */
export function dotsTile(shape: TileShape, assigned: boolean, fused: boolean): WasmFunction {
  const f = new FunctionWriter(["i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"]);
  const [target, targetRow, targetColumn, left, leftRow, right, rightRow, count] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const lefts = pointersTo(f, left, leftRow, shape.rows);
  const rights = pointersTo(f, right, rightRow, shape.columns);
  const sums = lefts.map(() => rights.map(() => f.local("v128")));
  const entries = rights.map(() => f.local("v128"));
  const a = f.local("v128");
  f.whileLeft(count, 2, () => {
    rights.forEach((pointer, c) => {
      f.get(pointer);
      f.memory(opcode.v128Load);
      f.set(entries[c]!);
      f.advance(pointer, 16);
    });
    lefts.forEach((pointer, r) => {
      f.get(pointer);
      f.memory(opcode.v128Load);
      f.set(a);
      rights.forEach((_, c) => {
        const sum = sums[r]![c]!;
        if (fused) {
          f.get(a);
          f.get(entries[c]!);
          f.get(sum);
          f.write(multiplyAdd);
        } else {
          f.get(sum);
          f.get(a);
          f.get(entries[c]!);
          f.write(simd(0xf2), simd(0xf0));
        }
        f.set(sum);
      });
      f.advance(pointer, 16);
    });
  });
  // The last term of an odd number: alone in the first lane.
  f.get(count);
  f.write(opcode.if);
  const loadZero = simd(0x5d);
  rights.forEach((pointer, c) => {
    f.get(pointer);
    f.memory(loadZero);
    f.set(entries[c]!);
  });
  lefts.forEach((pointer, r) => {
    f.get(pointer);
    f.memory(loadZero);
    f.set(a);
    rights.forEach((_, c) => {
      f.get(sums[r]![c]!);
      f.get(a);
      f.get(entries[c]!);
      f.write(simd(0xf2), simd(0xf0));
      f.set(sums[r]![c]!);
    });
  });
  f.write(opcode.end);
  const columns = pointersTo(f, target, targetColumn, shape.columns);
  for (const row of sums) row.forEach((sum, c) => {
    f.get(columns[c]!);
    f.get(sum);
    f.write(opcode.lane, [0]);
    f.get(sum);
    f.write(opcode.lane, [1], opcode.f64Add);
    if (!assigned) {
      f.get(columns[c]!);
      f.memory(opcode.f64Load);
      f.write(opcode.f64Add);
    }
    f.memory(opcode.f64Store);
    f.advance(columns[c]!, { local: targetRow });
  });
  return { name: dotsTileName(shape, assigned), parameters: f.parameters, locals: f.locals, code: f.code, internal: true };
}

/**
 * Products of matrices by rows, C[m, :] ± = Σ_k A[m, k] B[k, :], as one function for all of them:
 *
 *     for blocks of terms { for blocks of rows, of which A is packed { for strips of two vectors of columns { for tiles of rows { … } } } }
 *
 * Packed means copied to scratch memory in the order in which the tiles meet the entries. So is the strip of B: in its own place each of its rows
 * is on a page of its own. A strip that is narrower is filled up with zeros, and its part of C stands in scratch memory while a tile adds
 * to it. Each entry of C gets its terms in the order of k, as without tiles.
 */
import { scratch } from "../../../runtime/webassembly/scratch.ts";
import type { WasmFunction } from "../../../runtime/webassembly/bytes.ts";
import { FunctionWriter, opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { rowsTileName } from "./tileFunctions.ts";

const VECTOR = 16;
/** Vectors of a strip, and its bytes. */
export const VECTORS = 2;
const STRIP = VECTORS * VECTOR;
/** With fewer rows a copy of B doesn't pay. */
const rowsWorthACopy = 8;
/** Terms of a block at most: a strip of so many stays in the first cache. */
const mostTerms = 512;

export interface RowsProduct {
  readonly negative: boolean;
  /** Whether the matrices are float32. */
  readonly single: boolean;
}
export const rowsProductName = ({ negative, single }: RowsProduct): string => `product by rows${negative ? " negative" : ""}${single ? " single" : ""}`;

/**
 * (C, its row, A, its row, its term, B, its term; rows, columns, terms): addresses and distances in bytes, then numbers.
 *
 * @param heights rows of the tiles, the most first
 * @param block terms of a block
 */
export function rowsProduct(product: RowsProduct, heights: readonly number[], block: number, indexOf: (name: string) => number): WasmFunction {
  const f = new FunctionWriter(Array.from({ length: 10 }, () => "i32" as const));
  const [target, targetRow, factor, factorRow, factorTerm, walked, walkedTerm, rows, columns, terms] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
  const { single } = product;
  const bytes = single ? 4 : 8;
  const termsAtOnce = Math.min(mostTerms, block);
  // Scratch memory: a strip of B, a part of C, rows of A.
  const [packedStrip, partOfTarget] = [scratch.start, scratch.start + STRIP * termsAtOnce];
  const packedRows = partOfTarget + STRIP * heights[0]!;
  const rowsAtOnce = heights[0]! * Math.floor((scratch.start + scratch.bytes - packedRows) / (bytes * termsAtOnce * heights[0]!));
  const local = (): number => f.local("i32");
  const [blockTerms, term, blockRows, rowsLeft, columnsLeft] = [local(), local(), local(), local(), local()];
  const [rowsOfA, rowsOfC, strip, column, row, packed, b, bTerm] = [local(), local(), local(), local(), local(), local(), local(), local()];
  const [from, to, entryFrom, entryTo, entriesLeft] = [local(), local(), local(), local(), local()];

  const assign = (to: number, value: number | { readonly constant: number }): void => {
    if (typeof value === "number") f.get(value);
    else f.i32(value.constant);
    f.set(to);
  };
  /** pointer += distance · times */
  const move = (pointer: number, distance: number, times: number | { readonly constant: number }): void => {
    f.get(pointer);
    f.get(distance);
    if (typeof times === "number") f.get(times);
    else f.i32(times.constant);
    f.write(opcode.i32Mul, opcode.i32Add);
    f.set(pointer);
  };
  /** `body` for blocks of at most `most`, whose number it finds in `count`, of all that are in `total`, which is used up. */
  const inBlocks = (total: number, count: number, most: number, body: () => void): void => {
    f.get(total);
    f.i32(0);
    f.write(opcode.i32Greater, opcode.if, opcode.loop);
    f.get(total);
    f.i32(most);
    f.get(total);
    f.i32(most);
    f.write(opcode.i32Less, opcode.select);
    f.set(count);
    body();
    f.repeatWhileAny(total, { local: count });
    f.write(opcode.end, opcode.end);
  };
  const eachTerm = (body: () => void): void => {
    assign(term, blockTerms);
    f.whileLeft(term, 1, body);
  };
  const eachTile = (body: (height: number) => void): void => {
    assign(rowsLeft, blockRows);
    for (const height of heights) f.whileLeft(rowsLeft, height, () => { body(height); });
  };
  /** Vectors at `from`, copied to `to`. */
  const copyVectors = (count: number): void => {
    for (let v = 0; v < count; v++) {
      f.get(to);
      f.get(from);
      f.memory(opcode.v128Load, VECTOR * v, 2);
      f.memory(opcode.v128Store, VECTOR * v, 2);
    }
  };
  const copyEntry = (to: number, from: number, behind = 0): void => {
    f.get(to);
    f.get(from);
    f.memory(single ? opcode.i32Load : opcode.i64Load, 0, 2);
    f.memory(single ? opcode.i32Store : opcode.i64Store, behind, 2);
  };
  /** The entries of the last, narrower strip in one row. */
  const copyNarrow = (to: number, from: number): void => {
    assign(entryTo, to);
    assign(entryFrom, from);
    assign(entriesLeft, columnsLeft);
    f.whileLeft(entriesLeft, 1, () => {
      copyEntry(entryTo, entryFrom);
      f.advance(entryFrom, bytes);
      f.advance(entryTo, bytes);
    });
  };

  /** A[r, k] of the rows of a tile at `rowsOfA`, to `to`: those of one term side by side. */
  const packTile = (height: number): void => {
    const vectors = (height * bytes) / VECTOR;
    const inVectors = Number.isInteger(vectors);
    if (inVectors) {
      f.get(factorRow);
      f.i32(bytes);
      f.write(opcode.i32Equal, opcode.if);
      assign(from, rowsOfA);
      eachTerm(() => {
        copyVectors(vectors);
        f.advance(from, { local: factorTerm });
        f.advance(to, height * bytes);
      });
      f.write(opcode.else);
    }
    const entries = Array.from({ length: height }, local);
    entries.forEach((entry, r) => {
      assign(entry, r === 0 ? rowsOfA : entries[r - 1]!);
      if (r > 0) f.advance(entry, { local: factorRow });
    });
    eachTerm(() => {
      entries.forEach((entry, r) => {
        copyEntry(to, entry, bytes * r);
        f.advance(entry, { local: factorTerm });
      });
      f.advance(to, bytes * height);
    });
    if (inVectors) f.write(opcode.end);
  };
  /** B[k, :] of the strip in all terms, by a copy of one of its rows. */
  const packStrip = (copyRow: () => void): void => {
    assign(from, strip);
    assign(to, { constant: packedStrip });
    eachTerm(() => {
      copyRow();
      f.advance(from, { local: walkedTerm });
      f.advance(to, STRIP);
    });
    assign(b, { constant: packedStrip });
    assign(bTerm, { constant: STRIP });
  };
  /** The tiles of the strip from top to bottom: in C itself, or (`narrow`) in the part of it that is copied. */
  const tilesOfStrip = (narrow: boolean): void => {
    assign(row, column);
    assign(packed, { constant: packedRows });
    eachTile((height) => {
      const eachRow = (copy: (part: number, own: number) => void): void => {
        if (!narrow) return;
        assign(from, row);
        assign(to, { constant: partOfTarget });
        for (let r = 0; r < height; r++) {
          copy(to, from);
          f.advance(from, { local: targetRow });
          f.advance(to, STRIP);
        }
      };
      eachRow((part, own) => { copyNarrow(part, own); });
      if (narrow) {
        f.i32(partOfTarget);
        f.i32(STRIP);
      } else {
        f.get(row);
        f.get(targetRow);
      }
      for (const argument of [packed, b, bTerm, blockTerms]) f.get(argument);
      f.call(indexOf(rowsTileName({ rows: height, columns: VECTORS, single }, product.negative)));
      eachRow((part, own) => { copyNarrow(own, part); });
      move(row, targetRow, { constant: height });
      move(packed, blockTerms, { constant: height * bytes });
    });
  };

  inBlocks(terms, blockTerms, termsAtOnce, () => {
    const allRows = local();
    assign(allRows, rows);
    assign(rowsOfA, factor);
    assign(rowsOfC, target);
    inBlocks(allRows, blockRows, rowsAtOnce, () => {
      assign(to, { constant: packedRows });
      eachTile((height) => {
        packTile(height);
        move(rowsOfA, factorRow, { constant: height });
      });
      assign(columnsLeft, columns);
      assign(strip, walked);
      assign(column, rowsOfC);
      f.whileLeft(columnsLeft, STRIP / bytes, () => {
        assign(b, strip);
        assign(bTerm, walkedTerm);
        f.get(rows);
        f.i32(rowsWorthACopy);
        f.write(opcode.i32GreaterEqual, opcode.if);
        packStrip(() => { copyVectors(VECTORS); });
        f.write(opcode.end);
        tilesOfStrip(false);
        f.advance(strip, STRIP);
        f.advance(column, STRIP);
      });
      f.get(columnsLeft);
      f.i32(0);
      f.write(opcode.i32Greater, opcode.if);
      packStrip(() => {
        for (let v = 0; v < VECTORS; v++) {
          f.get(to);
          f.v128(0);
          f.memory(opcode.v128Store, VECTOR * v, 2);
        }
        copyNarrow(to, from);
      });
      tilesOfStrip(true);
      f.write(opcode.end);
      move(rowsOfC, targetRow, blockRows);
    });
    move(factor, factorTerm, blockTerms);
    move(walked, walkedTerm, blockTerms);
  });
  return { name: rowsProductName(product), parameters: f.parameters, locals: f.locals, code: f.code, internal: true };
}

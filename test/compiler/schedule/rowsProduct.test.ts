/** Products of matrices by rows give each entry its terms in their order, to the last bit, at sizes with every remainder of strips, tiles and blocks. */
import { describe, expect, test } from "vitest";
import type { ProductTile } from "../../../compiler/4-schedule/productTile.ts";
import { tileFunctions } from "../../../compiler/5-emit/wasm/productLoop.ts";
import { rowsProductName } from "../../../compiler/5-emit/wasm/rowsProduct.ts";
import { integerConstant } from "../../../compiler/4-schedule/integer.ts";
import { builtInConstants } from "../../../runtime/measuredConstants.ts";
import { optimisedModule, webAssembly } from "../../../runtime/backends/webAssembly.ts";
import { moduleBytes } from "../../../runtime/webassembly/bytes.ts";
import { scratch } from "../../../runtime/webassembly/scratch.ts";
import { numbers } from "./run.ts";

const zero = integerConstant(0);
const operand = { array: "", origin: zero, byRow: zero, byColumn: zero, bySummed: zero };
const tile = (negative: boolean): ProductTile => ({ form: "rows", rows: zero, columns: zero, summed: zero, target: operand, factor: operand, walked: operand, negative });

/** Shapes with all remainders, few rows, and more rows and terms than a block has. */
const shapes = [
  ...[1, 2, 3, 4, 5, 7, 8, 9].flatMap((rows) => [1, 2, 3, 4, 5, 8, 9, 13].map((columns) => [rows, columns, 1 + ((rows * columns) % 5)] as const)),
  [61, 6, 257], [130, 11, 40], [9, 17, 515],
] as const;

describe.each([[false, false], [false, true], [true, false], [true, true]])("single %s, negative %s", (single, negative) => {
  const tiles = tileFunctions([{ tile: tile(negative), single }], false, { ...builtInConstants, tile_terms: 64 });
  const indexOf = (name: string): number => tiles.findIndex((t) => t.name === name);
  const memory = new webAssembly.Memory({ initial: 40, maximum: 40 });
  const { exports } = new webAssembly.Instance(optimisedModule(moduleBytes(tiles.map(({ write }) => ({ ...write(indexOf), internal: undefined as never })))), { quench: { memory } });
  const product = exports[rowsProductName({ negative, single })] as (...args: number[]) => void;
  const bytes = single ? 4 : 8;
  const round = single ? Math.fround : (x: number): number => x;
  const Numbers = single ? Float32Array : Float64Array;

  test.each([false, true])("A %s column by column", (byColumns) => {
    for (const [rows, columns, terms] of shapes) {
      let next = scratch.start + scratch.bytes;
      const matrix = (seed: number, length: number): Float32Array | Float64Array => {
        const view = new Numbers(memory.buffer, next, length);
        next += 16 * Math.ceil((bytes * length) / 16);
        view.set(numbers(seed, length));
        return view;
      };
      // Rows of C and B are longer than what is used of them.
      const [rowOfC, rowOfB] = [columns + 3, columns + 1];
      const [a, b, c, behind] = [matrix(1, rows * terms), matrix(2, terms * rowOfB), matrix(3, rows * rowOfC), matrix(4, 4)];
      const expected = Float64Array.from(c);
      const entry = (m: number, k: number): number => a[byColumns ? k * rows + m : m * terms + k]!;
      for (let m = 0; m < rows; m++) for (let n = 0; n < columns; n++) for (let k = 0; k < terms; k++) {
        const term = round(entry(m, k) * b[k * rowOfB + n]!);
        expected[m * rowOfC + n] = round(expected[m * rowOfC + n]! + (negative ? -term : term));
      }
      const [aRow, aTerm] = byColumns ? [bytes, bytes * rows] : [bytes * terms, bytes];
      product(c.byteOffset, bytes * rowOfC, a.byteOffset, aRow, aTerm, b.byteOffset, bytes * rowOfB, rows, columns, terms);
      expect([rows, columns, terms, Float64Array.from(c)]).toEqual([rows, columns, terms, expected]);
      expect(Float64Array.from(behind)).toEqual(Float64Array.from(numbers(4, 4), round));
    }
  });
});

/** Products of matrices (`4-schedule/productTile.ts`) by tiles of four rows and two columns or vectors. */
import type { Operand, ProductTile } from "../../4-schedule/productTile.ts";
import { constantValue } from "../../4-schedule/integer.ts";
import type { Integer } from "../../4-schedule/integer.ts";
import type { WasmFunction } from "../../../runtime/webassembly/bytes.ts";
import { opcode } from "../../../runtime/webassembly/functionWriter.ts";
import type { KernelWriter } from "./kernelWriter.ts";
import { dotsTile, dotsTileName, rowsTile, rowsTileName } from "./tileFunctions.ts";

const ROWS = 4;
const COLUMNS = 2;
const LANES = 2;
/** Terms of a sum of rows at once: so many rows of B, of which a tile walks a strip, stay in the first cache. */
const BLOCK = 256;

/** The functions that these products call. */
export function tileFunctions(tiles: readonly ProductTile[], fused: boolean): readonly WasmFunction[] {
  const rows = [ROWS, 1];
  return [
    ...[false, true].flatMap((negative) => [false, true].flatMap((adjacent) => (tiles.some((t) => t.form === "rows" && t.negative === negative && isAdjacent(t) === adjacent)
      ? rows.flatMap((r) => [COLUMNS, 1, 0].map((c) => rowsTile({ rows: r, columns: c }, { negative, adjacent }, fused))) : []))),
    ...[false, true].flatMap((assigned) => (tiles.some((t) => t.form === "dots" && t.assigned === assigned) ? rows.flatMap((r) => [COLUMNS, 1].map((c) => dotsTile({ rows: r, columns: c }, assigned, fused))) : [])),
  ];
}

/** Whether the factors of neighbouring rows lie side by side. */
const isAdjacent = (tile: Extract<ProductTile, { form: "rows" }>): boolean => constantValue(tile.factor.byRow) === 1;

export function writeProduct(writer: KernelWriter, tile: ProductTile): void {
  if (tile.form === "rows") writeRows(writer, tile);
  else writeDots(writer, tile);
}

function writeDots(writer: KernelWriter, tile: Extract<ProductTile, { form: "dots" }>): void {
  const { f } = writer;
  const [targetRow, targetColumn, leftRow, rightRow] = [tile.target.byRow, tile.target.byColumn, tile.left.byRow, tile.right.byColumn].map((x) => bytes(writer, x)) as [number, number, number, number];
  const [target, left, right, row] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  start(writer, tile.left, left);
  start(writer, tile.target, row);
  counted(writer, tile.rows, [ROWS, 1], (rows) => {
    start(writer, tile.right, right);
    f.get(row);
    f.set(target);
    counted(writer, tile.columns, [COLUMNS, 1], (columns) => {
      for (const local of [target, targetRow, targetColumn, left, leftRow, right, rightRow]) f.get(local);
      writer.integer(tile.summed);
      f.call(writer.indexOf(dotsTileName({ rows, columns }, tile.assigned)));
      move(writer, target, targetColumn, columns);
      move(writer, right, rightRow, columns);
    });
    move(writer, row, targetRow, rows);
    move(writer, left, leftRow, rows);
  });
}

function writeRows(writer: KernelWriter, tile: Extract<ProductTile, { form: "rows" }>): void {
  const { f } = writer;
  const [targetRow, factorRow, factorTerm, walkedTerm] = [tile.target.byRow, tile.factor.byRow, tile.factor.bySummed, tile.walked.bySummed].map((x) => bytes(writer, x)) as [number, number, number, number];
  const [left, terms, row, target, factor, walked, factorBlock, walkedBlock] = Array.from({ length: 8 }, () => f.local("i32")) as [number, number, number, number, number, number, number, number];
  start(writer, tile.factor, factorBlock);
  start(writer, tile.walked, walkedBlock);
  writer.integer(tile.summed);
  f.tee(left);
  f.i32(0);
  f.write(opcode.i32Greater, opcode.if, opcode.loop);
  // terms = min(left, BLOCK)
  f.get(left);
  f.i32(BLOCK);
  f.get(left);
  f.i32(BLOCK);
  f.write(opcode.i32Less, opcode.select);
  f.set(terms);
  start(writer, tile.target, row);
  f.get(factorBlock);
  f.set(factor);
  counted(writer, tile.rows, [ROWS, 1], (rows) => {
    f.get(row);
    f.set(target);
    f.get(walkedBlock);
    f.set(walked);
    counted(writer, tile.columns, [LANES * COLUMNS, LANES, 1], (width) => {
      for (const local of [target, targetRow, factor, factorRow, factorTerm, walked, walkedTerm, terms]) f.get(local);
      f.call(writer.indexOf(rowsTileName({ rows, columns: width === 1 ? 0 : width / LANES }, { negative: tile.negative, adjacent: isAdjacent(tile) })));
      for (const pointer of [target, walked]) {
        f.get(pointer);
        f.i32(8 * width);
        f.write(opcode.i32Add);
        f.set(pointer);
      }
    });
    move(writer, row, targetRow, rows);
    move(writer, factor, factorRow, rows);
  });
  move(writer, factorBlock, factorTerm, BLOCK);
  move(writer, walkedBlock, walkedTerm, BLOCK);
  f.get(left);
  f.i32(BLOCK);
  f.write(opcode.i32Sub);
  f.tee(left);
  f.i32(0);
  f.write(opcode.i32Greater);
  f.branchIf(0);
  f.write(opcode.end, opcode.end);
}

/** A local with a distance in bytes. */
function bytes(writer: KernelWriter, x: Integer): number {
  const local = writer.f.local("i32");
  writer.integer(x);
  writer.f.i32(3);
  writer.f.write(opcode.i32ShiftLeft);
  writer.f.set(local);
  return local;
}

function start(writer: KernelWriter, { array, origin }: Operand, pointer: number): void {
  writer.address(array, origin);
  writer.f.set(pointer);
}

/** pointer += count · step */
function move({ f }: KernelWriter, pointer: number, step: number, count: number): void {
  f.get(pointer);
  f.get(step);
  if (count > 1) {
    f.i32(count);
    f.write(opcode.i32Mul);
  }
  f.write(opcode.i32Add);
  f.set(pointer);
}

/** `body` for the first of `widths` as often as it fits into `total`, then for the others. */
function counted(writer: KernelWriter, total: Integer, widths: readonly number[], body: (width: number) => void): void {
  const { f } = writer;
  const left = f.local("i32");
  writer.integer(total);
  f.set(left);
  for (const width of widths) f.whileLeft(left, width, () => body(width));
}

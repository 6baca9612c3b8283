/** Products of matrices (`4-schedule/productTile.ts`): those by rows are calls of one function, those of scalar products loops over tiles of a few rows (`tile_rows`) and two columns. */
import type { Operand, ProductTile } from "../../4-schedule/productTile.ts";
import type { Integer } from "../../4-schedule/integer.ts";
import type { WasmFunction } from "../../../runtime/webassembly/bytes.ts";
import { opcode, type Element } from "../../../runtime/webassembly/functionWriter.ts";
import type { MeasuredConstants } from "../../../runtime/measuredConstants.ts";
import type { KernelWriter } from "./kernelWriter.ts";
import { rowsProduct, rowsProductName, VECTORS } from "./rowsProduct.ts";
import { dotsTile, dotsTileName, rowsTile } from "./tileFunctions.ts";

const COLUMNS = 2;

/** A product, and whether its three matrices are float32. */
export interface TypedProduct { readonly tile: ProductTile; readonly single: boolean }

/** A function of the module by its name, and its code once the numbers of all functions are known. */
export interface TileFunction { readonly name: string; readonly write: (indexOf: (name: string) => number) => WasmFunction }

/** The functions that these products call. */
export function tileFunctions(products: readonly TypedProduct[], fused: boolean, { tile_rows: most, tile_terms: terms }: MeasuredConstants): readonly TileFunction[] {
  const heights = [...new Set([most, 1])];
  const has = (single: boolean, wanted: (tile: ProductTile) => boolean): boolean => products.some((p) => p.single === single && wanted(p.tile));
  const tile = (f: WasmFunction): TileFunction => ({ name: f.name, write: () => f });
  return [false, true].flatMap((single) => [
    ...[false, true].flatMap((negative) => (has(single, (t) => t.form === "rows" && t.negative === negative) ? [
      ...heights.map((rows) => tile(rowsTile({ rows, columns: VECTORS, single }, negative, fused))),
      { name: rowsProductName({ negative, single }), write: (indexOf: (name: string) => number) => rowsProduct({ negative, single }, heights, terms, indexOf) },
    ] : [])),
    ...[false, true].flatMap((assigned) => (has(single, (t) => t.form === "dots" && t.assigned === assigned) ? heights.flatMap((rows) => [COLUMNS, 1].map((columns) => tile(dotsTile({ rows, columns, single }, assigned, fused)))) : [])),
  ]);
}

/** Whether the matrices are float32; undefined where they are not all alike. */
export function precisionOf(tile: ProductTile, elementOf: (array: string) => Element): boolean | undefined {
  const all = (tile.form === "rows" ? [tile.target, tile.factor, tile.walked] : [tile.target, tile.left, tile.right]).map(({ array }) => elementOf(array));
  return all.every((x) => x === "float32") ? true : all.every((x) => x === "float64") ? false : undefined;
}

/** Writes the product; false where its matrices are not all of one precision. */
export function writeProduct(writer: KernelWriter, tile: ProductTile): boolean {
  const single = precisionOf(tile, (array) => writer.element(array));
  if (single === undefined) return false;
  if (tile.form === "rows") writeRows(writer, tile, single);
  else writeDots(writer, tile, single);
  return true;
}

function writeDots(writer: KernelWriter, tile: Extract<ProductTile, { form: "dots" }>, single: boolean): void {
  const { f } = writer;
  const [targetRow, targetColumn, leftRow, rightRow] = [tile.target.byRow, tile.target.byColumn, tile.left.byRow, tile.right.byColumn].map((x) => bytes(writer, x, single)) as [number, number, number, number];
  const [target, left, right, row] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  start(writer, tile.left, left);
  start(writer, tile.target, row);
  counted(writer, tile.rows, [...new Set([writer.constants.tile_rows, 1])], (rows) => {
    start(writer, tile.right, right);
    f.get(row);
    f.set(target);
    counted(writer, tile.columns, [COLUMNS, 1], (columns) => {
      for (const local of [target, targetRow, targetColumn, left, leftRow, right, rightRow]) f.get(local);
      writer.integer(tile.summed);
      f.call(writer.indexOf(dotsTileName({ rows, columns, single }, tile.assigned)));
      move(writer, target, targetColumn, columns);
      move(writer, right, rightRow, columns);
    });
    move(writer, row, targetRow, rows);
    move(writer, left, leftRow, rows);
  });
}

function writeRows(writer: KernelWriter, tile: Extract<ProductTile, { form: "rows" }>, single: boolean): void {
  const { f } = writer;
  const distances = [tile.target.byRow, tile.factor.byRow, tile.factor.bySummed, tile.walked.bySummed].map((x) => bytes(writer, x, single)) as [number, number, number, number];
  const [targetRow, factorRow, factorTerm, walkedTerm] = distances;
  writer.address(tile.target.array, tile.target.origin);
  f.get(targetRow);
  writer.address(tile.factor.array, tile.factor.origin);
  f.get(factorRow);
  f.get(factorTerm);
  writer.address(tile.walked.array, tile.walked.origin);
  f.get(walkedTerm);
  for (const extent of [tile.rows, tile.columns, tile.summed]) writer.integer(extent);
  f.call(writer.indexOf(rowsProductName({ negative: tile.negative, single })));
}

/** A local with a distance in bytes. */
function bytes(writer: KernelWriter, x: Integer, single: boolean): number {
  const local = writer.f.local("i32");
  writer.integer(x);
  writer.f.i32(single ? 2 : 3);
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

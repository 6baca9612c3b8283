/**
 * A loop over the few entries of an array of small integers that are not 0: `for k: if (x[k] != 0) …`. Vectors of zeros are passed over.
 */
import type { KernelStatement } from "../../4-schedule/kernel.ts";
import { strideOf } from "../../4-schedule/vectorisable.ts";
import { bytesOf, opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { simd } from "../../../runtime/webassembly/simd.ts";
import type { KernelWriter } from "./kernelWriter.ts";

/** Writes the loop; false where it is none of these. */
export function writeSparseLoop(writer: KernelWriter, loop: Extract<KernelStatement, { kind: "for" }>): boolean {
  const [only, ...more] = loop.body;
  if (only?.kind !== "if" || more.length > 0 || only.condition.kind !== "apply" || only.condition.operator !== "ne") return false;
  const [tested, zero] = only.condition.arguments;
  if (tested?.kind !== "load" || zero?.kind !== "constant" || zero.value !== 0 || !writer.isInteger(tested.array) || strideOf(tested.offset, loop.variable) !== "unit") return false;
  const { f } = writer;
  const lanes = 16 / bytesOf[writer.element(tested.array)];
  const [variable, end, next] = [writer.name(loop.variable, "i32"), f.local("i32"), f.local("i32")];
  writer.integer(loop.from);
  f.tee(variable);
  writer.integer(loop.to);
  f.tee(end);
  f.write(opcode.i32Less, opcode.if, opcode.loop);
  // The last vector may read beyond the row: what stands there is tested entry by entry only up to its end.
  f.get(variable);
  f.i32(lanes);
  f.write(opcode.i32Add);
  f.tee(next);
  f.get(end);
  f.get(next);
  f.get(end);
  f.write(opcode.i32Less, opcode.select);
  f.set(next);
  writer.address(tested.array, tested.offset);
  f.memory(opcode.v128Load, 0, 0);
  f.write(simd(0x53), opcode.if, opcode.loop);
  writer.address(tested.array, tested.offset);
  f.memory(bytesOf[writer.element(tested.array)] === 1 ? opcode.i32Load8 : opcode.i32Load16, 0, 0);
  f.write(opcode.if);
  writer.statements(only.body);
  f.write(opcode.end);
  f.repeatBelow(variable, next);
  f.write(opcode.end, opcode.end);
  f.get(next);
  f.tee(variable);
  f.get(end);
  f.write(opcode.i32Less);
  f.branchIf(0);
  f.write(opcode.end, opcode.end);
  return true;
}

/** An innermost loop on integers of 16 bits (`4-schedule/fixedPoint.ts`), eight in a vector: what has binary places is a multiple of a power of 1/2. */
import { fixedOf } from "../../4-schedule/fixedPoint.ts";
import type { Scalar } from "../../4-schedule/kernel.ts";
import { ops } from "../../library/ops/index.ts";
import { opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { shortNumbers, simd } from "../../../runtime/webassembly/simd.ts";
import type { KernelWriter } from "./kernelWriter.ts";
import { shorts } from "./lanes.ts";
import { VectorLoop, type Apply, type Loop } from "./vectorLoop.ts";

export const writeFixedLoop = (writer: KernelWriter, loop: Loop): boolean => new FixedLoop(writer, loop, shorts).write();

/** Also of numbers, where the loop is none on integers. */
export class FixedLoop extends VectorLoop {
  private placesOf(x: Scalar): number {
    return this.loop.fixed ? fixedOf(x, this.loop.fixed)!.places : 0;
  }

  protected override scale(x: Scalar): void {
    const places = this.placesOf(x);
    if (places === 0) return;
    this.writer.f.f64(2 ** places);
    this.writer.f.write(opcode.f64Mul);
  }

  protected override operation(x: Apply, part: number): void {
    if (!this.loop.fixed) return super.operation(x, part);
    this.aligned(x, part);
    this.writer.f.write(ops[x.operator].fixed!.code);
  }

  /** Pushes the arguments of an operator, with the same number of binary places where it wants that. */
  protected aligned(x: Apply, part: number): void {
    const places = Math.max(...x.arguments.map((a) => this.placesOf(a)));
    for (const a of x.arguments) {
      this.vector(a, part);
      const missing = places - this.placesOf(a);
      if (!ops[x.operator].fixed!.aligned || missing === 0) continue;
      this.writer.f.i32(missing);
      this.writer.f.write(simd(0x8b));
    }
  }

  /** One vector of which only the first lanes are meant: those behind are stored as they were. */
  protected override remainder(left: number): void {
    const { f } = this.writer;
    const meant = f.local("v128");
    f.tee(left);
    f.write(opcode.if);
    f.get(left);
    f.write(simd(0x10), shortNumbers, simd(0x31));
    f.set(meant);
    this.body(0, meant);
    f.write(opcode.end);
  }
}

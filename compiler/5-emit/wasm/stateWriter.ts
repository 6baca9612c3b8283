/** A kernel of several states in lanes (`4-schedule/statesInLanes.ts`): what depends on a state is a vector of two float64, one of each. */
import { dependsOnState, valuesInLanes } from "../../4-schedule/statesInLanes.ts";
import type { Kernel, KernelStatement, Scalar } from "../../4-schedule/kernel.ts";
import type { Combine } from "../../ir/expression.ts";
import { ops } from "../../library/ops/index.ts";
import type { Operator } from "../../library/ops/operator.ts";
import type { MeasuredConstants } from "../../../runtime/measuredConstants.ts";
import { opcode } from "../../../runtime/webassembly/functionWriter.ts";
import { KernelWriter, type NumberOf } from "./kernelWriter.ts";
import { writeStateLoop } from "./stateLoop.ts";

const combiner: Readonly<Record<Combine, "add" | "mul" | "max2" | "min2">> = { sum: "add", product: "mul", max: "max2", min: "min2" };

export class StateWriter extends KernelWriter {
  private readonly arraysInLanes: ReadonlySet<string>;
  private readonly values: ReadonlySet<string>;

  constructor(kernel: Kernel, indexOf: NumberOf, fused: boolean, constants: MeasuredConstants) {
    super(kernel, indexOf, fused, constants);
    this.arraysInLanes = new Set(kernel.arrays.flatMap((a) => (a.states === undefined ? [] : [a.name])));
    this.values = valuesInLanes(kernel);
  }

  isInLanes(array: string): boolean {
    return this.arraysInLanes.has(array);
  }

  override shift(array: string): number {
    return this.isInLanes(array) ? 4 : super.shift(array);
  }

  protected override statement(s: KernelStatement): void {
    const { f } = this;
    if (s.kind === "for" && s.vectorisable) {
      if (!writeStateLoop(this, s)) this.loop(s);
    } else if (s.kind === "let" && this.values.has(s.name)) {
      this.vector(s.value);
      f.set(this.vectorOf(s.name));
    } else if (s.kind === "update" && this.values.has(s.name)) {
      f.get(this.vectorOf(s.name));
      this.vector(s.value);
      this.combine(s.combine);
      f.set(this.vectorOf(s.name));
    } else if (s.kind === "store" && this.isInLanes(s.array)) this.storeVector(s);
    else super.statement(s);
  }

  /** The local of a name whose value is a vector. */
  vectorOf(name: string): number {
    return this.name(name, "v128");
  }

  private storeVector(s: Extract<KernelStatement, { kind: "store" }>): void {
    const { f } = this;
    this.address(s.array, s.offset);
    if (s.combine === undefined) this.vector(s.value);
    else {
      const address = f.local("i32");
      f.tee(address);
      f.get(address);
      f.memory(opcode.v128Load);
      this.vector(s.value);
      this.combine(s.combine);
    }
    f.memory(opcode.v128Store);
  }

  private combine(how: Combine): void {
    this.f.write(ops[combiner[how]].wasm!.vector!);
  }

  /** Pushes the values of all states; those of what they share are computed once. */
  vector(x: Scalar): void {
    const { f } = this;
    if (!dependsOnState(x, this.arraysInLanes, this.values)) {
      if (x.kind === "load" && !x.bits) {
        this.address(x.array, x.offset);
        f.memory(opcode.load64Splat);
      } else {
        this.scalar(x);
        f.write(opcode.splat);
      }
    } else if (x.kind === "real") f.get(this.vectorOf(x.name));
    else if (x.kind === "load") {
      this.address(x.array, x.offset);
      f.memory(opcode.v128Load);
    } else if (x.kind === "apply") {
      const { wasm, vectorFunction }: Operator = ops[x.operator];
      for (const k of wasm?.order ?? x.arguments.keys()) this.vector(x.arguments[k]!);
      if (vectorFunction) f.call(this.indexOf(vectorFunction));
      else f.write(wasm!.vector!);
    }
  }
}

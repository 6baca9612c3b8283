/**
 * Collects the inputs and steps of a tensor program while it is made. Equal steps are made once; every operation gives an operand, so
 * that callers never see names. Multiplication is a contraction without a sum, and is never a `map`.
 */
import type { TensorInput, TensorOperand, TensorRange, TensorStep } from "../../../runtime/backends/tensorProgram.ts";
import { evaluate } from "../../ir/evaluate.ts";
import type { Expression, Index } from "../../ir/expression.ts";
import { constant } from "../../ir/expression.ts";
import { print } from "../../ir/print.ts";
import { simplify } from "../../3-passes/simplify.ts";
import { build } from "../../library/ops/index.ts";
import type { OperatorName } from "../../library/ops/index.ts";
import { contractionOrder } from "./contractionOrder.ts";
import type { ContractionOrder } from "./contractionOrder.ts";
import { scalarText } from "./scalarText.ts";

/** A step of the program; a `map` still knows its operator, for its adjoint. */
export type GraphStep =
  | Exclude<TensorStep, { readonly kind: "map" | "fused" }>
  | (Pick<TensorStep, "out" | "axes" | "thermal"> & { readonly kind: "map"; readonly operator: OperatorName; readonly operands: readonly TensorOperand[] });

type NewStep = { [K in GraphStep["kind"]]: Omit<Extract<GraphStep, { kind: K }>, "out" | "thermal"> }[GraphStep["kind"]];

type NewInput = { [K in TensorInput["kind"]]: Omit<Extract<TensorInput, { kind: K }>, "name"> }[TensorInput["kind"]];

export class TensorGraph {
  readonly inputs: TensorInput[] = [];
  readonly steps: GraphStep[] = [];
  private readonly defaults: Readonly<Record<string, number>>;
  private readonly taken: Set<string>;
  private readonly known = new Map<string, TensorOperand>();
  private readonly tensors = new Map<string, { readonly axes: readonly string[]; readonly thermal: boolean }>();
  private readonly labelOf = new Map<Index, string>();
  private readonly ranges = new Map<string, { readonly lower: Expression; readonly upper: Expression }>();
  private named = 0;

  /** `defaults` are the header parameters that costs are counted for; `taken` are names that intermediates don't get. */
  constructor(defaults: Readonly<Record<string, number>>, taken: Iterable<string>) {
    this.defaults = defaults;
    this.taken = new Set(taken);
  }

  /** The label of an index: its name, with a number where several indices share one. */
  label(index: Index): string {
    const before = this.labelOf.get(index);
    if (before !== undefined) return before;
    let name = index.name;
    for (let n = 2; this.ranges.has(name); n++) name = `${index.name}_${n}`;
    this.labelOf.set(index, name);
    this.ranges.set(name, index.range);
    return name;
  }

  get labels(): Readonly<Record<string, TensorRange>> {
    return Object.fromEntries([...this.ranges].map(([name, { lower, upper }]) => [name, { lower: scalarText(lower), upper: scalarText(upper), text: print(this.size(name)) }]));
  }

  /** Number of values of a label, as an expression of the parameters. */
  size(label: string): Expression {
    const { lower, upper } = this.ranges.get(label)!;
    return lower === constant(1) ? upper : simplify(build.add(build.sub(upper, lower), constant(1)));
  }
  private readonly extent = (label: string): number => Math.max(1, evaluate(this.size(label), { parameters: this.defaults, entry: () => NaN }));

  isThermal({ tensor }: TensorOperand): boolean { return this.tensors.get(tensor)!.thermal; }
  /** The labels of a tensor's definition. */
  axesOf(tensor: string): readonly string[] { return this.tensors.get(tensor)!.axes; }

  input(input: NewInput, name?: string): TensorOperand {
    return this.once(JSON.stringify(input), () => {
      const made = { ...input, name: this.freshName(name) } as TensorInput;
      this.inputs.push(made);
      this.tensors.set(made.name, { axes: made.axes, thermal: made.kind === "state" });
      return { tensor: made.name, axes: made.axes };
    });
  }

  scalar(value: Expression): TensorOperand {
    return this.input({ kind: "scalar", axes: [], value: scalarText(value) }, print(value));
  }

  /** `operator` entry by entry; the result has the labels of all operands. */
  map(operator: OperatorName, operands: readonly TensorOperand[]): TensorOperand {
    const largest = [...operands].sort((a, b) => b.axes.length - a.axes.length)[0]!;
    return this.step({ kind: "map", operator, operands, axes: [...new Set([largest, ...operands].flatMap((o) => o.axes))] });
  }

  multiply(a: TensorOperand, b: TensorOperand): TensorOperand {
    return this.product(a, b, new Set([...a.axes, ...b.axes]));
  }

  sum(operands: readonly TensorOperand[]): TensorOperand {
    return operands.reduce((a, b) => this.map("add", [a, b]));
  }

  /** Σ scale · Π operands, over all labels outside of `keep`: those of the operands and those of `over`. */
  sumOfProducts(operands: readonly TensorOperand[], keep: readonly string[], over: readonly string[] = [], scale: Expression = constant(1)): TensorOperand {
    const { factors, factor } = this.withoutLonelySums(operands, keep, over, scale);
    const result = factors.length === 0 ? undefined : this.follow(contractionOrder(this.describe(factors), keep, this.extent).order, factors, keep);
    if (result === undefined) return this.scalar(factor);
    return factor === constant(1) ? result : this.multiply(result, this.scalar(factor));
  }

  /** The largest or smallest entry over the labels outside of `keep`. */
  extremum(combine: "max" | "min", operand: TensorOperand, keep: readonly string[]): TensorOperand {
    const axes = operand.axes.filter((l) => keep.includes(l));
    return axes.length === operand.axes.length ? operand : this.step({ kind: "reduce", combine, operand, axes });
  }

  /** What `sumOfProducts` would cost with these labels kept; see `contractionOrder`. */
  costOf(operands: readonly TensorOperand[], keep: readonly string[]): ReturnType<typeof contractionOrder>["cost"] {
    return contractionOrder(this.describe(operands), keep, this.extent).cost;
  }

  private describe(operands: readonly TensorOperand[]): { readonly axes: readonly string[]; readonly thermal: boolean }[] {
    return operands.map((o) => ({ axes: o.axes, thermal: this.isThermal(o) }));
  }

  /** Sums that concern one operand alone are made first; a sum over a label that no operand has is a factor. */
  private withoutLonelySums(operands: readonly TensorOperand[], keep: readonly string[], over: readonly string[], scale: Expression): { factors: TensorOperand[]; factor: Expression } {
    const holders = (label: string): number => operands.filter((o) => o.axes.includes(label)).length;
    const factor = over.filter((l) => !keep.includes(l) && holders(l) === 0).reduce<Expression>((f, l) => simplify(build.mul(f, this.size(l))), scale);
    const factors = operands.map((o) => {
      const axes = o.axes.filter((l) => keep.includes(l) || holders(l) > 1);
      return axes.length === o.axes.length ? o : this.step({ kind: "reduce", combine: "sum", operand: o, axes });
    });
    return { factors, factor };
  }

  private follow(order: ContractionOrder, factors: readonly TensorOperand[], keep: readonly string[]): TensorOperand {
    const contract = (at: ContractionOrder, outside: ReadonlySet<string>): TensorOperand => {
      if (typeof at === "number") return factors[at]!;
      const [left, right] = at;
      const labels = (part: ContractionOrder): readonly string[] => (typeof part === "number" ? factors[part]!.axes : part.flatMap(labels));
      const a = contract(left, new Set([...outside, ...labels(right)]));
      const b = contract(right, new Set([...outside, ...labels(left)]));
      return this.product(a, b, outside);
    };
    return contract(order, new Set(keep));
  }

  /**
   * Product of two operands, summed over the labels outside of `keep` that both have. Its labels stand in the order in which a product of
   * matrices gives them: common ones, those of the left, those of the right; where one operand has all labels, in its order.
   */
  private product(a: TensorOperand, b: TensorOperand, keep: ReadonlySet<string>): TensorOperand {
    const swap = this.isThermal(a) === this.isThermal(b) ? a.axes.length < b.axes.length : this.isThermal(b);
    const [left, right] = swap ? [b, a] : [a, b];
    const summed = left.axes.filter((l) => right.axes.includes(l) && !keep.has(l));
    const within = (x: TensorOperand, y: TensorOperand): boolean => x.axes.every((l) => y.axes.includes(l));
    const union = within(right, left) ? left.axes : within(left, right) ? right.axes : [
      ...left.axes.filter((l) => right.axes.includes(l)), ...left.axes.filter((l) => !right.axes.includes(l)), ...right.axes.filter((l) => !left.axes.includes(l)),
    ];
    const axes = union.filter((l) => !summed.includes(l));
    return this.step({ kind: "contract", left, right, axes });
  }

  private step(step: NewStep): TensorOperand {
    return this.once(JSON.stringify(step), () => {
      const operands = step.kind === "contract" ? [step.left, step.right] : step.kind === "map" ? step.operands : [step.operand];
      const thermal = operands.some((o) => this.isThermal(o));
      const made = { ...step, out: this.freshName(), thermal } as GraphStep;
      this.steps.push(made);
      this.tensors.set(made.out, { axes: made.axes, thermal });
      return { tensor: made.out, axes: made.axes };
    });
  }

  private once(key: string, make: () => TensorOperand): TensorOperand {
    let operand = this.known.get(key);
    if (operand === undefined) this.known.set(key, (operand = make()));
    return operand;
  }

  /** `wanted`, or A, B, …, Z, A2, …: whatever is free. */
  private freshName(wanted?: string): string {
    let name = wanted;
    while (name === undefined || (name !== wanted && this.taken.has(name)) || this.tensors.has(name)) {
      const round = Math.floor(this.named / 26);
      name = String.fromCharCode(65 + (this.named++ % 26)) + (round === 0 ? "" : String(round + 1));
    }
    return name;
  }
}

/**
 * Entry-by-entry steps of a tensor program that follow each other become one step with a kernel of its own: each entry of the operands is read
 * once, and what stands between is never stored. A sum that stays inside its largest operand may be the last of them. Between products of matrices of
 * a network these are its activations and their derivatives, its loss and the adjoint of it.
 */
import type { TensorOperand } from "../../../runtime/backends/tensorProgram.ts";
import { STARTS } from "../../../runtime/backends/tensorProgram.ts";
import { integerConstant, integerProduct, integerSum, integerVariable } from "../integer.ts";
import type { Integer } from "../integer.ts";
import type { Kernel, KernelStatement, Scalar } from "../kernel.ts";
import { isVectorisable } from "../vectorisable.ts";
import { assertKernel } from "../verifyKernel.ts";
import type { GraphStep } from "./tensorGraph.ts";

/** A step that a kernel computes, with the steps that it stands for. */
export interface FusedStep {
  readonly kind: "fused";
  readonly out: string;
  readonly axes: readonly string[];
  readonly thermal: true;
  readonly kernel: string;
  readonly operands: readonly TensorOperand[];
  /** Labels whose sizes, multiplied, are the arguments of the kernel, one after the other. */
  readonly loops: readonly (readonly string[])[];
  readonly composition: readonly GraphStep[];
}

export interface FusedSteps { readonly steps: readonly (GraphStep | FusedStep)[]; readonly kernels: readonly Kernel[] }

/** More than these would not find registers. */
const mostSteps = 16;
const mostOperands = 8;

/** @param outputs tensors that somebody reads after the last step */
export function fuseSteps(steps: readonly GraphStep[], outputs: ReadonlySet<string>, isThermal: (tensor: string) => boolean): FusedSteps {
  const makers = new Map(steps.map((s) => [s.out, s]));
  const readers = new Map<string, number>();
  for (const s of steps) for (const { tensor } of operandsOf(s)) readers.set(tensor, (readers.get(tensor) ?? 0) + 1);
  const absorbed = new Set<GraphStep>();
  const fused = new Map<GraphStep, FusedStep>();
  const kernels: Kernel[] = [];
  for (const root of [...steps].reverse()) {
    if (absorbed.has(root) || !root.thermal || !(isElementwise(root) || isInnerSum(root))) continue;
    const labels = new Set(operandsOf(root).flatMap((o) => o.axes));
    const inside = new Set([root]);
    const absorb = (step: GraphStep): void => {
      for (const o of operandsOf(step)) {
        const maker = makers.get(o.tensor);
        const fits = maker?.thermal === true && isElementwise(maker) && readers.get(o.tensor) === 1 && !outputs.has(o.tensor) && maker.axes.length === labels.size && maker.axes.every((l, k) => l === o.axes[k]);
        if (!fits || inside.size >= mostSteps) continue;
        inside.add(maker);
        absorb(maker);
      }
    };
    absorb(root);
    if (inside.size < 2) continue;
    const composition = steps.filter((s) => inside.has(s));
    const made = fusedStep(root, composition, isThermal);
    if (!made) continue;
    for (const s of inside) absorbed.add(s);
    fused.set(root, made.step);
    kernels.unshift(made.kernel);
  }
  return { steps: steps.flatMap((s): readonly (GraphStep | FusedStep)[] => (absorbed.has(s) ? (fused.has(s) ? [fused.get(s)!] : []) : [s])), kernels };
}

const operandsOf = (step: GraphStep): readonly TensorOperand[] => (step.kind === "contract" ? [step.left, step.right] : step.kind === "map" ? step.operands : [step.operand]);
const summedIn = (step: GraphStep): readonly string[] => [...new Set(operandsOf(step).flatMap((o) => o.axes))].filter((l) => !step.axes.includes(l));
const isElementwise = (step: GraphStep): boolean => step.kind === "map" || (step.kind === "contract" && summedIn(step).length === 0);
/** A sum of entries, or of products where one operand has all labels: no product of matrices. */
const isInnerSum = (step: GraphStep): boolean => {
  if (step.kind === "map" || (step.kind === "reduce" && step.combine !== "sum")) return false;
  const all = operandsOf(step);
  return summedIn(step).length > 0 && all.some((o) => all.every((other) => other.axes.every((l) => o.axes.includes(l))));
};

/** The step and its kernel; undefined where its innermost loop would not run in lanes. */
function fusedStep(root: GraphStep, composition: readonly GraphStep[], isThermal: (tensor: string) => boolean): { readonly step: FusedStep; readonly kernel: Kernel } | undefined {
  const own = new Set(composition.map((s) => s.out));
  const operands: TensorOperand[] = [];
  for (const s of composition) for (const o of operandsOf(s)) if (!own.has(o.tensor) && !operands.some((known) => sameOperand(known, o))) operands.push(o);
  if (operands.length > mostOperands) return undefined;
  const labelsOf = (o: TensorOperand): readonly string[] => (isThermal(o.tensor) ? [STARTS, ...o.axes] : o.axes);
  const target = [STARTS, ...root.axes];
  const summed = summedIn(root);
  // The sum runs in the order of the operand that has all labels.
  const widest = operands.map(labelsOf).find((ls) => ls.length === target.length + summed.length && target.every((l) => ls.includes(l)));
  if (!widest) return undefined;
  const groupsOf = (labels: readonly string[]): string[][] => groupsIn(labels, [...operands.map(labelsOf), ...(summed.length > 0 ? [] : [target])]);
  const kept = groupsOf(target);
  const inner = groupsOf(widest.filter((l) => summed.includes(l)));
  const loops = [...kept, ...inner];
  const size = (k: number): Integer => integerVariable(`n${k}`);
  const variable = (k: number): string => `i${k}`;
  const offset = (labels: readonly string[]): Integer => {
    const places = loops.flatMap((group, k) => (labels.includes(group[0]!) ? [k] : [])).sort((a, b) => labels.indexOf(loops[a]![0]!) - labels.indexOf(loops[b]![0]!));
    return places.reduce((sum, k, at) => integerSum(sum, places.slice(at + 1).reduce((product, later) => integerProduct(product, size(later)), integerVariable(variable(k)))), integerConstant(0));
  };
  const value = (o: TensorOperand): Scalar => {
    const maker = composition.find((s) => s.out === o.tensor);
    if (maker) return { kind: "real", name: maker.out };
    return { kind: "load", array: `x${operands.findIndex((known) => sameOperand(known, o))}`, offset: offset(labelsOf(o)) };
  };
  const formula = (s: GraphStep): Scalar => {
    switch (s.kind) {
      case "map": return { kind: "apply", operator: s.operator, arguments: s.operands.map(value) };
      case "contract": return { kind: "apply", operator: "mul", arguments: [value(s.left), value(s.right)] };
      case "reduce": return value(s.operand);
    }
  };
  const lets = composition.filter((s) => s !== root).map((s): KernelStatement => ({ kind: "let", name: s.out, value: formula(s), mutable: false }));
  const store = (x: Scalar): KernelStatement => ({ kind: "store", array: "out", offset: offset(target), value: x });
  const body: readonly KernelStatement[] = [...lets, summed.length > 0 ? { kind: "update", name: "sum", combine: "sum", value: formula(root) } : store(formula(root))];
  if (!isVectorisable(variable(loops.length - 1), body)) return undefined;
  const around = (from: number, to: number, statements: readonly KernelStatement[]): readonly KernelStatement[] => {
    let nest = statements;
    for (let k = to - 1; k >= from; k--) nest = [{ kind: "for", variable: variable(k), from: integerConstant(0), to: size(k), body: nest, vectorisable: k === loops.length - 1 }];
    return nest;
  };
  const whole = summed.length === 0 ? around(0, loops.length, body) : around(0, kept.length, [
    { kind: "let", name: "sum", value: { kind: "constant", value: 0 }, mutable: true }, ...around(kept.length, loops.length, body), store({ kind: "real", name: "sum" }),
  ]);
  const length = (labels: readonly string[]): Integer => loops.reduce((product, group, k) => (labels.includes(group[0]!) ? integerProduct(product, size(k)) : product), integerConstant(1));
  const name = `fused_${root.out}`;
  const kernel: Kernel = {
    name, doc: `${composition.length} steps of a tensor program in one.`, sizes: loops.map((_, k) => `n${k}`), reals: [], body: whole,
    arrays: [...operands.map((o, k) => ({ name: `x${k}`, role: "input", length: length(labelsOf(o)), single: true } as const)), { name: "out", role: "output", length: length(target), single: true }],
  };
  assertKernel(kernel);
  return { step: { kind: "fused", out: root.out, axes: root.axes, thermal: true, kernel: name, operands, loops, composition }, kernel };
}

const sameOperand = (a: TensorOperand, b: TensorOperand): boolean => a.tensor === b.tensor && a.axes.join() === b.axes.join();

/** Neighbouring labels in one group where every operand has both side by side in this order, or neither: one loop runs over them. */
function groupsIn(labels: readonly string[], operands: readonly (readonly string[])[]): string[][] {
  const groups: string[][] = [];
  for (const label of labels) {
    const last = groups.at(-1)?.at(-1);
    const together = last !== undefined && operands.every((ls) => (ls.includes(label) || ls.includes(last) ? ls.indexOf(label) === ls.indexOf(last) + 1 && ls.includes(last) : true));
    if (together) groups.at(-1)!.push(label);
    else groups.push([label]);
  }
  return groups;
}

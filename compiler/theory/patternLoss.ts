/** The loss of one pattern as a function of its field: constant between thresholds, or smooth. */
import { evaluate } from "../ir/evaluate.ts";
import { constant, rewrite, visit } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { field, label } from "../library/recognisers/patternLabels.ts";
import { build } from "../library/ops/index.ts";

/** ℓ = value between `from` and `to`, in units of the field's scale. */
export interface Step { readonly from: number; readonly to: number; readonly value: number }

const comparisons: ReadonlySet<string> = new Set(["lt", "le", "gt", "ge", "eq", "ne"]);

/** Whether the field enters through comparisons and signs alone. */
export function isStepwise(e: Expression): boolean {
  if (e === field) return false;
  if (e.kind === "apply") return comparisons.has(e.operator) || e.operator === "sign" ? true : e.arguments.every(isStepwise);
  return true;
}

/** A system of some large size: its parameters, and what the unit field is multiplied with. */
export interface Sized { readonly parameters: Readonly<Record<string, number>>; readonly scale: number }

/**
 * The steps of a stepwise loss at one label, or why they can't be found, in units of the field's scale: thresholds at two large sizes
 * show which stay, and which go to 0 (then only the sign of the field matters).
 */
export function stepsOf(loss: Expression, y: number, large: Sized, larger: Sized): readonly Step[] | { readonly refused: string } {
  const [one, two] = [stepsAt(loss, y, large), stepsAt(loss, y, larger)];
  if ("refused" in one) return one;
  if ("refused" in two) return two;
  if (one.length !== two.length || one.some((s, k) => Math.abs(s.value - two[k]!.value) > 1e-9 * Math.abs(s.value))) return { refused: "the loss of a pattern depends on the size of the model: the energy is not extensive" };
  const limit = (a: number, b: number): number => {
    if (a === b || Math.abs(a - b) <= 1e-5 * Math.abs(a)) return b;
    return Math.abs(b) < Math.abs(a) ? 0 : b > 0 ? Infinity : -Infinity;
  };
  const merged: Step[] = [];
  for (const [k, s] of one.entries()) {
    const step = { from: limit(s.from, two[k]!.from), to: limit(s.to, two[k]!.to), value: s.value };
    const last = merged.at(-1);
    if (!(step.from < step.to)) continue;
    if (last && last.value === step.value) merged[merged.length - 1] = { ...last, to: step.to };
    else merged.push(step);
  }
  return merged;
}

function stepsAt(loss: Expression, y: number, { parameters, scale }: Sized): readonly Step[] | { readonly refused: string } {
  const value = (h: number): number => evaluate(loss, { parameters, entry: (array) => (array === "h" ? h : y) });
  const places = new Set<number>();
  let refused: string | undefined;
  visit(loss, (node) => {
    if (node.kind !== "apply" || !(comparisons.has(node.operator) || node.operator === "sign") || !reads(node)) return;
    const difference = node.operator === "sign" ? node.arguments[0]! : build.sub(node.arguments[0]!, node.arguments[1]!);
    // What compares the results of comparisons changes where those do.
    if (isStepwise(difference)) return;
    const at = zeros(difference, (e) => evaluate(e, { parameters, entry: (array) => (array === "h" ? NaN : y) }));
    if (at === undefined) refused ??= "a threshold of the loss cannot be solved for the field";
    else at.filter(Number.isFinite).forEach((h) => places.add(h));
  });
  if (refused !== undefined) return { refused };
  const real = [...places].sort((a, b) => a - b);
  const edges = [-Infinity, ...real, Infinity];
  const all = edges.slice(1).map((to, k): Step => {
    const from = edges[k]!;
    const middle = from === -Infinity ? (to === Infinity ? 0 : to - 1 - Math.abs(to)) : to === Infinity ? from + 1 + Math.abs(from) : (from + to) / 2;
    const unit = (h: number): number => (Number.isFinite(h) ? h / scale : h);
    return { from: unit(from), to: unit(to), value: value(middle) };
  });
  return all;
}

const reads = (e: Expression): boolean => {
  let found = false;
  visit(e, (node) => { found ||= node === field; });
  return found;
};

/** Fields at which a function that reads the field once is 0: found by undoing its operators from the outside. */
function zeros(e: Expression, value: (e: Expression) => number): readonly number[] | undefined {
  const solve = (side: Expression, targets: readonly number[]): readonly number[] | undefined => {
    if (side === field) return targets;
    if (side.kind !== "apply") return undefined;
    const [x, y] = side.arguments as readonly [Expression, Expression];
    const [first, second] = [reads(x), y !== undefined && reads(y)];
    if (side.operator === "mul" && x === y) return solve(x, roots(targets));
    if (first && second) return affine(side, targets, value);
    const inner = first ? x : y;
    const other = first ? (y === undefined ? NaN : value(y)) : value(x);
    switch (side.operator) {
      case "neg": return solve(inner, targets.map((t) => -t));
      case "add": return solve(inner, targets.map((t) => t - other));
      case "sub": return solve(inner, targets.map((t) => (first ? t + other : other - t)));
      case "mul": return other === 0 ? [] : solve(inner, targets.map((t) => t / other));
      case "div": return first ? solve(inner, targets.map((t) => t * other)) : solve(inner, targets.map((t) => other / t));
      case "abs": return solve(inner, targets.filter((t) => t >= 0).flatMap((t) => [t, -t]));
      case "pow": return first && other === 2 ? solve(inner, roots(targets)) : undefined;
      default: return undefined;
    }
  };
  return solve(e, [0]);
}

const roots = (targets: readonly number[]): readonly number[] => targets.filter((t) => t >= 0).flatMap((t) => [Math.sqrt(t), -Math.sqrt(t)]);

/** A function that reads the field in several places: solved where it is a straight line. */
function affine(e: Expression, targets: readonly number[], value: (e: Expression) => number): readonly number[] | undefined {
  const at = (h: number): number => value(rewrite(e, (node) => (node === field ? constant(h) : node)));
  const [a, b, c] = [at(0), at(1), at(2)];
  if (Math.abs(c - 2 * b + a) > 1e-12 * (Math.abs(a) + Math.abs(b) + 1) || a === b) return undefined;
  return targets.map((t) => (t - a) / (b - a));
}

/** The loss at a label with the field scaled and the parameters in place, for a smooth loss. */
export const smoothLoss = (loss: Expression, y: number, scale: number, parameters: Readonly<Record<string, number>>, at: Expression): Expression =>
  rewrite(loss, (node) => (node === field ? build.mul(constant(scale), at) : node === label ? constant(y) : node.kind === "parameter" ? constant(parameters[node.name]!) : node));

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
  const places = placesOf(loss, y, parameters, (operator) => comparisons.has(operator) || operator === "sign");
  if ("refused" in places) return places;
  const edges = [-Infinity, ...places, Infinity];
  return edges.slice(1).map((to, k): Step => {
    const from = edges[k]!;
    const unit = (h: number): number => (Number.isFinite(h) ? h / scale : h);
    return { from: unit(from), to: unit(to), value: value(inside(from, to, 0.5)) };
  });
}

/** A place between two ends, a share of the way; beyond the last finite one where an end is infinite. */
function inside(from: number, to: number, share: number): number {
  if (from === -Infinity) return to === Infinity ? 4 * share - 2 : to - 2 * share * (1 + Math.abs(to));
  return to === Infinity ? from + 2 * share * (1 + Math.abs(from)) : from + share * (to - from);
}

/** Fields at which operators of these kinds change their branch, in increasing order. */
function placesOf(loss: Expression, y: number, parameters: Readonly<Record<string, number>>, which: (operator: string) => boolean): readonly number[] | { readonly refused: string } {
  const places = new Set<number>();
  let refused: string | undefined;
  visit(loss, (node) => {
    if (node.kind !== "apply" || !which(node.operator) || !reads(node)) return;
    const [left, right] = node.arguments;
    const difference = right === undefined ? left! : build.sub(left!, right);
    // What compares the results of comparisons changes where those do.
    if (isStepwise(difference)) return;
    const at = zeros(difference, (e) => evaluate(e, { parameters, entry: (array) => (array === "h" ? NaN : y) })) ?? zerosOfPieces(difference, y, parameters);
    if (at === undefined) refused ??= "a threshold of the loss cannot be solved for the field";
    else at.filter(Number.isFinite).forEach((h) => places.add(h));
  });
  return refused === undefined ? [...places].sort((x, z) => x - z) : { refused };
}

/** ℓ = square x² + slope x + value between `from` and `to`, x in units of the field's scale. */
export interface QuadraticPiece { readonly from: number; readonly to: number; readonly square: number; readonly slope: number; readonly value: number }

const bends: ReadonlySet<string> = new Set([...comparisons, "sign", "relu", "abs", "min2", "max2"]);

/** The pieces of a loss that is quadratic between kinks and jumps, such as hinges and squares; undefined for another. */
export function quadraticPieces(loss: Expression, y: number, { parameters, scale }: Sized): readonly QuadraticPiece[] | undefined {
  const places = placesOf(loss, y, parameters, (operator) => bends.has(operator));
  if ("refused" in places) return undefined;
  const at = (x: number): number => evaluate(loss, { parameters, entry: (array) => (array === "h" ? x * scale : y) });
  const edges = [-Infinity, ...places.map((h) => h / scale), Infinity];
  const pieces: QuadraticPiece[] = [];
  for (const [k, to] of edges.slice(1).entries()) {
    const from = edges[k]!, piece = quadraticOn(from, to, at);
    if (!piece) return undefined;
    const { square, slope, value } = piece;
    const last = pieces.at(-1);
    if (last && last.square === square && last.slope === slope && last.value === value) pieces[pieces.length - 1] = { ...last, to };
    else pieces.push({ from, to, square, slope, value });
  }
  return pieces;
}

function quadraticOn(from: number, to: number, at: (x: number) => number): QuadraticPiece | undefined {
  const [x, z, w] = [0.1, 0.5, 0.9].map((share) => inside(from, to, share)) as [number, number, number];
  const first = (at(z) - at(x)) / (z - x), second = (at(w) - at(z)) / (w - z), square = clean((second - first) / (w - x));
  const slope = clean(first - square * (x + z)), value = clean(at(z) - slope * z - square * z * z);
  const fits = [0.2, 0.37, 0.73, 0.99].every((share) => { const u = inside(from, to, share), v = at(u); return Math.abs(square * u * u + slope * u + value - v) <= 1e-9 * (1 + Math.abs(v)); });
  return fits ? { from, to, square, slope, value } : undefined;
}

/** Zeros of a function that is quadratic between its own kinks. */
function zerosOfPieces(e: Expression, y: number, parameters: Readonly<Record<string, number>>): readonly number[] | undefined {
  const places = placesOf(e, y, parameters, (operator) => bends.has(operator));
  if ("refused" in places) return undefined;
  const at = (h: number): number => evaluate(e, { parameters, entry: (array) => (array === "h" ? h : y) });
  const edges = [-Infinity, ...places, Infinity], found = places.filter((h) => at(h) === 0);
  for (const [k, to] of edges.slice(1).entries()) {
    const piece = quadraticOn(edges[k]!, to, at);
    if (!piece) return undefined;
    const { from, square, slope, value } = piece, half = -slope / (2 * square), reach = Math.sqrt(half * half - value / square);
    found.push(...(square !== 0 ? [half - reach, half + reach] : slope !== 0 ? [-value / slope] : []).filter((h) => h > from && h < to));
  }
  return found;
}

/** Differences of rounded numbers leave a rest. */
const clean = (x: number): number => (Math.abs(x) < 1e-12 ? 0 : Number(x.toPrecision(14)));

/** Whether a loss in pieces has a slope that never falls. */
export const isConvex = (pieces: readonly QuadraticPiece[]): boolean => pieces.every((p, k) => {
  const next = pieces[k + 1];
  const at = (q: QuadraticPiece, x: number): number => q.square * x * x + q.slope * x + q.value, slope = (q: QuadraticPiece, x: number): number => 2 * q.square * x + q.slope;
  return p.square >= 0 && (!next || (Math.abs(at(p, p.to) - at(next, p.to)) <= 1e-9 * (1 + Math.abs(at(p, p.to))) && slope(p, p.to) <= slope(next, p.to) + 1e-9));
});

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

/** A theory that the specification writes down: its expressions in the IR, its saddle points, its quantities. */
import type { ResultExpression } from "../../runtime/results/expression.ts";
import { evaluateConstant, freeVariables } from "../1-check/results/evaluateConstant.ts";
import { apply, constant, read, rewrite } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { build, ops } from "../library/ops/index.ts";
import type { OperatorName } from "../library/ops/index.ts";
import { simplify } from "../3-passes/simplify.ts";
import { Averages } from "./averages.ts";
import type { DeclaredTheory } from "./plan.ts";
import { compilePotential } from "./potential.ts";
import type { CompiledPotential, Saddle, SaddleQuestion } from "./potential.ts";
import { spreadStarts } from "./stationaryPoints.ts";
import type { Interval } from "./stationaryPoints.ts";
import type { Theory } from "./prediction.ts";
import { printEquations } from "./printEquations.ts";
import { stableLogarithms } from "./stableLogarithms.ts";

/** Starts beside the declared one where there are several unknowns. */
const STARTS = 24;

/** Everything that doesn't depend on the values of parameters: made once for a theory. */
export interface DeclaredForm {
  readonly potential: CompiledPotential;
  readonly solve: (values: Readonly<Record<string, number>>) => Theory | { readonly refused: string };
}

export function declaredTheory(name: string, declared: DeclaredTheory): DeclaredForm {
  const averages = new Averages();
  const definitions = new Map<string, Expression>();
  for (const d of declared.definitions) definitions.set(d.name, simplify(stableLogarithms(lower(d.expression, averages, definitions))));
  const value = declared.potential === undefined ? constant(0) : definitions.get(declared.potential)!;
  const potential = compilePotential({
    averages, inputs: declared.parameters.map((p) => p.name), orders: declared.orders.map((o) => ({ name: o.name })), value, outputs: definitions,
  });
  const solve = (values: Readonly<Record<string, number>>): Theory | { readonly refused: string } => {
    const number = (e: ResultExpression | undefined): number => (e === undefined ? NaN : (evaluateConstant(e, values) ?? NaN));
    const box = declared.orders.map((o) => ({ lower: number(o.lower), upper: number(o.upper) }));
    const empty = declared.orders.find((_, k) => !(box[k]!.lower < box[k]!.upper));
    if (empty) return { refused: `the interval of ${empty.name} is empty` };
    const starts = declared.orders.map((o) => number(o.start));
    const first = starts.map((s, k) => (Number.isNaN(s) ? middle(box[k]!) : s));
    const outside = declared.orders.find((_, k) => !(first[k]! > box[k]!.lower && first[k]! < box[k]!.upper));
    if (outside) return { refused: `the start of ${outside.name} is outside of its interval` };
    const question: SaddleQuestion = { inputs: values, box, starts: [first], further: STARTS };
    const saddles = potential.solve(question);
    if (saddles.length === 0) return { refused: noSaddle(declared, potential, box, first, values) };
    const chosen = chooseSaddle(saddles, first);
    return {
      method: "declared", status: "exact",
      assumptions: [
        ...(potential.obstacle === undefined ? [] : [`${potential.obstacle} has no derivative: the stationary points are found with differences of the value`]),
        ...otherSaddles(declared, saddles, chosen),
      ],
      quantities: [...declared.orders.map((o) => o.name), ...declared.definitions.map((d) => d.name)].map((quantity) => ({ name: quantity, form: "value", arguments: [], doc: "" })),
      predict: (quantity) => {
        const order = declared.orders.findIndex((o) => o.name === quantity);
        const found = order >= 0 ? chosen.x[order] : chosen.outputs[quantity];
        if (found === undefined) return { refused: `${name} has no quantity ${quantity}` };
        return Number.isFinite(found) ? { value: found, residual: chosen.residual } : { refused: `${quantity} has no finite value here` };
      },
      equations: printEquations(averages, declared.potential ?? "", value, declared.orders.map((o) => o.name), potential, definitions, values),
    };
  };
  return { potential, solve };
}

/** Why nothing was found. */
function noSaddle(declared: DeclaredTheory, potential: CompiledPotential, box: readonly Interval[], start: readonly number[], values: Readonly<Record<string, number>>): string {
  const names = declared.orders.map((o) => o.name), at = (x: readonly number[]): string => names.map((n, k) => `${n} = ${format(x[k]!)}`).join(", ");
  const points = [start, ...spreadStarts(box, 12)];
  const lost = points.filter((x) => Number.isNaN(potential.value(x, values)));
  if (lost.length === points.length) return `${declared.potential} is no real number anywhere in the intervals of ${names.join(", ")}, at ${at(start)} for example: the root or logarithm of a negative number`;
  const none = `${declared.potential} has no stationary point inside the intervals of ${names.join(", ")}`;
  const slopes = names.length === 1 ? points.map((x) => potential.gradient(x, values)[0]!).filter((s) => !Number.isNaN(s)) : [];
  const monotone = slopes.length === 0 ? "" : slopes.every((s) => s > 0) ? `: it rises with ${names[0]} all the way` : slopes.every((s) => s < 0) ? `: it falls with ${names[0]} all the way` : "";
  return `${none}${monotone}${lost.length > 0 ? `; in part of them, at ${at(lost[0]!)} for example, it is no real number` : ""}`;
}

const middle = ({ lower, upper }: { readonly lower: number; readonly upper: number }): number =>
  Number.isFinite(lower) && Number.isFinite(upper) ? (lower + upper) / 2 : Number.isFinite(lower) ? lower + 1 : Number.isFinite(upper) ? upper - 1 : 0;

/** The solution that a damped iteration from the start reaches, else the one next to the start; one at the end of an interval only where there is no other. */
function chooseSaddle(saddles: readonly Saddle[], start: readonly number[]): Saddle {
  const [place] = start;
  // From an unstable solution upwards, unless nothing lies there.
  const reached = saddles.filter((s) => s.basin && place! >= s.basin.lower && place! <= s.basin.upper && s.basin.lower < s.basin.upper).at(-1);
  if (reached) return reached;
  const inside = saddles.filter((s) => s.inside);
  const solved = inside.find((s) => s.start === 0);
  if (solved) return solved;
  const distance = (s: Saddle): number => s.x.reduce((sum, x, k) => sum + (x - start[k]!) ** 2, 0);
  return (inside.length > 0 ? inside : saddles).reduce((best, s) => (distance(s) < distance(best) ? s : best));
}

function otherSaddles(declared: DeclaredTheory, saddles: readonly Saddle[], chosen: Saddle): readonly string[] {
  const shown = (s: Saddle): string => `${declared.orders.map((o, k) => `${o.name} = ${format(s.x[k]!)}`).join(", ")}: ${declared.potential} = ${format(s.value)}`;
  return saddles.length < 2 ? [] : [`${saddles.length} stationary points: ${saddles.map((s) => `${shown(s)}${s === chosen ? " (taken: reached from the start)" : ""}`).join("; ")}`];
}

const format = (x: number): string => String(Number(x.toPrecision(7)));

/** An expression over the names of a theory in the IR: names are scalars, integrals are groups of `averages`. */
function lower(e: ResultExpression, averages: Averages, definitions: ReadonlyMap<string, Expression>): Expression {
  const go = (x: ResultExpression, bound: ReadonlyMap<string, Expression>): Expression => {
    switch (x.kind) {
      case "constant": return constant(x.value);
      case "variable": return bound.get(x.name) ?? definitions.get(x.name) ?? read(x.name);
      case "apply":
        if (!Object.hasOwn(ops, x.operator)) throw new Error(`internal: no operator ${x.operator}`);
        return apply(x.operator as OperatorName, ...x.arguments.map((a) => go(a, bound)));
      case "integral": return integral(x, bound);
      default: throw new Error(`internal: ${x.kind} in a theory`);
    }
  };
  const integral = (x: ResultExpression & { readonly kind: "integral" }, bound: ReadonlyMap<string, Expression>): Expression => {
    const variable = averages.variable(x.variable);
    const z = read(variable);
    const over = (place: Expression): Expression => stableLogarithms(go(x.body, new Map([...bound, [x.variable, place]])));
    if (!x.from || !x.to) return averages.add(variable, { kind: "gauss" }, over(z));
    const [from, to] = [x.from, x.to].map((end) => (freeVariables(end).size === 0 ? constant(evaluateConstant(end) ?? NaN) : simplify(go(end, bound))));
    const infinite = (end: Expression): boolean => end.kind === "constant" && !Number.isFinite(end.value);
    // Ends that depend on something move into the integrand: the group's range is constant, and derivatives need no boundary terms.
    if (infinite(from!) && infinite(to!)) return averages.add(variable, { kind: "range", from: -Infinity, to: Infinity }, over(z));
    if (infinite(to!)) return averages.add(variable, { kind: "range", from: 0, to: Infinity }, over(build.add(from!, z)));
    if (infinite(from!)) return averages.add(variable, { kind: "range", from: 0, to: Infinity }, over(build.sub(to!, z)));
    if (from!.kind === "constant" && to!.kind === "constant") return averages.add(variable, { kind: "range", from: from.value, to: to.value }, over(z));
    const width = build.sub(to!, from!);
    return build.mul(width, averages.add(variable, { kind: "range", from: 0, to: 1 }, over(build.add(from!, build.mul(width, z)))));
  };
  return rewrite(go(e, new Map()), (node) => node);
}

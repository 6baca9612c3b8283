/** A 0/1 loss of sums of an even number of signs: some are exactly at the threshold, and `<` or `<=` decides how they count. A warning. */
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Span } from "../grammar/span.ts";
import type { RunPlan } from "../runtime/engine/plan.ts";
import type { CheckedModel } from "./1-check/checkModels.ts";
import { closure } from "./ir/closure.ts";
import { bounds, evaluate } from "./ir/evaluate.ts";
import { freeIndices } from "./ir/freeIndices.ts";
import { constant, reduce, substitute, visit, type Apply, type Expression, type Index } from "./ir/expression.ts";
import { inline } from "./ir/inline.ts";
import { normalise, positiveParameters } from "./ir/normalise.ts";
import type { Term } from "./ir/normal.ts";
import { print } from "./ir/print.ts";
import type { ArrayDeclaration, Program } from "./ir/program.ts";
import { build } from "./library/ops/index.ts";

type Parameters = Readonly<Record<string, number>>;

/** Looks at the points of all runs of the model; without runs at the defaults of its parameters. One warning a model, at the first point that has a tie. */
export function checkTies({ program, energy }: CheckedModel, runs: readonly RunPlan[]): readonly Diagnostic[] {
  if (!program || !energy) return [];
  const fields = closure(program, [program.energy]).flatMap((a) => fieldsIn(program, a));
  if (fields.length === 0) return [];
  const defaults = Object.fromEntries(program.parameters.map((p) => [p.name, p.default]));
  const points = runs.filter((r) => r.model === program.model).flatMap((r) => r.points.map((p) => ({ ...defaults, ...p.sweep, ...p.parameters })));
  for (const parameters of points.length > 0 ? points : [defaults]) {
    for (const field of fields) {
      const terms = signsThatTie(field, parameters);
      if (terms !== undefined) return [warning(energy.name, field, terms, parameters)];
    }
  }
  return [];
}

/** What a comparison or `sign` looks at: a sum of ±1 and a number. */
interface Field {
  readonly text: string;
  readonly span: Span;
  readonly operator: "lt" | "le" | "gt" | "ge" | "sign";
  readonly signs: readonly Term[];
  readonly number: readonly Term[];
}

const isThreshold = (operator: string): operator is Field["operator"] => ["lt", "le", "gt", "ge", "sign"].includes(operator);
const differenceOf = (e: Apply): Expression => (e.arguments.length === 1 ? e.arguments[0]! : build.sub(e.arguments[0]!, e.arguments[1]!));

/** Those of a definition; not those that are compared with `==` too, as ties are then meant. */
function fieldsIn(program: Program, array: ArrayDeclaration): readonly Field[] {
  if (array.origin.kind !== "definition") return [];
  const isSign = signsOf(program);
  const options = { positive: positiveParameters(program) };
  const meant = new Set<Expression>();
  visit(array.origin.body, (e) => { if (e.kind === "apply" && (e.operator === "eq" || e.operator === "ne")) e.arguments.forEach((a) => meant.add(a)); });
  const found: Field[] = [];
  visit(array.origin.body, (e) => {
    if (e.kind !== "apply" || !isThreshold(e.operator) || (e.arguments.length === 2 && e.arguments.some((a) => a.kind !== "constant" && meant.has(a)))) return;
    const { terms } = normalise(inline(differenceOf(e), program), options);
    const number = terms.filter((t) => t.indices.length === 0 && t.factors.every((f) => isNumber(f.base)));
    const signs = terms.filter((t) => !number.includes(t));
    // What stands before the only sum doesn't matter to whether it is zero.
    const prefactor = signs.length === 1 && number.length === 0;
    if (signs.length === 0 || !signs.every((t) => isSumOfSigns(t, isSign, prefactor))) return;
    const [left, right] = e.arguments;
    found.push({ text: print(right !== undefined && left!.kind === "constant" ? right : left!), span: array.span, operator: e.operator, signs, number });
  });
  return found;
}

const isNumber = (e: Expression): boolean => e.kind === "constant" || e.kind === "parameter" || (e.kind === "apply" && e.arguments.every(isNumber));

/** Whether an expression is −1 or +1: spins, `Sign`, the sign of something. */
const signsOf = (program: Program) => {
  const arrays = new Map(program.arrays.map((a) => [a.name, a.origin]));
  return (e: Expression): boolean => {
    if (e.kind === "apply") return e.operator === "sign";
    if (e.kind !== "read") return false;
    const origin = arrays.get(e.array);
    const state = origin?.kind === "copy" ? arrays.get(origin.copy.of) : origin;
    return (state?.kind === "state" && state.domain.name === "spin") || (origin?.kind === "ensemble" && origin.distribution === "Sign");
  };
};

/** Numbers × signs, of which one belongs to one value of the indices alone, so that the terms of the sum are independent. */
function isSumOfSigns(term: Term, isSign: (e: Expression) => boolean, prefactor: boolean): boolean {
  const bound = new Set(term.indices);
  const inner = (e: Expression): boolean => freeIndices(e).some((i) => bound.has(i));
  const own = term.factors.some(({ base }) => term.indices.every((i) => (base.kind === "read" ? base.subscripts.some((s) => s.kind === "index" && s.index === i) : isSign(base) && freeIndices(base).includes(i))));
  return own && term.conditions.every((c) => !readsArray(c))
    && term.factors.every(({ base, exponent }) => isNumber(base) || (isSign(base) && Number.isInteger(exponent)) || (prefactor && !inner(base)));
}

function readsArray(e: Expression): boolean {
  let found = false;
  visit(e, (node) => { if (node.kind === "read") found = true; });
  return found;
}

/** Beyond this many values of its indices the terms of a sum with conditions are not counted. */
const mostCounted = 1e5;

/** The number of signs, if a sum of so many can be at the threshold. */
function signsThatTie({ signs, number }: Field, parameters: Parameters): number | undefined {
  const entry = (): number => 1;
  const value = (t: Term): number => t.factors.filter((f) => isNumber(f.base)).reduce((product, f) => product * evaluate(f.base, { parameters, entry }) ** f.exponent, t.coefficient);
  const [unit, ...units] = signs.map((t) => Math.abs(value(t)));
  if (!(unit! > 0) || units.some((u) => Math.abs(u - unit!) > 1e-12 * unit!)) return undefined;
  let terms = 0;
  for (const { indices, conditions } of signs) {
    const sizes = indices.map((i) => { const [lower, upper] = bounds(i.range, parameters); return Math.max(0, upper - lower + 1); });
    const all = sizes.reduce((product, n) => product * n, 1);
    if (conditions.length > 0 && all > mostCounted) return undefined;
    terms += conditions.length === 0 ? all : evaluate(atFirst(indices, conditions, parameters), { parameters, entry });
  }
  const offset = number.reduce((sum, t) => sum + value(t), 0) / unit!;
  const whole = Math.round(offset);
  if (Math.abs(offset - whole) > 1e-9 * Math.max(1, Math.abs(offset)) || Math.abs(whole) > terms) return undefined;
  return terms > 0 && (terms + whole) % 2 === 0 ? terms : undefined;
}

/** Number of values of `indices` with the conditions, for the first value of what is free in them. */
function atFirst(indices: readonly Index[], conditions: readonly Expression[], parameters: Parameters): Expression {
  const where = conditions.reduce((all, c) => build.and(all, c));
  const outer = freeIndices(where).filter((i) => !indices.includes(i));
  return reduce("sum", indices, constant(1), substitute(where, new Map(outer.map((i) => [i, constant(bounds(i.range, parameters)[0])]))));
}

function warning(energy: string, { text, span, operator, signs, number }: Field, terms: number, parameters: Parameters): Diagnostic {
  const sizes = [...new Set(signs.flatMap((t) => t.indices.flatMap(({ range: { lower, upper } }) => (lower === constant(1) && upper.kind === "parameter" ? [upper.name] : []))))];
  const at = sizes.length === 0 ? "" : ` at ${sizes.map((s) => `${s} = ${parameters[s]!}`).join(", ")}`;
  const tie = number.length === 0 ? "exactly zero" : "exactly at the threshold";
  const [size] = sizes;
  const remedy = size !== undefined && sizes.length === 1 && parameters[size]! % 2 === 0 && number.length === 0 ? `take an odd ${size}, ${parameters[size]! + 1} for example` : "take sizes for which the sum can't be there";
  return {
    severity: "warning", code: "Q266",
    message: `\`${energy}\` has ties: ${text} is a sum of ${terms} signs${at}, ${terms % 2 === 0 ? "an even number" : "an odd number"}, and can be ${tie}`,
    labels: [{ span, message: operator === "sign" ? "the sign is then 0, and neither right nor wrong" : `a tie counts as ${operator === "lt" || operator === "gt" ? "not " : ""}${{ lt: "below", le: "at most", gt: "above", ge: "at least" }[operator]}: about ${share(terms)} of random sums` }],
    help: operator === "sign" ? remedy : `${remedy}, or say how a tie counts, as in (h < 0) + (h == 0) / 2`,
    arguments: { energy, terms },
  };
}

/** Probability that n fair signs sum to zero, or to a number near it. */
function share(n: number): string {
  let probability = 1;
  for (let k = 1; k <= n / 2 && n <= 1000; k++) probability *= 1 - 1 / (2 * k);
  if (n > 1000) probability = Math.sqrt(2 / (Math.PI * n));
  return `${Number((100 * probability).toPrecision(2))}%`;
}

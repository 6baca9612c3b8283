/** Constraints that put state arrays on spheres: Σ x² = r² over some or all axes of a state array. */
import { constant } from "../../ir/expression.ts";
import type { Expression, Index } from "../../ir/expression.ts";
import { inline } from "../../ir/inline.ts";
import { constantOf, fromNormal, normalise, positiveParameters } from "../../ir/normalise.ts";
import type { NormaliseOptions } from "../../ir/normalise.ts";
import type { Term } from "../../ir/normal.ts";
import { print } from "../../ir/print.ts";
import { rangeText } from "../../ir/text.ts";
import { findArray } from "../../ir/program.ts";
import type { ArrayDeclaration, Constraint, Program } from "../../ir/program.ts";
import { domains, type DomainName } from "../domains/index.ts";
import { build } from "../ops/index.ts";

/** For each value of the free axes, the entries along the summed axes are a vector of squared length `norm2`. */
export interface SphereConstraint {
  readonly constraint: Constraint;
  readonly array: string;
  /** Positions of slots, from 0, in increasing order; none: one sphere for the whole array. */
  readonly freeAxes: readonly number[];
  readonly summedAxes: readonly number[];
  /** Squared radius, of status parameter. */
  readonly norm2: Expression;
}

export interface RefusedConstraint { readonly constraint: Constraint; readonly reason: string }

export type SphereConstraints =
  | { readonly ok: true; readonly spheres: readonly SphereConstraint[] }
  | { readonly ok: false; readonly reason: string; readonly refused: readonly RefusedConstraint[]; readonly spheres: readonly SphereConstraint[] };

/** What is recognised, for messages. */
export const recognisedForm = "a sum of squares of one real state array, over all values of some of its indices, that equals a positive number or parameter, such as `sum(i) w[i]^2 == N`";

/** All constraints of a program as spheres; those that aren't are listed with a reason, in the order of declaration. */
export function sphereConstraints(program: Program): SphereConstraints {
  const spheres: SphereConstraint[] = [];
  const refused: RefusedConstraint[] = [];
  for (const constraint of program.constraints) {
    const found = recognise(program, constraint, sphere);
    const twice = typeof found !== "string" && spheres.some((s) => s.array === found.array);
    if (typeof found === "string") refused.push({ constraint, reason: found });
    else if (twice) refused.push({ constraint, reason: `\`${found.array}\` has a second constraint: only one sphere for each entry is recognised` });
    else spheres.push(found);
  }
  return refused.length === 0 ? { ok: true, spheres } : { ok: false, reason: refused[0]!.reason, refused, spheres };
}

/** A power of the entries of a state array, summed over some of its indices, that equals a number. */
interface SumForm {
  readonly exponent: number;
  readonly fits: (domain: DomainName) => boolean;
  readonly text: string;
  /** What is wrong with the variables otherwise. */
  readonly needs: string;
}
const sphere: SumForm = { exponent: 2, fits: (domain) => domain === "real", text: recognisedForm, needs: "is not a real state: a sphere needs real components" };
const plainSum: SumForm = { exponent: 1, fits: (domain) => !domains[domain].continuous, text: "a sum of one discrete state array, over all values of some of its indices, that equals a number or parameter, such as `sum(i) s[i] == 0`", needs: "is not discrete" };

/** The sum of a discrete state array that exchanges conserve; `norm2` is its value. Or the reason why it is none. */
export const conservedSum = (program: Program, constraint: Constraint): SphereConstraint | string => recognise(program, constraint, plainSum);

/** The sphere, or the reason why it isn't one. */
function recognise(program: Program, constraint: Constraint, form: SumForm): SphereConstraint | string {
  const recognisedForm = form.text;
  if (constraint.relation !== "==") return `an inequality is not a sphere; recognised is ${recognisedForm}`;
  const options = { positive: positiveParameters(program) };
  const isState = (name: string): boolean => findArray(program, name).origin.kind === "state";
  const [left, right] = squared(inline(constraint.left, program), inline(constraint.right, program), options);
  const difference = build.sub(left, right);
  const terms = normalise(difference, options).terms;
  const thermal = terms.filter((t) => reads(t).some(isState));
  const others = terms.filter((t) => !thermal.includes(t));
  if (thermal.length === 0) return "the constraint doesn't depend on a state";
  if (thermal.length > 1) return `the constraint has several terms that depend on the state; recognised is ${recognisedForm}`;
  const [term] = thermal;
  const square = term!.factors.filter((f) => reads({ ...one, factors: [f] }).some(isState));
  const [factor] = square;
  const summed = new Set(term!.indices);
  const weighted = term!.factors.some((f) => f !== factor && usesIndex(f.base, summed));
  if (square.length !== 1 || weighted || factor!.base.kind !== "read" || factor!.exponent !== form.exponent || term!.conditions.length > 0) {
    return `\`${print(constraint.left)}\` is not a plain sum of squares; recognised is ${recognisedForm}`;
  }
  const array = findArray(program, factor!.base.array);
  if (array.origin.kind !== "state" || !form.fits(array.origin.domain.name)) return `\`${array.name}\` ${form.needs}`;
  const axes = matchAxes(array, factor!.base.subscripts, term!.indices, constraint.indices, program);
  if (typeof axes === "string") return axes;
  // c Σ x² + rest = 0
  const scale: Term = { ...term!, factors: term!.factors.filter((f) => f !== factor), indices: [] };
  const norm2Form = normalise(build.neg(build.div(fromNormal({ terms: others }), fromNormal({ terms: [scale] }))), options);
  const norm2 = fromNormal(norm2Form);
  const free = new Set(constraint.indices);
  if (norm2Form.terms.some((t) => [...t.factors.map((f) => f.base), ...t.conditions].some((e) => usesIndex(e, free)))) return "the squared radius differs from sphere to sphere; one radius for all is recognised";
  if (norm2Form.terms.some((t) => reads(t).length > 0)) return "the squared radius is not a number or an expression of parameters";
  const value = constantOf(norm2Form);
  if (form === sphere && value !== undefined && !(value > 0)) return `the squared radius is ${value}: it must be positive`;
  return { constraint, array: array.name, ...axes, norm2 };
}

/** Both sides squared where one is a root and the other a positive number: `norm(w) == sqrt(N)`. */
function squared(left: Expression, right: Expression, options: NormaliseOptions): readonly [Expression, Expression] {
  const inside = (e: Expression): Expression | undefined => (e.kind === "apply" && e.operator === "sqrt" && reads({ ...one, factors: [{ base: e, exponent: 1 }] }).length > 0 ? e.arguments[0] : undefined);
  const [x, y] = [inside(left), inside(right)];
  if (y !== undefined && x === undefined) return squared(right, left, options);
  const positive = normalise(right, options).terms.every((t) => t.coefficient > 0 && reads(t).length === 0);
  return x !== undefined && positive ? [x, build.mul(right, right)] : [left, right];
}

const one: Term = { coefficient: 1, factors: [], indices: [], conditions: [] };

function reads(term: Term): readonly string[] {
  const found: string[] = [];
  const go = (e: Expression): void => {
    if (e.kind === "read") { found.push(e.array); e.subscripts.forEach(go); }
    else if (e.kind === "apply") e.arguments.forEach(go);
    else if (e.kind === "reduce") { go(e.where); go(e.body); }
  };
  for (const f of term.factors) go(f.base);
  term.conditions.forEach(go);
  return found;
}

function usesIndex(e: Expression, indices: ReadonlySet<Index>): boolean {
  if (e.kind === "index") return indices.has(e.index);
  const parts = e.kind === "read" ? e.subscripts : e.kind === "apply" ? e.arguments : e.kind === "reduce" ? [e.where, e.body] : [];
  return parts.some((p) => usesIndex(p, indices));
}

function matchAxes(
  array: ArrayDeclaration,
  subscripts: readonly Expression[],
  summed: readonly Index[],
  free: readonly Index[],
  program: Program,
): { readonly freeAxes: readonly number[]; readonly summedAxes: readonly number[] } | string {
  const used = new Set<Index>();
  const freeAxes: number[] = [];
  const summedAxes: number[] = [];
  const canonical = (e: Expression): Expression => fromNormal(normalise(inline(e, program), { positive: positiveParameters(program) }));
  for (const [axis, s] of subscripts.entries()) {
    if (s.kind !== "index") return `the sum covers only some entries of \`${array.name}\` (subscript \`${print(s)}\`); recognised is ${recognisedForm}`;
    if (used.has(s.index)) return `\`${array.name}\` is read on its diagonal; recognised is ${recognisedForm}`;
    used.add(s.index);
    const { range } = array.slots[axis]!;
    const [mine, slot] = [s.index.range, range].map((r) => rangeText({ lower: canonical(r.lower), upper: canonical(r.upper) }));
    if (mine !== slot) return `the index of slot ${axis + 1} of \`${array.name}\` runs over part of its range; a sphere needs all of it`;
    (summed.includes(s.index) ? summedAxes : freeAxes).push(axis);
  }
  if (summedAxes.length === 0) return `every entry of \`${array.name}\` is fixed on its own: that is a pair of points, not a sphere`;
  if (free.some((i) => !used.has(i))) return `the constraint has an index that \`${array.name}\` doesn't`;
  return { freeAxes, summedAxes };
}

/** Number of entries of an array: the product of the sizes of its slots (of one without ordered slots). */
export const numberOfEntries = (array: ArrayDeclaration): Expression =>
  array.slots.map(({ range }): Expression => build.add(build.sub(range.upper, range.lower), constant(1))).reduce((a, b) => build.mul(a, b), constant(1));

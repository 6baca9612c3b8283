/**
 * Lowering with algebra: a body in normal form, each term by the cheapest of three plans, or the body as it was written when that is
 * cheaper still. Plans for terms with the same state-dependent part:
 *
 *   nest       one loop over all indices, reading the arrays as they are;
 *   eliminate  sums pulled inwards one index at a time through temporaries: Σ_ij w_i w_j = (Σ_i w_i)²,
 *              Σ_μij ξ_μi ξ_μj w_i w_j = Σ_μ (Σ_i ξ_μi w_i)²;
 *   pack       couplings symmetrised, hoisted and packed (`pack.ts`).
 *
 * Costs are operation counts at the default parameters; at equal cost the earlier plan wins, and the body as written over
 * its normal form. Expansion stops at `mostTerms` terms: beyond, the body is lowered as written.
 */
import { evaluate } from "../ir/evaluate.ts";
import { reduce, visit, type Expression, type Index } from "../ir/expression.ts";
import { normalise, positiveParameters } from "../ir/normalise.ts";
import type { NormalForm } from "../ir/normal.ts";
import type { Program } from "../ir/program.ts";
import { longFormula, writtenSize } from "../ir/writtenSize.ts";
import { arraySize, procedureCost } from "./cost.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import { materialise } from "./materialise.ts";
import { pack, packingRefusal, type TermWithSymmetry } from "./pack.ts";
import { evaluatePolynomial, rangeSize, type Polynomial } from "./polynomial.ts";
import { polynomialTerm, storageOrder, type PolynomialTerm } from "./polynomialTerm.ts";
import type { Lowering, ProcedureBuilder, Target } from "./procedureBuilder.ts";
import { fromProduct } from "./product.ts";
import { symmetryOf } from "./symmetry.ts";

/** A normal form with more terms than this is not used. */
const mostTerms = 100;
/** A coupling array may have this many entries (8 bytes each) whatever it is made from, … */
const smallArray = 1e6;
/** … or this many times the entries of the quenched arrays that it replaces, … */
const largestGrowth = 4;
/** … and never more than this many (1 GiB). */
const largestArray = 2 ** 27;

/** The value of a count at the default parameters. */
export const atDefaults = (program: Program, count: Polynomial): number => {
  const parameters = Object.fromEntries(program.parameters.map((p) => [p.name, p.default]));
  const entry = (array: string): number => { throw new Error(`internal: a size depends on the array ${array}`); };
  return evaluatePolynomial(count, (atom) => evaluate(atom, { parameters, entry }));
};

/** Adds statements, or returns the reason why it doesn't apply. */
type Plan = (builder: ProcedureBuilder) => string | undefined;

/** Tries each plan on a fork of the builder and keeps the cheapest. */
function cheapest(builder: ProcedureBuilder, plans: readonly Plan[]): void {
  let best: { fork: ProcedureBuilder; cost: number } | undefined;
  for (const plan of plans) {
    const fork = builder.fork();
    if (plan(fork) !== undefined) continue;
    const cost = atDefaults(builder.options.program, procedureCost({ statements: fork.statements.slice(builder.statements.length) }));
    if (best === undefined || cost < best.cost) best = { fork, cost };
  }
  if (best === undefined) throw new Error("internal: no plan applies");
  builder.adopt(best.fork);
}

/** Only `nest` and `pack`: the value is then read off the states directly, without temporaries wherever it is polynomial in them. */
export const contractFlat: Lowering = (builder, target, body) => lower(builder, target, body, false);
export const contract: Lowering = (builder, target, body) => lower(builder, target, body, true);

function lower(builder: ProcedureBuilder, target: Target, body: Expression, eliminating: boolean): void {
  if (body.kind === "reduce" && body.combine !== "sum") return materialise(builder, target, body);
  // `let`s that any plan reads are lowered before the plans are tried, not once in each.
  visit(body, (e) => { if (e.kind === "read" && builder.status(e) === "thermal") builder.need(e.array); });
  const form = normalise(body, { positive: positiveParameters(builder.options.program), maximumTerms: mostTerms });
  const written = (b: ProcedureBuilder): undefined => { materialise(b, target, body); };
  const polynomial = (b: ProcedureBuilder): string | undefined =>
    form.terms.length > mostTerms || writtenLength(form) > longFormula ? "the normal form is too long" : lowerForm(b, target, form, eliminating);
  if (eliminating) return cheapest(builder, [written, polynomial]);
  const flat = builder.fork();
  if (polynomial(flat) === undefined) builder.adopt(flat);
  else written(builder);
}

const writtenLength = (form: NormalForm): number => form.terms.reduce((sum, t) => sum + t.factors.reduce((n, f) => n + writtenSize(f.base), 1), 0);

const conditional = "a condition depends on the state";

/**
 * The terms of a normal form. A reason, when a condition depends on the state: normal forms make conditions of truth values and of
 * `if then else`, which as they were written have derivatives.
 */
function lowerForm(builder: ProcedureBuilder, target: Target, form: NormalForm, eliminating: boolean): string | undefined {
  const groups = new Map<string, TermWithSymmetry[]>();
  const before = builder.statements.length;
  for (const source of form.terms) {
    const term = polynomialTerm(builder, target, source);
    if (term.conditions.some((c) => builder.status(c) === "thermal")) return conditional;
    const symmetry = symmetryOf(term, target.indices);
    const key = `${symmetry.text} ${symmetry.classes.map((c) => c.join()).join("|")}`;
    groups.set(key, [...(groups.get(key) ?? []), { term, symmetry }]);
  }
  for (const group of groups.values()) {
    const plans: Plan[] = [(b) => { for (const { term } of group) nest(b, target, term); return undefined; }];
    if (eliminating) plans.push((b) => eliminateAll(b, target, group.map(({ term }) => term)));
    const refusal = packingRefusal(group);
    if (refusal === undefined) plans.push((b) => packWithinMemory(b, target, group));
    else builder.options.preparation.note(refusal);
    cheapest(builder, plans);
  }
  // In what was lifted, too.
  const thermal = builder.statements.slice(before).some((s) => s.conditions.some((c) => builder.status(c) === "thermal"));
  return thermal ? conditional : undefined;
}

/** One loop over all indices of the term. */
function nest(builder: ProcedureBuilder, target: Target, term: PolynomialTerm): void {
  const indices = term.indices.length === 0 ? target.indices : [...target.indices, ...storageOrder(term)];
  builder.add({ ...target, indices, conditions: [...target.conditions, ...term.conditions] },
    fromProduct({ coefficient: term.coefficient, factors: [...term.quenched, ...term.thermal] }));
}

/** Every term by elimination where that is possible, else as a nest. */
function eliminateAll(builder: ProcedureBuilder, target: Target, terms: readonly PolynomialTerm[]): string | undefined {
  let some = false;
  for (const term of terms) {
    if (eliminate(builder, target, term)) some = true;
    else nest(builder, target, term);
  }
  return some ? undefined : "there is nothing to eliminate";
}

/**
 * Greedy elimination, unless one factor covers all indices: as long as some index stands in only some of the factors, the index
 * whose sum costs least goes first. Indices in conditions stay to the end. Returns whether anything was eliminated.
 */
function eliminate(builder: ProcedureBuilder, target: Target, term: PolynomialTerm): boolean {
  const conditional = new Set(term.conditions.flatMap(freeIndices));
  let factors: readonly Expression[] = [...term.quenched, ...term.thermal];
  let indices = term.indices;
  if (factors.some((f) => indices.every((i) => freeIndices(f).includes(i)))) return false;
  const size = (of: ReadonlySet<Index>): number => [...of].reduce((n, i) => n * atDefaults(builder.options.program, rangeSize(i.range)), 1);
  const isScale = (f: Expression): boolean => freeIndices(f).length === 0 && builder.status(f) === "parameter";
  let some = false;
  for (;;) {
    let best: { readonly index: Index; readonly inside: readonly Expression[]; readonly sum: Expression; readonly cost: number } | undefined;
    for (const index of indices) {
      if (conditional.has(index)) continue;
      const inside = factors.filter((f) => freeIndices(f).includes(index));
      // A sum over everything is the nest itself.
      if (factors.every((f) => inside.includes(f) || isScale(f))) continue;
      const sum = reduce("sum", [index], fromProduct({ coefficient: 1, factors: inside }));
      const cost = builder.holds(sum, target.conditions) ? 0 : size(new Set(inside.flatMap(freeIndices)));
      if (best === undefined || cost < best.cost) best = { index, inside, sum, cost };
    }
    if (!best) break;
    const { index, inside, sum } = best;
    factors = [...factors.filter((f) => !inside.includes(f)), builder.lift(sum, target.conditions, target.indices)];
    indices = indices.filter((i) => i !== index);
    some = true;
  }
  if (!some) return false;
  const isThermal = (f: Expression): boolean => builder.status(f) === "thermal";
  nest(builder, target, { ...term, quenched: factors.filter((f) => !isThermal(f)), thermal: factors.filter(isThermal), indices });
  return true;
}

/** Packs unless the coupling array would be out of proportion to what it replaces. */
function packWithinMemory(builder: ProcedureBuilder, target: Target, group: readonly TermWithSymmetry[]): string | undefined {
  const { preparation, program } = builder.options;
  const before = new Set(preparation.procedures.map((p) => p.name));
  const refusal = pack(builder, target, group);
  if (refusal !== undefined) return refusal;
  for (const made of preparation.procedures) {
    const output = made.arrays.find((a) => a.role === "output");
    if (before.has(made.name) || !output) continue;
    const entries = atDefaults(program, arraySize(output.slots));
    const sources = made.arrays.filter((a) => a.role === "input").reduce((n, a) => n + atDefaults(program, arraySize(a.slots)), 0);
    if (entries > largestArray || entries > Math.max(smallArray, largestGrowth * sources)) return `${output.name} would have ${entries} entries`;
  }
  return undefined;
}

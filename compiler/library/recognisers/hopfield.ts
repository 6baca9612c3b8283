/**
 * Associative memories: E = c Σ_μ Σ_{i≠j} ξ_μi ξ_μj s_i s_j + …, ξ independent patterns, found in the normal form of the energy. The square of
 * the overlaps, couplings as a `let` with or without their diagonal, and sums over i < j are the same there but for a constant, the diagonal.
 * A field along one pattern may be added.
 */
import { constant } from "../../ir/expression.ts";
import type { Expression, Index } from "../../ir/expression.ts";
import { inline, inlinedBody } from "../../ir/inline.ts";
import type { Factor, Term } from "../../ir/normal.ts";
import { fromNormal, normalise, positiveParameters, size } from "../../ir/normalise.ts";
import { print, printForm } from "../../ir/print.ts";
import { findArray } from "../../ir/program.ts";
import type { ArrayDeclaration, Program } from "../../ir/program.ts";
import { rangeText } from "../../ir/text.ts";
import { build } from "../ops/index.ts";
import { resolveOrder } from "./orderedReads.ts";

export interface Hopfield {
  readonly ok: true;
  readonly sites: Expression;
  /** Number of patterns. */
  readonly patterns: Expression;
  readonly ensemble: string;
  /** Entries of the patterns: ±1 or Gaussian, with mean 0 and this variance. */
  readonly distribution: "Sign" | "Normal";
  readonly variance: Expression;
  /** c: factor of ξ_μi ξ_μj s_i s_j, i ≠ j, each pair counted twice; negative for a memory. */
  readonly coupling: Expression;
  /** Factor of ξ_μi², summed over all i and μ. */
  readonly diagonal: Expression;
  /** The part that depends on nothing. */
  readonly rest: Expression;
  /** Factor of Σ_i ξ_ki s_i. */
  readonly field: Expression;
  /** k: the pattern of the field, else that of the start, else the first. */
  readonly retrieved: number;
}

type Refusal = { readonly ok: false; readonly reason: string };
const refuse = (reason: string): Refusal => ({ ok: false, reason });

/** What the factors of a term are, if it is one of an associative memory. */
type Part =
  | { readonly kind: "pair" | "diagonal"; readonly ensemble: string; readonly coupling: Expression; readonly self: Expression }
  | { readonly kind: "field"; readonly ensemble: string; readonly pattern: number; readonly coupling: Expression }
  | { readonly kind: "rest"; readonly coupling: Expression };

export function hopfield(program: Program): Hopfield | Refusal {
  const options = { positive: positiveParameters(program) };
  const states = program.arrays.filter((a) => a.origin.kind === "state");
  const [state] = states;
  if (!state || states.length !== 1 || state.slots.length !== 1) return refuse("the state is not one vector of spins");
  if (state.origin.kind === "state" && state.origin.domain.name !== "spin") return refuse(`the state \`${state.name}\` is ${state.origin.domain.name}: spins are covered`);
  if (program.constraints.length > 0) return refuse("constraints on spins are not covered");
  const form = normalise(resolveOrder(inlinedBody(program, program.energy).body, options), options);
  let coupling: Expression = constant(0), diagonal: Expression = constant(0), rest: Expression = constant(0), field: Expression = constant(0);
  let ensemble: string | undefined, retrieved: number | undefined;
  for (const term of form.terms) {
    const part = partOf(program, term, state);
    if (typeof part === "string") return refuse(`it has the term ${printForm({ terms: [term] })}: ${part}`);
    if (part.kind === "rest") { rest = build.add(rest, part.coupling); continue; }
    if (ensemble !== undefined && ensemble !== part.ensemble) return refuse(`it has patterns of two ensembles, \`${ensemble}\` and \`${part.ensemble}\``);
    ensemble = part.ensemble;
    if (part.kind === "field") {
      if (retrieved !== undefined && retrieved !== part.pattern) return refuse(`it has fields along two patterns, ${retrieved} and ${part.pattern}`);
      [retrieved, field] = [part.pattern, build.add(field, part.coupling)];
    } else [coupling, diagonal] = [build.add(coupling, part.coupling), build.add(diagonal, part.self)];
  }
  if (ensemble === undefined || coupling === constant(0)) return refuse("its couplings are not sums Σ_μ ξ[μ,i] ξ[μ,j] over patterns");
  const patterns = findArray(program, ensemble);
  const entries = entriesOf(program, patterns);
  if (typeof entries === "string") return refuse(entries);
  const range = patterns.slots[patternAxis(program, patterns, state)!]!.range;
  const lower = inline(range.lower, program);
  return {
    ok: true, sites: inline(size(state.slots[0]!.range), program), patterns: inline(size(range), program), ensemble, ...entries,
    coupling: coupling, diagonal: diagonal, rest: rest, field: field,
    retrieved: retrieved ?? startOf(state, ensemble) ?? (lower.kind === "constant" ? lower.value : 1),
  };
}

function partOf(program: Program, term: Term, state: ArrayDeclaration): Part | string {
  const isRandom = ({ base }: Factor): boolean => base.kind !== "parameter" && base.kind !== "constant" && !(base.kind === "apply" && !readsAny(base));
  const numbers = term.factors.filter((f) => !isRandom(f)), random = term.factors.filter(isRandom);
  const factor = fromNormal({ terms: [{ coefficient: term.coefficient, factors: numbers, indices: [], conditions: [] }] });
  if (random.length === 0 && term.conditions.length === 0 && term.indices.length === 0) return { kind: "rest", coupling: factor };
  const spins = random.filter((f) => f.base.kind === "read" && f.base.array === state.name), others = random.filter((f) => !spins.includes(f));
  const names = new Set(others.map(({ base }) => (base.kind === "read" ? base.array : print(base))));
  const [name] = names;
  const stranger = others.find(({ base }) => base.kind !== "read" || findArray(program, base.array).origin.kind !== "ensemble");
  if (stranger) return `${print(stranger.base)} are not independent entries of an ensemble of patterns`;
  if (name === undefined || names.size !== 1) return names.size === 0 ? "it couples spins without patterns" : `beside patterns there are other random numbers: ${[...names].join(", ")}`;
  const ensemble = findArray(program, name);
  if (ensemble.slots.length !== 2 || ensemble.slots.some((s) => s.order !== undefined)) return `\`${name}\` has ${ensemble.slots.length} indices, or ordered ones: patterns have two, of the pattern and of the site`;
  const axis = patternAxis(program, ensemble, state);
  if (axis === undefined) return `neither index of \`${name}\` runs over the sites of \`${state.name}\``;
  const whole = (i: Index, range: Index["range"]): boolean => textOf(program, i.range) === textOf(program, range);
  const at = ({ base }: Factor, k: number): Expression | undefined => (base.kind === "read" ? base.subscripts[k] : undefined);
  const indexAt = (f: Factor, k: number): Index | undefined => { const e = at(f, k); return e?.kind === "index" && term.indices.includes(e.index) ? e.index : undefined; };
  const full = others.every((f) => { const mu = indexAt(f, axis), i = indexAt(f, 1 - axis); return mu && i && whole(mu, ensemble.slots[axis]!.range) && whole(i, ensemble.slots[1 - axis]!.range); });

  const [first, second] = others;
  if (others.length === 1 && first!.exponent === 2 && spins.every((s) => s.exponent % 2 === 0) && term.indices.length === 2 && term.conditions.length === 0 && full) return { kind: "diagonal", ensemble: name, coupling: constant(0), self: factor };
  const site = (f: Factor | undefined): Index | undefined => f && indexAt(f, 1 - axis);
  const spinAt = (i: Index | undefined): boolean => spins.some((s) => s.exponent === 1 && i !== undefined && indexAt(s, 0) === i);
  if (others.length === 1 && first!.exponent === 1 && spins.length === 1 && spinAt(site(first)) && term.indices.length === 1 && term.conditions.length === 0) {
    const k = at(first!, axis);
    return k?.kind === "constant" && whole(site(first)!, state.slots[0]!.range) ? { kind: "field", ensemble: name, pattern: k.value, coupling: factor } : "a field is covered along one pattern with a fixed number";
  }
  if (others.length !== 2 || spins.length !== 2 || others.some((f) => f.exponent !== 1) || !spinAt(site(first)) || !spinAt(site(second)) || site(first) === site(second)) return "it is not a coupling Σ_μ ξ[μ,i] ξ[μ,j] of two spins i and j";
  if (term.indices.length !== 3 || indexAt(first!, axis) !== indexAt(second!, axis) || indexAt(first!, axis) === undefined) return "it couples different patterns with each other, or not all of them alike";
  if (!full) return "its sums do not run over all sites and patterns";
  if (term.conditions.length === 0) return { kind: "pair", ensemble: name, coupling: factor, self: factor };
  const [condition] = term.conditions;
  const [a, b] = condition!.kind === "apply" ? condition!.arguments : [];
  const sites = [site(first), site(second)];
  if (term.conditions.length > 1 || condition!.kind !== "apply" || a?.kind !== "index" || b?.kind !== "index" || !sites.includes(a.index) || !sites.includes(b.index) || !["lt", "le", "ne"].includes(condition!.operator)) return `it is restricted by the condition ${print(condition!)}`;
  return { kind: "pair", ensemble: name, coupling: condition!.operator === "ne" ? factor : build.mul(constant(0.5), factor), self: condition!.operator === "le" ? factor : constant(0) };
}

/** Which index of the patterns is that of the pattern; sites first where both have the sites' range. */
function patternAxis(program: Program, patterns: ArrayDeclaration, state: ArrayDeclaration): 0 | 1 | undefined {
  const sites = textOf(program, state.slots[0]!.range);
  return textOf(program, patterns.slots[1]!.range) === sites ? 0 : textOf(program, patterns.slots[0]!.range) === sites ? 1 : undefined;
}
function textOf(program: Program, { lower, upper }: Index["range"]): string {
  const canonical = (e: Expression): Expression => fromNormal(normalise(inline(e, program), { positive: positiveParameters(program) }));
  return rangeText({ lower: canonical(lower), upper: canonical(upper) });
}

function entriesOf(program: Program, { name, origin }: ArrayDeclaration): Pick<Hopfield, "distribution" | "variance"> | string {
  if (origin.kind !== "ensemble") return `\`${name}\` is not an ensemble`;
  const [first, second] = origin.arguments.map((a) => inline(a, program));
  switch (origin.distribution) {
    case "Sign": return { distribution: "Sign", variance: constant(1) };
    case "Normal": return first?.kind === "constant" && first.value === 0 ? { distribution: "Normal", variance: second! } : `the patterns \`${name}\` have the mean ${print(first!)}: they are correlated with each other`;
    default: return `the entries of the patterns \`${name}\` are ${origin.distribution}: independent \`Sign\` and \`Normal\` ones are covered`;
  }
}

/** The pattern that the state starts in. */
function startOf({ origin }: ArrayDeclaration, ensemble: string): number | undefined {
  if (origin.kind !== "state" || origin.initial?.kind !== "value") return undefined;
  const { body } = origin.initial;
  const place = body.kind === "read" && body.array === ensemble ? body.subscripts.find((s) => s.kind === "constant") : undefined;
  return place?.kind === "constant" ? place.value : undefined;
}

function readsAny(e: Expression): boolean {
  if (e.kind === "read" || e.kind === "index" || e.kind === "reduce") return true;
  return e.kind === "apply" && e.arguments.some(readsAny);
}

/**
 * A program as the recognisers read it: what its declarations say about values is put in. Variables of two values are spins s (a bit is
 * (1 + s)/2), functions of a few spins are polynomials ([s_i = s_j] is (1 + s_i s_j)/2), sums of squares that a sphere fixes are numbers,
 * fair coins are signs. The mathematics is the same.
 */
import { children, constant, reduce, rewrite, visit, withChildren } from "../../ir/expression.ts";
import type { Expression, Read } from "../../ir/expression.ts";
import { evaluate } from "../../ir/evaluate.ts";
import { inline, inlinedBody } from "../../ir/inline.ts";
import { fromNormal, normalise, positiveParameters } from "../../ir/normalise.ts";
import type { ArrayDeclaration, Program } from "../../ir/program.ts";
import { rangeText } from "../../ir/text.ts";
import { build } from "../ops/index.ts";
import { numberOfEntries, sphereConstraints } from "./sphereConstraints.ts";

export interface StandardForm {
  readonly program: Program;
  /** Rewrites an expression of the model, in which definitions that matter are written out. */
  readonly expression: (e: Expression) => Expression;
}

export function standardForm(program: Program): StandardForm {
  const energy = inlinedBody(program, program.energy).body;
  const bits = new Set(program.arrays.filter((a) => a.origin.kind === "state" && a.origin.domain.name === "bit").map((a) => a.name));
  const coins = new Set(program.arrays.filter(isFairCoin).map((a) => a.name));
  const signs = new Set(program.arrays.filter((a) => isSymmetric(a) && onlyItsSign(energy, a.name)).map((a) => a.name));
  const spins = new Set([...bits, ...program.arrays.filter((a) => a.origin.kind === "state" && a.origin.domain.name === "spin").map((a) => a.name)]);
  const squares = fixedSquares(program, spins);
  const expression = (e: Expression): Expression => {
    const asSigns = rewrite(e, (node) => {
      if (node.kind === "apply" && node.operator === "sign" && node.arguments[0]!.kind === "read" && signs.has(node.arguments[0]!.array)) return node.arguments[0]!;
      return node.kind === "read" && (bits.has(node.array) || coins.has(node.array)) ? build.div(build.add(constant(1), node), constant(2)) : node;
    });
    return squares(ofFewSpins(asSigns, spins));
  };
  const declared = (a: ArrayDeclaration): ArrayDeclaration => {
    if (a.name === program.energy && a.origin.kind === "definition") return { ...a, origin: { ...a.origin, body: expression(energy) } };
    if (coins.has(a.name) || signs.has(a.name)) return { ...a, origin: { kind: "ensemble", distribution: "Sign", arguments: [] } };
    return bits.has(a.name) && a.origin.kind === "state" ? { ...a, origin: { kind: "state", domain: { name: "spin", arguments: [] } } } : a;
  };
  return { program: { ...program, arrays: program.arrays.map(declared) }, expression };
}

const isFairCoin = ({ origin }: ArrayDeclaration): boolean => {
  const [p] = origin.kind === "ensemble" && origin.distribution === "Bernoulli" ? origin.arguments : [];
  return p?.kind === "constant" && p.value === 0.5;
};

/** A continuous distribution that doesn't change under x → −x. */
function isSymmetric({ origin }: ArrayDeclaration): boolean {
  if (origin.kind !== "ensemble") return false;
  const [a, b] = origin.arguments.map((e) => (e.kind === "constant" ? e.value : e.kind === "apply" && e.operator === "neg" && e.arguments[0]!.kind === "constant" ? -e.arguments[0]!.value : NaN));
  switch (origin.distribution) {
    case "Normal": case "Laplace": return a === 0;
    case "Uniform": return a === -b!;
    default: return false;
  }
}

function onlyItsSign(e: Expression, array: string): boolean {
  let all = true, any = false;
  visit(e, (node) => {
    for (const c of children(node)) if (c.kind === "read" && c.array === array) {
      if (node.kind === "apply" && node.operator === "sign") any = true;
      else all = false;
    }
  });
  return all && any;
}

/** Most spins of one function, which is written out for all their values. */
const FEW = 3;

/** Functions of spins and numbers alone as polynomials in the spins; choices between others by such a function, and sums over places where it holds, as products. */
function ofFewSpins(root: Expression, spins: ReadonlySet<string>): Expression {
  if (spins.size === 0) return root;
  const done = new Map<Expression, Expression>();
  const found = new Map<Expression, readonly Read[] | undefined>();
  /** The spins that it is a function of, if there is nothing else. */
  const reads = (e: Expression): readonly Read[] | undefined => {
    if (found.has(e)) return found.get(e);
    let own: readonly Read[] | undefined;
    if (e.kind === "constant") own = [];
    else if (e.kind === "read") own = spins.has(e.array) ? [e] : undefined;
    else if (e.kind === "apply") {
      const parts = e.arguments.map(reads);
      own = parts.every((p) => p !== undefined) ? [...new Set(parts.flat())] : undefined;
    }
    if (own && own.length > FEW) own = undefined;
    found.set(e, own);
    return own;
  };
  const go = (e: Expression): Expression => {
    const known = done.get(e);
    if (known !== undefined) return known;
    const made = convert(e);
    done.set(e, made);
    return made;
  };
  const convert = (e: Expression): Expression => {
    const own = e.kind === "apply" ? reads(e) : undefined;
    if (own && own.length > 0) return polynomial(e, own);
    if (e.kind === "apply" && e.operator === "select" && (reads(e.arguments[0]!)?.length ?? 0) > 0) {
      const [chosen, yes, no] = e.arguments.map(go) as [Expression, Expression, Expression];
      return build.add(build.mul(chosen, yes), build.mul(build.sub(constant(1), chosen), no));
    }
    if (e.kind === "reduce" && e.combine === "sum" && (reads(e.where)?.length ?? 0) > 0) return reduce("sum", e.indices, build.mul(go(e.where), go(e.body)));
    const before = children(e), after = before.map(go);
    return after.some((c, k) => c !== before[k]) ? withChildren(e, after) : e;
  };
  return go(root);
}

/** Σ over all values of f(values) Π (1 + value s)/2, written in powers of the spins. */
function polynomial(e: Expression, spins: readonly Read[]): Expression {
  const all = 2 ** spins.length;
  const valueOf = (k: number, n: number): number => ((k >> n) & 1 ? -1 : 1);
  const values = Array.from({ length: all }, (_, k) => {
    const given = rewrite(e, (node) => { const n = node.kind === "read" ? spins.indexOf(node) : -1; return n < 0 ? node : constant(valueOf(k, n)); });
    return evaluate(given, { parameters: {}, entry: () => NaN });
  });
  let sum: Expression = constant(0);
  for (let set = 0; set < all; set++) {
    const members = spins.filter((_, n) => (set >> n) & 1);
    const coefficient = values.reduce((total, v, k) => total + v * spins.reduce((sign, _, n) => ((set >> n) & 1 ? sign * valueOf(k, n) : sign), 1), 0) / all;
    if (coefficient !== 0) sum = build.add(sum, members.reduce((product: Expression, s) => build.mul(product, s), constant(coefficient)));
  }
  return sum;
}

/** Σ w² over the whole of a state array, in one of its forms, as the number that spins or a sphere make it. */
function fixedSquares(program: Program, spins: ReadonlySet<string>): (e: Expression) => Expression {
  const options = { positive: positiveParameters(program) };
  const constraints = sphereConstraints(program);
  const canonical = (e: Expression): Expression => fromNormal(normalise(inline(e, program), options));
  const textOf = ({ lower, upper }: { readonly lower: Expression; readonly upper: Expression }): string => rangeText({ lower: canonical(lower), upper: canonical(upper) });
  const norms = new Map<string, Expression>();
  for (const a of program.arrays) if (a.origin.kind === "state" && a.slots.length === 1) {
    const sphere = constraints.spheres.find((s) => s.array === a.name && s.freeAxes.length === 0);
    if (spins.has(a.name)) norms.set(a.name, numberOfEntries(a));
    else if (sphere) norms.set(a.name, sphere.norm2);
  }
  return (e) => rewrite(e, (node) => {
    if (node.kind !== "reduce" || node.combine !== "sum" || node.indices.length !== 1 || !readsSome(node, norms)) return node;
    const { terms } = normalise(node, options);
    const [term] = terms;
    const square = term?.factors.find((f) => f.base.kind === "read" && norms.has(f.base.array));
    if (terms.length !== 1 || square?.base.kind !== "read" || square.exponent !== 2 || term!.indices.length !== 1 || term!.conditions.length > 0) return node;
    const [subscript] = square.base.subscripts, { array } = square.base;
    const whole = subscript?.kind === "index" && subscript.index === term!.indices[0] && textOf(subscript.index.range) === textOf(program.arrays.find((a) => a.name === array)!.slots[0]!.range);
    const others = term!.factors.filter((f) => f !== square);
    if (!whole || others.some((f) => usesAnyIndex(f.base))) return node;
    return build.mul(fromNormal({ terms: [{ ...term!, factors: others, indices: [] }] }), norms.get(array)!);
  });
}

function readsSome(e: Expression, names: ReadonlyMap<string, unknown>): boolean {
  let found = false;
  visit(e, (node) => { found ||= node.kind === "read" && names.has(node.array); });
  return found;
}
function usesAnyIndex(e: Expression): boolean {
  let found = false;
  visit(e, (node) => { found ||= node.kind === "index"; });
  return found;
}

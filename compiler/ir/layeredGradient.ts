/**
 * The gradient of a scalar by the chain rule over the definitions that it is made of, for people to read: δz[mu,c] = ∂L/∂z[mu,c] for each
 * definition z, from the scalar back to the states, as in back-propagation. Written out in the states alone, the gradient of a network
 * repeats the network in every factor.
 */
import { build } from "../library/ops/index.ts";
import { differentiate, entryIndices } from "./differentiate.ts";
import { freshIndex, indexValue, read, reduce, rewrite, substitute, visit } from "./expression.ts";
import type { Expression, Index } from "./expression.ts";
import { inline, inlinedBody } from "./inline.ts";
import { normalise, positiveParameters } from "./normalise.ts";
import type { NormalForm } from "./normal.ts";
import { findArray } from "./program.ts";
import type { ArrayDeclaration, Program } from "./program.ts";

/** `array[indices] = form` */
export interface Equation { readonly array: string; readonly indices: readonly Index[]; readonly form: NormalForm }

export interface LayeredGradient {
  readonly value: NormalForm;
  /** Thermal definitions in the order in which they are computed. */
  readonly definitions: readonly Equation[];
  /** For each of them, from last to first, the derivative of the scalar: `array` is the definition. */
  readonly adjoints: readonly Equation[];
  /** For each state that the scalar depends on: `array` is the state. */
  readonly gradients: readonly Equation[];
}

/** The name under which ∂(scalar)/∂array stands in the forms. */
export const adjointName = (array: string): string => `δ${array}`;

/**
 * Undefined where nothing is gained: without thermal definitions, or where the scalar is a polynomial of the states.
 * @throws Error where an operator on the way has no derivative
 */
export function layeredGradient(program: Program, of: string): LayeredGradient | undefined {
  const layers = thermalDefinitions(program, of);
  if (layers.length === 0 || isPolynomial(program, inlinedBody(program, of).body)) return undefined;
  const names = new Set(layers.map((a) => a.name));
  const bodyOf = (array: ArrayDeclaration): { readonly indices: readonly Index[]; readonly body: Expression } => {
    if (array.origin.kind !== "definition") throw new Error(`internal: ${array.name} is not a definition`);
    return { indices: array.origin.indices, body: inline(array.origin.body, program, (a) => !names.has(a.name)) };
  };
  const options = { positive: positiveParameters(program) };
  const last = bodyOf(findArray(program, of)).body;
  const bodies = new Map(layers.map((a) => [a.name, bodyOf(a)]));

  /** ∂of/∂array[indices], by what reads the array: the scalar and later definitions. */
  const adjoint = ({ name, slots }: ArrayDeclaration, indices: readonly Index[]): NormalForm => {
    const entry = { array: name, subscripts: indices.map(indexValue), slots };
    const through = layers.filter((other) => readsArray(bodies.get(other.name)!.body, name)).map((other): Expression => {
      const { indices: own, body } = bodies.get(other.name)!;
      const copies = own.map((i) => freshIndex(i.name, i.range));
      const here = substitute(body, new Map(own.map((i, k) => [i, indexValue(copies[k]!)])));
      // What a derivative repeats of the definition is its value: 1 − v² and not 1 − tanh(…)².
      const inner = rewrite(differentiate(here, entry), (e) => (e === here ? read(other.name, copies.map(indexValue)) : e));
      const product = build.mul(read(adjointName(other.name), copies.map(indexValue)), inner);
      return copies.length === 0 ? product : reduce("sum", copies, product);
    });
    return normalise(through.reduce((sum, part) => build.add(sum, part), differentiate(last, entry)), options);
  };
  const states = program.arrays.filter((a) => a.origin.kind === "state" && [last, ...[...bodies.values()].map((b) => b.body)].some((body) => readsArray(body, a.name)));
  return {
    value: normalise(last, options),
    definitions: layers.map((a) => ({ array: a.name, indices: bodies.get(a.name)!.indices, form: normalise(bodies.get(a.name)!.body, options) })),
    adjoints: [...layers].reverse().map((a) => {
      const indices = bodies.get(a.name)!.indices.map((i) => freshIndex(i.name, i.range));
      return { array: a.name, indices, form: adjoint(a, indices) };
    }),
    gradients: states.map((s) => {
      const indices = entryIndices(s.slots);
      return { array: s.name, indices, form: adjoint(s, indices) };
    }),
  };
}

/** The thermal definitions that `of` reads, directly or through others, in the order of declaration, which is that of computation. */
function thermalDefinitions(program: Program, of: string): readonly ArrayDeclaration[] {
  const arrays = new Map(program.arrays.map((a) => [a.name, a]));
  const found = new Set<string>();
  const ordered: ArrayDeclaration[] = [];
  const go = (name: string): void => {
    const array = arrays.get(name);
    if (!array || found.has(name) || array.origin.kind !== "definition" || array.status !== "thermal") return;
    found.add(name);
    visit(array.origin.body, (e) => { if (e.kind === "read") go(e.array); });
    if (name !== of) ordered.push(array);
  };
  go(of);
  return ordered;
}

function readsArray(e: Expression, name: string): boolean {
  let found = false;
  visit(e, (node) => { found ||= node.kind === "read" && node.array === name; });
  return found;
}

const polynomialOperators: ReadonlySet<string> = new Set(["add", "sub", "mul", "neg"]);

/** Whether thermal arrays enter by sums, products and powers with fixed exponents alone. */
function isPolynomial(program: Program, e: Expression): boolean {
  const thermal = new Set(program.arrays.filter((a) => a.status === "thermal").map((a) => a.name));
  const reads = (node: Expression): boolean => [...thermal].some((name) => readsArray(node, name));
  let polynomial = true;
  visit(e, (node) => {
    if (node.kind === "reduce") polynomial &&= node.combine === "sum" || node.combine === "product" || !reads(node.body);
    if (node.kind !== "apply" || polynomialOperators.has(node.operator)) return;
    const free = node.operator === "div" || node.operator === "pow" ? node.arguments.slice(1) : node.arguments;
    polynomial &&= !free.some(reads);
  });
  return polynomial;
}

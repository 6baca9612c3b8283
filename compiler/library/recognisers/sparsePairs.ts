/**
 * Pair energies on sparse random graphs, E = −Σ_(ij) K_ij s_i s_j − Σ_i b_i s_i + constant, s spins: found in the normal form of the
 * energy with all definitions written out. K and b are made of parameters and of independent ensembles over the edges and the vertices.
 */
import { constant, read, rewrite, visit } from "../../ir/expression.ts";
import type { Expression, Index } from "../../ir/expression.ts";
import { inline, inlinedBody } from "../../ir/inline.ts";
import { fromNormal, key, normalise, positiveParameters } from "../../ir/normalise.ts";
import type { Factor, Term } from "../../ir/normal.ts";
import { print, printForm } from "../../ir/print.ts";
import { findArray } from "../../ir/program.ts";
import type { ArrayDeclaration, Program } from "../../ir/program.ts";
import { rangeText } from "../../ir/text.ts";
import { build } from "../ops/index.ts";
import { numberOfEntries } from "./sphereConstraints.ts";

export interface SparsePairs {
  readonly ok: true;
  readonly state: string;
  readonly sites: Expression;
  readonly graph: { readonly array: string; readonly kind: "RandomRegular" | "ErdosRenyi"; readonly degree: Expression };
  /** K of an edge and b of a vertex, in parameters and scalar reads of the ensembles that stand at each. */
  readonly coupling: Expression;
  readonly field: Expression;
  /** What of the energy reads no spin: for each edge, for each vertex, and in all. */
  readonly constants: { readonly edge: Expression; readonly vertex: Expression; readonly total: Expression };
}

/** Leaves the recogniser with the reason. */
class NoPairs extends Error {}
const fail = (reason: string): never => { throw new NoPairs(reason); };

export function sparsePairs(program: Program): SparsePairs | { readonly ok: false; readonly reason: string } {
  try {
    return recognise(program);
  } catch (error) {
    if (error instanceof NoPairs) return { ok: false, reason: error.message };
    throw error;
  }
}

function recognise(program: Program): SparsePairs {
  const states = program.arrays.filter((a) => a.origin.kind === "state");
  const [state] = states;
  if (!state || states.length > 1) return fail(`the model has ${states.length} state arrays (${states.map((s) => s.name).join(", ")}): one array of spins is covered`);
  if (state.origin.kind !== "state" || state.origin.domain.name !== "spin") fail(`the states \`${state.name}\` are ${state.origin.kind === "state" ? state.origin.domain.name : ""}: spins are covered`);
  if (state.slots.length !== 1) fail(`the spins \`${state.name}\` have ${state.slots.length} indices: one, over the vertices of a graph, is covered`);
  if (program.constraints.length > 0) fail("constraints on spins are not covered");
  const sites = fromNormal(normalise(inline(numberOfEntries(state), program)));
  let graph: string | undefined;
  let [coupling, field, edge, vertex, total]: Expression[] = [0, 0, 0, 0, 0].map(constant) as [Expression, Expression, Expression, Expression, Expression];
  for (const term of normalise(inlinedBody(program, program.energy).body, { positive: positiveParameters(program) }).terms) {
    const shown = printForm({ terms: [term] });
    const spins = term.factors.filter((f) => f.base.kind === "read" && f.base.array === state.name && f.exponent % 2 !== 0);
    const others = term.factors.filter((f) => !(f.base.kind === "read" && f.base.array === state.name));
    if (others.some((f) => reads(f.base, state.name))) fail(`${shown} is no product of spins`);
    if (spins.length > 2 || spins.some((f) => f.exponent !== 1)) fail(`${shown} is an interaction of ${spins.length} spins: fields and pairs are covered`);
    const ends = [...spins, ...others].flatMap((f) => endsIn(f.base, program));
    const place = placeOf(term, ends, program, sites, state);
    if (place.graph !== undefined) {
      if (graph !== undefined && graph !== place.graph) fail(`the energy has two graphs, \`${graph}\` and \`${place.graph}\`: one is covered`);
      graph = place.graph;
    }
    const own = weightOf(term, others, place.index, program);
    if (spins.length === 0) {
      if (place.kind === "edge") edge = build.add(edge!, build.mul(constant(place.times), own));
      else if (place.kind === "vertex") vertex = build.add(vertex!, own);
      else total = build.add(total!, own);
    } else if (spins.length === 1) {
      if (place.kind !== "vertex" || !isAt(spins[0]!, place.index!)) fail(place.kind === "edge" ? `${shown} is a field that acts through edges: fields of vertices, Σ_i b[i] s[i], are covered` : `${shown} is not a field of all vertices`);
      field = build.sub(field!, own);
    } else {
      const [a, b] = spins.map((f) => endsIn(f.base, program)[0]);
      if (place.kind !== "edge" || !a || !b || !opposite(a.side, b.side)) fail(`${shown} couples spins that are not the two ends of an edge of a random graph`);
      coupling = build.sub(coupling!, build.mul(constant(place.times), own));
    }
  }
  if (graph === undefined) return fail("the energy has no sum over the edges of a random graph");
  const { origin } = findArray(program, graph);
  if (origin.kind !== "ensemble" || (origin.distribution !== "RandomRegular" && origin.distribution !== "ErdosRenyi")) return fail(`the graph \`${graph}\` is ${origin.kind === "ensemble" ? origin.distribution : origin.kind}: it has short loops; the cavity method is for RandomRegular and ErdosRenyi, which look like trees`);
  const [vertices, degree] = origin.arguments.map((a) => inline(a, program));
  if (!equal(vertices!, sites)) fail(`the graph \`${graph}\` has ${print(vertices!)} vertices and there are ${print(sites)} spins`);
  return { ok: true, state: state.name, sites, graph: { array: graph, kind: origin.distribution, degree: degree! }, coupling: coupling!, field: field!, constants: { edge: edge!, vertex: vertex!, total: total! } };
}

/** One end of an edge: G[side, e], in graphs with a random number of edges max(1, G[side, e]). */
interface End { readonly graph: string; readonly side: Expression; readonly edge: Index }

const isGraph = (array: ArrayDeclaration): boolean => array.origin.kind === "ensemble" && ["RandomRegular", "ErdosRenyi", "Lattice"].includes(array.origin.distribution);

function endsIn(e: Expression, program: Program): readonly End[] {
  const found: End[] = [];
  visit(e, (node) => {
    if (node.kind !== "read" || !isGraph(findArray(program, node.array))) return;
    const [side, edge] = node.subscripts;
    if (edge?.kind === "index") found.push({ graph: node.array, side: side!, edge: edge.index });
  });
  return found;
}

/** Sides 1 and 2, or a side and 3 minus it. */
function opposite(a: Expression, b: Expression): boolean {
  if (a.kind === "constant" && b.kind === "constant") return a.value + b.value === 3;
  const other = (x: Expression, y: Expression): boolean => x.kind === "apply" && x.operator === "sub" && x.arguments[0] === constant(3) && x.arguments[1] === y;
  return other(a, b) || other(b, a);
}

interface Place { readonly kind: "edge" | "vertex" | "total"; readonly index?: Index; readonly graph?: string; readonly times: number }

/** What a term is summed over: once or (by sides) twice over edges, over vertices, or nothing. */
function placeOf(term: Term, ends: readonly End[], program: Program, sites: Expression, state: ArrayDeclaration): Place {
  const shown = printForm({ terms: [term] });
  const counted = term.conditions.flatMap((c) => (c.kind === "apply" && c.operator === "le" && c.arguments[0]!.kind === "index" && c.arguments[1]!.kind === "reduce" ? endsOfCount(c.arguments[0]!.index, c.arguments[1]!, program) : []));
  const inside = (c: Expression): boolean => {
    // Conditions that every edge meets: its number is at most that of edges, its ends are vertices.
    if (c.kind !== "apply" || c.operator !== "le") return false;
    const [low, high] = c.arguments as [Expression, Expression];
    return counted.some((e) => low.kind === "index" && low.index === e.edge) || (low === constant(1) && endsIn(high, program).length === 1) || (endsIn(low, program).length === 1 && equal(inline(high, program), sites));
  };
  if (!term.conditions.every(inside)) fail(`${shown} has the condition ${term.conditions.filter((c) => !inside(c)).map((c) => print(c)).join(", ")}: sums over all edges and all vertices are covered`);
  const [end] = [...ends, ...counted];
  if (!end) {
    const [index, ...more] = term.indices;
    if (!index) return { kind: "total", times: 1 };
    const slot = state.slots[0]!.range;
    if (more.length > 0) fail(`${shown} is a sum over ${term.indices.length} indices: every pair of spins interacts, or more; the cavity method is for the edges of a sparse graph`);
    // Sums over the entries of an array over edges look alike once nothing reads the graph.
    if (rangeText({ lower: inline(index.range.lower, program), upper: inline(index.range.upper, program) }) !== rangeText({ lower: inline(slot.lower, program), upper: inline(slot.upper, program) })) fail(`${shown} is a sum over neither all vertices nor all edges`);
    return { kind: "vertex", index, times: 1 };
  }
  const rest = term.indices.filter((i) => i !== end.edge);
  const bySides = rest.length === 1 && ends.some((e) => e.side.kind === "index" && e.side.index === rest[0]);
  if ([...ends, ...counted].some((e) => e.edge !== end.edge || e.graph !== end.graph) || (rest.length > 0 && !bySides)) fail(`${shown} is not one sum over the edges of \`${end.graph}\``);
  return { kind: "edge", index: end.edge, graph: end.graph, times: bySides ? 2 : 1 };
}

/** The graph whose edges are counted: Σ_e [0 < G[1,e]]. */
function endsOfCount(edge: Index, count: Expression, program: Program): readonly End[] {
  const found = count.kind === "reduce" ? [...endsIn(count.where, program), ...endsIn(count.body, program)] : [];
  return found.map((e) => ({ ...e, edge }));
}

/** The term without its spins, in scalar reads of the ensembles that have an entry for `index`. */
function weightOf(term: Term, factors: readonly Factor[], index: Index | undefined, program: Program): Expression {
  const product = fromNormal({ terms: [{ coefficient: term.coefficient, factors, indices: [], conditions: [] }] });
  const scalars = rewrite(product, (node) => {
    if (node.kind !== "read" || node.subscripts.length !== 1) return node;
    const [place] = node.subscripts;
    const array = findArray(program, node.array);
    return array.origin.kind === "ensemble" && place!.kind === "index" && place!.index === index ? read(node.array) : node;
  });
  visit(scalars, (node) => {
    if (node.kind === "index" || node.kind === "reduce" || (node.kind === "read" && node.subscripts.length > 0)) fail(`the weight ${print(product)} of a term depends on more than parameters and independent random numbers of its own edge or vertex`);
  });
  return scalars;
}

const isAt = ({ base }: Factor, index: Index): boolean => base.kind === "read" && base.subscripts.length === 1 && base.subscripts[0]!.kind === "index" && base.subscripts[0]!.index === index;

const equal = (a: Expression, b: Expression): boolean => key(normalise(a)) === key(normalise(b));

function reads(e: Expression, array: string): boolean {
  let found = false;
  visit(e, (node) => { found ||= node.kind === "read" && node.array === array; });
  return found;
}

/** Binders of slots and reductions: `i`, `i in N`, `r in 0..9`, `i < j < k`, `i != j`, `(i, j) in G`, `j in G[i]`. */
import type { Binder, Expression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/span.ts";
import { rangeTo, sizeRange } from "../build.ts";
import { bindIndex, checkBounds, indexOfSlot, makeExtent, mentionsIndex, resolveExtent } from "../indices.ts";
import type { BoundIndex, Evidence, Extent } from "../indices.ts";
import { equalRanges } from "../sizes.ts";
import type { SizeRange } from "../sizes.ts";
import { expressionText } from "../text.ts";
import type { CheckedBinder, CheckedExpression } from "../tree.ts";
import type { EdgeFact, ExpressionChecker, OrderFact } from "./checker.ts";
import { constants } from "./names.ts";
import type { GraphSymbol } from "../symbols.ts";

export interface OpenedBinder extends CheckedBinder {
  readonly extent: Extent;
  readonly facts: readonly OrderFact[];
  readonly periodic: boolean;
  readonly edgeFacts: readonly EdgeFact[];
  readonly span: Span;
}

/** Makes the indices of binders; `rewritten` writes the whole construct with another binder, for help texts; `ofSlots` for those of a declaration. */
export function openBinders(c: ExpressionChecker, binders: readonly Binder[], rewritten: (binder: string) => string, ofSlots = false): readonly OpenedBinder[] {
  const seen = new Map<string, Span>();
  const twice = new Set<string>();
  const nameless = new Set<string>();
  const opened: OpenedBinder[] = [];
  for (const b of binders) {
    const around = b.kind === "edge" || ofSlots ? new Map<string, BoundIndex>() : boundAround(c, b, opened.flatMap((o) => o.indices));
    for (const { name, span } of b.names) {
      const before = seen.get(name);
      if (around.has(name)) continue;
      if (before) twice.add(name);
      const size = ofSlots && b.kind === "chain" && b.names.length === 1 && !b.range ? sizeNamed(c, name) : false;
      if (size) {
        c.report.error("Q206", `the slot \`${name}\` has a size and no index`, span, `a slot names an index and what it runs over: \`${rewritten(`i in ${name}`)}\``);
        nameless.add(name);
      } else if (before) c.report.error("Q207", `index \`${name}\` is bound twice`, [{ span, message: "again" }, { span: before, message: "first" }]);
      else checkClash(c, name, span);
      seen.set(name, span);
    }
    opened.push(b.kind === "edge" ? openEdge(c, b.names, b.range, b.span, ofSlots) : openChain(c, b, rewritten, ofSlots, around, opened));
  }
  for (const b of opened) if (b.indices.some((i) => twice.has(i.name))) b.extent.excused = true;
  for (const b of opened) if (b.indices.some((i) => nameless.has(i.name))) b.extent.failed = true;
  return opened;
}

/** Whether a name is that of a size, or of a parameter that may be one. */
function sizeNamed(c: ExpressionChecker, name: string): boolean {
  const symbol = c.names.lookup(name);
  return symbol?.kind === "size" || (symbol?.kind === "parameter" && symbol.number === "integer");
}

/**
 * Indices shadow no name, nor a slot of the declaration, which stands for one value all through it. A sum inside a sum may bind the same
 * letter again, as on paper: `sum(i) v[i]^4 / (sum(i) v[i]^2)^2`.
 */
function checkClash(c: ExpressionChecker, name: string, span: Span): void {
  const outer = c.indices.get(name);
  const slot = outer?.ofSlot ? outer : undefined;
  const symbol = c.names.lookup(name);
  if (!slot && !symbol && constants[name] === undefined) return;
  const what = slot ? "a slot of this declaration" : symbol ? { parameter: "a parameter", size: "a size", graph: "a graph", array: "declared" }[symbol.kind] : "a constant";
  if (slot) slot.extent.excused = true;
  const first = slot?.span ?? symbol?.span;
  c.report.error("Q202", `index \`${name}\` has the name of something else: indices shadow nothing`,
    [{ span, message: "index" }, ...(first ? [{ span: first, message: what }] : [])], "give the index another name");
}

/**
 * Indices of a chain that stand for those around it: `sum(j != i)` where a slot, a sum or a binder of the same list binds `i`. Where a sum
 * around it binds the first, as in `sum(i) a[i] / (sum(i < j) b[i,j])`, it is a new one.
 */
function boundAround(c: ExpressionChecker, b: Binder & { kind: "chain" }, beside: readonly BoundIndex[]): ReadonlyMap<string, BoundIndex> {
  const known = new Map(b.names.flatMap(({ name }) => { const index = beside.find((i) => i.name === name) ?? c.indices.get(name); return index ? [[name, index] as const] : []; }));
  const [first] = b.names;
  if (known.size === b.names.length || new Set(b.names.map((n) => n.name)).size < b.names.length) return new Map();
  const outer = known.get(first!.name);
  if (!outer || outer.ofSlot || beside.includes(outer)) return known;
  const [relation] = b.relations;
  c.report.warning("Q202", `\`${outer.name}\` is bound by what stands around this too, and means a new index here`, [{ span: first!.span, message: "a new one" }, { span: outer.span, message: "around it" }],
    `give it another name, or, if that one is meant, write \`${relation === "!=" ? [...b.names].reverse().map((n) => n.name).join(" != ") : b.names.slice(1).map((n) => n.name).join(", ")}\`${relation === "!=" ? "" : ` and multiply by \`(${b.names.map((n) => n.name).join(` ${relation} `)})\``}`);
  return new Map();
}

function openChain(c: ExpressionChecker, b: Binder & { kind: "chain" }, rewritten: (binder: string) => string, ofSlot: boolean, around: ReadonlyMap<string, BoundIndex>, before: readonly OpenedBinder[]): OpenedBinder {
  const names = b.names.map((n) => n.name);
  const written = names.reduce((text, name, k) => (k === 0 ? name : `${text} ${b.relations[k - 1]} ${name}`), "");
  // `sum(i, j in G[i])`: of a vertex that the same list binds.
  const { range: given } = b;
  const found = given && c.within(before.flatMap((o) => o.indices), before.flatMap((o) => o.facts), () => neighboursOf(c, given));
  const neighbours = found === "failed" ? undefined : found;
  const range = found === "failed" ? found : neighbours ? (neighbours.graph.vertices ?? "failed") : b.range ? binderRange(c, b.range) : undefined;
  const [shared] = around.values();
  // As those of one chain, they have one range unless the binder says another.
  const extent = shared && !b.range ? shared.extent : makeExtent(names, (r) => rewritten(`${written} in ${r}`), range && range !== "failed" ? { range, span: b.range!.span } : undefined, b.periodic);
  if (range === "failed") extent.failed = true;
  const related = b.names.map((n) => around.get(n.name) ?? bindIndex(n.name, n.span, extent, ofSlot));
  const indices = related.filter((i) => !around.has(i.name));
  for (const index of around.values()) index.used = true;
  if (neighbours && ofSlot) c.report.error("Q226", "the neighbours of a vertex are no slots of an array", b.span, "an array over the edges is declared as `J[(i, j) in G]`");
  return {
    indices, related, relations: b.relations, extent, facts: factsOfChain(related, b.relations), periodic: b.periodic, span: b.span,
    edgeFacts: neighbours ? indices.map((index) => ({ graph: neighbours.graph, known: index, ends: [neighbours.of, valueOf(index)] })) : [],
    ...(neighbours ? { neighbours } : {}),
  };
}

const valueOf = (index: BoundIndex): CheckedExpression => ({ kind: "index", index, type: { kind: "scalar", element: "integer" }, status: "parameter", span: index.span });

/** `G[i]` behind `in`. */
function neighboursOf(c: ExpressionChecker, e: Expression): OpenedBinder["neighbours"] | "failed" {
  const graph = e.kind === "subscript" ? graphOf(c, e.object) : undefined;
  if (e.kind !== "subscript" || !graph) return undefined;
  const [vertex, ...more] = e.subscripts;
  if (!vertex || vertex.kind === "slice" || more.length > 0) {
    c.report.error("Q226", `the neighbours are those of one vertex: \`${graph.name}[i]\``, e.span);
    return "failed";
  }
  c.inSubscript++;
  const of = c.number(vertex);
  c.inSubscript--;
  if (of.type.kind === "scalar" && of.type.element !== "integer") c.report.error("Q211", `a vertex is an integer, and \`${expressionText(of)}\` is ${of.type.element === "truth" ? "a truth value" : "a real number"}`, of.span);
  const index = indexOfSlot(of);
  const { vertices } = graph;
  if (vertices) {
    const axis = { range: vertices, periodic: false };
    if (index) index.extent.evidence.push({ axis, position: 0, array: graph.name, index, span: of.span });
    c.later(() => void checkBounds(of, axis, graph.name, c.report));
  }
  return { graph, of };
}

/** All pairs that the relations of a chain order; `i != j != k` are pairwise different. */
function factsOfChain(indices: readonly BoundIndex[], relations: readonly ("<" | "<=" | "!=")[]): readonly OrderFact[] {
  const facts: OrderFact[] = [];
  indices.forEach((smaller, a) => indices.slice(a + 1).forEach((larger, offset) => {
    const between = relations.slice(a, a + offset + 1);
    if (between.every((r) => r === "!=")) facts.push({ smaller, larger, relation: "!=" });
    else if (!between.includes("!=")) facts.push({ smaller, larger, relation: between.includes("<") ? "<" : "<=" });
  }));
  return facts;
}

function openEdge(c: ExpressionChecker, names: readonly { name: string; span: Span }[], range: Expression, span: Span, ofSlot: boolean): OpenedBinder {
  const graph = graphOf(c, range);
  if (!graph) {
    c.report.error("Q226", "a pair of indices runs over the edges of a graph", range.span, "declare one: `ensemble G ~ RandomRegular(N, degree = 3)`");
  } else if (names.length !== 2) {
    c.report.error("Q226", `an edge joins two vertices, and here are ${names.length} names`, span);
  }
  const extent = makeExtent(names.map((n) => n.name), (r) => r, graph?.vertices ? { range: graph.vertices, span: range.span } : undefined);
  extent.failed = !graph?.vertices;
  const indices = names.map((n) => bindIndex(n.name, n.span, extent, ofSlot));
  const [first, second] = indices;
  const edgeFacts = graph && first && second && indices.length === 2 ? [{ graph, known: first, ends: [valueOf(first), valueOf(second)] as const }] : [];
  return { indices, related: indices, relations: [], extent, facts: [], edgeFacts, periodic: false, span, ...(graph ? { edges: graph } : {}) };
}

function graphOf(c: ExpressionChecker, e: Expression): GraphSymbol | undefined {
  if (e.kind !== "name") return undefined;
  const symbol = c.names.lookup(e.name);
  if (symbol?.kind !== "graph") return undefined;
  c.names.resolve(symbol, e.span);
  return symbol;
}

/** What stands behind `in`. */
function binderRange(c: ExpressionChecker, e: Expression): SizeRange | "failed" {
  if (e.kind === "range") {
    if (e.by) c.report.error("Q225", "`by` has no meaning here: an index runs over all integers of its range", e.by.span);
    const lower = sizeOf(c, e.from);
    const upper = sizeOf(c, e.to);
    return lower && upper ? sizeRange(lower, upper) : "failed";
  }
  if (graphOf(c, e)) {
    c.report.error("Q226", "a graph has edges, which are pairs of vertices", e.span, `write \`(i, j) in ${e.kind === "name" ? e.name : "G"}\``);
    return "failed";
  }
  const size = sizeOf(c, e);
  return size ? rangeTo(size) : "failed";
}

/** An end of a range: an integer of status parameter. */
function sizeOf(c: ExpressionChecker, e: Expression): CheckedExpression | undefined {
  const size = c.number(e);
  if (size.type.kind !== "scalar") return undefined;
  const text = expressionText(size);
  if (size.status !== "parameter") {
    c.report.error("Q214", `a size cannot depend on a ${size.status === "thermal" ? "state" : "draw"}: \`${text}\` is ${size.status}`, size.span, "sizes are made of parameters: the array must have its length before anything is drawn");
    return undefined;
  }
  if (size.type.element !== "integer") {
    const derived = size.kind === "name" && size.symbol.kind === "array" && size.symbol.role === "let" ? size.symbol : undefined;
    const help = size.kind === "parameter" ? `give it an integer as default: \`${text} = ${Math.max(1, Math.round(size.symbol.default))}\`` : derived ? `round it where it is declared: \`let ${text} = round(…)\`` : `write \`round(${text})\``;
    c.report.error("Q213", `a size is an integer, and \`${text}\` is a real number`, [{ span: size.span, message: "" }, ...(derived ? [{ span: derived.span, message: "a real number" }] : [])], help);
    return undefined;
  }
  if (mentionsIndex(size)) {
    c.report.error("Q213", `a range cannot depend on an index: \`${text}\``, size.span, "relate the indices in one binder: `sum(i < j in N)`");
    return undefined;
  }
  return size;
}

/** Gives the indices of binders their ranges, once everything in which they stand was checked. */
export function resolveBinders(c: ExpressionChecker, binders: readonly OpenedBinder[], body: CheckedExpression): void {
  if (body.type.kind === "unknown") for (const b of binders) b.extent.excused = true;
  // A range that is shared with what stands around is found there.
  const exchanged = new Set<string>();
  for (const b of binders) {
    if (!b.related.every((i) => i.extent !== b.extent || b.indices.includes(i))) continue;
    const array = exchangedIn(c, b.extent);
    if (array !== undefined && exchanged.has(array)) b.extent.failed = true;
    resolveExtent(b.extent, b.span, c.report, (wanted, found) => {
      if (array !== undefined) return `are the subscripts of \`${array}\` exchanged? Its slots run over ${slotsOf(c, array)}`;
      const better = similarArray(c, wanted, found);
      return better && `did you mean \`${better}\`?`;
    });
    if (array !== undefined) exchanged.add(array);
  }
}

/** The array of two slots in which an index stands for the other one: that has the range which the index has elsewhere. */
function exchangedIn(c: ExpressionChecker, { evidence, declared }: Extent): string | undefined {
  if (declared) return undefined;
  return evidence.find((e) => {
    const symbol = c.names.lookup(e.array);
    if (symbol?.kind !== "array" || symbol.axes.length !== 2) return false;
    const other = symbol.axes[1 - e.position]!.range;
    return !equalRanges(e.axis.range, other) && evidence.some((f) => f.array !== e.array && equalRanges(f.axis.range, other));
  })?.array;
}

function slotsOf(c: ExpressionChecker, array: string): string {
  const symbol = c.names.lookup(array);
  return symbol?.kind === "array" ? symbol.axes.map((axis) => axis.range.text).join(" and ") : "";
}

/** An array of one slot that has the range that was wanted where another was found: states first. */
function similarArray(c: ExpressionChecker, wanted: Evidence, found: Evidence): string | undefined {
  const arrays = c.names.names().flatMap((name) => {
    const symbol = c.names.lookup(name);
    return symbol?.kind === "array" && symbol.progress === "done" && symbol.sound && symbol.name !== found.array ? [symbol] : [];
  });
  const foundSymbol = c.names.lookup(found.array);
  if (foundSymbol?.kind !== "array" || foundSymbol.axes.length !== 1) return undefined;
  const fitting = arrays.filter((a) => a.axes.length === 1 && equalRanges(a.axes[0]!.range, wanted.axis.range));
  const best = fitting.find((a) => a.role === foundSymbol.role) ?? fitting.find((a) => a.role === "state") ?? fitting[0];
  return best ? `${best.name}[${found.index.name}]` : undefined;
}

/** Finds out shape, type and status of one declared array, from its slots and what stands behind `=`, `~` or `:`. */
import type { EnergyDeclaration, LetDeclaration, ObservableDeclaration, StateDeclaration } from "../../grammar/ast.ts";
import { domains, isDomainName } from "../library/domains/index.ts";
import type { DomainRecord } from "../library/domains/index.ts";
import { axesOf } from "./axes.ts";
import { buildUp, reportBuildUp, tooMuch } from "./buildUp.ts";
import { applyNode, constantNode, rangeTo, sizeRange } from "./build.ts";
import { checkDistribution, refuseVarying } from "./distributions.ts";
import { elsewhere } from "./elsewhere.ts";
import { nearest } from "../../grammar/nearest.ts";
import { openBinders, resolveBinders } from "./expression/binders.ts";
import type { OpenedBinder } from "./expression/binders.ts";
import { ExpressionChecker } from "./expression/checker.ts";
import { bindIndex, makeExtent } from "./indices.ts";
import type { ModelScope } from "./model.ts";
import { reductionsIn } from "./reductionsIn.ts";
import { checkSource, holdsClasses } from "./sources.ts";
import { isFirstEnd } from "./symbols.ts";
import type { ArraySymbol, GraphSymbol } from "./symbols.ts";
import { expressionText } from "./text.ts";
import type { CheckedExpression } from "./tree.ts";
import { isBelow } from "./types.ts";

export function resolveArray(m: ModelScope, s: ArraySymbol): void {
  const d = s.declaration;
  switch (d?.kind) {
    case "let": case "energy": case "observable": return resolveDefinition(m, s, d);
    case "ensemble": {
      const c = new ExpressionChecker(m, new Map());
      takeDeclaredSlots(c, s);
      s.status = "quenched";
      const distribution = c.within(s.indices, [], () => checkDistribution(c, d.distribution));
      c.finish();
      if (distribution) refuseVarying(m.report, distribution);
      // An unknown distribution was reported; the shape is known all the same, so that the rest can be checked.
      if (!distribution) return;
      s.element = distribution.record.element;
      s.distribution = distribution;
      s.values = distribution.values;
      return;
    }
    case "data": {
      const c = new ExpressionChecker(m, new Map());
      takeDeclaredSlots(c, s);
      s.status = "quenched";
      if (d.source.kind === "call") {
        const source = checkSource(c, d.source, d.targets.length);
        c.finish();
        // A source with errors was reported: integers may stand everywhere.
        s.element = source && !holdsClasses(source, s.name, d.targets.indexOf(s.target)) ? "real" : "integer";
        if (source) s.source = source;
      } else m.report.error("Q246", "a data source stands behind `=` of `data`", d.source.span, "a derived value is declared with `let`");
      return;
    }
    case "state": return resolveState(m, s, d);
    default: throw new Error(`internal: ${s.name} has no declaration`);
  }
}

/** Slots that must say their ranges: those of ensembles, data and states. */
function takeDeclaredSlots(c: ExpressionChecker, s: ArraySymbol): void {
  const slots = openBinders(c, s.target.slots ?? [], (binder) => `${s.name}[${binder}]`, true);
  const unranged = slots.filter(({ extent }) => !extent.resolved && !extent.failed);
  for (const slot of slots) {
    if (slot.extent.resolved || slot.extent.failed) continue;
    slot.extent.failed = true;
    // `J[i, j in G]` is one mistake.
    if (slots.some((other) => other !== slot && other.extent.failed && other.extent.resolved === undefined && !unranged.includes(other))) continue;
    const written = (s.target.slots ?? []).map((b, k) => (b === s.target.slots![slots.indexOf(slot)] ? slot.extent.rewritten(rangeBeside(slots, k)).slice(s.name.length + 1, -1) : b.names.map((n) => n.name).join(b.kind === "chain" ? ` ${b.relations[0] ?? ""} ` : ", ") + (slots[k]?.extent.declared ? ` in ${slots[k].extent.declared.range.text.replace(/^1\.\./, "")}` : "")));
    c.report.error("Q206", `slot \`${slot.extent.names.join(", ")}\` of \`${s.name}\` has no range`, slot.span,
      `every slot says what it runs over: \`${s.name}[${written.join(", ")}]\``);
  }
  checkSlotRelations(c, slots);
  takeAxes(s, slots);
  for (const index of s.indices) c.declaredSlots.add(index.name);
}

/** The range of the next slot that has one, `j in N` of `J[i, j in N]`: it was meant for both. */
const rangeBeside = (slots: readonly OpenedBinder[], k: number): string => [...slots.slice(k), ...slots].find((b) => b.extent.declared)?.extent.declared?.range.text.replace(/^1\.\./, "") ?? "N";

function takeAxes(s: ArraySymbol, slots: readonly OpenedBinder[]): void {
  const axes = axesOf(slots);
  s.sound = axes !== undefined;
  s.axes = axes ?? [];
  s.indices = slots.flatMap((slot) => slot.indices);
}

function checkSlotRelations(c: ExpressionChecker, slots: readonly OpenedBinder[]): void {
  for (const slot of slots) {
    if (slot.relations.includes("!=")) c.report.error("Q225", "slots are ordered by `<` or `<=`: every pair is stored once", slot.span, `write \`${slot.indices.map((i) => i.name).join(" < ")}\``);
    if (slot.periodic && slot.relations.length > 0) c.report.error("Q225", "ordered slots cannot be periodic", slot.span);
  }
}

function resolveDefinition(m: ModelScope, s: ArraySymbol, d: LetDeclaration | EnergyDeclaration | ObservableDeclaration): void {
  const c = new ExpressionChecker(m, reductionsIn(d.value));
  const slots = openBinders(c, s.target.slots ?? [], (binder) => `${s.name}[${binder}]`, true);
  checkSlotRelations(c, slots);
  const body = c.within(slots.flatMap((b) => b.indices), slots.flatMap((b) => b.facts), () => {
    const value = c.check(d.value);
    // `observable spectrum = eigenvalues(…)` takes the whole array; with slots the body is one entry.
    return slots.length === 0 && d.kind !== "energy" && value.type.kind === "array" ? value : c.asNumber(value);
  }, slots.flatMap((b) => b.edgeFacts));
  resolveBinders(c, slots, body);
  c.finish();
  s.status = body.status;
  takeAxes(s, slots);
  if (body.type.kind === "array") takeWholeArray(s, body);
  else {
    s.body = body;
    s.sound &&= body.type.kind === "scalar";
    const built = buildUp(body);
    s.levels = built.levels;
    if (tooMuch(built) !== undefined) {
      reportBuildUp(m.report, s.name, built, s.span);
      delete s.body;
      s.sound = false;
    }
    if (body.type.kind === "scalar") s.element = body.type.element;
    s.values = body.values;
  }
  if (d.kind === "observable") checkFixedLength(m, s, "an observable");
}

/** What is recorded, or moves, has as many entries in every sample. */
function checkFixedLength(m: ModelScope, s: ArraySymbol, what: string): void {
  const graph = s.axes.find((a) => a.edges?.random)?.edges;
  if (graph) m.report.error("Q228", `${what} over the edges of \`${graph.name}\` would have another length in every sample`, [{ span: s.target.span, message: "over random edges" }, { span: graph.span, message: "how many there are is drawn" }], "sum over the edges, or take an array over the vertices: `sum(j in G[i]) …`");
}

/** `let v = w`: the entries are those of another array. */
function takeWholeArray(s: ArraySymbol, array: CheckedExpression): void {
  if (array.type.kind !== "array") return;
  const letters = ["a", "b", "c", "d", "e", "f"];
  s.axes = array.type.axes;
  s.element = array.type.element;
  s.indices = s.axes.map((axis, k) => bindIndex(letters[k] ?? `a${k}`, array.span, makeExtent([letters[k] ?? `a${k}`], (r) => r, { range: axis.range, span: array.span }), true));
  s.values = array.values;
  s.body = {
    kind: "element", array, wraps: s.axes.map(() => false), unsorted: [], edges: s.axes.flatMap((axis, k) => (isFirstEnd(s.axes, k) && axis.edges ? [[k, s.indices[k]!] as const] : [])), span: array.span, status: array.status, type: { kind: "scalar", element: array.type.element },
    subscripts: s.indices.map((index) => ({ kind: "index", index, type: { kind: "scalar", element: "integer" }, status: "parameter", span: array.span })),
  };
}

function resolveState(m: ModelScope, s: ArraySymbol, d: StateDeclaration): void {
  const c = new ExpressionChecker(m, new Map());
  takeDeclaredSlots(c, s);
  checkFixedLength(m, s, "a state");
  s.status = "thermal";
  const name = d.domain.name.name;
  if (!isDomainName(name)) {
    const near = nearest(name, Object.keys(domains));
    m.report.error("Q243", `unknown domain \`${name}\``, d.domain.name.span, elsewhere("domain", name) ?? (near ? `did you mean \`${near}\`?` : `there are: ${Object.keys(domains).join(", ")}`));
    return;
  }
  const record: DomainRecord = domains[name];
  const arguments_ = (d.domain.arguments ?? []).map((a) => c.number(a.value));
  c.finish();
  s.element = record.element;
  s.domain = name;
  s.domainArguments = arguments_;
  if (arguments_.length !== record.parameters.length) {
    const form = record.parameters.length === 0 ? `\`${name}\`` : `\`${name}(${record.parameters.map((p) => p.name).join(", ")})\``;
    m.report.error("Q244", `the domain \`${name}\` takes ${record.parameters.length === 1 ? "1 argument" : `${record.parameters.length} arguments`}, not ${arguments_.length}`, d.domain.span, name === "real" && arguments_.length === 2 ? "numbers between two ends are `interval(a, b)`" : `write ${form}`);
    return;
  }
  arguments_.forEach((a, k) => {
    const parameter = record.parameters[k]!;
    if (a.type.kind !== "scalar") return;
    if (isBelow("parameter", a.status)) m.report.error("Q244", `\`${parameter.name}\` of \`${name}\` is made of parameters, and \`${expressionText(a)}\` is ${a.status}`, a.span);
    else if (parameter.element === "integer" && a.type.element !== "integer") m.report.error("Q244", `\`${parameter.name}\` of \`${name}\` is an integer, and \`${expressionText(a)}\` is a real number`, a.span);
  });
  const [a, b] = arguments_.map((x) => (x.kind === "constant" ? x.value : x.kind === "apply" && x.operator === "neg" && x.arguments[0]!.kind === "constant" ? -x.arguments[0].value : undefined));
  if (name === "interval" && a !== undefined && b !== undefined && a >= b) m.report.error("Q244", `the interval from ${a} to ${b} is empty`, d.domain.span);
  if (record.values) {
    const [lower, upper] = record.values;
    const end = (v: number | string): CheckedExpression | undefined => (typeof v === "number" ? constantNode(v, d.domain.span) : arguments_[record.parameters.findIndex((p) => p.name === v)]);
    const last = end(upper);
    if (last) s.values = lower === 1 ? rangeTo(last) : sizeRange(end(lower)!, last);
  }
}

/** A graph: how many vertices it has is known before it is drawn. */
export function resolveGraph(m: ModelScope, g: GraphSymbol): void {
  const c = new ExpressionChecker(m, new Map());
  for (const t of g.declaration.targets) if (t.slots) m.report.error("Q226", "a graph is declared without slots", t.span, `write \`ensemble ${t.name.name} ~ …\``);
  const distribution = checkDistribution(c, g.declaration.distribution);
  c.finish();
  const graph = distribution?.record.graph;
  if (!distribution || !graph) return;
  const drawn = distribution.arguments.find((a) => a.status !== "parameter");
  if (drawn) {
    m.report.error("Q214", `a graph has its size before anything is drawn, and \`${expressionText(drawn)}\` is ${drawn.status}`, drawn.span);
    return;
  }
  const [base, power] = graph.vertices.map((name) => distribution.arguments[distribution.record.parameters.findIndex((p) => p.name === name)]!);
  g.distribution = distribution;
  g.random = graph.random;
  g.vertices = rangeTo(power ? applyNode("pow", [base!, power], base!.span) : base!);
}

/** From checked expressions to the IR. Names are resolved already; a `fn` is inlined, with fresh indices for each call. */
import type { SizeRange } from "../1-check/sizes.ts";
import type { CheckedExpression, ElementNode, InlineNode, SliceNode } from "../1-check/tree.ts";
import type { BoundIndex } from "../1-check/indices.ts";
import { isFirstEnd } from "../1-check/symbols.ts";
import type { ArraySymbol, GraphSymbol, SizeSymbol } from "../1-check/symbols.ts";
import type { Axis } from "../1-check/types.ts";
import { apply, constant, freshIndex, indexValue, parameter, read } from "../ir/expression.ts";
import type { Expression, Range } from "../ir/expression.ts";
import type { ArrayDeclaration, DataBinding, Domain, Origin, ProgramParameter, Slot } from "../ir/program.ts";
import { entryCount, overEntries, rangeLength } from "./arrayValue.ts";
import type { ArrayValue } from "./arrayValue.ts";
import { applied } from "./applied.ts";
import { emptyEnvironment, withIndices } from "./environment.ts";
import type { LoweringEnvironment, Replaced } from "./environment.ts";
import { internal } from "./internal.ts";
import { ops } from "../library/ops/index.ts";
import { lowerLibraryArray, lowerLibraryScalar } from "./lowerLibrary.ts";
import { graphOf, openAxes } from "./lowerGraph.ts";
import type { LoweredGraph } from "./lowerGraph.ts";
import { combine, lowerReduction } from "./lowerReduction.ts";
import { inCopy, replacedArray, replacedBy, sizeOfSource } from "./lowerWith.ts";

export class Lowering {
  /** In dependency order; arrays that expressions need (Hessians, say) are added when they are met. */
  readonly arrays: ArrayDeclaration[] = [];
  readonly data: DataBinding[] = [];
  /** What `with` put in the place of arrays and sizes, by the key of each replacement. */
  readonly replacements = new Map<string, Replaced>();
  /** Sizes that data sources bind. */
  readonly dataSizes: ProgramParameter[] = [];
  readonly graphs = new Map<GraphSymbol, LoweredGraph>();
  private readonly taken: Set<string>;
  /** Derived scalars of status parameter. */
  private readonly writtenOut = new Map<ArraySymbol, Expression>();

  private readonly states: readonly ArraySymbol[];
  private readonly coupled: ReadonlySet<string>;
  private readonly copies = new Map<string, ReadonlyMap<ArraySymbol, ArrayValue>>();

  /** @param coupled names of copies that move together with copy 1 */
  constructor(names: Iterable<string>, states: readonly ArraySymbol[] = [], coupled: readonly string[] = []) {
    this.taken = new Set(names);
    this.states = states;
    this.coupled = new Set(coupled);
  }

  /** All state arrays of another copy, declared when the first of them is read. */
  copy(replica: string): ReadonlyMap<ArraySymbol, ArrayValue> {
    const known = this.copies.get(replica);
    if (known) return known;
    const made = new Map(this.states.map((s): readonly [ArraySymbol, ArrayValue] => {
      const name = this.freshName(`${s.name}@${replica}`);
      const slots = this.slots(s.axes, emptyEnvironment);
      const copy = { of: s.name, replica };
      const origin: Origin = this.coupled.has(replica) ? { kind: "state", domain: this.domain(s), copy } : { kind: "copy", copy };
      this.arrays.push({ name, status: "thermal", element: s.element, slots, origin, span: s.span });
      return [s, { slots, entry: (subscripts) => read(name, subscripts), declared: name }];
    }));
    this.copies.set(replica, made);
    return made;
  }

  domain(s: ArraySymbol): Domain {
    return { name: s.domain ?? internal(`${s.name} has no domain`), arguments: (s.domainArguments ?? []).map((a) => this.expression(a, emptyEnvironment)) };
  }

  /** A name that nothing in the model has. */
  freshName(wanted: string): string {
    let name = wanted;
    for (let k = 2; this.taken.has(name); k++) name = `${wanted}_${k}`;
    this.taken.add(name);
    return name;
  }

  /** Adds an array that no declaration names, or finds the one that was added for the same purpose. */
  derived(key: string, wanted: string, make: (name: string) => ArrayDeclaration): string {
    const before = this.derivedNames.get(key);
    if (before !== undefined) return before;
    const name = this.freshName(wanted);
    this.derivedNames.set(key, name);
    this.arrays.push(make(name));
    return name;
  }
  private readonly derivedNames = new Map<string, string>();

  range(r: SizeRange, env: LoweringEnvironment): Range {
    return { lower: this.expression(r.lower, env), upper: this.expression(r.upper, env) };
  }

  slots(axes: readonly Axis[], env: LoweringEnvironment): readonly Slot[] {
    return axes.flatMap((a, k): readonly Slot[] => (a.edges ? (isFirstEnd(axes, k) ? [{ range: graphOf(this, a.edges).edges, periodic: false }] : []) : [{ range: this.range(a.range, env), periodic: a.periodic, ...(a.order ? { order: a.order } : {}) }]));
  }

  /** The condition under which an entry of an array over random edges is one. */
  private entriesOf(axes: readonly Axis[]): Pick<ArrayValue, "count" | "isEntry"> {
    const [random, ...more] = axes.flatMap((a, k) => (a.edges?.random && isFirstEnd(axes, k) ? [{ graph: graphOf(this, a.edges), slot: axes.slice(0, k).filter((b, j) => !b.edges || isFirstEnd(axes, j)).length }] : []));
    if (!random) return {};
    if (more.length > 0) return internal("an array over the edges of several random graphs");
    return { count: { slot: random.slot, entries: random.graph.count! }, isEntry: (subscripts) => apply("le", subscripts[random.slot]!, random.graph.count!) };
  }

  expression(e: CheckedExpression, env: LoweringEnvironment): Expression {
    switch (e.kind) {
      case "constant": return constant(e.value);
      case "parameter": return env.replaced?.sizes.get(e.symbol) ?? parameter(e.symbol.name);
      case "size": return env.replaced?.sizes.get(e.symbol) ?? env.sizes.get(e.symbol) ?? (e.symbol.boundBy === "data" ? parameter(e.symbol.name) : sizeOfSource(this, e.symbol));
      case "index": return env.indices.get(e.index) ?? internal(`index ${e.index.name} is not bound`);
      case "name": return this.scalar(e, env);
      case "element": return this.entry(e, env);
      case "apply": {
        const arguments_ = e.arguments.map((a) => this.expression(a, env));
        return ops[e.operator].formula?.(arguments_) ?? applied(e.operator, arguments_);
      }
      case "reduce": return lowerReduction(this, e, env);
      case "reduceArray": {
        const array = this.array(e.array, env);
        return combine(e.reduction, () => { const o = overEntries(array); return { ...o, body: o.entry }; }, () => entryCount(array));
      }
      case "inline": return this.inline(e, env);
      case "library": return lowerLibraryScalar(this, e, env);
      case "with": return this.expression(e.object, replacedBy(this, e, env));
      case "replica": return this.expression(e.object, inCopy(this, e.replica, env));
      case "slice": case "opaque": return internal(`${e.kind} is no scalar`);
    }
  }

  /** A scalar by its name. Derived scalars of status parameter are written out: sizes are expressions of header parameters. */
  private scalar(e: CheckedExpression & { kind: "name" }, env: LoweringEnvironment): Expression {
    const { symbol } = e;
    if (symbol.kind === "graph") return internal("a graph is no scalar");
    const size = env.replaced?.sizes.get(symbol);
    if (size) return size;
    const replaced = env.replaced && replacedArray(this, symbol, env.replaced);
    if (replaced) return replaced.entry([]);
    if (symbol.role === "argument") return this.array(e, env).entry([]);
    if (symbol.role === "let" && symbol.status === "parameter" && symbol.body) {
      const before = this.writtenOut.get(symbol);
      if (before) return before;
      const body = this.expression(symbol.body, emptyEnvironment);
      this.writtenOut.set(symbol, body);
      return body;
    }
    return read(symbol.name);
  }

  array(e: CheckedExpression, env: LoweringEnvironment): ArrayValue {
    switch (e.kind) {
      case "name": {
        const { symbol } = e;
        if (symbol.kind === "graph") return internal("a graph is no array");
        if (symbol.role === "argument") return env.arguments.get(symbol) ?? internal(`argument ${symbol.name} is not bound`);
        const replaced = env.replaced && replacedArray(this, symbol, env.replaced);
        if (replaced) return replaced;
        return { slots: this.slots(symbol.axes, emptyEnvironment), entry: (s) => read(symbol.name, s), declared: symbol.name, ...this.entriesOf(symbol.axes) };
      }
      case "slice": {
        const whole = this.array(e.array, env);
        const fixed = this.subscripts(e, whole.slots, env);
        return {
          slots: whole.slots.filter((_, k) => fixed[k] === null).map(({ order: _order, ...slot }) => slot),
          entry: (free) => {
            let next = 0;
            return whole.entry(ascending(fixed.map((s) => s ?? free[next++]!), whole.slots));
          },
        };
      }
      case "library": return lowerLibraryArray(this, e, env);
      case "with": return this.array(e.object, replacedBy(this, e, env));
      case "replica": return this.array(e.object, inCopy(this, e.replica, env));
      default: return internal(`${e.kind} is no array`);
    }
  }

  private entry(e: ElementNode, env: LoweringEnvironment): Expression {
    const array = this.array(e.array, env);
    const edges = e.edges ?? [];
    const subscripts = this.subscripts(e, array.slots, env).flatMap((s) => s ?? []);
    for (const [first, last] of e.unsorted) this.sort(e, subscripts, first - edges.filter(([k]) => k < first).length, last - edges.filter(([k]) => k < first).length, env);
    return array.entry(subscripts);
  }

  /** One a slot, `null` where a slice leaves it open: a pair over edges is one subscript. */
  private subscripts({ subscripts, edges = [], wraps }: ElementNode | SliceNode, slots: readonly Slot[], env: LoweringEnvironment): (Expression | null)[] {
    const edgeOf = (index: BoundIndex): Expression => env.edges.get(index) ?? internal(`${index.name} makes no edge known`);
    const positions = subscripts.flatMap((s, k) => (edges.some(([first]) => first + 1 === k) ? [] : [{ s, k, known: edges.find(([first]) => first === k)?.[1] }]));
    return positions.map(({ s, k, known }, slot) => (known ? edgeOf(known) : s && this.subscript(this.expression(s, env), slots[slot]!, wraps[k]!)));
  }

  /** A subscript of a periodic slot that can leave it comes back at the other end. */
  private subscript(s: Expression, slot: Slot, wraps: boolean): Expression {
    if (!wraps) return s;
    // s − L ⌊(s − lower) / L⌋, in operators that every target has.
    const length = rangeLength(slot.range);
    return apply("sub", s, apply("mul", length, apply("floor", apply("div", applied("sub", [s, slot.range.lower]), length))));
  }

  /** Puts subscripts first … last in ascending order: by what is known of their indices, or else when they are evaluated. */
  private sort(e: ElementNode, subscripts: Expression[], first: number, last: number, env: LoweringEnvironment): void {
    if (last === first + 1) {
      const [x, y] = [e.subscripts[first]!, e.subscripts[last]!];
      if (x.kind === "index" && y.kind === "index") {
        if (env.ordered.some(([a, b]) => a === x.index && b === y.index)) return;
        if (env.ordered.some(([a, b]) => a === y.index && b === x.index)) {
          [subscripts[first], subscripts[last]] = [subscripts[last]!, subscripts[first]!];
          return;
        }
      }
    }
    for (let end = last; end > first; end--) {
      for (let k = first; k < end; k++) {
        const [a, b] = [subscripts[k]!, subscripts[k + 1]!];
        subscripts[k] = apply("min2", a, b);
        subscripts[k + 1] = apply("max2", a, b);
      }
    }
  }

  private inline(e: InlineNode, env: LoweringEnvironment): Expression {
    const arguments_ = new Map<ArraySymbol, ArrayValue>();
    const sizes = new Map<SizeSymbol, Expression>();
    for (const [symbol, size] of e.sizes) sizes.set(symbol, this.expression(size, env));
    e.function.parameters.forEach((p, k) => {
      const argument = e.arguments[k]!;
      if (p.axes.length === 0) {
        const value = this.expression(argument, env);
        arguments_.set(p, { slots: [], entry: () => value });
        return;
      }
      const array = this.array(argument, env);
      const slots = this.slots(p.axes, { ...emptyEnvironment, sizes });
      // A parameter runs over its own range: `v[i in n]` from 1, whatever the range of the argument.
      const shifts = slots.map((s, axis) => applied("sub", [array.slots[axis]!.range.lower, s.range.lower]));
      arguments_.set(p, {
        slots: slots.map((s, axis) => ({ ...s, periodic: array.slots[axis]!.periodic })),
        entry: (subscripts) => array.entry(subscripts.map((s, axis) => applied("add", [s, shifts[axis]!]))),
      });
    });
    const { body } = e.function;
    return this.expression(body ?? internal(`${e.function.name} has no body`), { ...emptyEnvironment, arguments: arguments_, sizes });
  }

  /** A declared array for a whole array that has no name: library functions read declared arrays. */
  declare(array: ArrayValue, key: string, wanted: string, make: Pick<ArrayDeclaration, "status" | "element" | "span">): string {
    if (array.declared !== undefined) return array.declared;
    return this.derived(key, wanted, (name) => {
      const indices = array.slots.map((s, k) => freshIndex(`i${k + 1}`, s.range));
      return { ...make, name, slots: array.slots, origin: { kind: "definition", role: "derived", indices, body: array.entry(indices.map(indexValue)) } };
    });
  }

  /** Fresh indices for the slots of a declaration, in the environment of its body. */
  slotIndices(symbol: ArraySymbol, outer: LoweringEnvironment = emptyEnvironment): { readonly indices: readonly ReturnType<typeof freshIndex>[]; readonly env: LoweringEnvironment } {
    const opened = openAxes(this, symbol.axes, symbol.indices, outer);
    return { indices: opened.indices, env: withIndices(outer, opened.values, [], opened.edges) };
  }
}

/** Subscripts of ordered slots in ascending order, whatever their values. */
function ascending(subscripts: readonly Expression[], slots: readonly Slot[]): readonly Expression[] {
  const sorted = [...subscripts];
  for (let pass = 1; pass < slots.length; pass++) {
    for (let k = 1; k < slots.length; k++) {
      if (!slots[k]!.order) continue;
      const [a, b] = [sorted[k - 1]!, sorted[k]!];
      [sorted[k - 1], sorted[k]] = [apply("min2", a, b), apply("max2", a, b)];
    }
  }
  return sorted;
}

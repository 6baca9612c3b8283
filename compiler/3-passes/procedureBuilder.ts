/**
 * Collects the arrays and statements of one procedure while definitions are lowered into it: declares inputs as they are read,
 * lowers the `let`s that are read before their readers, and turns reductions that stand inside other operators into temporary
 * arrays over their free indices, each once.
 */
import { children, constant, indexValue, read, visit, withChildren, type Combine, type Expression, type Index, type Range, type Read } from "../ir/expression.ts";
import type { Procedure, ProcedureArray, Statement } from "../ir/procedure.ts";
import { findArray, type Program, type Slot, type Status } from "../ir/program.ts";
import { conjuncts } from "./conditions.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import { callStatement } from "./callStatement.ts";
import { alongRowsOfLists } from "./incidence.ts";
import type { Preparation } from "./preparation.ts";
import { simplify } from "./simplify.ts";
import { sortSubscripts } from "./sortSubscripts.ts";
import { rangeText, structureText } from "./structureText.ts";
import { orderConditions } from "./slotConditions.ts";

/** Where a lowered value is accumulated: one entry for each tuple of `indices` that satisfies `conditions`. */
export interface Target {
  readonly name: string;
  readonly subscripts: readonly Expression[];
  readonly indices: readonly Index[];
  readonly conditions: readonly Expression[];
}

/** How the body of a definition becomes statements: `materialise` (as written) or `contract` (optimised). */
export type Lowering = (builder: ProcedureBuilder, target: Target, body: Expression) => void;

export interface BuilderOptions {
  readonly program: Program;
  readonly lowering: Lowering;
  /** Prepared arrays: quenched definitions, and what is hoisted to the draw. */
  readonly preparation: Preparation;
  /** Whether reductions of quenched status inside thermal values are computed once after the draw. */
  readonly hoist: boolean;
  /** Whether quenched definitions become temporaries here instead of being prepared: the procedure then needs only draws and states. */
  readonly selfContained?: boolean;
  /** Definitions that are inputs of this procedure instead of being lowered into it. */
  readonly given?: ReadonlySet<string>;
  /** Between which values an expression that is no index lies, where that is known: the site of a move. */
  readonly rangeOf?: (e: Expression) => Range | undefined;
}

export class ProcedureBuilder {
  readonly options: BuilderOptions;
  private arrays: Map<string, ProcedureArray>;
  private made: Statement[];
  /** Temporaries by the structure of what they hold. */
  private shared: Map<string, { readonly name: string; readonly axes: readonly number[] }>;

  constructor(options: BuilderOptions, from?: ProcedureBuilder) {
    this.options = options;
    this.arrays = new Map(from?.arrays);
    this.made = [...(from?.made ?? [])];
    this.shared = new Map(from?.shared);
  }

  /** A copy to try something on; `adopt` takes the copy's content over. */
  fork(): ProcedureBuilder {
    return new ProcedureBuilder({ ...this.options, preparation: this.options.preparation.fork() }, this);
  }
  adopt(fork: ProcedureBuilder): void {
    this.arrays = fork.arrays;
    this.made = fork.made;
    this.shared = fork.shared;
    this.options.preparation.adopt(fork.options.preparation);
  }

  get statements(): readonly Statement[] { return this.made; }

  declare(array: ProcedureArray): void {
    this.arrays.set(array.name, array);
  }

  /** A name like `base` for a temporary, or for a prepared array, which must differ from those of other procedures too. */
  freshName(base: string, prepared = false): string {
    const taken = (name: string): boolean => (prepared && this.options.preparation.isReserved(name)) || this.arrays.has(name) || this.options.preparation.find(name) !== undefined
      || this.options.program.arrays.some((a) => a.name === name) || this.options.program.parameters.some((p) => p.name === name);
    let name = base;
    for (let n = 2; taken(name); n++) name = `${base}_${n}`;
    return name;
  }

  /** Whether it is an array of this procedure alone. */
  makes(name: string): boolean { return this.arrays.get(name)?.role === "temporary"; }

  slotsOf(name: string): readonly Slot[] { return this.find(name).slots; }
  private find(name: string): { readonly slots: readonly Slot[]; readonly status: Status } {
    return this.arrays.get(name) ?? this.options.preparation.find(name) ?? findArray(this.options.program, name);
  }

  /** The largest status of what an expression reads. */
  status(e: Expression): Status {
    let status: Status = "parameter";
    visit(e, (x) => {
      if (x.kind !== "read" || status === "thermal") return;
      const of = this.find(x.array).status;
      if (of !== "parameter") status = of;
    });
    return status;
  }

  /** Makes sure that an array that is about to be read exists here: as an input, or lowered before its reader. */
  need(name: string): void {
    if (this.arrays.has(name)) return;
    const prepared = this.options.preparation.find(name);
    if (prepared) return this.declare({ name, role: "input", ...prepared });
    const array = findArray(this.options.program, name);
    const asInput: ProcedureArray = { name, role: "input", status: array.status, slots: array.slots };
    if (array.origin.kind === "call" && array.status !== "thermal") {
      this.options.preparation.call(array, array.origin);
      return this.declare(asInput);
    }
    if (array.origin.kind === "call" && !this.options.given?.has(name)) {
      for (const argument of array.origin.arguments) this.need(argument);
      this.declare({ ...asInput, role: "temporary" });
      this.made.push(callStatement({ function: array.origin.function, arguments: array.origin.arguments, each: array.origin.each?.ranges.length ?? 0 }, name, (n) => this.slotsOf(n)));
      return;
    }
    if (array.origin.kind !== "definition" || this.options.given?.has(name)) return this.declare(asInput);
    if (array.status !== "thermal" && !this.options.selfContained) {
      this.options.preparation.define(array, array.origin);
      return this.declare(asInput);
    }
    const { indices, body } = array.origin;
    this.declare({ ...asInput, role: "temporary" });
    this.options.lowering(this, { name, subscripts: indices.map(indexValue), indices, conditions: orderConditions(array.slots, indices) }, body);
  }

  /** Adds a statement: needs what it reads, sorts subscripts of ordered arrays, drops a sum of zeros. */
  add(target: Target, value: Expression, combine: Combine = "sum"): void {
    const conditions = target.conditions.flatMap(conjuncts).map((c) => this.liftReductions(c, []));
    const sorted = sortSubscripts(simplify(value), conditions, (name) => this.slotsOf(name));
    if (combine === "sum" && sorted === constant(0)) return;
    for (const e of [sorted, ...conditions, ...target.subscripts]) visit(e, (x) => { if (x.kind === "read") this.need(x.array); });
    this.made.push({
      indices: target.indices, conditions: sameObject(this.made, target.indices, conditions), target: target.name,
      subscripts: target.subscripts, combine, value: sorted,
    });
  }

  /** `e` with every reduction replaced by a read of the array that holds it. `conditions` and `order` as in `lift`. */
  liftReductions(e: Expression, conditions: readonly Expression[], order: readonly Index[] = []): Expression {
    // Top-down: the outermost reduction becomes one temporary, and its own lowering treats what is inside.
    const done = new Map<Expression, Expression>();
    const outer: Expression[] = [];
    const seen = new Set<Expression>();
    const collect = (x: Expression): void => {
      if (seen.has(x)) return;
      seen.add(x);
      if (x.kind === "reduce") outer.push(x);
      else if (x.kind === "apply") x.arguments.forEach(collect);
      else if (x.kind === "read") x.subscripts.forEach(collect);
    };
    collect(e);
    if (outer.length === 0) return e;
    for (const x of seen) {
      const compared = extremumTerm(x);
      if (compared) done.set(compared, this.lift(this.liftReductions(compared, conditions, order), conditions, order));
    }
    for (const reduction of outer) if (!done.has(reduction)) done.set(reduction, this.lift(reduction, conditions, order));
    const go = (x: Expression): Expression => done.get(x) ?? (x.kind === "apply" || x.kind === "read" ? withChildren(x, children(x).map(go)) : x);
    return go(e);
  }

  /** What a lifted array is known by: its structure under the conditions on its free indices. */
  private place(held: Expression, conditions: readonly Expression[]): { readonly key: string; readonly free: readonly Index[]; readonly around: readonly Expression[] } {
    const free = freeIndices(held);
    const around = conditions.filter((c) => freeIndices(c).length > 0 && freeIndices(c).every((i) => free.includes(i)));
    const names = new Map(free.map((i, k) => [i, `f${k}:${rangeText(i.range)}`]));
    return { key: [structureText(held, names), ...around.map((c) => structureText(c, names)).sort()].join(" if "), free, around };
  }

  /** Whether `lift` would find the array made already. */
  holds(held: Expression, conditions: readonly Expression[]): boolean {
    return this.shared.has(this.place(held, conditions).key);
  }

  /**
   * A read of the array over the free indices of `held` (a reduction, usually) that holds its value. `conditions` are those that hold around
   * it. A new temporary array has its axes in the `order` of the loops around, where that is known: its reader then walks it contiguously.
   */
  lift(held: Expression, conditions: readonly Expression[], order: readonly Index[] = []): Read {
    const { key, free, around } = this.place(held, conditions);
    const subscripts = free.map(indexValue);
    const slots = free.map((i): Slot => ({ range: i.range, periodic: false }));
    const target = (name: string): Target => ({ name, subscripts, indices: free, conditions: around });
    if (this.options.hoist && this.status(held) !== "thermal") {
      const name = this.options.preparation.hoist(key, slots, nameOf(held), (base) => this.freshName(base, true),
        (builder, array) => builder.options.lowering(builder, target(array), held));
      return read(name, subscripts);
    }
    let place = this.shared.get(key);
    if (place === undefined) {
      const rank = (k: number): number => (order.includes(free[k]!) ? order.indexOf(free[k]!) : order.length + k);
      const axes = free.map((_, k) => k).sort((a, b) => rank(a) - rank(b));
      place = { name: this.freshName(nameOf(held)), axes };
      this.shared.set(key, place);
      this.declare({ name: place.name, role: "temporary", status: this.status(held), slots: axes.map((k) => slots[k]!) });
      const indices = axes.map((k) => free[k]!);
      this.options.lowering(this, { name: place.name, subscripts: indices.map(indexValue), indices, conditions: around }, held);
    }
    return read(place.name, place.axes.map((k) => subscripts[k]!));
  }

  finish(name: string, doc: string): Procedure {
    const statements = this.options.selfContained ? this.made : alongRowsOfLists(this, this.made, (e) => this.options.rangeOf?.(e));
    this.options.preparation.reserve(this.arrays.keys());
    return { name, doc, arrays: [...this.arrays.values()], statements };
  }
}

/**
 * What is compared with the largest or smallest of its own values, as `argmax` does: computed twice, the two might differ by rounding errors.
 * `materialise` finds these terms stored.
 */
function extremumTerm(e: Expression): Expression | undefined {
  if (e.kind !== "apply" || (e.operator !== "eq" && e.operator !== "ne")) return undefined;
  const [x, y] = e.arguments as [Expression, Expression];
  return isTermOf(x, y) ? x : isTermOf(y, x) ? y : undefined;
}

function isTermOf(term: Expression, extremum: Expression): boolean {
  if (extremum.kind !== "reduce" || (extremum.combine !== "max" && extremum.combine !== "min") || term.kind === "read" || term.kind === "index" || term.kind === "constant") return false;
  const free = freeIndices(term);
  const own = extremum.indices.filter((i) => freeIndices(extremum.body).includes(i));
  const outside = freeIndices(extremum.body).filter((i) => !own.includes(i));
  const inside = free.filter((i) => !outside.includes(i));
  if (inside.length !== own.length || outside.some((i) => !free.includes(i))) return false;
  const names = (bound: readonly Index[]): Map<Index, string> => new Map([...outside.map((i, k) => [i, `f${k}`] as const), ...bound.map((i, k) => [i, `b${k}:${rangeText(i.range)}`] as const)]);
  return structureText(term, names(inside)) === structureText(extremum.body, names(own));
}

/** `sum_xi_w`: the reduction (or `value`) and the first few arrays in it. */
function nameOf(held: Expression): string {
  const arrays: string[] = [];
  visit(held, (e) => { if (e.kind === "read" && !arrays.includes(e.array)) arrays.push(e.array); });
  return [held.kind === "reduce" ? held.combine : "value", ...arrays.slice(0, 3)].join("_");
}

/** The conditions object of the statement before, if equal and over the same indices: such statements share one loop nest. */
function sameObject(statements: readonly Statement[], indices: readonly Index[], conditions: readonly Expression[]): readonly Expression[] {
  const known = statements.find((s) => s.indices === indices && s.conditions.length === conditions.length && s.conditions.every((c, k) => c === conditions[k]));
  return known?.conditions ?? conditions;
}

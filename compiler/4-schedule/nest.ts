/**
 * One group of statements as a loop nest: the work that `distribute` assigns to the levels, with everything that does not change in a
 * loop computed before it: entries, scalars and row offsets. Packed arrays that are met in the order of storage are walked by a
 * running cursor instead of their offset polynomial.
 */
import type { Combine, Expression, Index } from "../ir/expression.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import type { Statement } from "../ir/procedure.ts";
import { children, visit } from "../ir/expression.ts";
import { ops } from "../library/ops/index.ts";
import type { OperatorName } from "../library/ops/index.ts";
import { distribute } from "./distribute.ts";
import type { LevelWork } from "./distribute.ts";
import { isComparison, isParameter } from "./factors.ts";
import type { Group } from "./group.ts";
import { constantValue, integerAtom, integerConstant, integerDifference, integerProduct, integerScale, integerSum, integerText, integerVariable, visitAtoms } from "./integer.ts";
import type { Integer } from "./integer.ts";
import { combineIdentity, visitScalar } from "./kernel.ts";
import type { KernelStatement, Scalar } from "./kernel.ts";
import { offsetOf } from "./layout.ts";
import type { Layout } from "./layout.ts";
import type { Loop } from "./loops.ts";
import { loopsOf } from "./loops.ts";
import type { Names } from "./names.ts";
import { loopOrder } from "./order.ts";
import type { Sizes } from "./sizes.ts";
import { isVectorisable } from "./vectorisable.ts";

/** What a loop body consists of, in this order; `before` and `after` stand inside the guards. */
interface Level {
  readonly cursors: KernelStatement[];
  readonly before: KernelStatement[];
  readonly after: KernelStatement[];
}

export interface NestContext {
  readonly layouts: ReadonlyMap<string, Layout>;
  readonly sizes: Sizes;
  readonly names: Names;
  /** Targets of which this nest is the only writer: entries that it meets once and completely are assigned. */
  readonly onlyWriter: (target: string) => boolean;
  /** Whether the entries of an array are bits, which are overwritten. */
  readonly isBits: (array: string) => boolean;
  /** Whether an array holds where the rows of a list begin. */
  readonly isRowStart: (array: string) => boolean;
}

export interface ScheduledNest {
  readonly statements: readonly KernelStatement[];
  /** Targets of which every entry is assigned, so that they need no initial value. */
  readonly assigned: readonly string[];
}

export function scheduleNest(group: Group, context: NestContext): ScheduledNest {
  return new Nest(group, context).build();
}

class Nest {
  private readonly loops: readonly Loop[];
  private readonly levels: Level[];
  private readonly work: readonly LevelWork[];
  /** Level at which a name of the kernel is defined; −1 outside all loops. */
  private readonly nameDepth = new Map<string, number>();
  private readonly depths = new Map<Expression, number>();
  private readonly late = new Map<Expression, boolean>();
  private readonly uses = new Map<Expression, number>();
  private readonly lets = new Map<Expression, string>();
  private readonly rows = new Map<string, string>();
  private readonly cursors = new Map<string, Integer>();
  private readonly assigned = new Set<string>();
  private readonly context: NestContext;
  private readonly statements: readonly Statement[];
  /** Conditions of a nest without loops. */
  private readonly bareConditions: readonly Expression[];

  constructor(group: Group, context: NestContext) {
    this.context = context;
    this.statements = group.statements;
    this.bareConditions = group.indices.length === 0 ? group.conditions : [];
    this.loops = loopsOf(group, loopOrder(group, context.layouts), context.sizes, context.names, context.isRowStart);
    this.loops.forEach((loop, level) => this.nameDepth.set(loop.variable, level));
    this.levels = Array.from({ length: this.loops.length + 1 }, () => ({ cursors: [], before: [], after: [] }));
    this.work = distribute(group.statements, {
      levels: this.loops.length,
      depth: (e) => this.depth(e),
      mayBeEmpty: (level) => !this.loops[level]!.full || this.loops[level]!.guards.length > 0,
      asksFor: (level, parameter) => this.loops[level]!.guards.some((guard) => { let found = false; visit(guard, (e) => { if (e.kind === "parameter" && e.name === parameter) found = true; }); return found; }),
      declare: (level, combine) => this.declareAccumulator(level, combine),
    });
  }

  build(): ScheduledNest {
    this.countUses();
    this.work.forEach((work, slot) => {
      const level = slot - 1;
      for (const a of work.accumulators) {
        this.at(level).after.push({ kind: "update", name: a.name, combine: a.combine, value: this.scalar(a.value, level) });
      }
      for (const { statement, value } of work.stores) {
        const once = this.context.onlyWriter(statement.target) && this.coversOnce(statement.target, statement.subscripts, level);
        if (once) this.assigned.add(statement.target);
        const offset = this.offset(statement.target, statement.subscripts, level);
        const scalar = this.scalar(value, level);
        const isBits = this.context.isBits(statement.target);
        this.at(level).after.push({ kind: "store", array: statement.target, offset, ...(once || isBits ? {} : { combine: statement.combine }), value: scalar, ...(isBits ? { bits: true } : {}) });
      }
    });
    return { statements: this.assemble(-1), assigned: [...this.assigned] };
  }

  private assemble(level: number): readonly KernelStatement[] {
    const { cursors, before, after } = this.at(level);
    const inner: KernelStatement[] = [];
    const next = this.loops[level + 1];
    if (next) {
      for (const a of this.work[level + 2]!.accumulators) inner.push({ kind: "let", name: a.name, value: { kind: "constant", value: combineIdentity[a.combine] }, mutable: true });
      const { from, to } = this.endsOf(next, level, inner);
      const body = this.assemble(level + 1);
      // One turn needs no loop: what carries conditions alone has an index over one value.
      if (!next.row && constantValue(from) === 0 && constantValue(to) === 1) inner.push(...(this.isNamed(next.index) ? [{ kind: "integer", name: next.variable, value: from, mutable: false } as const] : []), ...body);
      else inner.push({ kind: "for", variable: next.variable, from, to, body, vectorisable: isVectorisable(next.variable, body) });
    }
    const work = [...before, ...inner, ...after];
    const guards = this.loops[level]?.guards ?? this.bareConditions;
    return [...cursors, ...guards.reduceRight<readonly KernelStatement[]>((body, guard) => [{ kind: "if", condition: this.plain(guard), body }], work)];
  }

  private isNamed(index: Index): boolean {
    return this.statements.some((s) => [s.value, ...s.subscripts, ...s.conditions].some((e) => freeIndices(e).includes(index)));
  }

  /** Ends of a loop; those of a row are read once, before it. */
  private endsOf({ from, to, row, index, variable }: Loop, level: number, before: KernelStatement[]): { readonly from: Integer; readonly to: Integer } {
    if (!row) return { from, to };
    const lower = this.context.sizes.integer(index.range.lower);
    const named = (end: Expression, text: string): Integer => {
      const name = this.context.names.fresh(`${text}_${variable}`);
      before.push({ kind: "integer", name, value: integerDifference(integerAtom({ kind: "scalar", value: { kind: "load", array: readOf(end).array, offset: this.fullOffset(readOf(end).array, readOf(end).subscripts, level) } }), lower), mutable: false });
      return integerVariable(name);
    };
    return { from: named(row.first, "first"), to: named(row.end, "end") };
  }

  private at(level: number): Level {
    return this.levels[level + 1]!;
  }

  private declareAccumulator(level: number, combine: Combine): string {
    const name = this.context.names.fresh(`${combine}_${this.loops.slice(level).map((l) => l.variable).join("")}`);
    this.nameDepth.set(name, level - 1);
    return name;
  }

  private depth(e: Expression): number {
    if (e.kind === "index") return this.loops.findIndex((l) => l.index === e.index);
    const known = this.depths.get(e);
    if (known !== undefined) return known;
    const own = e.kind === "read" && this.isLocal(e.array) ? this.nameDepth.get(e.array)! : -1;
    const depth = children(e).reduce((d, c) => Math.max(d, this.depth(c)), own);
    this.depths.set(e, depth);
    return depth;
  }

  private isLocal(name: string): boolean {
    return this.nameDepth.has(name) && !this.context.layouts.has(name);
  }

  /** Whether it contains an accumulator of its own level, and so exists only after the loop inside. */
  private isLate(e: Expression): boolean {
    let late = this.late.get(e);
    if (late === undefined) {
      late = (e.kind === "read" && this.isLocal(e.array)) || children(e).some((c) => this.depth(c) === this.depth(e) && this.isLate(c));
      this.late.set(e, late);
    }
    return late;
  }

  private countUses(): void {
    const count = (e: Expression): void => {
      const seen = this.uses.get(e) ?? 0;
      this.uses.set(e, seen + 1);
      if (seen === 0) children(e).forEach(count);
    };
    for (const work of this.work) {
      for (const a of work.accumulators) count(a.value);
      for (const s of work.stores) count(s.value);
    }
  }

  /** The scalar as seen in the body of `level`: what doesn't change there, or is used twice, gets a name where it is computed. */
  private scalar(e: Expression, level: number): Scalar {
    if (e.kind === "constant") return e;
    if (e.kind === "parameter") return this.context.sizes.isInteger(e.name) ? { kind: "integer", value: integerVariable(e.name) } : { kind: "real", name: e.name };
    if (e.kind === "index") return { kind: "integer", value: this.integer(e, level) };
    if (e.kind === "reduce") throw new Error("internal: a reduction inside the value of a procedure's statement");
    if (e.kind === "read" && this.isLocal(e.array)) return { kind: "real", name: e.array };
    const size = this.context.sizes.sizeName(e);
    if (size !== undefined) return { kind: "integer", value: integerVariable(size) };
    if (e.kind === "apply" && isParameter(e) && needsTypescript(e) && !this.context.sizes.isOwn(e)) return { kind: "real", name: this.context.sizes.real(e) };
    const depth = this.depth(e);
    if (depth === level && (this.uses.get(e) ?? 0) < 2) return this.evaluate(e, level);
    let name = this.lets.get(e);
    if (name === undefined) {
      const value = this.evaluate(e, depth);
      name = this.context.names.fresh(this.suggest(e));
      this.lets.set(e, name);
      this.nameDepth.set(name, depth);
      (this.isLate(e) ? this.at(depth).after : this.at(depth).before).push({ kind: "let", name, value, mutable: false });
    }
    return { kind: "real", name };
  }

  private evaluate(e: Expression, level: number): Scalar {
    if (e.kind === "read") return this.load(e.array, this.offset(e.array, e.subscripts, level));
    if (e.kind !== "apply") throw new Error(`internal: ${e.kind} is no computation`);
    return applied(e.operator, e.arguments.map((a) => this.scalar(a, level)));
  }

  /** A guard, without names: it stands before everything of its loop. */
  private plain(e: Expression): Scalar {
    const level = Math.max(this.depth(e), 0);
    if (e.kind === "apply") return applied(e.operator, e.arguments.map((a) => this.plain(a)));
    if (e.kind === "read") return this.load(e.array, this.fullOffset(e.array, e.subscripts, level));
    return this.scalar(e, level);
  }

  private load(array: string, offset: Integer): Scalar {
    return { kind: "load", array, offset, ...(this.context.isBits(array) ? { bits: true } : {}) };
  }

  private suggest(e: Expression): string {
    if (e.kind === "read") return [e.array, e.subscripts.map((s) => (s.kind === "index" ? this.loops[this.depth(s)]?.variable : "")).join("")].filter((s) => s !== "").join("_");
    return e.kind === "apply" && (e.operator === "mul" || e.operator === "div") ? "product" : "term";
  }

  /** An index expression as an integer: the value, not the position. */
  private integer(e: Expression, level: number): Integer {
    switch (e.kind) {
      case "constant": return integerConstant(e.value);
      case "index": return integerSum(integerVariable(this.loops[this.depth(e)]!.variable), this.context.sizes.integer(e.index.range.lower));
      case "parameter": return this.context.sizes.isInteger(e.name) ? integerVariable(e.name) : integerAtom({ kind: "scalar", value: this.scalar(e, level) });
      case "apply": {
        const [x, y] = e.arguments;
        if (e.operator === "add") return integerSum(this.integer(x!, level), this.integer(y!, level));
        if (e.operator === "sub") return integerDifference(this.integer(x!, level), this.integer(y!, level));
        if (e.operator === "mul") return integerProduct(this.integer(x!, level), this.integer(y!, level));
        if (e.operator === "neg") return integerScale(-1, this.integer(x!, level));
        break;
      }
      default: break;
    }
    return integerAtom({ kind: "scalar", value: this.plain(e) });
  }

  private layout(array: string): Layout {
    return this.context.layouts.get(array)!;
  }

  private offset(array: string, subscripts: readonly Expression[], level: number): Integer {
    return this.rowWise(this.cursorOffset(array, subscripts) ?? this.fullOffset(array, subscripts, level), level);
  }

  private fullOffset(array: string, subscripts: readonly Expression[], level: number): Integer {
    const layout = this.layout(array);
    const positions = subscripts.map((s, axis): Integer => {
      const slot = layout.slots[axis]!;
      const position = integerDifference(this.integer(s, level), this.context.sizes.integer(slot.range.lower));
      return slot.periodic && s.kind !== "index" ? integerAtom({ kind: "modulo", of: position, divisor: this.context.sizes.count(slot.range) }) : position;
    });
    return offsetOf(layout, positions, (g) => g.axes.every((axis, t) => t === 0 || this.areOrdered(subscripts[g.axes[t - 1]!]!, subscripts[axis]!)));
  }

  /** Whether the loop bounds say that x <= y. */
  private areOrdered(x: Expression, y: Expression): boolean {
    if (x === y) return true;
    if (x.kind !== "index" || y.kind !== "index") return false;
    const loop = this.loops[this.depth(y)]!;
    const other = this.loops[this.depth(x)]!;
    return loop.above?.index === x.index || constantValue(integerDifference(other.to, integerSum(integerVariable(loop.variable), integerConstant(1)))) === 0 || constantValue(integerDifference(other.to, integerVariable(loop.variable))) === 0;
  }

  /** row + k with a running row, where the loops meet the entries of a packed array in the order of storage. */
  private cursorOffset(array: string, subscripts: readonly Expression[]): Integer | undefined {
    const layout = this.layout(array);
    if (layout.groups.every((g) => g.axes.length === 1)) return undefined;
    const axes = layout.groups.flatMap((g) => g.axes.map((axis, t) => ({ axis, group: g, t })));
    const levels = axes.map(({ axis }) => (subscripts[axis]!.kind === "index" ? this.depth(subscripts[axis]!) : -1));
    const last = levels.at(-1)!;
    for (const [k, { axis, group, t }] of axes.entries()) {
      const loop = this.loops[levels[k]!];
      const range = layout.slots[axis]!.range;
      if (!loop || levels[k] !== levels[0]! + k || loop.index.range.lower !== range.lower || loop.index.range.upper !== range.upper) return undefined;
      if (k > 0 && levels[k]! - 1 < last && k - 1 < axes.length - 1 && this.loops[levels[k - 1]!]!.guards.length > 0) return undefined;
      const inOrder = t === 0 ? loop.full : loop.above !== undefined && loop.above.index === this.loops[levels[k - 1]!]!.index && loop.above.weak === group.weak[t - 1] && integerText(loop.to) === integerText(this.context.sizes.count(range));
      if (!inOrder) return undefined;
    }
    const key = `${levels.join()} ${layout.groups.map((g) => `${integerText(g.size)}:${g.weak.join()}`).join(";")}`;
    let row = this.cursors.get(key);
    if (row === undefined) {
      const cursor = this.context.names.fresh(`cursor_${array}`);
      const name = this.context.names.fresh(`row_${array}`);
      const inner = this.loops[last]!;
      this.nameDepth.set(name, last - 1);
      this.at(levels[0]! - 1).before.push({ kind: "integer", name: cursor, value: integerConstant(0), mutable: true });
      this.at(last - 1).cursors.push(
        { kind: "integer", name, value: integerDifference(integerVariable(cursor), inner.from), mutable: false },
        { kind: "advance", name: cursor, by: integerDifference(inner.to, inner.from) },
      );
      row = integerSum(integerVariable(name), integerVariable(inner.variable));
      this.cursors.set(key, row);
    }
    return row;
  }

  private integerDepth(x: Integer): number {
    let depth = -1;
    visitAtoms(x, (a) => {
      if (a.kind === "variable") depth = Math.max(depth, this.nameDepth.get(a.name) ?? -1);
      if (a.kind === "scalar") visitScalar(a.value, (s) => {
        if (s.kind === "real") depth = Math.max(depth, this.nameDepth.get(s.name) ?? -1);
        if (s.kind === "load") depth = Math.max(depth, this.integerDepth(s.offset));
        if (s.kind === "integer") depth = Math.max(depth, this.integerDepth(s.value));
      });
    });
    return depth;
  }

  /** The offset as a named row, computed outside, plus what moves in this loop. */
  private rowWise(offset: Integer, level: number): Integer {
    const moving = offset.terms.filter((t) => this.integerDepth({ terms: [t] }) >= level);
    const outer: Integer = { terms: offset.terms.filter((t) => !moving.includes(t)) };
    const simple = outer.terms.every((t) => t.factors.length === 0 || (t.factors.length === 1 && t.factors[0]!.kind === "variable" && Math.abs(t.coefficient) === 1)) && outer.terms.length <= 2;
    if (level < 0 || simple) return offset;
    const depth = this.integerDepth(outer);
    const value = this.rowWise(outer, depth);
    const key = integerText(value);
    let name = this.rows.get(key);
    if (name === undefined) {
      name = this.context.names.fresh(depth < 0 ? "stride" : `row_${this.loops.slice(0, depth + 1).map((l) => l.variable).join("")}`);
      this.rows.set(key, name);
      this.nameDepth.set(name, depth);
      this.at(depth).before.push({ kind: "integer", name, value, mutable: false });
    }
    return integerSum(integerVariable(name), { terms: moving });
  }

  /** Whether the body of `level` meets every entry of a dense target exactly once. */
  private coversOnce(target: string, subscripts: readonly Expression[], level: number): boolean {
    const layout = this.layout(target);
    if (layout.groups.some((g) => g.axes.length > 1) || subscripts.length !== level + 1 || this.bareConditions.length > 0) return false;
    const levels = subscripts.map((s, axis) => {
      const range = layout.slots[axis]!.range;
      return s.kind === "index" && s.index.range.lower === range.lower && s.index.range.upper === range.upper ? this.depth(s) : -1;
    });
    return new Set(levels).size === levels.length && levels.every((l) => l >= 0 && l <= level && this.loops[l]!.full && this.loops[l]!.guards.length === 0);
  }
}

/** Index values count from the lower end of their range: what both sides of a comparison add to the loop variable is left out. */
function applied(operator: OperatorName, arguments_: readonly Scalar[]): Scalar {
  const [x, y] = arguments_;
  if (!isComparison(operator) || x?.kind !== "integer" || y?.kind !== "integer") return { kind: "apply", operator, arguments: arguments_ };
  const shift = x.value.terms.find((t) => t.factors.length === 0);
  const other = y.value.terms.find((t) => t.factors.length === 0);
  if (shift === undefined || other?.coefficient !== shift.coefficient) return { kind: "apply", operator, arguments: arguments_ };
  const without = ({ value }: { readonly value: Integer }): Scalar => ({ kind: "integer", value: integerDifference(value, integerConstant(shift.coefficient)) });
  return { kind: "apply", operator, arguments: [without(x), without(y)] };
}

function readOf(e: Expression): Extract<Expression, { kind: "read" }> {
  if (e.kind !== "read") throw new Error("internal: a row of a list ends at no entry of an array");
  return e;
}

/** Whether an operator inside has no WASM instruction. */
const needsTypescript = (e: Expression): boolean => (e.kind === "apply" && ops[e.operator].wasm === undefined) || children(e).some(needsTypescript);

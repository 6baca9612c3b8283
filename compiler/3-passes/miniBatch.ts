/**
 * The energy over a mini-batch. The examples are what the energy's outermost sum runs over whose range is the first size of a data
 * array or ensemble that it reads. In every outermost sum over examples, Σ_μ becomes P/B Σ_b over the B examples of the batch; arrays that
 * are given or drawn for each example are gathered, definitions over them are made anew over the batch; terms without examples stay
 * whole. The result is one more scalar definition of the program: reverse mode and kernels need nothing new.
 *
 * Gathered arrays have status thermal: they change between steps, so nothing that reads them is hoisted to the draw.
 */
import { apply, constant, freshIndex, indexValue, parameter, read, reduce, rewrite, visit, type Expression, type Index, type Range, type Read, type Reduce } from "../ir/expression.ts";
import { findArray, type ArrayDeclaration, type Program, type ProgramParameter } from "../ir/program.ts";
import { isRefusal, type Refusal } from "./valueDerivative.ts";

/** Typical, for the choice between plans. */
const typicalBatch = 100;

/** The program with `batch`, or why the energy, or the scalar that stands for it, has no mini-batches. */
export function miniBatch(program: Program, energy = program.energy): Program | Refusal {
  return new MiniBatch(program).build(energy);
}

const sameRange = (a: Range, b: Range): boolean => a.lower === b.lower && a.upper === b.upper;

class MiniBatch {
  private readonly program: Program;
  private readonly added: ArrayDeclaration[] = [];
  private readonly gathered: { of: string; array: string; axis: number }[] = [];
  private readonly copies = new Map<string, string>();
  private readonly taken: Set<string>;
  private readonly size: string;
  private examples: Range | undefined;

  constructor(program: Program) {
    this.program = program;
    this.taken = new Set([...program.arrays, ...program.parameters].map((x) => x.name));
    this.size = this.fresh("batch");
  }

  build(of: string): Program | Refusal {
    const body = this.withoutScalars(definitionOf(this.program, of).body);
    const sums = linearSums(body);
    this.examples = sums.flatMap((s) => s.indices.map((i) => i.range)).find((range) => this.isFirstSize(range, body));
    if (!this.examples) return { refused: "no outermost sum or mean of it runs over the first size of a data array or an ensemble" };
    const made = this.overBatch(body);
    if (isRefusal(made)) return made;
    const energy = findArray(this.program, of);
    const name = this.fresh(`${energy.name}_of_batch`);
    const size: ProgramParameter = { name: this.size, kind: "integer", default: typicalBatch, boundBy: "batch", span: energy.span };
    return {
      ...this.program,
      parameters: [...this.program.parameters, size],
      arrays: [...this.program.arrays, ...this.added, { ...energy, name, status: "thermal", origin: { kind: "definition", role: "derived", indices: [], body: made } }],
      batch: { energy: name, size: this.size, examples: this.examples, weight: this.weightOf(body, constant(1)) ?? constant(1), gathered: this.gathered },
    };
  }

  /** The factor of the first sum over examples, as far as parameters make it. */
  private weightOf(e: Expression, factor: Expression): Expression | undefined {
    if (e.kind === "reduce") return e.combine !== "sum" ? undefined : e.indices.some((i) => sameRange(i.range, this.examples!)) ? factor : this.weightOf(e.body, factor);
    if (e.kind !== "apply" || !isLinear(e)) return undefined;
    const [x, y] = e.arguments as readonly [Expression, Expression];
    const times = (other: Expression): Expression => (this.isParametric(other) ? apply("mul", factor, other) : factor);
    switch (e.operator) {
      case "mul": return this.weightOf(x, times(y)) ?? this.weightOf(y, times(x));
      case "div": return this.weightOf(x, this.isParametric(y) ? apply("div", factor, y) : factor);
      case "neg": return this.weightOf(x, factor);
      default: return this.weightOf(x, factor) ?? this.weightOf(y, factor);
    }
  }

  private isParametric(e: Expression): boolean {
    let parametric = true;
    visit(e, (x) => { parametric &&= x.kind === "constant" || x.kind === "parameter" || x.kind === "apply"; });
    return parametric;
  }

  private fresh(wanted: string): string {
    let name = wanted;
    for (let k = 2; this.taken.has(name); k++) name = `${wanted}_${k}`;
    this.taken.add(name);
    return name;
  }

  /** Scalar definitions that stand in sums and products of the energy, written out. */
  private withoutScalars(e: Expression): Expression {
    return rewrite(e, (x) => {
      if (x.kind !== "read" || x.subscripts.length > 0) return x;
      const { origin, status } = findArray(this.program, x.array);
      return origin.kind === "definition" && status === "thermal" ? this.withoutScalars(origin.body) : x;
    });
  }

  /** Whether a given or drawn array that the energy reads has this range first. */
  private isFirstSize(range: Range, e: Expression, seen: Set<string> = new Set()): boolean {
    let found = false;
    visit(e, (x) => {
      if (x.kind !== "read" || found || seen.has(x.array)) return;
      seen.add(x.array);
      const { origin, slots } = findArray(this.program, x.array);
      if (origin.kind === "data" || origin.kind === "ensemble") found = slots.length > 0 && slots[0]!.order === undefined && slots[1]?.order === undefined && sameRange(slots[0]!.range, range);
      if (origin.kind === "definition") found = this.isFirstSize(range, origin.body, seen);
    });
    return found;
  }

  /** The same with every outermost sum over examples taken over the batch. */
  private overBatch(e: Expression): Expression | Refusal {
    if (e.kind === "reduce") return e.combine === "sum" ? this.sumOverBatch(e) : e;
    if (e.kind !== "apply" || !isLinear(e)) return e;
    const parts = e.arguments.map((a) => this.overBatch(a));
    const refusal = parts.find(isRefusal);
    return refusal ?? apply(e.operator, ...(parts as Expression[]));
  }

  private sumOverBatch(sum: Reduce): Expression | Refusal {
    const over = sum.indices.filter((i) => sameRange(i.range, this.examples!));
    if (over.length === 0) {
      const inner = this.overBatch(sum.body);
      return isRefusal(inner) ? inner : reduce("sum", sum.indices, inner, sum.where);
    }
    const [example] = over;
    if (over.length > 1) return { refused: `a sum runs over pairs of examples, ${over.map((i) => i.name).join(" and ")}` };
    const member = freshIndex(example!.name, { lower: constant(1), upper: parameter(this.size) });
    const body = this.ofMember(sum.body, example!, member);
    const where = this.ofMember(sum.where, example!, member);
    if (isRefusal(body)) return body;
    if (isRefusal(where)) return where;
    const { lower, upper } = this.examples!;
    const all = lower === constant(1) ? upper : apply("add", apply("sub", upper, lower), constant(1));
    return apply("mul", apply("div", all, parameter(this.size)), reduce("sum", sum.indices.map((i) => (i === example ? member : i)), body, where));
  }

  /** An expression about one example as one about one member of the batch. */
  private ofMember(e: Expression, example: Index, member: Index): Expression | Refusal {
    let refused: Refusal | undefined;
    const done = new Map<Expression, Expression>();
    const go = (x: Expression): Expression => {
      const known = done.get(x);
      if (known) return known;
      let result = x;
      if (x.kind === "index" && x.index === example) refused ??= { refused: `the number of an example, ${example.name}, enters it` };
      else if (x.kind === "read") result = this.readOfMember(x, example, member, go, (reason) => (refused ??= { refused: reason }));
      else if (x.kind === "apply") result = apply(x.operator, ...x.arguments.map(go));
      else if (x.kind === "reduce") result = reduce(x.combine, x.indices, go(x.body), go(x.where));
      done.set(x, result);
      return result;
    };
    const made = go(e);
    return refused ?? made;
  }

  private readOfMember(x: Read, example: Index, member: Index, go: (e: Expression) => Expression, refuse: (reason: string) => void): Expression {
    const axes = x.subscripts.flatMap((s, k) => (s === indexValue(example) ? [k] : []));
    if (axes.length === 0) return read(x.array, x.subscripts.map(go));
    const [axis] = axes;
    const copy = axes.length > 1 ? { refused: `\`${x.array}\` couples an example to itself` } : this.copy(x.array, axis!);
    if (typeof copy !== "string") {
      refuse(copy.refused);
      return x;
    }
    return read(copy, x.subscripts.map((s, k) => (k === axis ? indexValue(member) : go(s))));
  }

  /** The array over the batch along `axis`: gathered, or defined anew. */
  private copy(name: string, axis: number): string | Refusal {
    const key = `${name} ${axis}`;
    const known = this.copies.get(key);
    if (known !== undefined) return known;
    const array = findArray(this.program, name);
    const { origin, slots } = array;
    if (!sameRange(slots[axis]!.range, this.examples!)) return { refused: `\`${name}\` runs over more than the examples` };
    if (slots[axis]!.order !== undefined || slots[axis + 1]?.order !== undefined) return { refused: `\`${name}\` holds pairs of examples` };
    if (origin.kind === "state" || origin.kind === "call") return { refused: `\`${name}\` ${origin.kind === "state" ? "is a state of each example" : "is not made example by example"}` };
    const made = this.fresh(`${name}_of_batch`);
    const range: Range = { lower: constant(1), upper: parameter(this.size) };
    const own = slots.map((s, k) => (k === axis ? { ...s, range, periodic: false } : s));
    if (origin.kind !== "definition" || array.status !== "thermal") {
      this.added.push({ ...array, name: made, status: "thermal", slots: own, origin: { kind: "gathered" } });
      this.gathered.push({ of: name, array: made, axis });
    } else {
      const example = origin.indices[axis]!;
      const member = freshIndex(example.name, range);
      const body = this.ofMember(origin.body, example, member);
      if (isRefusal(body)) return body;
      this.added.push({ ...array, name: made, slots: own, origin: { kind: "definition", role: "derived", indices: origin.indices.map((i, k) => (k === axis ? member : i)), body } });
    }
    this.copies.set(key, made);
    return made;
  }
}

function definitionOf(program: Program, name: string): { readonly body: Expression } {
  const { origin } = findArray(program, name);
  if (origin.kind !== "definition") throw new Error(`internal: ${name} is no definition`);
  return origin;
}

/** Sums of terms, and products and quotients with at most one factor that holds a sum in its numerator. */
function isLinear(e: Extract<Expression, { kind: "apply" }>): boolean {
  const holds = e.arguments.map((a) => linearSums(a).length > 0);
  switch (e.operator) {
    case "add": case "sub": case "neg": return true;
    case "mul": return holds.filter(Boolean).length === 1;
    case "div": return holds[0] === true && !containsSum(e.arguments[1]!);
    default: return false;
  }
}

/** The sums that an expression is linear in, outermost first. */
function linearSums(e: Expression): readonly Reduce[] {
  if (e.kind === "reduce") return e.combine === "sum" ? [e, ...linearSums(e.body)] : [];
  if (e.kind !== "apply" || !["add", "sub", "neg", "mul", "div"].includes(e.operator)) return [];
  return e.operator === "div" ? linearSums(e.arguments[0]!) : e.arguments.flatMap(linearSums);
}

function containsSum(e: Expression): boolean {
  let found = false;
  visit(e, (x) => { found ||= x.kind === "reduce"; });
  return found;
}

/**
 * Random models that the language can say. A tape of numbers decides everything, 0 for what is plainest, so that fast-check shrinks a
 * counterexample by shortening its tape.
 */
import fc from "fast-check";
import type { Binders, Definition, Ensemble, Expression, Model, Range, Size, Slot, State, WholeArray } from "./modelTree.ts";
import { functions } from "./functions.ts";
import { functionNames } from "./jet.ts";

export const arbitraryModel: fc.Arbitrary<Model> = fc.array(fc.nat(0xffff), { minLength: 20, maxLength: 200 }).map((tape) => modelOf(tape));

const pools: Readonly<Record<Size, readonly string[]>> = { N: ["i", "j", "k"], M: ["mu", "nu", "rho"], K: ["ka", "kb", "kc"] };
const numbers = [1, 0.5, 2, -1, 0.25, 3, -0.75, 1.5];

/** An array that an expression may read. */
interface Readable {
  readonly name: string;
  readonly slots: readonly Slot[];
  /** Which relation of two indices its slots ask for beyond their ranges. */
  readonly onEdges?: boolean;
  readonly integer?: boolean;
  /** The size that its integers stay within. */
  readonly into?: Size;
  readonly state?: boolean;
}

interface Scope {
  readonly indices: ReadonlyMap<string, Range>;
  /** Pairs of indices that always differ, as "i j", and pairs that are an edge. */
  readonly different: ReadonlySet<string>;
  readonly edges: readonly (readonly [string, string])[];
  readonly arrays: readonly Readable[];
  /** Whether other copies of the states may be read. */
  readonly copies: boolean;
  readonly graph: boolean;
}

const number = (value: number): Expression => ({ kind: "number", value });
const name = (n: string): Expression => ({ kind: "name", name: n });
const apply = (operator: string, ...args: Expression[]): Expression => ({ kind: "apply", operator, arguments: args });

function modelOf(tape: readonly number[]): Model {
  let position = 0;
  const choose = (n: number): number => (position < tape.length ? tape[position++]! % n : 0);
  const pick = <T>(list: readonly T[]): T => list[choose(list.length)]!;
  /** True in one of n. */
  const rarely = (n: number): boolean => choose(n) === n - 1;

  // Names that temporary arrays, indices and kernels of the compiler like to have are as good as others.
  const called = { parameter: pick(["g", "g", "a", "b", "site", "proposed", "x1"]), lets: [pick(["h", "sum_s", "max_s", "gradient_s"]), pick(["f", "value_s", "product_s", "difference"])], observables: [pick(["p", "sum_x_s", "hessian_s_s"]), "r"] };
  const sizes = { N: 3 + choose(3), M: 1 + choose(4), K: 1 + choose(3) };
  const graph = rarely(3) ? pick(["Lattice(N, dimension = 1)", "RandomRegular(N, degree = 2)", "ErdosRenyi(N, degree = 1.5)"]) : undefined;
  const states = Array.from({ length: 1 + (rarely(3) ? 1 : 0) }, (_, k) => state(k));
  const ensembles = Array.from({ length: 1 + choose(3) }, (_, k) => ensemble(k));
  const constraint = rarely(4) ? constraintOn(states[0]!) : undefined;

  function state(k: number): State {
    const domain = pick(["spin", "real", "potts(3)", "bit", "angle", "interval(-1, 2)", "potts(K)", "real", "spin"]);
    const shape = pick<readonly Size[]>([["N"], ["N"], ["N"], ["K", "N"], ["M"], ["N", "N"], []]);
    const periodic = shape.length > 0 && shape.every((s) => s === "N") && rarely(3);
    const start = domain === "real" ? pick(["~ Normal(0, var = 1)", "~ Uniform(-1, 2)"]) : undefined;
    return { name: ["s", "w"][k]!, domain, slots: shape.map((size) => ({ size, ...(periodic ? { periodic } : {}) })), ...(start === undefined ? {} : { start }) };
  }

  function ensemble(k: number): Ensemble {
    const named = { name: ["x", "u", "y"][k]! };
    const plain = (slots: readonly Slot[]): Ensemble => {
      const [distribution, integer] = pick<readonly [string, boolean]>([["Normal(0, var = 1)", false], ["Sign", true], ["Uniform(-1, 1)", false], ["Bernoulli(0.4)", true], [`Normal(${called.parameter}, sd = 0.5)`, false], ["Exponential(2)", false], ["Laplace(0, 1)", false]]);
      return { ...named, distribution, slots, ...(integer ? { integer } : {}) };
    };
    switch (choose(graph === undefined ? 10 : 11)) {
      case 0: return plain([{ size: "N" }]);
      case 1: return plain([{ size: "M" }, { size: "N" }]);
      case 2: return plain([{ size: "N" }, { size: "N", order: "<" }]);
      case 3: return plain([{ size: "N" }, { size: "N" }]);
      case 4: return { ...named, distribution: "Categorical(N)", slots: [{ size: "M" }, { size: "K" }], into: "N", integer: true };
      case 5: return plain([{ size: "N" }, { size: "N", order: "<" }, { size: "N", order: "<" }]);
      case 6: return plain([{ size: "N" }, { size: "N", order: "<=" }]);
      case 7: return plain([{ size: "K" }, { size: "N" }, { size: "N", order: "<" }]);
      case 8: return { ...named, distribution: "Distinct(N)", slots: [{ size: "M" }, { size: "N" }], into: "N", integer: true };
      case 9: return plain([{ size: "N", periodic: true }]);
      default: return { ...named, distribution: pick(["Normal(0, var = 1)", "Sign"]), slots: [{ size: "N" }, { size: "N" }], onEdges: true };
    }
  }

  function constraintOn(s: State): string | undefined {
    const [first, ...rest] = s.slots;
    if (first?.size !== "N" || rest.length > 0) return undefined;
    if (s.domain === "real") return pick([`sum(i) ${s.name}[i]^2 == N`, `sum(i) ${s.name}[i] == 1`, `sum(i) ${s.name}[i]^2 <= 2 * N`, `${s.name}[1] * ${s.name}[2] + ${s.name}[3] == ${called.parameter}`]);
    if (s.domain === "spin") return pick([`sum(i) ${s.name}[i] == ${sizes.N - 2}`, `sum(i) ${s.name}[i] <= 1`]);
    if (s.domain === "bit") return pick([`sum(i) ${s.name}[i] == 1`, `sum(i) ${s.name}[i] <= 2`]);
    if (s.domain.startsWith("interval")) return `sum(i) ${s.name}[i] <= 1`;
    return undefined;
  }

  const rangeOf = (size: Size): Range => ({ size, lower: 1, less: 0 });
  const fresh = (scope: Scope, size: Size, taken: readonly string[] = []): string | undefined => pools[size].find((n) => !scope.indices.has(n) && !taken.includes(n));

  /** A subscript of a slot: an index of its range, shifted where that stays inside; an entry of an integer array; the first entry. */
  function subscript(scope: Scope, slot: Slot, depth: number): Expression {
    const fitting = [...scope.indices].filter(([, r]) => r.size === slot.size);
    const gathers = depth > 2 ? [] : scope.arrays.filter((a) => a.into === slot.size && !a.onEdges && a.slots.every((s) => s.size !== slot.size));
    if (gathers.length > 0 && rarely(3)) { const a = pick(gathers); return { kind: "read", array: a.name, subscripts: a.slots.map((s) => subscript(scope, s, depth + 1)) }; }
    if (fitting.length === 0) return number(1);
    const [index, range] = pick(fitting);
    if (slot.periodic && rarely(3)) return apply(pick(["+", "-"]), name(index), number(1));
    if (range.less > 0 && rarely(2)) return apply("+", name(index), number(1));
    if (range.lower > 1 && rarely(2)) return apply("-", name(index), number(1));
    return rarely(12) ? number(1) : name(index);
  }

  function read(scope: Scope, array: Readable, depth: number): Expression | undefined {
    const copy = array.state && scope.copies && rarely(3) ? { copy: 2 } : {};
    if (array.onEdges) {
      if (scope.edges.length === 0) return undefined;
      const [i, j] = pick(scope.edges);
      return { kind: "read", array: array.name, subscripts: rarely(2) ? [name(j), name(i)] : [name(i), name(j)] };
    }
    const strict = array.slots.filter((s) => s.order === "<").length;
    if (strict > 0) {
      // Indices that all differ, for the ordered group; the slots before it are free.
      const group = groupOf(scope, strict + 1);
      if (!group) return undefined;
      const before = array.slots.slice(0, array.slots.length - group.length);
      return { kind: "read", array: array.name, subscripts: [...before.map((s) => subscript(scope, s, depth)), ...group.map((n) => name(n))] };
    }
    return { kind: "read", array: array.name, ...copy, subscripts: array.slots.map((s) => subscript(scope, s, depth)) };
  }

  function groupOf(scope: Scope, length: number): readonly string[] | undefined {
    const found = [...scope.indices].filter(([, r]) => r.size === "N" && r.lower === 1 && r.less === 0).map(([n]) => n);
    const grow = (group: readonly string[]): readonly string[] | undefined => {
      if (group.length === length) return group;
      for (const n of found) if (!group.includes(n) && group.every((g) => scope.different.has(`${g} ${n}`))) { const more = grow([...group, n]); if (more) return more; }
      return undefined;
    };
    const group = grow([]);
    return group && rarely(3) ? [...group].reverse() : group;
  }

  const leaf = (scope: Scope, depth: number): Expression => {
    const readable = scope.arrays.filter((a) => a.slots.length === 0 || a.slots.some((s) => [...scope.indices.values()].some((r) => r.size === s.size)));
    const list = readable.length > 0 ? readable : scope.arrays;
    return read(scope, pick(list), depth) ?? read(scope, scope.arrays[0]!, depth) ?? number(1);
  };

  function numeric(scope: Scope, depth: number): Expression {
    if (depth > 5) return leaf(scope, depth);
    const next = (): Expression => numeric(scope, depth + 1);
    switch (choose(20)) {
      case 0: case 1: case 2: case 3: return leaf(scope, depth);
      case 4: case 5: case 6: return apply("*", next(), next());
      case 7: return apply(pick(["+", "-"]), next(), next());
      case 8: case 9: case 10: return reduction(scope, depth) ?? leaf(scope, depth);
      case 11: return apply("*", number(pick(numbers)), next());
      case 12: return scalarFunction(next());
      case 13: return apply("^", next(), number(pick([2, 3, 4])));
      case 14: return apply("if", truth(scope, depth + 1), next(), next());
      case 15: return truth(scope, depth + 1);
      case 16: return (rarely(2) ? callOf(scope, depth) : whole(scope)) ?? leaf(scope, depth);
      case 17: { const indices = [...scope.indices.keys()]; return name(pick([...indices, "N", called.parameter, "M"])); }
      case 18: return pick([apply("/", next(), name("N")), apply("/", next(), apply("sqrt", name("N"))), apply("/", next(), apply("+", number(1), apply("^", next(), number(2))))]);
      default: return apply(pick(["max", "min"]), next(), next());
    }
  }

  /** A function that is finite everywhere, or of an argument that stays where it is. */
  function scalarFunction(x: Expression): Expression {
    const f = pick(functionNames);
    const squared = apply("^", x, number(2));
    const inside = apply("/", apply("tanh", x), number(2));
    if (["tanh", "sin", "cos", "abs", "sign", "relu", "floor", "ceil", "round", "sigmoid", "softplus", "erf", "erfc", "gauss_cdf", "gauss_tail", "atan"].includes(f)) return rarely(8) && f === "gauss_tail" ? apply("log", apply(f, x)) : apply(f, x);
    if (f === "exp") return pick([apply("exp", apply("negate", squared)), apply("exp", inside)]);
    if (f === "log" || f === "sqrt") return apply(f, apply("+", number(1), squared));
    if (f === "log1p") return apply(f, squared);
    return rarely(6) ? apply("mod", x, number(3)) : apply(f, inside);
  }

  function truth(scope: Scope, depth: number): Expression {
    const next = (): Expression => numeric(scope, depth + 1);
    if (depth > 4) return apply("<", leaf(scope, depth), number(0.5));
    switch (choose(9)) {
      case 0: case 1: return apply("<", next(), number(pick([0, 0.5, -0.25, 1])));
      case 2: return apply(pick(["<", "<="]), next(), next());
      case 3: return apply(pick(["and", "or"]), truth(scope, depth + 1), truth(scope, depth + 1));
      case 4: return apply("not", truth(scope, depth + 1));
      case 5: {
        const integers = scope.arrays.filter((a) => a.integer && !a.onEdges);
        if (integers.length === 0) return apply("<", number(0), next());
        const side = (): Expression => read(scope, pick(integers), depth) ?? number(1);
        return apply(pick(["==", "!="]), side(), side());
      }
      case 6: {
        const found = [...scope.indices].filter(([, r]) => r.size === "N").map(([n]) => n);
        return found.length < 2 ? apply("<", leaf(scope, depth), number(0.5)) : apply(pick(["==", "<", "!="]), name(found[0]!), name(found[1]!));
      }
      case 7: { const b = binders(scope); return b ? { kind: "reduce", reduction: pick(["any", "all"]), binders: b.binders, body: truth(b.inside, depth + 1) } : apply("<", leaf(scope, depth), number(0.5)); }
      default: return apply("<=", number(pick([0, 0.25])), next());
    }
  }

  function binders(scope: Scope, single = false): { readonly binders: Binders; readonly inside: Scope } | undefined {
    const within = (indices: readonly (readonly [string, Range])[], different: readonly string[] = [], edges: readonly (readonly [string, string])[] = []): Scope =>
      ({ ...scope, indices: new Map([...scope.indices, ...indices]), different: new Set([...scope.different, ...different]), edges: [...scope.edges, ...edges] });
    const related = (count: number, relation: "<" | "!="): { binders: Binders; inside: Scope } | undefined => {
      const names: string[] = [];
      for (let k = 0; k < count; k++) { const n = fresh(scope, "N", names); if (n === undefined) return undefined; names.push(n); }
      // i != j != k says nothing of i and k.
      const pairs = names.flatMap((a, p) => names.flatMap((b, q) => (p !== q && (relation === "<" || Math.abs(p - q) === 1) ? [`${a} ${b}`] : [])));
      return { binders: { kind: "related", names, relation, size: "N" }, inside: within(names.map((n) => [n, rangeOf("N")]), pairs) };
    };
    const free = (list: readonly Range[]): { binders: Binders; inside: Scope } | undefined => {
      const indices: { name: string; range: Range; written: boolean }[] = [];
      for (const range of list) { const n = fresh(scope, range.size, indices.map((i) => i.name)); if (n === undefined) return undefined; indices.push({ name: n, range, written: true }); }
      return { binders: { kind: "free", indices }, inside: within(indices.map((i) => [i.name, i.range])) };
    };
    switch (single ? choose(5) : choose(12)) {
      case 0: case 1: return free([rangeOf("N")]);
      case 2: return free([rangeOf(pick(["M", "K"]))]);
      case 3: return free([{ size: "N", lower: 1, less: 1 }]);
      case 4: return free([{ size: "N", lower: 2, less: 0 }]);
      case 5: return free([rangeOf("M"), rangeOf("N")]);
      case 6: return free([rangeOf("N"), rangeOf("N")]);
      case 7: case 8: return related(2, "<");
      case 9: return related(3, "<");
      case 10: return related(2, "!=");
      default: {
        if (!scope.graph) return free([rangeOf("K"), rangeOf("N")]);
        const at = [...scope.indices].find(([, r]) => r.size === "N" && r.less === 0 && r.lower === 1)?.[0];
        const n = fresh(scope, "N");
        if (at !== undefined && n !== undefined && rarely(2)) return { binders: { kind: "neighbours", name: n, of: at }, inside: within([[n, rangeOf("N")]], [], [[at, n]]) };
        const second = fresh(scope, "N", n === undefined ? [] : [n]);
        if (n === undefined || second === undefined) return undefined;
        if (rarely(3)) return { binders: { kind: "steps", names: [n, second] }, inside: within([[n, rangeOf("N")], [second, rangeOf("N")]], [], [[n, second]]) };
        return { binders: { kind: "edges", names: [n, second] }, inside: within([[n, rangeOf("N")], [second, rangeOf("N")]], [], [[n, second]]) };
      }
    }
  }

  function reduction(scope: Scope, depth: number): Expression | undefined {
    const kind = pick(["sum", "sum", "sum", "mean", "prod", "max", "min", "logsumexp", "count", "argmax", "argmin"]);
    const b = binders(scope, kind.startsWith("arg"));
    if (!b) return undefined;
    // A vertex may have no neighbour, and a graph no edge: the mean of nothing is no number.
    const reduced = kind !== "sum" && kind !== "count" && ["edges", "neighbours", "steps"].includes(b.binders.kind) ? "sum" : kind;
    const body = kind === "count" ? truth(b.inside, depth + 1) : numeric(b.inside, depth + 1);
    return { kind: "reduce", reduction: reduced, binders: b.binders, body };
  }

  /** A call of a `fn`: of numbers, or of an array, a row or a column with the shape that it takes. */
  function callOf(scope: Scope, depth: number): Expression | undefined {
    const f = pick(functions);
    if (f.kind === "numbers") {
      const [x, y] = [numeric(scope, depth + 2), numeric(scope, depth + 2)];
      return { kind: "call", function: f.name, arguments: [x, y], meaning: f.meaning(x, y) };
    }
    const plain = scope.arrays.filter((a) => !a.onEdges && a.slots.length >= f.axes && a.slots.length <= 2 && a.slots.every((s) => s.order === undefined && !s.periodic));
    if (plain.length === 0) return undefined;
    const a = pick(plain);
    const fixed = a.slots.length > f.axes;
    const column = fixed && rarely(2) ? subscript(scope, { size: a.slots[1]!.size }, 3) : undefined;
    const rows = fixed && !column ? [subscript(scope, { size: a.slots[0]!.size }, 3)] : [];
    const sizes = column ? [a.slots[0]!.size] : a.slots.slice(rows.length).map((s) => s.size);
    const array: WholeArray = { array: a.name, rows, ...(column ? { column } : {}) };
    const entry = (subscripts: readonly Expression[]): Expression => ({ kind: "read", array: a.name, subscripts: [...rows, ...subscripts, ...(column ? [column] : [])] });
    return { kind: "call", function: f.name, arguments: [array], meaning: f.meaning(entry, sizes) };
  }

  function whole(scope: Scope): Expression | undefined {
    const plain = scope.arrays.filter((a) => !a.onEdges && a.slots.length > 0 && a.slots.every((s) => s.order === undefined));
    if (plain.length === 0) return undefined;
    const a = pick(plain);
    const f = pick(["mean", "sum", "norm", "max", "min", "dot", "overlap"]);
    const rows = a.slots.length > 1 && rarely(2) ? a.slots.slice(0, -1).map((s) => subscript(scope, { size: s.size }, 3)) : [];
    const first: WholeArray = { array: a.name, rows };
    if (f !== "dot" && f !== "overlap") return { kind: "whole", function: f, arrays: [first] };
    const potts = (n: string): boolean => states.some((s) => s.name === n && s.domain.startsWith("potts"));
    if (potts(a.name)) return { kind: "whole", function: "mean", arrays: [first] };
    const shape = (slots: readonly Slot[], fixed: number): string => slots.slice(fixed).map((s) => s.size).join();
    const others = plain.filter((o) => !potts(o.name) && shape(o.slots, 0) === shape(a.slots, rows.length));
    if (a.state && scope.copies && rarely(2)) return { kind: "whole", function: f, arrays: [first, { array: a.name, rows, copy: 2 }] };
    return { kind: "whole", function: f, arrays: [first, others.length > 0 ? { array: pick(others).name, rows: [] } : first] };
  }

  const readable: Readable[] = [
    ...states.map((s): Readable => ({ name: s.name, slots: s.slots, state: true, integer: !["real", "angle"].includes(s.domain) && !s.domain.startsWith("interval"), ...(s.domain === "potts(K)" ? { into: "K" as const } : {}) })),
    ...ensembles,
  ];
  const scopeOf = (arrays: readonly Readable[], indices: readonly (readonly [string, Range])[] = [], copies = false): Scope =>
    ({ indices: new Map(indices), different: new Set(), edges: [], arrays, copies, graph: graph !== undefined });
  const definition = (defined: string, copies: boolean): Definition => {
    const shape = pick<readonly Size[]>([["M"], ["N"], [], ["K"], ["M", "N"]]);
    const indices = shape.map((size) => ({ name: pools[size][0]!, slot: { size } }));
    const scope = scopeOf(readable, indices.map((i) => [i.name, rangeOf(i.slot.size)]), copies);
    return { name: defined, indices, body: reduction(scope, 1) ?? numeric(scope, 1) };
  };
  const lets: Definition[] = [];
  for (const letName of called.lets.slice(0, choose(3))) {
    const d = definition(letName, false);
    lets.push(d);
    readable.push({ name: letName, slots: d.indices.map((i) => i.slot) });
  }
  const terms = Array.from({ length: 1 + choose(3) }, () => {
    const term = reduction(scopeOf(readable), 0) ?? numeric(scopeOf(readable), 1);
    return rarely(2) ? apply("*", number(pick(numbers)), term) : term;
  });
  // Every energy depends on a state.
  const whole1: Expression = { kind: "whole", function: "sum", arrays: [{ array: states[0]!.name, rows: [] }] };
  const alike = (x: Ensemble, y: Ensemble): boolean => x !== y && [...x.slots, ...y.slots].every((slot) => slot.order === undefined) && !x.onEdges && !y.onEdges && x.into === y.into && x.integer === y.integer && JSON.stringify(x.slots) === JSON.stringify(y.slots);
  const pairs = ensembles.flatMap((x) => ensembles.filter((y) => alike(x, y)).map((y) => [x, y] as const));
  const replaced = pairs.length > 0 ? [pick(pairs)].map(([x, y]): Definition => ({ name: "exchanged", indices: [], body: { kind: "with", object: apply("+", name("H"), { kind: "whole", function: "sum", arrays: [{ array: x.name, rows: [] }] }), array: x.name, by: y.name } })) : [];
  const base: Expression = states[0]!.slots.length === 0 ? name(states[0]!.name) : whole1;
  const smooth = constraint === undefined && states.every((s) => ["real", "angle"].includes(s.domain) || s.domain.startsWith("interval"));
  return {
    sizes, coupling: { name: called.parameter, value: 0.75 }, ...(graph === undefined ? {} : { graph }), states, ensembles, lets, ...(constraint === undefined ? {} : { constraint }),
    energy: terms.reduce((sum, t) => apply("+", sum, t), base),
    observables: [...called.observables.slice(0, 1 + choose(2)).map((defined) => definition(defined, true)), ...replaced],
    functions: true,
    derivatives: smooth && rarely(2),
    dynamics: choose(64),
  };
}

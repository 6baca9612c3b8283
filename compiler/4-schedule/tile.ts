/**
 * Register tiles: loops around an innermost loop that runs in lanes are unrolled and jammed, so that what several of their turns read in
 * common is loaded once, and an entry to which several of them add is loaded and stored once:
 *
 *     for a { sum ← 0;  for i { sum += W[a,i] x[i] };  z[a] ← sum }
 *     for a, four a turn { sum₀ … sum₃ ← 0;  for i { sum₀ += W[a,i] x[i], …, sum₃ += W[a+3,i] x[i] };  z[a] ← sum₀ … }
 *
 * Two loops around the innermost one make 4 × 2 tiles: four turns of that over which is summed, two of the other. Products of matrices by rows
 * have tiles of their own (`productTile.ts`).
 * Statements that have no array in common get nests of their own first. Where the innermost loop starts behind the unrolled variable (packed couplings), the turns that not all have are made one by one.
 * Only sums of what is only added to are interleaved, in the order of the turns, so that results differ in rounding of sums over lanes only.
 */
import { constantValue, integerAtom, integerConstant, integerDifference, integerScale, integerSum, integerText, integerVariable, scalarText } from "./integer.ts";
import type { Integer } from "./integer.ts";
import type { Kernel, KernelStatement } from "./kernel.ts";
import { bodyOf, scalarsOf, visitScalar } from "./kernel.ts";
import { productTile } from "./productTile.ts";
import { rewriteInteger, rewriteStatements } from "./rewriteStatements.ts";
import { definedNames } from "./scheduleProcedure.ts";
import { strideOf } from "./vectorisable.ts";
import { visitParts } from "./visitParts.ts";
import { ops } from "../library/ops/index.ts";

type Loop = Extract<KernelStatement, { kind: "for" }>;

/** A body of straight code around one loop. */
interface Shape { readonly before: readonly KernelStatement[]; readonly inner: Loop; readonly after: readonly KernelStatement[] }

const most = 4;
const least = 2;
/** Statements of the innermost loop after unrolling: more of them would not find registers. */
const mostStatements = 16;

export const tiled = (kernel: Kernel): Kernel => ({ ...kernel, body: kernel.body.flatMap(tileStatement) });

function tileStatement(s: KernelStatement): readonly KernelStatement[] {
  if (s.kind === "if") return [{ ...s, body: s.body.flatMap(tileStatement) }];
  if (s.kind !== "for" || s.vectorisable) return [s];
  const parts = isReorderable(s) && !hasCursor(s) ? fissioned(s) : [s];
  if (parts.length > 1) return parts.flatMap(tileStatement);
  const product = isReorderable(s) ? productTile(s) : undefined;
  if (product) return [{ ...s, product }];
  return tileLoop(s) ?? [{ ...s, body: s.body.flatMap(tileStatement) }];
}

function tileLoop(loop: Loop): readonly KernelStatement[] | undefined {
  const shape = shapeOf(loop);
  if (!shape || !isReorderable(loop)) return undefined;
  if (shape.inner.vectorisable) {
    const count = countFor(loop, shape.inner, most);
    return count > 1 ? jammed(loop, count) : undefined;
  }
  const inmost = shapeOf(shape.inner)?.inner;
  // A cursor must meet the turns of the loop inside in their order.
  if (hasCursor(shape.inner) || !inmost?.vectorisable || countFor(loop, inmost, least) < 2 || countFor(shape.inner, inmost, least) < 2) return undefined;
  // The loop over which is summed adds to the same entries in each turn.
  const summed = (l: Loop): boolean => inmost.body.some((s) => s.kind === "store" && !dependsOn(s.offset, dependents(l)));
  const [outer, inner] = summed(loop) && !summed(shape.inner) ? [most, least] : [least, most];
  const tiles = jammed(loop, outer);
  return tiles?.map((part) => (part.kind === "for" ? { ...part, body: part.body.flatMap((s) => (s.kind === "for" && isReorderable(s) && countFor(s, inmost, inner) > 1 ? (jammed(s, inner) ?? [s]) : [s])) } : part));
}

function hasCursor(loop: Loop): boolean {
  let found = false;
  visitParts(loop.body, { statement: (s) => { if (s.kind === "advance") found = true; } });
  return found;
}

/** A loop whose innermost statements fall into groups without a common array, as one loop for each group. */
function fissioned(loop: Loop): readonly Loop[] {
  const shape = shapeOf(loop);
  if (!shape) return [loop];
  const parts = shape.inner.vectorisable ? splitStatements(shape.inner) : fissioned(shape.inner);
  if (parts.length < 2) return [loop];
  return parts.map((inner, k): Loop => {
    const after = k === parts.length - 1 ? shape.after : [];
    return { ...loop, body: pruned([...shape.before, inner, ...after]) };
  });
}

/** What stands after a loop belongs to the last part: only loops of which nothing is used afterwards are split. */
function splitStatements(loop: Loop): readonly Loop[] {
  if (loop.body.some((s) => s.kind !== "store")) return [loop];
  const groups: { readonly arrays: Set<string>; readonly statements: KernelStatement[] }[] = [];
  for (const s of loop.body) {
    const arrays = new Set<string>();
    if (s.kind === "store") arrays.add(s.array);
    for (const root of scalarsOf(s)) visitScalar(root, (x) => { if (x.kind === "load" && strideOf(x.offset, loop.variable) === "unit") arrays.add(x.array); });
    const [home, ...others] = groups.filter((g) => [...arrays].some((a) => g.arrays.has(a)));
    if (!home) { groups.push({ arrays, statements: [s] }); continue; }
    for (const other of others) {
      for (const a of other.arrays) home.arrays.add(a);
      home.statements.push(...other.statements);
      groups.splice(groups.indexOf(other), 1);
    }
    for (const a of arrays) home.arrays.add(a);
    home.statements.push(s);
  }
  return groups.map((g) => ({ ...loop, body: g.statements }));
}

/** Without the names that nothing uses any more. */
function pruned(body: readonly KernelStatement[]): readonly KernelStatement[] {
  const used = new Set<string>();
  visitParts(body, {
    statement: (s) => { if (s.kind === "update" || s.kind === "advance") used.add(s.name); },
    scalar: (x) => { if (x.kind === "real") used.add(x.name); },
    atom: (a) => { if (a.kind === "variable") used.add(a.name); },
  });
  const kept = body.filter((s) => (s.kind !== "let" && s.kind !== "integer") || used.has(s.name));
  return kept.length === body.length ? body : pruned(kept);
}

function shapeOf(loop: Loop): Shape | undefined {
  const at = loop.body.findIndex((s) => s.kind === "for");
  const inner = loop.body[at];
  if (inner?.kind !== "for") return undefined;
  const [before, after] = [loop.body.slice(0, at), loop.body.slice(at + 1)];
  const straight = (s: KernelStatement): boolean => s.kind === "let" || s.kind === "integer" || s.kind === "advance" || s.kind === "update" || s.kind === "store";
  return before.every((s) => straight(s) && s.kind !== "store" && s.kind !== "update") && after.every(straight) ? { before, inner, after } : undefined;
}

/** Whether the turns may be interleaved: nothing is read that is written, everything that is written twice is added to, and no running sum of the outside is read. */
function isReorderable(loop: Loop): boolean {
  const loaded = new Set<string>();
  const stored = new Map<string, Set<string>>();
  const own = new Set(definedNames(loop.body));
  const changed = new Set<string>();
  const read = new Set<string>();
  let straight = true;
  visitParts(loop.body, {
    statement: (s) => {
      if (s.kind === "store") stored.set(s.array, new Set([...(stored.get(s.array) ?? []), s.combine ?? "assigned"]));
      if (s.kind === "update" && !own.has(s.name)) changed.add(s.name);
      if (s.kind === "if" || s.kind === "fill") straight = false;
    },
    scalar: (s) => {
      if (s.kind === "load") loaded.add(s.array);
      if (s.kind === "real") read.add(s.name);
    },
  });
  return straight && [...stored].every(([array, kinds]) => kinds.size === 1 && !loaded.has(array)) && [...changed].every((name) => !read.has(name));
}

/** How many turns of `loop` to take at once; 1 where they have nothing in common, or the innermost loop calls functions. */
function countFor(loop: Loop, inmost: Loop, wanted: number): number {
  const own = dependents(loop);
  let shared = false;
  let heavy = false;
  const look = (offset: Integer): void => {
    if (strideOf(offset, inmost.variable) !== "unit") return;
    if (!dependsOn(offset, own)) shared = true;
  };
  for (const s of inmost.body) {
    if (s.kind === "store") look(s.offset);
    for (const root of scalarsOf(s)) visitScalar(root, (x) => {
      if (x.kind === "load") look(x.offset);
      if (x.kind === "apply" && ops[x.operator].wasm === undefined) heavy = true;
    });
  }
  if (!shared || heavy) return 1;
  let count = wanted;
  while (count > 1 && count * inmost.body.length > mostStatements) count /= 2;
  return count;
}

function dependsOn(offset: Integer, names: ReadonlySet<string>): boolean {
  let depends = false;
  visitParts([{ kind: "integer", name: "", value: offset, mutable: false }], { atom: (a) => { if (a.kind === "variable" && names.has(a.name)) depends = true; } });
  return depends;
}

/** The variable of a loop and the integers in its body that depend on it. */
function dependents(loop: Loop): ReadonlySet<string> {
  const found = new Set([loop.variable]);
  const walk = (body: readonly KernelStatement[]): void => {
    for (const s of body) {
      if (s.kind === "integer") {
        let depends = s.mutable;
        visitParts([s], { atom: (a) => { if (a.kind === "variable" && found.has(a.name)) depends = true; }, scalar: () => { depends = true; } });
        // A cursor moves on with every turn.
        visitParts([s], { atom: (a) => { if (a.kind === "variable" && advanced.has(a.name)) depends = true; } });
        if (depends) found.add(s.name);
      }
      walk(bodyOf(s));
    }
  };
  const advanced = new Set<string>();
  visitParts(loop.body, { statement: (s) => { if (s.kind === "advance") advanced.add(s.name); } });
  walk(loop.body);
  return found;
}

/** `count` turns at once, then those that are left; undefined where the loops inside have different bounds. */
function jammed(loop: Loop, count: number): readonly KernelStatement[] | undefined {
  const turn = `${loop.variable} by ${count}`;
  const length = integerDifference(loop.to, loop.from);
  const whole = integerAtom({ kind: "quotient", of: constantValue(loop.from) === 0 ? length : integerAtom({ kind: "maximum", left: length, right: integerConstant(0) }), divisor: integerConstant(count) });
  const first = integerSum(loop.from, integerScale(count, integerVariable(turn)));
  const copies = Array.from({ length: count }, (_, r) => {
    const names = new Map(definedNames(loop.body).map((n) => [n, `${n} of ${r}`]));
    return rewriteStatements(loop.body, { names, integers: new Map([[loop.variable, integerSum(integerVariable(loop.variable), integerConstant(r))]]) });
  });
  const fused = fuse(copies);
  if (!fused) return undefined;
  const left = `${loop.variable} left`;
  return [
    { kind: "for", variable: turn, from: integerConstant(0), to: whole, vectorisable: false, body: [{ kind: "integer", name: loop.variable, value: first, mutable: false }, ...fused] },
    {
      kind: "for", variable: left, from: integerSum(loop.from, integerScale(count, whole)), to: loop.to, vectorisable: false,
      body: rewriteStatements(loop.body, { names: new Map(definedNames(loop.body).map((n) => [n, `${n} left`])), integers: new Map([[loop.variable, integerVariable(left)]]) }),
    },
  ];
}

/** Bodies of one shape as one: what stands before the loops, one loop of all their bodies, what stands after. */
function fuse(copies: readonly (readonly KernelStatement[])[]): readonly KernelStatement[] | undefined {
  const before: KernelStatement[] = [];
  const after: KernelStatement[] = [];
  const loops: Loop[] = [];
  // An integer or entry that was computed for an earlier copy has its name.
  const known = new Map<string, string>();
  for (const copy of copies) {
    const names = new Map<string, string>();
    const at = copy.findIndex((s) => s.kind === "for");
    for (const s of copy.slice(0, at)) {
      const [renamed] = rewriteStatements([s], { names, integers: new Map() });
      const key = renamed!.kind === "integer" && !renamed!.mutable ? `integer ${integerText(renamed!.value)}` : renamed!.kind === "let" && !renamed!.mutable ? scalarText(renamed!.value) : undefined;
      const name = key === undefined || touchesCursor(renamed!, copy) ? undefined : known.get(key);
      if (name !== undefined && (renamed!.kind === "integer" || renamed!.kind === "let")) {
        names.set(renamed!.name, name);
        continue;
      }
      if (key !== undefined && (renamed!.kind === "integer" || renamed!.kind === "let")) known.set(key, renamed!.name);
      before.push(renamed!);
    }
    const rest = rewriteStatements(copy.slice(at), { names, integers: new Map() });
    const [loop, ...behind] = rest;
    if (loop?.kind !== "for") return undefined;
    const variable = loops[0]?.variable;
    loops.push(variable === undefined ? loop : rename(loop, variable));
    after.push(...behind);
  }
  const fused = fuseLoops(loops);
  return fused && [...before, ...fused, ...after];
}

/** Whether a statement's value is of the moment: it reads an integer that its copy moves on. */
function touchesCursor(s: KernelStatement, copy: readonly KernelStatement[]): boolean {
  const moving = new Set(copy.flatMap((x) => (x.kind === "advance" ? [x.name] : [])));
  let touches = false;
  visitParts([s], { atom: (a) => { if (a.kind === "variable" && moving.has(a.name)) touches = true; } });
  return touches;
}

const rename = (loop: Loop, variable: string): Loop => {
  const [renamed] = rewriteStatements([loop], { names: new Map([[loop.variable, variable]]), integers: new Map() });
  if (renamed?.kind !== "for") throw new Error("internal: a loop under another name is none");
  return renamed;
};

function fuseLoops(loops: readonly Loop[]): readonly KernelStatement[] | undefined {
  const [first] = loops;
  const last = loops.at(-1)!;
  if (loops.some((l) => integerText(l.to) !== integerText(first!.to) || l.vectorisable !== first!.vectorisable)) return undefined;
  const same = loops.every((l) => integerText(l.from) === integerText(first!.from));
  if (!first!.vectorisable) {
    const body = same ? fuse(loops.map((l) => l.body)) : undefined;
    return body && [{ ...first!, body }];
  }
  // What is named reads nothing that is written here: all names first, so that additions to one entry can stand together.
  const statements = loops.flatMap((l) => l.body);
  const body = [...statements.filter((s) => s.kind === "let"), ...statements.filter((s) => s.kind !== "let")];
  if (same) return [{ ...first!, body }];
  // Each starts at or before the last one: until there, it goes alone.
  if (loops.some((l) => { const gap = constantValue(integerDifference(last.from, l.from)); return gap === undefined || gap < 0; })) return undefined;
  const heads = loops.slice(0, -1).map((l, r): KernelStatement => {
    const variable = `${l.variable} head ${r}`;
    const to = integerAtom({ kind: "minimum", left: last.from, right: l.to });
    return { ...rename(l, variable), to: rewriteInteger(to, { names: new Map(), integers: new Map() }), vectorisable: false };
  });
  return [...heads, { ...first!, from: last.from, body }];
}

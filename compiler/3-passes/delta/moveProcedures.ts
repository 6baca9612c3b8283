/**
 * The energy difference of a local move, in whatever form costs least: from local fields (polynomial energies), from the derivatives
 * at the site, or from caches of the sums inside the energy's nonlinear parts, with or without truth values as bits. Each form is three procedures: the caches from a state, the
 * difference of a move, and what an accepted move adds to the caches.
 */
import { constant, indexValue, read, substitute, visit, type Expression, type Index } from "../../ir/expression.ts";
import { inlinedBody } from "../../ir/inline.ts";
import type { Procedure } from "../../ir/procedure.ts";
import { statesOf, type ArrayDeclaration, type Program, type Slot } from "../../ir/program.ts";
import { longFormula, writtenSize } from "../../ir/writtenSize.ts";
import { atDefaults } from "../contract.ts";
import { procedureCost } from "../cost.ts";
import { build as operators } from "../../library/ops/index.ts";
import { materialise } from "../materialise.ts";
import type { Preparation } from "../preparation.ts";
import { ProcedureBuilder } from "../procedureBuilder.ts";
import { simplify } from "../simplify.ts";
import { libraryCallIn } from "../../ir/libraryCallIn.ts";
import { countedTruths } from "./countedTruths.ts";
import { CacheBuilder, type Cache } from "./caches.ts";
import { countChange, isCount, type Mask } from "./counts.ts";
import { Differences, NoDifference } from "./difference.ts";
import type { KeptArray, KeptCount } from "./keptDifferences.ts";
import { localFields } from "./localFields.ts";
import { unwrapReads } from "./periodic.ts";
import type { ScatteredUpdate } from "./symmetricCouplings.ts";
import { orderConditions } from "../slotConditions.ts";
import { alongRows } from "./rows.ts";
import { moveOf, type Move, type MoveNames } from "./move.ts";

export interface MoveProcedures {
  /** What is kept while the state moves. */
  readonly caches: readonly { readonly name: string; readonly slots: readonly Slot[] }[];
  /** Computes all caches; absent where there are none. */
  readonly initialise?: Procedure;
  /** Bits that caches and states determine, from these; to be made anew whenever they have changed. Absent where there are none. */
  readonly derive?: Procedure;
  /** For each state array, in the order of declaration. */
  readonly arrays: readonly StateMoves[];
  /** How the differences are found, for `explain`. */
  readonly form: string;
}

export interface StateMoves {
  readonly state: string;
  readonly names: MoveNames;
  /** Output: the energy difference, a scalar of the name `names.difference`. */
  readonly propose: Procedure;
  /** Updates the caches for a move that is accepted, from the state before it; absent where no cache changes. */
  readonly accept?: Procedure;
  /** Of the bits (`derive`) those that an accepted move can have changed, from the caches and the state after it. */
  readonly refresh?: Procedure;
  /** Differences that are kept for all sites (`keptDifferences.ts`), where there are any. */
  readonly kept?: KeptDifferences;
}

export interface KeptDifferences {
  /** As `StateMoves.propose`, from what is kept. */
  readonly propose: Procedure;
  /** Brings what is kept up to date. */
  readonly update: Procedure;
  /** Arrays of 0 where nothing is known, the last one of three numbers of `4-schedule/keptAttempts.ts`. */
  readonly arrays: readonly KeptArray[];
  /** Largest absolute values of whole numbers, by array. */
  readonly bounds: ReadonlyMap<string, Expression>;
}

/** An accepted move counts less than a proposal, of which there are more: one in ten where couplings compete, and fewer below a transition. */
const acceptedShare = 0.1;

interface Form {
  readonly text: string;
  readonly caches: readonly Cache[];
  readonly difference: (move: Move) => Expression;
  readonly ofCache: (move: Move, cache: Cache) => Expression;
  /** What else is added to a cache, to several of its entries at once. */
  readonly scattered?: (move: Move, cache: Cache) => readonly ScatteredUpdate[];
  /** The entry of a cache after the move, where that is computed as a whole. */
  readonly cacheAgain?: (move: Move, cache: Cache) => Expression | undefined;
  readonly bits?: DerivedBits;
  /** What counts would be after a move of the only state, and the difference in terms of these. */
  readonly kept?: { readonly counts: readonly KeptCount[]; readonly arrays: readonly KeptArray[]; readonly difference: (move: Move) => Expression };
  /** Subscripts of the entry of the state that must move for an expression to change, where there is only one. */
  readonly placeOf?: (move: Move, e: Expression) => readonly Expression[] | undefined;
}

/** What is made of caches and states by words of bits, whenever these have changed. */
interface DerivedBits {
  readonly masks: readonly Mask[];
  /** Caches that are no sums of changes: they count the truth values in a mask. */
  readonly counts: readonly { readonly cache: Cache; readonly now: Mask }[];
}

/** A reason, where the difference must be found by evaluating the energy twice. */
export function moveProcedures(program: Program, preparation: Preparation): MoveProcedures | string {
  const states = statesOf(program);
  if (program.constraints.some((c) => c.relation === "<=")) return "inequalities are tested after each move";
  if (states.some((s) => s.slots.some((slot) => slot.order !== undefined))) return "a state has ordered slots";
  const call = libraryCallIn(program, program.energy);
  if (call !== undefined) return `the energy depends on ${call}`;
  const energy = countedTruths(inlinedBody(program, program.energy, (a) => a.status === "thermal").body);
  if (writtenSize(energy) > longFormula) return "the energy is too long a formula when its definitions are written out";
  const reasons: string[] = [];
  let best: { readonly made: MoveProcedures; readonly preparation: Preparation; readonly cost: number } | undefined;
  for (const make of [fieldsForm(true), fieldsForm(false), cachesForm(false), cachesForm(true)]) {
    const trial = preparation.fork();
    try {
      const form = make(program, trial, states, energy);
      if (typeof form === "string") { reasons.push(form); continue; }
      const made = build(program, trial, states, form);
      const cost = (p: Procedure | undefined): number => (p ? atDefaults(program, procedureCost(p)) : 0);
      const total = made.arrays.reduce((sum, a) => sum + cost(a.propose) + acceptedShare * (cost(a.accept) + cost(a.refresh)), 0);
      if (best === undefined || total < best.cost) best = { made, preparation: trial, cost: total };
    } catch (error) {
      if (!(error instanceof NoDifference)) throw error;
      reasons.push(error.message);
    }
  }
  if (!best) return reasons.join("; ");
  preparation.adopt(best.preparation);
  return best.made;
}

type FormMaker = (program: Program, preparation: Preparation, states: readonly ArrayDeclaration[], energy: Expression) => Form | string;

function fieldsForm(keep: boolean): FormMaker {
  return (program, preparation, states, energy) => {
    const builder = newBuilder(program, preparation);
    const names = new Set<string>();
    const fresh = freshNames(builder, names);
    const found = localFields({
      program, states, isThermal: thermalTest(program),
      freshName: fresh,
      prepare: ({ indices, slots, body, name }) => preparation.hoist(`tensor ${name} ${names.size}`, slots, name, (base) => { const made = fresh(base); return made; },
        (b, array) => { materialise(b, { name: array, subscripts: indices.map(indexValue), indices, conditions: orderConditions(slots, indices) }, body); }, "Coupling coefficients of the local fields, over all indices, computed once after the draw."),
    }, energy, keep);
    if (typeof found === "string") return found;
    return { ...found, text: found.caches.length > 0 ? "local fields, kept and updated" : "derivatives of the polynomial at the site" };
  };
}

/** With `bits`, sums of truth values are kept as counts, which change by words of bits. */
function cachesForm(bits: boolean): FormMaker {
  return (program, preparation, states, energy) => {
    const fresh = freshNames(newBuilder(program, preparation), new Set());
    const hoisting = new ProcedureBuilder({ program, lowering: materialise, preparation, hoist: true });
    // What reads a copy that is held is no part of the disorder, and stays where it is.
    const isDrawn = (e: Expression): boolean => hoisting.status(e) !== "thermal";
    const finder = new CacheBuilder(states.map((s) => s.name), fresh, (e) => (isDrawn(e) ? hoisting.liftReductions(e, []) : e), (e) => bits && isCount(program, e));
    const body = finder.linear(energy);
    const masks: Mask[] = [];
    const counts = new Map<Cache, Mask>();
    const keepable = new Map<Cache, () => KeptCount>();
    const isRead = (name: string): boolean => finder.caches.some((c) => readsArray(c.body, name));
    const integers = new Set(program.arrays.filter((a) => a.element !== "real").map((a) => a.name));
    const isIntegerArray = (name: string): boolean => integers.has(name);
    const distinct = new Set(program.arrays.filter((a) => a.origin.kind === "ensemble" && a.origin.distribution === "Distinct").map((a) => a.name));
    const hasDistinctRows = (name: string): boolean => distinct.has(name);
    const differences = new Map(states.map((s) => {
      const move = moveOf(program, s);
      return [s.name, new Differences(move, finder.caches, { isIntegerArray, hasDistinctRows }, (cache, before) => {
        const found = bits && !isRead(cache.name) ? countChange({ program, preparation, freshName: fresh }, cache, move, before) : undefined;
        masks.push(...(found?.masks ?? []));
        if (found && !counts.has(cache)) counts.set(cache, found.now);
        if (found?.kept) keepable.set(cache, found.kept);
        return found;
      })];
    }));
    const isKept = states.length === 1 && keepable.size > 0 && keepable.size === counts.size;
    const kept = new Map(isKept ? [...keepable].map(([cache, make]) => [cache, make()] as const) : []);
    const afterwards = (cache: Cache): { readonly change: Expression } | undefined => { const count = kept.get(cache); return count && { change: operators.sub(count.after, read(cache.name, [])) }; };
    if (bits && masks.length === 0) return "no truth values of numbers that have two values are counted";
    return {
      text: counts.size > 0 ? "caches of the sums over the state, and truth values as bits that are counted by words" : finder.caches.length > 0 ? "caches of the sums over the state" : "the terms that hold the site",
      caches: finder.caches.filter((c) => !counts.has(c)),
      ...(masks.length > 0 ? { bits: { masks: [...masks, ...counts.values()], counts: [...counts].map(([cache, now]) => ({ cache, now })) } } : {}),
      ...(isKept ? { kept: { counts: [...kept.values()], arrays: [...[...kept.values()].flatMap((c) => c.arrays), { name: fresh(`kept_${states[0]!.name}`), slots: [{ range: { lower: constant(1), upper: constant(3) }, periodic: false }] }], difference: (move: Move) => new Differences(move, finder.caches, { isIntegerArray, hasDistinctRows }, afterwards).difference(body) } } : {}),
      placeOf: (move, e) => differences.get(move.state)!.placesOf(e),
      difference: (move) => differences.get(move.state)!.difference(body),
      ofCache: (move, cache) => differences.get(move.state)!.ofCache(cache.name),
      cacheAgain: (move, cache) => differences.get(move.state)!.cacheAgain(cache.name),
    };
  };
}

function build(program: Program, preparation: Preparation, states: readonly ArrayDeclaration[], form: Form): MoveProcedures {
  const caches = form.caches.map(({ name, slots }) => ({ name, slots }));
  const initialise = caches.length === 0 ? undefined : initialiseProcedure(program, preparation, form.caches);
  const arrays = states.map((s): StateMoves => {
    const move = moveOf(program, s);
    const propose = proposal(program, preparation, form, move);
    const accept = acceptance(program, preparation, form, move);
    const refresh = form.bits && deriveProcedure(program, preparation, form.caches, form.bits, { move, placeOf: (e) => form.placeOf!(move, e) });
    const kept = form.kept && keptDifferences(program, preparation, form, form.kept, move);
    return { state: s.name, names: move.names, propose, ...(accept ? { accept } : {}), ...(refresh ? { refresh } : {}), ...(kept ? { kept } : {}) };
  });
  const derive = form.bits && deriveProcedure(program, preparation, form.caches, form.bits, undefined, form.kept?.arrays);
  return { caches, ...(initialise ? { initialise } : {}), ...(derive ? { derive } : {}), arrays, form: form.text };
}

function initialiseProcedure(program: Program, preparation: Preparation, caches: readonly Cache[]): Procedure {
  const builder = newBuilder(program, preparation);
  for (const { name, slots } of caches) builder.declare({ name, role: "output", status: "thermal", slots });
  for (const { name, indices, body } of caches) materialise(builder, { name, subscripts: indices.map(indexValue), indices, conditions: [] }, body);
  return builder.finish("initialiseCaches", "What is kept while the state moves, from the state.");
}

function deriveProcedure(program: Program, preparation: Preparation, caches: readonly Cache[], { masks, counts }: DerivedBits, after?: { readonly move: Move; readonly placeOf: (e: Expression) => readonly Expression[] | undefined }, cleared: readonly KeptArray[] = []): Procedure {
  const builder = newBuilder(program, preparation, after?.move);
  for (const { name, slots } of cleared) builder.declare({ name, role: "output", status: "thermal", slots });
  for (const { name, slots } of caches) builder.declare({ name, role: "input", status: "thermal", slots });
  declareBits(builder, { masks, counts }, "output");
  for (const { name, parts } of masks) for (const part of parts) {
    // What changes with one entry alone has changed where that entry is the site.
    const place = after?.placeOf(part.value);
    const at = new Map<Index, Expression>(place?.flatMap((s, k) => (s.kind === "index" && part.indices.includes(s.index) ? [[s.index, after!.move.site[k]!] as const] : [])));
    const indices = part.indices.filter((i) => !at.has(i));
    builder.add({ name, subscripts: part.subscripts.map((s) => substitute(s, at)), indices, conditions: [] }, builder.liftReductions(simplify(substitute(part.value, at)), [], indices));
  }
  for (const { cache: { name, indices }, now } of counts) {
    const at = now.parts[0]!.indices;
    const own = at.slice(0, indices.length);
    builder.add({ name, subscripts: own.map(indexValue), indices: at, conditions: [] }, read(now.name, at.map(indexValue)));
  }
  return builder.finish(after ? `refresh_${after.move.state}` : "deriveBits", "Truth values that proposals count, from what is kept.");
}

const declareBits = (builder: ProcedureBuilder, { masks, counts }: DerivedBits, role: "input" | "output"): void => {
  for (const { name, slots } of masks) builder.declare({ name, role, status: "thermal", slots, bits: true });
  for (const { cache: { name, slots } } of counts) builder.declare({ name, role, status: "thermal", slots });
};

function keptDifferences(program: Program, preparation: Preparation, form: Form, { counts, arrays: cleared, difference }: NonNullable<Form["kept"]>, move: Move): KeptDifferences {
  const builder = newBuilder(program, preparation, move);
  for (const { name, slots } of form.caches) builder.declare({ name, role: "input", status: "thermal", slots });
  if (form.bits) declareBits(builder, form.bits, "input");
  for (const { arrays, totals } of counts) {
    for (const { name, slots } of arrays) builder.declare({ name, role: "updated", status: "thermal", slots });
    builder.declare({ ...totals, role: "output", status: "thermal" });
  }
  for (const { update } of counts) update(builder);
  return {
    propose: proposal(program, preparation, { ...form, difference }, move, counts.flatMap((c) => [...c.arrays, c.totals])),
    update: builder.finish(`keep_${move.state}`, "What the energy would be after each move, up to date."),
    arrays: cleared, bounds: new Map(counts.flatMap((c) => [...c.bounds])),
  };
}

function proposal(program: Program, preparation: Preparation, form: Form, move: Move, kept: readonly KeptArray[] = []): Procedure {
  const builder = newBuilder(program, preparation, move);
  for (const { name, slots } of kept) builder.declare({ name, role: "input", status: "thermal", slots });
  for (const { name, slots } of form.caches) builder.declare({ name, role: "input", status: "thermal", slots });
  if (form.bits) declareBits(builder, form.bits, "input");
  const name = move.names.difference;
  builder.declare({ name, role: "output", status: "thermal", slots: [] });
  const difference = form.difference(move);
  if (writtenSize(difference) > longFormula) throw new NoDifference("the difference is too long a formula");
  materialise(builder, { name, subscripts: [], indices: [], conditions: [] }, alongRows(program, preparation, move, unwrapReads(difference, slotsIn(program))));
  return builder.finish(`propose_${move.state}`, `By how much the energy changes when ${print(move)} becomes \`${move.names.proposed}\`, with \`${move.names.change}\` the change of the entry.`);
}

/**
 * Updates run from the last cache to the first: each reads what came before it as it was. One that is computed again as a whole takes the
 * place of what it was, where no other update reads that.
 */
function acceptance(program: Program, preparation: Preparation, form: Form, move: Move): Procedure | undefined {
  const builder = newBuilder(program, preparation, move);
  const again = new Map(form.caches.flatMap((c) => { const value = form.cacheAgain?.(move, c); return value ? [[c.name, value] as const] : []; }));
  const updates = form.caches.map((c) => ({ cache: c, change: again.get(c.name) ?? form.ofCache(move, c) }));
  const isRead = (name: string): boolean => updates.some(({ change }) => readsArray(change, name));
  for (const { name, slots } of form.caches) builder.declare({ name, role: again.has(name) && !isRead(name) ? "output" : "updated", status: "thermal", slots });
  if (form.bits) declareBits(builder, form.bits, "input");
  for (const { cache, change } of [...updates].reverse()) {
    const value = again.has(cache.name) && isRead(cache.name) ? form.ofCache(move, cache) : change;
    materialise(builder, { name: cache.name, subscripts: cache.indices.map(indexValue), indices: cache.indices, conditions: [] }, alongRows(program, preparation, move, unwrapReads(value, slotsIn(program))));
    for (const { indices, conditions, member, value: added } of form.scattered?.(move, cache) ?? []) builder.add({ name: cache.name, subscripts: [indexValue(member)], indices, conditions }, added);
  }
  if (builder.statements.length === 0) return undefined;
  return builder.finish(`accept_${move.state}`, `What the move of ${print(move)} adds to what is kept.`);
}

const slotsIn = (program: Program) => (array: string): readonly Slot[] | undefined => program.arrays.find((a) => a.name === array)?.slots;
const print = (move: Move): string => `${move.state}[${move.names.site.join(", ")}]`;

/** Nothing is hoisted by itself: the site is no constant. */
const newBuilder = (program: Program, preparation: Preparation, move?: Move): ProcedureBuilder =>
  new ProcedureBuilder({ program, lowering: materialise, preparation, hoist: false, rangeOf: (e) => move?.slots[move.site.indexOf(e)]?.range });

const freshNames = (builder: ProcedureBuilder, taken: Set<string>) => (base: string): string => {
  let name = builder.freshName(base, true);
  for (let k = 2; taken.has(name); k++) name = builder.freshName(`${base}_${k}`, true);
  taken.add(name);
  return name;
};

function readsArray(e: Expression, name: string): boolean {
  let found = false;
  visit(e, (x) => { if (x.kind === "read" && x.array === name) found = true; });
  return found;
}

function thermalTest(program: Program): (e: Expression) => boolean {
  const thermal = new Set(program.arrays.filter((a) => a.status === "thermal").map((a) => a.name));
  return (e) => {
    let found = false;
    visit(e, (x) => { if (x.kind === "read" && thermal.has(x.array)) found = true; });
    return found;
  };
}

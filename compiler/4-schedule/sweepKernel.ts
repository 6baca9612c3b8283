/**
 * Many attempted moves in one kernel: a loop over sites, numbers drawn for the proposals and thresholds that the runtime fills in,
 * around the energy difference of one move and, where it is at most the threshold, the update of the caches, of the state and of bits made of both.
 *
 *     for each attempt:  site ← entry;  proposed ← move(s[site], draw);  ΔH ← …;  if ΔH <= threshold: caches, s[site] ← proposed
 *
 * Where differences can be kept for all sites, `keptAttempts.ts` decides when they are. A threshold of −inf only evaluates, +inf always accepts; −T log u is Metropolis.
 */
import { constant, read, rewrite } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import type { Procedure, ProcedureArray } from "../ir/procedure.ts";
import type { ArrayDeclaration, Slot } from "../ir/program.ts";
import { domains } from "../library/domains/index.ts";
import type { DomainRecord } from "../library/domains/index.ts";
import type { StateMoves } from "../3-passes/delta/moveProcedures.ts";
import { rangeText } from "../3-passes/structureText.ts";
import { integerAtom, integerConstant, integerDifference, integerProduct, integerSum, integerVariable } from "./integer.ts";
import type { Integer } from "./integer.ts";
import type { Kernel, KernelArray, KernelStatement, Scalar } from "./kernel.ts";
import { visitScalar } from "./kernel.ts";
import { isOwnScalar, isTemporaryScalar, keptAttempts } from "./keptAttempts.ts";
import { layoutOf } from "./layout.ts";
import { promoteScalars } from "./promoteScalars.ts";
import { definedNames, freeNames, parameterNames, scheduleProcedure } from "./scheduleProcedure.ts";
import type { Sizes } from "./sizes.ts";
import { assertKernel } from "./verifyKernel.ts";

export interface SweepKernel {
  readonly kernel: Kernel;
  /** Slots of the arrays that stand in no procedure, by name. */
  readonly slots: ReadonlyMap<string, readonly Slot[]>;
  readonly names: SweepNames;
}

/** Arrays through which the runtime asks for moves. */
export interface SweepNames {
  /** Which entries of the state array move, counted from 0, row-major. */
  readonly entries: string;
  readonly draws: string;
  readonly thresholds: string;
  /** One number: how many attempts to make, at most the size of the state array. */
  readonly attempts: string;
  /** Energy difference of each attempt. */
  readonly differences: string;
  /** Number of accepted moves, sum of their energy differences. */
  readonly tally: string;
}

export function sweepKernel(moves: StateMoves, state: ArrayDeclaration, sizes: Sizes, name: string): SweepKernel {
  if (state.origin.kind !== "state") throw new Error(`internal: ${state.name} is no state`);
  for (const site of moves.names.site) sizes.declareInteger(site);
  const update = moves.accept && apart(moves.accept, moves.propose);
  // All bodies stand in one kernel: no local of one may hide a parameter or an array of another.
  const [ofPropose, ofUpdate, ofRefresh] = [namesIn(moves.propose), namesIn(update), namesIn(moves.refresh)];
  const propose = scheduleProcedure(moves.propose, sizes, [...ofUpdate, ...ofRefresh]);
  const accept = update && scheduleProcedure(update, sizes, [...definedNames(propose.body), ...ofPropose, ...ofRefresh]);
  const kept = moves.kept && keptAttempts(moves, moves.kept, sizes, [...definedNames(propose.body), ...definedNames(accept?.body ?? []), ...ofPropose, ...ofUpdate, ...ofRefresh]);
  const derived = moves.refresh && scheduleProcedure(moves.refresh, sizes, [...definedNames(propose.body), ...definedNames(accept?.body ?? []), ...ofPropose, ...ofUpdate]);
  const names: SweepNames = {
    entries: `entries_${state.name}`, draws: `draws_${state.name}`, thresholds: `thresholds_${state.name}`,
    attempts: `attempts_${state.name}`, differences: `differences_${state.name}`, tally: `tally_${state.name}`,
  };
  // No name of a specification has spaces; printed, they are underscores.
  const [accepted, energyChange, counter] = ["moves accepted", "energy change", "attempted move"];
  const [entry, drawn, place] = ["entry of the move", "number of the move", "place of the move"];
  const layout = layoutOf(state.slots, sizes);
  const attempt = integerVariable(counter);
  const load = (array: string, offset: Integer): Scalar => ({ kind: "load", array, offset });
  const position = integerVariable(place);
  const real = (of: string): Scalar => ({ kind: "real", name: of });
  const record: DomainRecord = domains[state.origin.domain.name];
  const proposed = scalarOf(record.move(read(entry), read(drawn), state.origin.domain.arguments), sizes);
  let isDrawn = false;
  visitScalar(proposed, (s) => { if (s.kind === "real" && s.name === drawn) isDrawn = true; });
  const counted = promoteScalars(propose.body, propose.arrays.filter(isOwnScalar).map((a) => a.name));
  const proposal = kept ? kept.propose(counted) : counted;
  const readsChange = freeNames([...proposal, ...(accept?.body ?? []), ...(derived?.body ?? [])]).reals.has(moves.names.change);
  const difference = moves.names.difference;
  const body: readonly KernelStatement[] = [
    { kind: "let", name: accepted, value: { kind: "constant", value: 0 }, mutable: true },
    { kind: "let", name: energyChange, value: { kind: "constant", value: 0 }, mutable: true },
    ...(kept?.before ?? []),
    {
      kind: "for", variable: counter, from: integerConstant(0), to: integerAtom({ kind: "scalar", value: load(names.attempts, integerConstant(0)) }), vectorisable: false,
      body: [
        { kind: "integer", name: place, value: integerAtom({ kind: "scalar", value: load(names.entries, attempt) }), mutable: false },
        ...siteOf(position, state, moves.names.site, sizes),
        { kind: "let", name: entry, value: load(state.name, position), mutable: false },
        ...(isDrawn ? [{ kind: "let", name: drawn, value: load(names.draws, attempt), mutable: false } as const] : []),
        { kind: "let", name: moves.names.proposed, value: proposed, mutable: false },
        ...(readsChange ? [{ kind: "let", name: moves.names.change, value: { kind: "apply", operator: "sub", arguments: [real(moves.names.proposed), real(entry)] }, mutable: false } as const] : []),
        ...proposal,
        { kind: "store", array: names.differences, offset: attempt, value: real(difference) },
        {
          kind: "if", condition: { kind: "apply", operator: "le", arguments: [real(difference), load(names.thresholds, attempt)] },
          body: [
            ...(accept ? promoteScalars(accept.body, accept.arrays.filter(isTemporaryScalar).map((a) => a.name), (n) => `${n} of the update`) : []),
            { kind: "store", array: state.name, offset: position, value: real(moves.names.proposed) },
            ...(derived?.body ?? []),
            { kind: "update", name: accepted, combine: "sum", value: { kind: "constant", value: 1 } },
            { kind: "update", name: energyChange, combine: "sum", value: real(difference) },
            ...(kept?.accepted ?? []),
          ],
        },
      ],
    },
    ...(kept?.after ?? []),
    { kind: "store", array: names.tally, offset: integerConstant(0), value: real(accepted) },
    { kind: "store", array: names.tally, offset: integerConstant(1), value: real(energyChange) },
  ];
  const own: readonly KernelArray[] = [
    ...[names.entries, names.draws, names.thresholds].map((n): KernelArray => ({ name: n, role: "input", length: layout.length })),
    { name: names.attempts, role: "input", length: integerConstant(1) },
    { name: names.differences, role: "output", length: layout.length },
    { name: names.tally, role: "output", length: integerConstant(2) },
  ];
  const arrays = new Map<string, KernelArray>();
  for (const a of propose.arrays) if (!isOwnScalar(a)) arrays.set(a.name, a);
  // An accepted move changes what is kept: also where that is written anew.
  for (const a of accept?.arrays ?? []) if (!isTemporaryScalar(a) && arrays.get(a.name)?.role !== "updated") arrays.set(a.name, a.role === "output" ? { ...a, role: "updated" } : a);
  for (const a of kept?.arrays ?? []) if (a.role !== "input" || !arrays.has(a.name)) arrays.set(a.name, a);
  for (const a of derived?.arrays ?? []) if (arrays.get(a.name)?.role !== "updated") arrays.set(a.name, a);
  arrays.set(state.name, { name: state.name, role: "updated", length: layout.length });
  const free = freeNames(body);
  const range = (upper: number): Slot => ({ range: { lower: constant(1), upper: constant(upper) }, periodic: false });
  const kernel: Kernel = {
    name, doc: `Attempted moves of ${state.name}, one after the other.\n\n${propose.doc}${accept ? `\n\n${accept.doc}` : ""}`,
    sizes: [...free.integers], reals: [...free.reals], arrays: [...arrays.values(), ...own], body,
  };
  assertKernel(kernel);
  const slots = new Map<string, readonly Slot[]>([
    ...[names.entries, names.draws, names.thresholds, names.differences].map((n) => [n, state.slots.map((s) => ({ range: s.range, periodic: false }))] as const),
    [names.attempts, []], [names.tally, [range(2)]],
    ...(moves.kept?.arrays ?? []).map((a) => [a.name, a.slots] as const),
    ...[...moves.propose.arrays, ...(update?.arrays ?? []), ...(moves.refresh?.arrays ?? []), ...(moves.kept ? [...moves.kept.update.arrays, ...moves.kept.propose.arrays] : [])].map((a) => [a.name, a.slots] as const),
    [state.name, state.slots],
  ]);
  return { kernel, slots, names };
}

const namesIn = (procedure: Procedure | undefined): readonly string[] => (procedure ? [...parameterNames(procedure), ...procedure.arrays.map((a) => a.name)] : []);

/** The index values of an entry, from the last axis to the first. */
function siteOf(position: Integer, state: ArrayDeclaration, names: readonly string[], sizes: Sizes): readonly KernelStatement[] {
  const statements: KernelStatement[] = [];
  let rest = position;
  for (let axis = names.length - 1; axis >= 0; axis--) {
    const { range } = state.slots[axis]!;
    const whole = `${names[axis]!} and those before`;
    const quotient = integerVariable(whole);
    if (axis > 0) statements.push({ kind: "integer", name: whole, value: integerAtom({ kind: "quotient", of: rest, divisor: sizes.count(range) }), mutable: false });
    const within = axis > 0 ? integerDifference(rest, integerProduct(quotient, sizes.count(range))) : rest;
    statements.push({ kind: "integer", name: names[axis]!, value: integerSum(within, sizes.integer(range.lower)), mutable: false });
    rest = quotient;
  }
  return statements;
}

/** The procedure with temporary arrays of its own where another one has arrays of other sizes under their names. */
function apart(procedure: Procedure, other: Procedure): Procedure {
  const sizes = (a: ProcedureArray): string => a.slots.map((s) => rangeText(s.range)).join();
  const known = new Map(other.arrays.map((a) => [a.name, sizes(a)]));
  const names = new Map(procedure.arrays.flatMap((a) => (a.role === "temporary" && known.has(a.name) && known.get(a.name) !== sizes(a) ? [[a.name, `${a.name} of the update`] as const] : [])));
  if (names.size === 0) return procedure;
  const renamed = (e: Expression): Expression => rewrite(e, (x) => (x.kind === "read" && names.has(x.array) ? read(names.get(x.array)!, x.subscripts) : x));
  return {
    ...procedure,
    arrays: procedure.arrays.map((a) => ({ ...a, name: names.get(a.name) ?? a.name })),
    statements: procedure.statements.map((s) => ({ ...s, target: names.get(s.target) ?? s.target, subscripts: s.subscripts.map(renamed), conditions: s.conditions.map(renamed), value: renamed(s.value) })),
  };
}

/** A formula of parameters and of locals of the kernel, which stand as reads without subscripts. */
function scalarOf(e: Expression, sizes: Sizes): Scalar {
  const go = (x: Expression): Scalar => {
    switch (x.kind) {
      case "constant": return x;
      case "parameter": return sizes.isInteger(x.name) ? { kind: "integer", value: integerVariable(x.name) } : { kind: "real", name: x.name };
      case "read": return { kind: "real", name: x.array };
      case "apply": return { kind: "apply", operator: x.operator, arguments: x.arguments.map(go) };
      default: throw new Error(`internal: ${x.kind} in the move of a domain`);
    }
  };
  return go(sizes.inline(e));
}

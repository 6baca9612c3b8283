/**
 * All kernels of a model, the arrays that they share, and the target of each kernel.
 *
 * Arrays are shared by name: what `prepare` writes, the other kernels read. Scratch arrays of one name and one length are the same
 * memory, since kernels never rely on what another one left there.
 */
import { nameOfKey } from "../../runtime/extensions/addEntry.ts";
import { apply, constant } from "../ir/expression.ts";
import type { Expression, Range } from "../ir/expression.ts";
import type { Procedure } from "../ir/procedure.ts";
import type { Incidence } from "../3-passes/incidence.ts";
import type { FactorGraph } from "../3-passes/factorGraph.ts";
import { isDerivativeCall } from "../3-passes/observableSteps.ts";
import { integerBounds } from "../3-passes/integerBounds.ts";
import type { MoveProcedures } from "../3-passes/delta/moveProcedures.ts";
import { proceduresOf } from "../3-passes/procedures.ts";
import type { CallStep, ModelProcedures } from "../3-passes/procedures.ts";
import { statesOf } from "../ir/program.ts";
import { stateVectors } from "../ir/stateVectors.ts";
import type { CopyOf, Program, Slot } from "../ir/program.ts";
import { ops } from "../library/ops/index.ts";
import type { OperatorName } from "../library/ops/index.ts";
import type { Operator } from "../library/ops/operator.ts";
import { copyName, inIntegers, integerArrays, integerCopies, readingCopies } from "./integerArrays.ts";
import type { IntegerArrays } from "./integerArrays.ts";
import { integerAtom, integerConstant, integerScale, integerText } from "./integer.ts";
import type { Integer } from "./integer.ts";
import { visitParts } from "./visitParts.ts";
import type { Kernel } from "./kernel.ts";
import { layoutOf } from "./layout.ts";
import { Names } from "./names.ts";
import { scheduleProcedure } from "./scheduleProcedure.ts";
import { copyingKernel, fixedArrays, hasVectorLoop, inSinglePrecision, singleName } from "./singlePrecision.ts";
import type { SingleOptions } from "./singlePrecision.ts";
import type { DerivedSize } from "./sizes.ts";
import { Sizes } from "./sizes.ts";
import { STATES } from "../../runtime/webassembly/stateLanes.ts";
import { isInLanes, laneName, statesInLanes } from "./statesInLanes.ts";
import { sweepKernel } from "./sweepKernel.ts";
import type { SweepNames } from "./sweepKernel.ts";

/** A sphere, or one for each value of the free axes: Σ over `summedAxes` of array² = norm2. */
export interface SphereGeometry {
  readonly array: string;
  readonly freeAxes: readonly number[];
  readonly summedAxes: readonly number[];
  readonly norm2: Expression;
}

export interface ScheduledKernel {
  readonly kernel: Kernel;
  readonly target: "wasm" | "typescript";
  /** Why it runs there, for `explain`. */
  readonly reason: string;
  /** The array of the memory plan behind each of the kernel's arrays, in their order. */
  readonly arrays: readonly string[];
  /** Its form for small integers (`integerArrays.ts`). */
  readonly integers?: Kernel;
}

export interface PlannedArray {
  readonly name: string;
  /** Number of entries, float64 if not `single`; of an array of bits that of what they fill. */
  readonly length: Integer;
  readonly single?: true;
  /** Where `ScheduledModel.integersFit` holds: integers of so many bits. */
  readonly integer?: 8 | 16;
}

/** Kernel names of the derivatives of one scalar. */
export interface ScheduledDerivative {
  readonly of: string;
  readonly gradient?: string;
  readonly hessian?: { readonly method: "direct" | "columns"; readonly kernel: string; readonly spectrumOnly: boolean };
  /** Kernel of the Hessian-vector product. */
  readonly product?: string;
}

export type ScheduledStep = { readonly kind: "kernel"; readonly array: string; readonly kernel: string } | CallStep;

export interface ScheduledState {
  readonly name: string;
  readonly length: Integer;
  /** The copy that it belongs to, where that is another one which moves together with copy 1. */
  readonly copy?: CopyOf;
}

/** Kernel that writes the initial value of a state array of copy 1, for `= expr`; `replica` is that of a copy which starts in its own way. */
export interface ScheduledInitial { readonly state: string; readonly replica?: string; readonly kernel: string }

export interface ScheduledModel {
  readonly program: Program;
  readonly sizes: Sizes;
  /** What `createModel` computes of the parameters, before the arrays exist. */
  readonly derivedSizes: readonly DerivedSize[];
  readonly derivedReals: readonly DerivedSize[];
  readonly geometry: readonly SphereGeometry[];
  /** Sums of discrete arrays that every state has; `norm2` is the value. */
  readonly sums: readonly SphereGeometry[];
  readonly states: readonly ScheduledState[];
  readonly initials: readonly ScheduledInitial[];
  readonly kernels: readonly ScheduledKernel[];
  /** Everything but the states, their gradients, directions and products, which are parts of four vectors of the dimension, and the copies. */
  readonly memory: readonly PlannedArray[];
  /** Whether all entries of arrays of small integers fit, of parameters; absent where there are none. */
  readonly integersFit?: Expression;
  readonly prepare: readonly string[];
  /** Library calls on the disorder: made at the start of a draw, or after the kernel `after` in `prepare`. */
  readonly preparedCalls: readonly { readonly step: CallStep; readonly after?: string }[];
  /** Lists of places: made at the start of a draw, or after the kernel `after` in `prepare`. Names are of arrays of the memory plan. */
  readonly incidences: readonly ScheduledIncidence[];
  readonly reference: string;
  readonly energy: string;
  readonly energyAndGradient: string;
  /** Kernel of the gradient over a mini-batch. */
  readonly batchGradient?: string;
  /** For each term of the factor graph the kernel of its energies. */
  readonly factors?: { readonly graph: FactorGraph; readonly kernels: readonly string[] };
  readonly derivatives: readonly ScheduledDerivative[];
  readonly steps: readonly ScheduledStep[];
  /** Energy differences of local moves; absent where there are none. */
  readonly moves?: ScheduledMoves;
  /** Energies and gradients of several states at once: the kernel and where it leaves the energies, or why there is none; absent where nobody asked. */
  readonly lanes?: { readonly kernel: string; readonly energies: string; readonly states: number } | { readonly reason: string };
}

export interface ScheduledIncidence extends Incidence { readonly after?: string }

export interface ScheduledMoves {
  /** Kernel that computes what is kept, if anything is. */
  readonly initialise?: string;
  /** Kernel that computes bits from what is kept, to be run whenever that was written. */
  readonly derive?: string;
  /** Arrays of the memory plan that are kept while the state moves. */
  readonly caches: readonly string[];
  /** For each state array its kernel of attempted moves. The names are of arrays of the memory plan. */
  readonly arrays: readonly { readonly state: string; readonly kernel: string; readonly arrays: SweepNames }[];
}

export interface ScheduleOptions {
  /** Gradients and local moves in float32 (`singlePrecision.ts`). */
  readonly single?: boolean;
  /** Energies and gradients of several states at once, too (`statesInLanes.ts`). */
  readonly lanes?: boolean;
}

export function schedule(procedures: ModelProcedures, geometry: readonly SphereGeometry[] = [], sums: readonly SphereGeometry[] = [], { single = false, lanes = false }: ScheduleOptions = {}): ScheduledModel {
  const { program } = procedures;
  const sizes = new Sizes(program);
  const names = new Names(program.arrays.map((a) => a.name));
  const memory = new Map<string, PlannedArray>();
  const states = statesOf(program);
  const copies = program.arrays.filter((a) => a.origin.kind === "copy");
  const ofStates = states.flatMap((s) => Object.values(stateVectors).map((prefix) => prefix + s.name));
  const parts = new Set([...ofStates, ...ofStates.map(laneName), ...copies.map((a) => a.name)]);
  const declared = new Set(program.arrays.map((a) => a.name));
  const moves = procedures.moves === undefined || typeof procedures.moves === "string" ? undefined : procedures.moves;
  /** What the compiler has named and lives on between kernels: scratch arrays of these names are other memory. */
  const kept = new Set([...procedures.prepare, ...(moves?.initialise ? [moves.initialise] : [])].flatMap((made) => made.arrays.filter((a) => a.role === "output" && !declared.has(a.name)).flatMap((a) => [a.name, singleName(a.name)])));
  /** One place for each name and length: arrays of different names are never the same memory, as one kernel may have both. */
  const places = new Map<string, string>();
  const plan = (name: string, slots: readonly Slot[], bits = false, scratch = false, isSingle = false, perEntry = 1): string => {
    if (parts.has(name)) return name;
    const entries = layoutOf(slots, sizes).length;
    const length = bits ? integerAtom({ kind: "quotient", of: entries, divisor: integerConstant(64) }) : integerScale(perEntry, entries);
    const key = `${scratch ? "scratch " : ""}${name}: ${integerText(length)}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    let place = name;
    for (let k = 2; memory.has(place) || (scratch && place === name) || parts.has(place) || (place !== name && declared.has(place)); k++) place = `${name}_${k}`;
    places.set(key, place);
    memory.set(place, { name: place, length, ...(isSingle ? { single: true } : {}) });
    return place;
  };
  const gathered = new Set(program.batch?.gathered.map((g) => g.array));
  for (const a of program.arrays) if (a.origin.kind === "ensemble" || a.origin.kind === "data" || (a.origin.kind === "gathered" && !(single && gathered.has(a.name))) || a.origin.kind === "given") plan(a.name, a.slots);

  const kernels: ScheduledKernel[] = [];
  const addKernel = (kernel: Kernel, slots: ReadonlyMap<string, readonly Slot[]>): readonly string[] => {
    const { target, reason } = targetOf(kernel);
    const all = new Map([...slots].flatMap(([name, of]) => [[name, of], [singleName(name), of], [copyName(name), of], [laneName(name), of]] as const));
    const arrays = kernel.arrays.map((a) => plan(a.name, all.get(a.name)!, a.bits, a.role === "temporary" && kept.has(a.name), a.single, a.states));
    kernels.push({ kernel, target, reason, arrays });
    return arrays;
  };
  /** What only the disorder determines, and of that what kernels of float32 read. */
  const quenched = new Set([...program.arrays.filter((a) => a.origin.kind === "ensemble" || a.origin.kind === "data" || a.origin.kind === "given").map((a) => a.name), ...procedures.prepare.flatMap((p) => p.arrays.filter((a) => a.role === "output").map((a) => a.name)), ...procedures.preparedCalls.map((c) => c.array)]);
  const copied = new Map<string, { readonly length: Integer; readonly slots: readonly Slot[] }>();
  const inSingle = (kernel: Kernel, slots: ReadonlyMap<string, readonly Slot[]>, options: Partial<SingleOptions> = {}): Kernel => {
    if (!single) return kernel;
    const made = inSinglePrecision(kernel, { ...options, isCopied: (array) => quenched.has(array) || gathered.has(array) });
    for (const a of kernel.arrays) {
      const own = made.arrays.find((x) => x.name === singleName(a.name));
      if (own?.role === "input" && quenched.has(a.name)) copied.set(a.name, { length: a.length, slots: slots.get(a.name)! });
    }
    return made;
  };
  const add = (procedure: Procedure, wanted: string, options?: Pick<SingleOptions, "isKept">): string => {
    const kernel = scheduleProcedure({ ...procedure, name: names.fresh(wanted) }, sizes);
    const slots = new Map(procedure.arrays.map((a) => [a.name, a.slots]));
    addKernel(options ? inSingle(kernel, slots, options) : kernel, slots);
    return kernel.name;
  };
  const prepare = procedures.prepare.map((p) => add(p, p.name));
  const preparedCalls = procedures.preparedCalls.map((step) => {
    plan(step.array, program.arrays.find((a) => a.name === step.array)!.slots);
    const maker = procedures.prepare.findLastIndex((p) => p.arrays.some((a) => a.role === "output" && step.arguments.includes(a.name)));
    return { step, ...(maker < 0 ? {} : { after: prepare[maker]! }) };
  });
  const incidences = procedures.incidences.map((list): ScheduledIncidence => {
    const count = { lower: constant(1), upper: list.ranges.map(rangeLength).reduce((a, b) => apply("mul", a, b)) };
    const plain = (range: Range): readonly Slot[] => [{ range, periodic: false }];
    const maker = procedures.prepare.findIndex((p) => p.arrays.some((a) => a.role === "output" && a.name === list.of));
    return {
      ...list, starts: plan(list.starts, plain({ lower: list.values.lower, upper: apply("add", list.values.upper, constant(1)) })), places: list.places.map((name) => plan(name, plain(count))),
      ...(maker < 0 ? {} : { after: prepare[maker]! }),
    };
  });
  const energy = add(procedures.energy, "energy");
  const energyAndGradient = add(procedures.energyAndGradient, "energyAndGradient", procedures.gradientRefusal === undefined ? {} : undefined);
  const inLanes = lanes ? ofSeveralStates() : undefined;
  // Mini-batches are gathered in the precision in which they are read.
  const batchGradient = procedures.batchGradient && add(procedures.batchGradient, "energyAndGradientOfBatch", {});
  for (const { of, array } of single ? (program.batch?.gathered ?? []) : []) {
    const slotsOf = (name: string): readonly Slot[] => program.arrays.find((a) => a.name === name)!.slots;
    if (memory.has(singleName(array))) copied.set(of, { length: layoutOf(slotsOf(of), sizes).length, slots: slotsOf(of) });
    else plan(array, slotsOf(array));
  }
  const factors = procedures.factors && { graph: procedures.factors.graph, kernels: procedures.factors.procedures.map((p) => add(p, p.name)) };
  const reference = add(procedures.reference, "reference");
  // What is recorded is float64, gradients too.
  const isRecorded = procedures.observables.some((step) => step.kind === "call" && isDerivativeCall(step.function) && step.arguments[0] === program.energy);
  const isSingle = kernels.some(({ kernel }) => kernel.name === energyAndGradient && kernel.arrays.some((a) => a.single));
  const derivatives = procedures.derivatives.map((d): ScheduledDerivative => {
    const gradient = d.of === program.energy && !(isSingle && isRecorded) ? energyAndGradient : d.gradient && add(d.gradient, `gradient_of_${d.of}`);
    const hessian = d.hessian && { method: d.hessian.method, kernel: add(d.hessian.procedure, `hessian_of_${d.of}`), spectrumOnly: d.hessian.spectrumOnly };
    const product = d.product && (d.product === d.hessian?.procedure ? hessian?.kernel : add(d.product, `hessianProduct_of_${d.of}`));
    return { of: d.of, ...(gradient === undefined ? {} : { gradient }), ...(hessian ? { hessian } : {}), ...(product === undefined ? {} : { product }) };
  });
  const steps = procedures.observables.map((step): ScheduledStep => {
    if (step.kind === "procedure") return { kind: "kernel", array: step.array, kernel: add(step.procedure, `observe_${step.array}`) };
    const declaration = program.arrays.find((a) => a.name === step.array);
    if (!declaration) throw new Error(`internal: ${step.array} is not declared`);
    plan(step.array, declaration.slots);
    return step;
  });
  const sweeps = (moves?.arrays ?? []).map((m) => ({ state: m.state, ...sweepKernel(m, states.find((s) => s.name === m.state)!, sizes, names.fresh(`moves_of_${m.state}`)) }));
  const fixed = new Set([
    ...sweeps.flatMap((s) => [...fixedArrays(s.kernel.body)]),
    ...[moves?.initialise, moves?.derive].flatMap((p) => (p?.statements ?? []).flatMap((s) => (s.call ? [s.target, ...s.call.arguments] : []))),
  ]);
  const caches = new Set((sweeps.some((s) => hasVectorLoop(s.kernel.body)) ? (moves?.initialise?.arrays ?? []) : []).filter((a) => a.role === "output" && a.slots.length > 0 && !a.bits && !fixed.has(a.name)).map((a) => a.name));
  const scheduled = (procedure: Procedure | undefined, wanted: string): { readonly procedure: Procedure; readonly kernel: Kernel } | undefined => procedure && { procedure, kernel: scheduleProcedure({ ...procedure, name: names.fresh(wanted) }, sizes) };
  const [ofState, ofCache] = [scheduled(moves?.initialise, "initialiseCaches"), scheduled(moves?.derive, "deriveBits")];
  const integers = moves && integersOf(procedures, moves, fixed, [...sweeps.map((s) => s.kernel), ...(ofCache ? [ofCache.kernel] : [])]);
  const ofCaches = { isKept: (array: string): boolean => single && caches.has(array), isLeft: (array: string): boolean => integers?.bits.has(array) === true };
  const inSmall = integers?.copies ?? [];
  const addMoving = (made: typeof ofState): string | undefined => {
    if (!made) return undefined;
    const slots = new Map(made.procedure.arrays.map((a) => [a.name, a.slots]));
    addKernel(inSingle(readingCopies(made.kernel, inSmall), slots, ofCaches), slots);
    return made.kernel.name;
  };
  const [initialise, derive] = [addMoving(ofState), addMoving(ofCache)];
  const outputsOf = (name: string): readonly string[] => {
    const { kernel, arrays } = kernels.find((k) => k.kernel.name === name)!;
    return arrays.filter((_, k) => kernel.arrays[k]!.role === "output");
  };
  const scheduledMoves = moves && {
    ...(initialise === undefined ? { caches: [] } : { initialise, caches: outputsOf(initialise) }),
    ...(derive === undefined ? {} : { derive }),
    arrays: sweeps.map(({ state, kernel: given, slots, names: own }) => {
      const kernel = inSingle(readingCopies(given, inSmall), slots, { ...ofCaches, copiesStates: false });
      const planned = addKernel(kernel, slots);
      const place = (name: string): string => planned[kernel.arrays.findIndex((a) => a.name === name)]!;
      return { state, kernel: kernel.name, arrays: { entries: place(own.entries), draws: place(own.draws), thresholds: place(own.thresholds), attempts: place(own.attempts), differences: place(own.differences), tally: place(own.tally) } };
    }),
  };
  const initials = (procedures.initial ?? []).map(({ state, replica, procedure }): ScheduledInitial => ({ state, ...(replica === undefined ? {} : { replica }), kernel: add(procedure, procedure.name) }));
  if (inSmall.length > 0) {
    const entries = inSmall.map((name) => ({ name, slots: program.arrays.find((a) => a.name === name)!.slots }));
    const copying = integerCopies(names.fresh("inIntegers"), entries.map(({ name, slots }) => ({ name, length: layoutOf(slots, sizes).length })));
    addKernel(copying, new Map(entries.map(({ name, slots }) => [name, slots])));
    prepare.push(copying.name);
  }
  if (copied.size > 0) {
    const copying = copyingKernel(names.fresh("inFloat32"), [...copied].map(([name, { length }]) => ({ name, length })));
    addKernel(copying, new Map([...copied].map(([name, { slots }]) => [name, slots])));
    prepare.push(copying.name);
  }
  function ofSeveralStates(): NonNullable<ScheduledModel["lanes"]> {
    const { kernel } = kernels.find((k) => k.kernel.name === energyAndGradient)!;
    if (procedures.gradientRefusal !== undefined) return { reason: "there is no gradient" };
    if (single) return { reason: "float32 is computed state by state" };
    if (kernel.arrays.some((a) => copies.some(({ name }) => name === a.name))) return { reason: "the energy reads copies that do not move" };
    const made = statesInLanes(kernel, names.fresh("energiesAndGradients"), (array) => states.every(({ name }) => name !== array));
    if ("reason" in made) return made;
    const places = addKernel(made.kernel, new Map(procedures.energyAndGradient.arrays.map((a) => [a.name, a.slots])));
    return { kernel: made.kernel.name, energies: places[made.kernel.arrays.findIndex((a) => a.name === laneName(program.energy))]!, states: STATES };
  }
  const scheduledStates = states.map((s): ScheduledState => {
    const { copy } = s.origin;
    return { name: s.name, length: layoutOf(s.slots, sizes).length, ...(copy ? { copy } : {}) };
  });
  const small = new Map<string, 8 | 16>();
  const finished = kernels.map((k): ScheduledKernel => {
    const own = k.kernel.arrays.map((a) => (a.role === "temporary" && kept.has(a.name) ? undefined : integers?.bits.get(a.name)));
    own.forEach((bits, n) => { if (bits !== undefined) small.set(k.arrays[n]!, bits); });
    return integers && own.some((bits) => bits !== undefined) ? { ...k, integers: inIntegers(k.kernel, integers) } : k;
  });
  return {
    program, sizes, derivedSizes: sizes.derived, derivedReals: sizes.derivedReals, geometry, sums, states: scheduledStates, initials, kernels: finished, memory: [...memory.values()].map((a) => { const bits = small.get(a.name); return bits === undefined ? a : { ...a, integer: bits }; }), ...(integers ? { integersFit: integers.fit } : {}),
    prepare, preparedCalls, incidences, reference, energy, energyAndGradient, ...(batchGradient === undefined ? {} : { batchGradient }), ...(factors ? { factors } : {}), derivatives, steps, ...(scheduledMoves ? { moves: scheduledMoves } : {}), ...(inLanes ? { lanes: inLanes } : {}),
  };
}

/** Arrays of small integers of the moves. No other kernel may read them. */
function integersOf(procedures: ModelProcedures, moves: MoveProcedures, fixed: ReadonlySet<string>, moving: readonly Kernel[]): IntegerArrays | undefined {
  const made = [...procedures.prepare, ...(moves.initialise ? [moves.initialise] : [])];
  const declared = new Set(procedures.program.arrays.map((a) => a.name));
  const ofMoves = new Set([...made, ...(moves.derive ? [moves.derive] : []), ...moves.arrays.flatMap((a) => [a.propose, a.accept, a.refresh, a.kept?.propose, a.kept?.update])]);
  const read = new Set([...fixed, ...procedures.preparedCalls.flatMap((c) => c.arguments), ...procedures.incidences.map((l) => l.of),
    ...proceduresOf(procedures).filter((p) => !ofMoves.has(p)).flatMap((p) => p.arrays.filter((a) => a.role !== "temporary").map((a) => a.name))]);
  const candidates = made.flatMap((p) => p.arrays.filter((a) => a.role === "output" && !a.bits && a.slots.length > 0).map((a) => a.name));
  const kept = new Map(moves.arrays.flatMap((a) => [...(a.kept?.bounds ?? [])]));
  const quenched = procedures.program.arrays.filter((a) => a.status === "quenched" && a.slots.length > 0 && !fixed.has(a.name)).map((a) => a.name);
  return integerArrays({ candidates: candidates.filter((name) => !declared.has(name) && !read.has(name)), quenched, kept: [...kept.keys()] }, new Map([...integerBounds(procedures.program, made), ...kept]), moving);
}

const rangeLength = ({ lower, upper }: Range): Expression => apply("add", apply("sub", upper, lower), constant(1));

/** WASM wherever all operators have instructions, functions there, or functions that it can call: a special function keeps no matrix product from SIMD. */
function targetOf(kernel: Kernel): { readonly target: "wasm" | "typescript"; readonly reason: string } {
  const missing = new Set<OperatorName>();
  const called = new Set<string>();
  let vectors = 0;
  const isSingle = kernel.arrays.some((a) => a.single);
  visitParts(kernel.body, {
    statement: (s) => {
      if (s.kind === "for" && s.vectorisable) vectors++;
      if (s.kind === "call") called.add(nameOfKey(s.function));
    },
    scalar: (x) => {
      if (x.kind !== "apply") return;
      const { wasm, vectorFunction, typescript }: Operator = ops[x.operator];
      if (wasm === undefined && vectorFunction === undefined) (typescript.callee === undefined ? missing : called).add(x.operator);
    },
  });
  if (missing.size > 0) return { target: "typescript", reason: `no WASM form of ${[...missing].sort().join(", ")}` };
  if (isInLanes(kernel)) return { target: "wasm", reason: `starts of one sample together, ${STATES} states in the lanes of vectors of two float64: the same bits as alone` };
  const operators = called.size > 0 ? `${[...called].sort().join(", ")} by calls of JavaScript` : "all operators have instructions";
  return { target: "wasm", reason: vectors > 0 ? `${operators}; ${vectors} loop${vectors > 1 ? "s" : ""} in vectors of ${isSingle ? "four float32 where all that they walk is, else of two float64" : "two float64"}` : `${operators}; no loop walks its arrays contiguously, so float64 one by one` };
}

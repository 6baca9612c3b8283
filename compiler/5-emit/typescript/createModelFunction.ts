/** `createModel` of a generated module. */
import { distributions } from "../../library/distributions/index.ts";
import type { DistributionRecord } from "../../library/distributions/index.ts";
import { visit, type Expression } from "../../ir/expression.ts";
import { identifier } from "../../4-schedule/names.ts";
import { hessianName, stateVectors } from "../../ir/stateVectors.ts";
import { singleName } from "../../4-schedule/singlePrecision.ts";
import { intoLanes, outOfLanes } from "../../../runtime/webassembly/stateLanes.ts";
import { isInLanes, laneName } from "../../4-schedule/statesInLanes.ts";
import type { ScheduledModel, ScheduledState, SphereGeometry } from "../../4-schedule/schedule.ts";
import { initialsOf } from "../../3-passes/initialValues.ts";
import { copiesIn, coupledIn } from "../../ir/program.ts";
import type { ArrayDeclaration, BatchedEnergy, ConstraintFunctions, Initial, Origin, Slot } from "../../ir/program.ts";
import type { DerivedSize } from "../../4-schedule/sizes.ts";
import { layoutOf } from "../../4-schedule/layout.ts";
import type { EmitModuleOptions } from "./emitModule.ts";
import { lengthOfCopy, sumText } from "./lengthOfCopy.ts";
import { dataLines } from "./dataLines.ts";
import { firstBlock, observablesList, preparedCallLines, stepLines } from "./observablesList.ts";
import { printParameterCondition, printParameterExpression } from "./parameterExpression.ts";
import { printOffset } from "./scalar.ts";
import { shapeText } from "./shapeText.ts";

export function createModelFunction(m: ScheduledModel, { types }: EmitModuleOptions): string {
  const value = (e: Expression): string => printParameterExpression(e, m.sizes);
  // Sizes of the slots are asked for first, so that all derived sizes are known when they are printed.
  const draws = m.program.arrays.flatMap((a) => (a.origin.kind === "ensemble" ? [drawLine(m, a.name, a.origin, a.slots)] : []));
  const data = dataLines(m, types);
  const own = m.states.filter((s) => s.copy === undefined);
  // Of several arrays some may go on from another run.
  const initial = own.map((s) => (own.length === 1 ? initialLines(m, s) : [`if (!given.has(${JSON.stringify(s.name)})) {`, ...initialLines(m, s), "}"]));
  const namesCopies = initialsOf(m.program).some((i) => i.replica !== undefined);
  const weight = m.program.batch && value(m.program.batch.weight);
  const shapes = new Map(m.states.map((s) => [s.name, shapeText(m, slotsOf(m, s.name))]));
  const observables = observablesList(m);
  const setOf = (maker: string) => (g: SphereGeometry): string => `...${maker}(${offsetOfState(m, g.array)}, ${shapes.get(g.array)!}, [${g.summedAxes.join(", ")}], ${value(g.norm2)})`;
  const spheres = m.geometry.map(setOf("spheresOf"));
  const { smooth } = m.program.constraintFunctions ?? {};
  const usesHessian = m.derivatives.some((d) => d.hessian);
  const energyHessian = m.derivatives.find((d) => d.of === m.program.energy)?.hessian;
  const vectors = m.derivatives.some((d) => d.hessian?.method === "columns" || d.product !== undefined) ? (["state", "gradient", "direction", "product"] as const) : (["state", "gradient"] as const);

  const replicas = copiesIn(m.program);
  const coupled = coupledIn(m.program);
  const matrix = m.derivatives.some((d) => d.hessian && !d.hessian.spectrumOnly) ? "dimension * dimension" : ifDense(m, "dimension * dimension");
  const vectorLengths = [...vectors.map((v) => `${v}: dimension`), ...(replicas.length > 0 ? [`copies: ${replicas.length} * ${lengthOfCopy(m)}`] : []), ...(usesHessian ? [`hessian: ${matrix}`] : []), ...laneVectors(m).map(([, vector, states]) => `${vector}: ${states} * dimension`), ...(m.lanes && "kernel" in m.lanes ? [`severalStates: ${m.lanes.states} * dimension`] : [])];
  const spectra = new Set(m.derivatives.flatMap((d) => (d.hessian?.spectrumOnly && d.hessian.method === "direct" ? [d.hessian.kernel] : [])));
  const ofSpectra = (array: string): boolean => {
    const users = m.kernels.filter(({ arrays }) => arrays.includes(array));
    return users.length > 0 && users.every(({ kernel, arrays }) => spectra.has(kernel.name) && kernel.arrays[arrays.indexOf(array)]!.role !== "input");
  };
  const arrayLengths = m.memory.map((a) => `${identifier(a.name)}: ${ofSpectra(a.name) ? ifDense(m, printOffset(a.length)) : printOffset(a.length)}`);
  const singles = m.memory.flatMap((a) => (a.single ? [JSON.stringify(identifier(a.name))] : []));
  const integers = m.memory.flatMap((a) => (a.integer === undefined ? [] : [`${identifier(a.name)}: ${a.integer}`]));
  const fit = m.integersFit && integers.length > 0 ? `{ fit: ${printParameterCondition(m.integersFit, m.sizes)}, bits: { ${integers.join(", ")} } }` : undefined;
  const parts = vectors.flatMap((v) => m.states.map((s) => [`${stateVectors[v]}${s.name}`, v, s] as const));
  const partLine = ([name, vector, s]: (typeof parts)[number]): string => {
    const start = offsetOfState(m, s.name);
    return `const ${identifier(name)} = vector.${vector}.subarray(${start}, ${sumText([start, printOffset(s.length)])});`;
  };
  const copyLines = new Map([...copyLinesOf(m, replicas), ...laneLinesOf(m)]);
  const place = (name: string): string => (parts.some(([part]) => part === name) || copyLines.has(name) ? identifier(name) : `array.${identifier(name)}`);
  const bind = m.kernels.filter(({ kernel }) => kernel.name !== m.batchGradient).map(({ kernel, arrays }) => {
    const inputs = [...kernel.sizes.map(identifier), ...kernel.reals.map(identifier), ...arrays.map(place)];
    return `${identifier(kernel.name)}: bind(${[JSON.stringify(kernel.name), isInLanes(kernel) ? "onlyInWasm" : identifier(kernel.name), ...inputs].join(", ")}),`;
  });
  const usedParts = parts.filter(([name]) => m.kernels.some((k) => k.arrays.includes(name)) || m.states.some((s) => s.name === name));
  const named = m.program.parameters.filter((p) => p.boundBy === undefined).map((p) => (identifier(p.name) === p.name ? p.name : `${propertyName(p.name)}: ${identifier(p.name)}`));
  const body = [
    ...(named.length > 0 ? [`const { ${named.join(", ")} } = { ...parameters, ...given };`] : []),
    ...data.read,
    ...derivedLines(m),
    `const dimension = ${sumText(m.states.map((s) => printOffset(s.length)))};`,
    `const { vector, array, bind, target, memory } = allocate({ ${vectorLengths.join(", ")} }, { ${arrayLengths.join(", ")} }, wasm, options.target, options.memory${singles.length > 0 || fit !== undefined ? `, [${singles.join(", ")}]` : ""}${fit === undefined ? "" : `, ${fit}`});`,
    ...data.store,
    ...usedParts.map(partLine),
    ...copyLines.values(),
    ...(smooth ? [] : [`const spheres${types ? ": Sphere[]" : ""} = [${spheres.join(", ")}];`]),
    ...(m.sums.length > 0 ? [`const sums = [${m.sums.map(setOf("sumsOf")).join(", ")}];`] : []),
    `const run = {\n${bind.join("\n")}\n};`,
    ...(m.derivatives.some((d) => d.hessian) ? m.derivatives.flatMap((d) => hessianLine(m, d.of)) : []),
    ...(smooth ? [`const spheres = ${smoothConstraints(m, smooth, "vector")};`] : []),
    ...(coupled.length > 0 && vectors.length + Number(usesHessian) > 2 ? copyOneLines(m, vectors, usesHessian) : []),
    `return completeModel({`,
    `name: ${JSON.stringify(m.program.model)}, parameters: { ${named.join(", ")} }, target, memory, spheres,${m.sums.length > 0 ? " sums," : ""}`,
    ...testedLines(m),
    `state: [${m.states.map((s) => `{ name: ${JSON.stringify(s.name)}, shape: ${shapes.get(s.name)!}, domain: ${domainText(m, s)}${s.copy ? `, copy: ${JSON.stringify(s.copy)}` : ""} }`).join(", ")}],`,
    `vectors: vector,${replicas.length > 0 ? ` copies: ${JSON.stringify(replicas)},` : ""}${coupled.length > 0 ? ` coupled: ${JSON.stringify(coupled)},` : ""}`,
    `draw(seed${types ? ": number" : ""}, sample${types ? ": number" : ""}) {\n${[...(draws.length > 0 ? [`const address = { seed, model: ${JSON.stringify(m.program.model)}, sample };`, ...draws] : ["void seed, sample;"]), ...preparedCallLines(m, undefined), ...incidenceLines(m, undefined), ...m.prepare.flatMap((p) => [`run.${identifier(p)}();`, ...preparedCallLines(m, p), ...incidenceLines(m, p)])].join("\n")}\n},`,
    `ensembles: { ${m.program.arrays.filter((a) => isInput(m, a)).map((a) => `${propertyName(a.name)}: array.${identifier(a.name)}`).join(", ")} },`,
    `initialize(stream${own.length > 1 ? ", copy, given" : namesCopies ? ", copy" : ""}) {\n${[...initial.flat(), ...coupled.map((_, k) => `vector.state.copyWithin(${k + 1} * ${lengthOfCopy(m)}, 0, ${lengthOfCopy(m)});`), ...(smooth ? ["spheres.retract(vector.state);"] : []), ...repairLines(m)].join("\n")}\n},`,
    `energy: run.${identifier(m.energy)}, energyAndGradient: run.${identifier(m.energyAndGradient)}, reference: run.${identifier(m.reference)}, energyValue: array.${identifier(m.program.energy)},`,
    ...(energyHessian ? [`hessian: hessians[${JSON.stringify(m.program.energy)}],`] : []),
    ...movesLines(m),
    ...laneLines(m),
    ...(m.program.batch && m.batchGradient ? miniBatchLines(m, m.program.batch, weight!, m.batchGradient, place, types) : []),
    ...factorLines(m),
    `observables: [\n${observables.join("\n")}\n],`,
    `});`,
  ];
  const signature = types ? "given: Partial<Parameters> = {}, options: ModelOptions = {}): Model" : "given = {}, options = {})";
  return `${types ? "export " : ""}function createModel(${signature} {\n${body.join("\n")}\n}\n`;
}

/** Whether kernels only read an array: it is drawn, given, or what a library call makes of such arrays at the draw. */
function isInput(m: ScheduledModel, { name, origin, status }: ArrayDeclaration): boolean {
  if (origin.kind === "call") return status === "quenched" && m.memory.some((a) => a.name === name);
  return origin.kind === "ensemble" || origin.kind === "data" || origin.kind === "given";
}

/** Sizes and numbers that parameters determine, and the size of a mini-batch between those that it is bounded by and those that depend on it. */
function derivedLines(m: ScheduledModel): readonly string[] {
  const { batch } = m.program;
  const bound = batch ? [`const ${identifier(batch.size)} = Math.min(options.batch ?? Infinity, ${printOffset(m.sizes.count(batch.examples))});`] : [];
  const ofBatch = new Set(derivedOfBatch(m));
  return [...[...m.derivedSizes, ...m.derivedReals].filter((d) => !ofBatch.has(d)).map((d) => derivedLine(m, d)), ...bound, ...[...ofBatch].map((d) => derivedLine(m, d))];
}

const derivedLine = (m: ScheduledModel, { name, value }: DerivedSize): string => `const ${identifier(name)} = ${printParameterExpression(value, m.sizes)};`;

/** Those that depend on the size of a mini-batch, directly or through others. */
function derivedOfBatch(m: ScheduledModel): readonly DerivedSize[] {
  const names = new Set(m.program.batch ? [m.program.batch.size] : []);
  return [...m.derivedSizes, ...m.derivedReals].filter(({ name, value }) => {
    let depends = false;
    visit(value, (x) => { depends ||= x.kind === "parameter" && names.has(x.name); });
    if (depends) names.add(name);
    return depends;
  });
}

/** Where the states of the other copies are: one copy after the other in `vector.copies`, each in the order of the state vector. */
function copyLinesOf(m: ScheduledModel, replicas: readonly string[]): ReadonlyMap<string, string> {
  return new Map(m.program.arrays.flatMap(({ name, origin }): (readonly [string, string])[] => {
    if (origin.kind !== "copy") return [];
    const start = sumText([`${replicas.indexOf(origin.copy.replica)} * ${lengthOfCopy(m)}`, offsetOfState(m, origin.copy.of)]);
    const length = m.states.find((s) => s.name === origin.copy.of)!.length;
    return [[name, `const ${identifier(name)} = vector.copies.subarray(${start}, ${sumText([start, printOffset(length)])});`]];
  }));
}

/** Vectors of all thermal variables of several states in lanes, with the prefix of their parts. */
function laneVectors({ lanes }: ScheduledModel): readonly (readonly [prefix: string, vector: string, states: number])[] {
  if (!lanes || "reason" in lanes) return [];
  return [[stateVectors.state, "statesInLanes", lanes.states], [stateVectors.gradient, "gradientsInLanes", lanes.states]];
}

/** Where the state arrays of several states in lanes are, and their gradients. */
function laneLinesOf(m: ScheduledModel): ReadonlyMap<string, string> {
  return new Map(laneVectors(m).flatMap(([prefix, vector, states]) => m.states.map((s): readonly [string, string] => {
    const [name, start] = [laneName(prefix + s.name), offsetOfState(m, s.name)];
    return [name, `const ${identifier(name)} = vector.${vector}.subarray(${states} * (${start}), ${states} * (${sumText([start, printOffset(s.length)])}));`];
  })));
}

/** The kernel of several states, where kernels run as WASM. */
function laneLines({ lanes }: ScheduledModel): readonly string[] {
  if (!lanes || "reason" in lanes) return [];
  const move = (how: string, vector: string): string => `bind(${JSON.stringify(how)}, onlyInWasm, dimension, vector.severalStates, vector.${vector})`;
  return [`...(target === "wasm" ? { lanes: { count: ${lanes.states}, states: vector.severalStates, energies: array.${identifier(lanes.energies)}, enter: ${move(intoLanes, "statesInLanes")}, run: run.${identifier(lanes.kernel)}, leave: ${move(outOfLanes, "gradientsInLanes")} } } : {}),`];
}

/** The lists of places that can be made once a kernel of the preparation has run; none: before all. */
function incidenceLines(m: ScheduledModel, after: string | undefined): readonly string[] {
  const array = (name: string): string => `array.${identifier(name)}`;
  return m.incidences.filter((list) => list.after === after).map(({ of, values, starts, places, ranges }) => {
    const slots = ranges.map((r) => `{ lowest: ${printParameterExpression(r.lower, m.sizes)}, count: ${printOffset(m.sizes.count(r))} }`);
    return `listPlaces(${array(of)}, [${slots.join(", ")}], ${printParameterExpression(values.lower, m.sizes)}, ${array(starts)}, [${places.map(array).join(", ")}]);`;
  });
}

/** The constraint set that the states in `vectors` are projected on, by the kernels of its functions; the functions of copy 1 come first. */
function smoothConstraints(m: ScheduledModel, { residuals, multipliers, combined }: NonNullable<ConstraintFunctions["smooth"]>, vectors: "vector" | "copyOne"): string {
  const count = vectors === "copyOne" ? residuals.length / (coupledIn(m.program).length + 1) : residuals.length;
  const own = residuals.slice(0, count);
  const array = (name: string): string => `array.${identifier(name)}`;
  const { gradient, hessian } = m.derivatives.find((d) => d.of === combined)!;
  if (gradient === undefined) throw new Error("internal: the constraints have no gradient");
  const alone = (run: string, ...after: readonly string[]): string => (vectors === "vector" ? run : `() => {\n${[...multipliers.slice(count).map((name) => `${array(name)}.fill(0);`), `${run}();`, ...after].join("\n")}\n}`);
  const second = hessian ? [`hessian: { run: ${alone(`hessians[${JSON.stringify(combined)}]`, firstBlock(m))}, matrix: ${vectors}.hessian }`] : [];
  return `new SmoothConstraints({ ${[
    `state: ${vectors}.state, gradient: ${vectors}.gradient`,
    `residuals: [${own.map(array).join(", ")}], multipliers: [${multipliers.slice(0, count).map(array).join(", ")}]`,
    `evaluate() {\n${stepLines(m, own).join("\n")}\n}`,
    `combined: ${alone(`run.${identifier(gradient)}`)}`,
    ...second,
  ].join(",\n")} })`;
}

/** What observables see of vectors that copy 1 shares with the copies that a bias ties to it: its part, which stands first, and its constraints. */
function copyOneLines(m: ScheduledModel, vectors: readonly string[], usesHessian: boolean): readonly string[] {
  const length = lengthOfCopy(m);
  const { smooth } = m.program.constraintFunctions ?? {};
  const parts = [...vectors.map((v) => `${v}: vector.${v}.subarray(0, ${length})`), ...(usesHessian ? [`hessian: vector.hessian.subarray(0, ${length} ** 2)`] : [])];
  return [`const copyOne = { ${parts.join(", ")} };`, `const spheresOfCopyOne = ${smooth ? smoothConstraints(m, smooth, "copyOne") : `spheres.filter(({ offset }) => offset < ${length})`};`];
}

/** What states are tested for. */
function testedLines(m: ScheduledModel): readonly string[] {
  const tested = m.program.constraintFunctions?.tested ?? [];
  if (tested.length === 0) return [];
  const arrays = (relation: string): string => `[${tested.filter((t) => t.relation === relation).map((t) => `array.${identifier(t.residual)}`).join(", ")}]`;
  return [`checked: { evaluate() {\n${stepLines(m, tested.map((t) => t.residual)).join("\n")}\n}, equal: ${arrays("==")}, atMost: ${arrays("<=")} },`];
}

/** Initial states with the sums that are conserved. */
const repairLines = (m: ScheduledModel): readonly string[] => m.sums.map(({ array, summedAxes, norm2 }) =>
  `repairSums(vector.state, sumsOf(${offsetOfState(m, array)}, ${shapeText(m, slotsOf(m, array))}, [${summedAxes.join(", ")}], ${printParameterExpression(norm2, m.sizes)}), ${domainText(m, m.states.find((s) => s.name === array)!)}, ${JSON.stringify(array)}, stream(${JSON.stringify(`sum of ${array}`)}));`);

/** What `completeModel` needs for mini-batches: the kernel is bound once for each size of a batch. */
function miniBatchLines(m: ScheduledModel, batch: BatchedEnergy, weight: string, name: string, place: (array: string) => string, types: boolean): readonly string[] {
  const { kernel, arrays } = m.kernels.find((k) => k.kernel.name === name)!;
  const inputs = [...kernel.sizes.map(identifier), ...kernel.reals.map(identifier), ...arrays.map(place)];
  const gathered = batch.gathered.map(({ of, array, axis }) => {
    const inner = slotsOf(m, of).slice(axis + 1);
    const isSingle = m.memory.some((a) => a.name === singleName(array));
    const [from, to] = [of, array].map((name) => `array.${identifier(isSingle ? singleName(name) : name)}`);
    return `{ from: ${from}, to: ${to}, inner: ${printOffset(layoutOf(inner, m.sizes).length)} }`;
  });
  return [
    `miniBatches: {`,
    `examples: ${printOffset(m.sizes.count(batch.examples))}, weight: ${weight}, gathered: [${gathered.join(", ")}], energyValue: array.${identifier(batch.energy)},`,
    `ofSize: (${identifier(batch.size)}${types ? ": number" : ""}) => {`,
    ...derivedOfBatch(m).map((d) => derivedLine(m, d)),
    `return bind(${[JSON.stringify(kernel.name), identifier(kernel.name), ...inputs].join(", ")});\n},`,
    `},`,
  ];
}

/** The kernels of the factor graph with the arrays through which they are asked. */
function factorLines({ factors }: ScheduledModel): readonly string[] {
  if (!factors) return [];
  const array = (name: string): string => `array.${identifier(name)}`;
  const terms = factors.graph.terms.map((t, k) => [
    `{ present: ${array(t.present)}, energies: ${array(t.energies)}, run: run.${identifier(factors.kernels[k]!)},`,
    `reads: [${t.reads.map((r) => `{ sites: ${array(r.sites)}, values: ${array(r.values)} }`).join(", ")}],`,
    ...(t.field ? [`field: { values: ${array(t.field.values)}, offsets: ${array(t.field.offsets)}, coefficients: [${t.field.coefficients.map((c) => array(c.array)).join(", ")}]${t.field.step ? ", isStep: true" : ""} },`] : []),
    `},`,
  ].join("\n"));
  return [`factorGraph: { terms: [\n${terms.join("\n")}\n], linear: ${JSON.stringify(factors.graph.linear)} },`];
}

/** A parameter keeps its name as a property, whatever its identifier is. */
export const propertyName = (name: string): string => (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : JSON.stringify(name));

const slotsOf = (m: ScheduledModel, name: string): readonly Slot[] => m.program.arrays.find((a) => a.name === name)!.slots;
const offsetOfState = (m: ScheduledModel, name: string): string => sumText(m.states.slice(0, m.states.findIndex((s) => s.name === name)).map((s) => printOffset(s.length)));

/** Name and arguments of what the entries of a state array can be. */
function domainText(m: ScheduledModel, s: ScheduledState): string {
  const { origin } = m.program.arrays.find((a) => a.name === s.name)!;
  if (origin.kind !== "state") throw new Error(`internal: ${s.name} is no state`);
  return `{ name: ${JSON.stringify(origin.domain.name)}, arguments: [${origin.domain.arguments.map((a) => printParameterExpression(a, m.sizes)).join(", ")}] }`;
}

/** The kernels of local moves with the arrays through which they are asked. */
function movesLines({ moves }: ScheduledModel): readonly string[] {
  if (!moves) return [];
  const array = (name: string): string => `array.${identifier(name)}`;
  const arrays = moves.arrays.map(({ kernel, arrays: a }) =>
    `{ entries: ${array(a.entries)}, draws: ${array(a.draws)}, thresholds: ${array(a.thresholds)}, attempts: ${array(a.attempts)}, differences: ${array(a.differences)}, tally: ${array(a.tally)}, run: run.${identifier(kernel)} },`);
  return [`moves: {${moves.initialise === undefined ? "" : ` initialise: run.${identifier(moves.initialise)},`}${moves.derive === undefined ? "" : ` derive: run.${identifier(moves.derive)},`} caches: [${moves.caches.map(array).join(", ")}], arrays: [\n${arrays.join("\n")}\n] },`];
}

function runtimeDistribution(name: string): string {
  const all: Readonly<Record<string, DistributionRecord | undefined>> = distributions;
  const drawn = all[name]?.runtime;
  if (drawn === undefined) throw new Error(`internal: no draws from ${name}`);
  return JSON.stringify(drawn);
}

function drawLine(m: ScheduledModel, name: string, { distribution, arguments: arguments_, stream }: Extract<Origin, { kind: "ensemble" }>, slots: readonly Slot[]): string {
  const values = arguments_.map((a) => printParameterExpression(a, m.sizes)).join(", ");
  return `drawEnsemble(array.${identifier(name)}, ${runtimeDistribution(distribution)}, [${values}], ${shapeText(m, slots)}, { ...address, ensemble: ${JSON.stringify(stream ?? name)} });`;
}

/** The initial state of one array of copy 1: its own expression, its own distribution, or uniform on what it may be; copies that start in their own way. */
function initialLines(m: ScheduledModel, s: ScheduledState): readonly string[] {
  const own = initialsOf(m.program).filter((i) => i.state === s.name);
  const usual = waysToStart(m, s, own.find((i) => i.replica === undefined)?.initial, undefined);
  return own.reduce<readonly string[]>((otherwise, { replica, initial }) => (replica === undefined ? otherwise
    : [`if (copy === ${JSON.stringify(replica)}) {`, ...waysToStart(m, s, initial, replica), "} else {", ...otherwise, "}"]), usual);
}

function waysToStart(m: ScheduledModel, s: ScheduledState, initial: Initial | undefined, replica: string | undefined): readonly string[] {
  const declaration = m.program.arrays.find((a) => a.name === s.name)!;
  if (declaration.origin.kind !== "state") throw new Error(`internal: ${s.name} is no state`);
  const { domain } = declaration.origin;
  const values = (arguments_: readonly Expression[]): string => `[${arguments_.map((a) => printParameterExpression(a, m.sizes)).join(", ")}]`;
  const kernel = m.initials.find((i) => i.state === s.name && i.replica === replica)?.kernel;
  const stream = `stream(${JSON.stringify(s.name)})`;
  const noise = initial?.kind === "value" ? initial.noise : undefined;
  const drawn = noise ? [`initializeState(array.${identifier(noise.array)}, ${stream}, { name: ${JSON.stringify(noise.array)}, offset: 0, shape: ${shapeText(m, declaration.slots)}, spheres: [], draw: ${runtimeDistribution(noise.distribution)}, arguments: ${values(noise.arguments)} });`] : [];
  const before = kernel !== undefined ? [...drawn, `run.${identifier(kernel)}();`]
    : initial?.kind === "flip" ? [`flip(array.${identifier(initial.of)}, ${identifier(s.name)}, ${printParameterExpression(initial.fraction, m.sizes)}, ${initial.bits}, { stream: () => ${stream}, step: 0 }, "");`] : [];
  const how = before.length > 0 ? "computed: true"
    : initial?.kind === "draw" ? `draw: ${runtimeDistribution(initial.distribution)}, arguments: ${values(initial.arguments)}`
    : `domain: ${JSON.stringify(domain.name)}, arguments: ${values(domain.arguments)}`;
  return [
    ...before,
    `initializeState(${identifier(s.name)}, ${stream}, { name: ${JSON.stringify(s.name)}, offset: ${offsetOfState(m, s.name)}, shape: ${shapeText(m, declaration.slots)}, ${m.program.constraintFunctions?.smooth ? "spheres: []" : "spheres"}, ${how} });`,
  ];
}

/** A length of what only a dense Hessian needs, which is never made of many variables. */
const ifDense = (m: ScheduledModel, length: string): string => `${lengthOfCopy(m)} > linear.MOST_DENSE_VARIABLES ? 0 : ${length}`;

/** The Euclidean Hessian of one scalar, into `array.euclideanHessian`. */
function hessianLine(m: ScheduledModel, of: string): readonly string[] {
  const first = m.derivatives.find((d) => d.hessian)!.of === of;
  const all = m.derivatives.filter((d) => d.hessian);
  if (!first) return [];
  const entries = all.map((d) => {
    const { method, kernel } = d.hessian!;
    const run = `run.${identifier(kernel)}`;
    if (method === "columns") return `${JSON.stringify(d.of)}: () => linear.hessianByColumns(${run}, vector.direction, vector.product, vector.hessian),`;
    const scheduled = m.kernels.find((k) => k.kernel.name === kernel)!;
    const blocks = m.states.flatMap((a, r) => m.states.slice(r).flatMap((b) => {
      const position = scheduled.kernel.arrays.findIndex((x) => x.name === hessianName(a.name, b.name));
      if (position < 0) return [];
      return [`{ row: ${offsetOfState(m, a.name)}, rows: ${printOffset(a.length)}, column: ${offsetOfState(m, b.name)}, columns: ${printOffset(b.length)}, entries: array.${identifier(scheduled.arrays[position]!)} }`];
    }));
    return `${JSON.stringify(d.of)}: () => linear.hessianFromBlocks(${run}, [${blocks.join(", ")}], vector.hessian, dimension),`;
  });
  return [`const hessians = {\n${entries.join("\n")}\n};`];
}

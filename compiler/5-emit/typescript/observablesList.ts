/** The observables of a generated model: for each the steps that it needs, and no others. */
import { identifier } from "../../4-schedule/names.ts";
import { isDerivativeCall } from "../../3-passes/observableSteps.ts";
import { integerProduct } from "../../4-schedule/integer.ts";
import type { CallStep } from "../../3-passes/procedures.ts";
import type { ScheduledModel, ScheduledStep } from "../../4-schedule/schedule.ts";
import { coupledIn } from "../../ir/program.ts";
import { lengthOfCopy } from "./lengthOfCopy.ts";
import { printOffset } from "./scalar.ts";
import { libraryFunctions } from "../../library/functions/index.ts";
import type { LibraryFunction } from "../../library/functions/index.ts";
import { printParameterExpression } from "./parameterExpression.ts";
import { shapeOf } from "./shapeText.ts";

export function observablesList(m: ScheduledModel): readonly string[] {
  const names = m.program.observables;
  return names.map((name) => {
    const lines = new Map<string, readonly string[]>();
    const copies = new Set<string>();
    require(m, name, lines, copies);
    return `{ name: ${JSON.stringify(name)}, shape: ${shapeOf(m, name)}, value: array.${identifier(name)}, ${copies.size > 0 ? `copies: ${JSON.stringify([...copies])}, ` : ""}compute(${drawsRandomNumbers(m, lines) ? "noise" : ""}) {\n${[...lines.values()].flat().join("\n")}\n} },`;
  });
}

/** Whether a function is a fold over states, which remembers the evaluations of a task. */
function isFold(name: string): boolean {
  const all: Readonly<Record<string, LibraryFunction | undefined>> = libraryFunctions;
  return all[name]?.fold === true;
}

/** Functions that draw random numbers at every evaluation. */
const randomCalls: ReadonlySet<string> = new Set(["flip", "flipBits", "traceEstimate", "hessianSpectrum"]);
const drawsRandomNumbers = (m: ScheduledModel, lines: ReadonlyMap<string, unknown>): boolean =>
  m.steps.some((s) => s.kind === "call" && (randomCalls.has(s.function) || isFold(s.function)) && lines.has(s.array));

/** The lines that compute some arrays of the program, each once. */
export function stepLines(m: ScheduledModel, names: readonly string[]): readonly string[] {
  const lines = new Map<string, readonly string[]>();
  for (const name of names) require(m, name, lines, new Set());
  return [...lines.values()].flat();
}

/** The lines of the calls on the disorder that come after a kernel of the preparation; none: before all. */
export const preparedCallLines = (m: ScheduledModel, after: string | undefined): readonly string[] =>
  m.preparedCalls.filter((call) => call.after === after).flatMap(({ step }) => callLines(m, step));

/** Collects the lines that make `name`, after those that make what it reads, and the names of the copies that are read. */
function require(m: ScheduledModel, name: string, lines: Map<string, readonly string[]>, copies: Set<string>): void {
  if (lines.has(name)) return;
  if (name === m.program.energy) {
    lines.set(name, [`run.${identifier(m.energy)}();`]);
    return;
  }
  const step = m.steps.find((s) => s.array === name);
  // States, quenched arrays and parameters are there already.
  if (!step) {
    const origin = m.program.arrays.find((a) => a.name === name)?.origin;
    if (origin?.kind === "copy") copies.add(origin.copy.replica);
    return;
  }
  for (const input of inputsOf(m, step)) require(m, input, lines, copies);
  lines.set(name, step.kind === "kernel" ? [`run.${identifier(step.kernel)}();`] : callLines(m, step));
}

function inputsOf(m: ScheduledModel, step: ScheduledStep): readonly string[] {
  if (step.kind === "kernel") return m.kernels.find((k) => k.kernel.name === step.kernel)!.kernel.arrays.filter((a) => a.role === "input").map((a) => a.name);
  // Derivatives run kernels of their own; other functions take arrays.
  return isDerivativeCall(step.function) ? (step.at ?? []).map((s) => s.array) : step.arguments;
}

/** Where the entries of an array are: parts of state vectors have constants of their own. */
const placeOf = (m: ScheduledModel, name: string): string =>
  m.states.some((s) => s.name === name) || m.program.arrays.some((a) => a.name === name && a.origin.kind === "copy") ? identifier(name) : `array.${identifier(name)}`;

/** One call, or one for each value of some indices. */
function callLines(m: ScheduledModel, step: CallStep): readonly string[] {
  const { each } = step;
  const all = `array.${identifier(step.array)}`;
  const given = step.arguments.map((name) => placeOf(m, name));
  const blocks = given.map((_, k) => `block${k + 1}`);
  const lines = atStates(m, step, callInto(m, step, each ? "out" : all, each && !each.selected ? blocks : given));
  if (!each) return lines;
  if (!each.selected) {
    const count = each.ranges.map((r) => m.sizes.count(r)).reduce(integerProduct);
    return [`linear.eachBlock(${printOffset(count)}, [${given.join(", ")}], ${all}, ([${blocks.join(", ")}], out${isFold(step.function) ? ", block" : ""}) => {`, ...lines, "});"];
  }
  const ranges = each.ranges.map((r) => `[${printParameterExpression(r.lower, m.sizes)}, ${printParameterExpression(r.upper, m.sizes)}]`);
  return [`linear.eachValue([${ranges.join(", ")}], [${each.selected.map((name) => `array.${identifier(name)}`).join(", ")}], ${all}, (out) => {`, ...lines, "});"];
}

/** A derivative at another copy, or at other states: the kernels see them in the place of those of copy 1. */
function atStates(m: ScheduledModel, { at }: CallStep, lines: readonly string[]): readonly string[] {
  if (at === undefined) return lines;
  return [`linear.atStates([${at.map(({ state, array }) => `[${placeOf(m, state)}, ${placeOf(m, array)}]`).join(", ")}], () => {`, ...lines, "});"];
}

/** Makes the block of copy 1 the whole Hessian. */
export const firstBlock = (m: ScheduledModel): string => `linear.firstBlock(vector.hessian, dimension, ${lengthOfCopy(m)});`;

/** @param given where the arguments are */
function callInto(m: ScheduledModel, step: CallStep, out: string, given: readonly string[]): readonly string[] {
  const [first] = step.arguments;
  const derivative = m.derivatives.find((d) => d.of === first);
  const gradient = derivative?.gradient === undefined ? undefined : `run.${identifier(derivative.gradient)}();`;
  const biased = coupledIn(m.program).length > 0;
  const vectors = biased ? "copyOne" : "vector";
  const spheres = biased ? "spheresOfCopyOne" : "spheres";
  const euclidean = `hessians[${JSON.stringify(first)}]();${biased ? ` ${firstBlock(m)}` : ""}`;
  switch (step.function) {
    case "flip": case "flipBits": {
      return [`flip(${given[0]}, ${out}, ${printParameterExpression(step.options!["fraction"]!, m.sizes)}, ${step.function === "flipBits"}, noise, ${JSON.stringify(step.array)});`];
    }
    case "grad":
      if (gradient === undefined) throw new Error(`internal: no gradient of ${first} was compiled`);
      // Copies that a bias ties to copy 1 stand behind it in the state vector; the gradient is that by copy 1.
      return !biased
        ? [gradient, `linear.projectGradient(spheres, vector.state, vector.gradient, ${out});`]
        : [gradient, "linear.projectGradient(spheres, vector.state, vector.gradient, vector.gradient);", `${out}.set(vector.gradient.subarray(0, ${lengthOfCopy(m)}));`];
    case "hessian":
      if (gradient === undefined || !derivative?.hessian) throw new Error(`internal: no Hessian of ${first} was compiled`);
      return [gradient, euclidean, `linear.tangentHessian(${spheres}, ${vectors}.state, ${vectors}.gradient, ${vectors}.hessian, ${out});`];
    case "eigenvalues": return [`linear.eigenvalues(${given[0]}, ${out});`];
    case "hessianSpectrum": case "traceEstimate": {
      if (gradient === undefined || derivative?.product === undefined) throw new Error(`internal: no Hessian-vector product of ${first} was compiled`);
      const product = `{ run: run.${identifier(derivative.product)}, direction: ${vectors}.direction, product: ${vectors}.product }`;
      const lines = [gradient, ...(biased ? ["vector.direction.fill(0);"] : [])];
      if (step.function === "hessianSpectrum") {
        const dense = `() => { ${euclidean} return ${vectors}.hessian; }`;
        return [...lines, `linear.hessianSpectrum(${spheres}, ${vectors}.state, ${vectors}.gradient, { dense: ${dense}, product: ${product} }, noise, ${JSON.stringify(step.array)}, ${out});`];
      }
      return [...lines, `${out}[0] = linear.traceEstimate(${spheres}, ${vectors}.state, ${vectors}.gradient, ${product}, ${printParameterExpression(step.options!["probes"]!, m.sizes)}, noise, ${JSON.stringify(step.array)});`];
    }
    case "det": return [`${out}[0] = linear.determinant(${given[0]});`];
    default: {
      if (!step.function.includes("@")) throw new Error(`internal: the runtime has no function ${step.function} of arrays`);
      const leading = step.each?.ranges.length ?? 0;
      const arrays = step.arguments.map((name, k) => `{ values: ${given[k]}, shape: ${shapeOf(m, name, leading)} }`).join(", ");
      return [isFold(step.function) ? `applyFold(${JSON.stringify(step.function)}, [${arrays}], ${out}, noise, ${step.each ? `\`${step.array} \${block}\`` : JSON.stringify(step.array)});`
        : `applyFunction(${JSON.stringify(step.function)}, [${arrays}], ${out});`];
    }
  }
}

/** The observables of a generated model: for each the steps that it needs, and no others. */
import { identifier } from "../../4-schedule/names.ts";
import { isDerivativeCall } from "../../3-passes/observableSteps.ts";
import type { ScheduledModel, ScheduledStep } from "../../4-schedule/schedule.ts";
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
  return isDerivativeCall(step.function) ? [] : step.arguments;
}

/** Where the entries of an array are: parts of state vectors have constants of their own. */
const placeOf = (m: ScheduledModel, name: string): string =>
  m.states.some((s) => s.name === name) || m.program.arrays.some((a) => a.name === name && a.origin.kind === "copy") ? identifier(name) : `array.${identifier(name)}`;

function callLines(m: ScheduledModel, step: Extract<ScheduledStep, { kind: "call" }>): readonly string[] {
  const out = `array.${identifier(step.array)}`;
  const [first] = step.arguments;
  const derivative = m.derivatives.find((d) => d.of === first);
  const gradient = derivative?.gradient === undefined ? undefined : `run.${identifier(derivative.gradient)}();`;
  switch (step.function) {
    case "flip": case "flipBits": {
      return [`flip(${placeOf(m, first!)}, ${out}, ${printParameterExpression(step.options!["fraction"]!, m.sizes)}, ${step.function === "flipBits"}, noise, ${JSON.stringify(step.array)});`];
    }
    case "grad":
      if (gradient === undefined) throw new Error(`internal: no gradient of ${first} was compiled`);
      return [gradient, `linear.projectGradient(spheres, vector.state, vector.gradient, ${out});`];
    case "hessian":
      if (gradient === undefined || !derivative?.hessian) throw new Error(`internal: no Hessian of ${first} was compiled`);
      return [gradient, `hessians[${JSON.stringify(first)}]();`, `linear.tangentHessian(spheres, vector.state, vector.gradient, vector.hessian, ${out});`];
    case "eigenvalues": return [`linear.eigenvalues(array.${identifier(first!)}, ${out});`];
    case "hessianSpectrum": case "traceEstimate": {
      if (gradient === undefined || derivative?.product === undefined) throw new Error(`internal: no Hessian-vector product of ${first} was compiled`);
      const product = `{ run: run.${identifier(derivative.product)}, direction: vector.direction, product: vector.product }`;
      if (step.function === "hessianSpectrum") {
        const dense = `() => { hessians[${JSON.stringify(first)}](); return vector.hessian; }`;
        return [gradient, `linear.hessianSpectrum(spheres, vector.state, vector.gradient, { dense: ${dense}, product: ${product} }, noise, ${JSON.stringify(step.array)}, ${out});`];
      }
      return [gradient, `${out}[0] = linear.traceEstimate(spheres, vector.state, vector.gradient, ${product}, ${printParameterExpression(step.options!["probes"]!, m.sizes)}, noise, ${JSON.stringify(step.array)});`];
    }
    case "trace": return [`${out}[0] = linear.trace(array.${identifier(first!)});`];
    case "det": return [`${out}[0] = linear.determinant(array.${identifier(first!)});`];
    default: {
      if (!step.function.includes("@")) throw new Error(`internal: the runtime has no function ${step.function} of arrays`);
      const given = step.arguments.map((name) => `{ values: ${placeOf(m, name)}, shape: ${shapeOf(m, name)} }`).join(", ");
      return [`${isFold(step.function) ? "applyFold" : "applyFunction"}(${JSON.stringify(step.function)}, [${given}], ${out}${isFold(step.function) ? `, noise, ${JSON.stringify(step.array)}` : ""});`];
    }
  }
}

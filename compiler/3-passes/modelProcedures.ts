/** From a program to everything of it that becomes kernels. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Procedure } from "../ir/procedure.ts";
import { findArray, type Program } from "../ir/program.ts";
import { libraryCallIn } from "../ir/libraryCallIn.ts";
import { moveProcedures } from "./delta/moveProcedures.ts";
import { explanations } from "./explanations.ts";
import { initialValues, initialsOf } from "./initialValues.ts";
import { miniBatch } from "./miniBatch.ts";
import { factorGraph } from "./factorGraph.ts";
import { factorProcedures, quenchedArraysOf } from "./factorProcedures.ts";
import { surrogate, type SurrogateForm } from "./surrogate.ts";
import { isDerivativeCall, observableSteps } from "./observableSteps.ts";
import { programPasses } from "./passes.ts";
import { Preparation } from "./preparation.ts";
import { proceduresOf } from "./procedures.ts";
import type { ModelProcedures } from "./procedures.ts";
import { columnProduct, gradientProcedure, hessianProcedure, referenceProcedure, stateArrays, valueProcedure } from "./scalarProcedure.ts";
import { isRefusal, type Refusal } from "./valueDerivative.ts";

export interface ModelProceduresResult {
  readonly procedures: ModelProcedures;
  /** Derivatives that observables ask for and that do not exist, as errors at the observable's place. */
  readonly diagnostics: readonly Diagnostic[];
  /** For `explain`: what was packed, hoisted and contracted, operation counts, memory. One sentence each. */
  readonly notes: readonly string[];
}

export interface ModelProceduresOptions {
  /** Derive the energy's Hessian even if no observable asks for it (a dynamics that needs it). */
  readonly energyHessian?: boolean;
  /** Derive energy differences of local moves. */
  readonly moves?: boolean;
  /** Derive the gradient over a mini-batch (a dynamics that takes it): of the energy, or of its differentiable surrogate in some form. */
  readonly miniBatches?: boolean | SurrogateForm;
  /** Derive the factor graph of the energy (message passing). */
  readonly factorGraph?: boolean;
}

/**
 * When the energy has no gradient, `procedures.gradientRefusal` says why and `energyAndGradient` has the energy as its only output:
 * a dynamics that needs a gradient is then refused by the caller, with that reason.
 */
export function modelProcedures(source: Program, options: ModelProceduresOptions = {}): ModelProceduresResult {
  const whole = programPasses.reduce((p, [, pass]) => pass(p), source);
  const batched = typeof options.miniBatches === "string" ? surrogateBatch(whole, options.miniBatches) : options.miniBatches ? miniBatch(whole) : whole;
  const plain = isRefusal(batched) ? whole : batched;
  const graph = options.factorGraph ? factorGraph(plain) : undefined;
  const program = graph && !isRefusal(graph) ? graph.program : plain;
  const preparation = new Preparation(program);
  const states = stateArrays(program);
  const diagnostics: Diagnostic[] = [];
  const refuse = (code: string, message: string): void => void diagnostics.push({
    severity: "error", code, message, labels: [{ span: findArray(program, program.energy).span, message: "" }], arguments: { energy: program.energy },
  });
  const refuseBatches = (reason: string): void => refuse("Q351", `\`${program.energy}\` has no mini-batches: ${reason}`);
  if (isRefusal(batched)) refuseBatches(batched.refused);

  const reference = referenceProcedure(program, preparation, program.energy);
  const energy = valueProcedure(program, preparation, program.energy);
  const gradient = gradientProcedure(energy, program.energy, states);
  const batchGradient = program.batch && gradientProcedure(valueProcedure(program, preparation, program.batch.energy), program.batch.energy, states);
  if (batchGradient && isRefusal(batchGradient)) refuseBatches(batchGradient.refused);
  for (const { of } of program.batch?.gathered ?? []) {
    const array = findArray(program, of);
    if (array.origin.kind === "definition") preparation.define(array, array.origin);
  }
  const observables = observableSteps(program, preparation);
  const initial = initialValues(program, preparation);

  const factors = graph && !isRefusal(graph) ? { graph, procedures: factorProcedures(graph, preparation) } : undefined;
  if (graph && isRefusal(graph)) refuse("Q352", `\`${program.energy}\` has no factor graph: ${graph.refused}`);
  const moves = options.moves ? moveProcedures(program, preparation) : undefined;

  const wanted = new Map<string, { hessian: boolean; matrix: boolean; product: boolean; by: string[] }>();
  const want = (of: string, kind: string, by: string): void => {
    const entry = wanted.get(of) ?? { hessian: false, matrix: false, product: false, by: [] };
    const hessian = kind !== "grad" && kind !== "traceEstimate";
    const spectrum = kind === "hessianSpectrum";
    wanted.set(of, { hessian: entry.hessian || hessian, matrix: entry.matrix || (hessian && !spectrum), product: entry.product || spectrum || kind === "traceEstimate", by: [...entry.by, by] });
  };
  if (options.energyHessian) want(program.energy, "hessian", program.energy);
  for (const step of observables) if (step.kind === "call" && isDerivativeCall(step.function)) want(step.arguments[0]!, step.function, step.array);
  const { smooth } = program.constraintFunctions ?? {};
  if (smooth) want(smooth.combined, [...wanted.values()].some((w) => w.hessian || w.product) ? "hessian" : "grad", smooth.residuals[0]!);
  const derivatives = [...wanted].map(([of, { hessian: wantHessian, matrix, product: wantProduct, by }]): ModelProcedures["derivatives"][number] => {
    const call = of === program.energy ? undefined : libraryCallIn(program, of, "kernels");
    const value = of === program.energy ? energy : call === undefined ? valueProcedure(program, preparation, of) : undefined;
    const first = value === undefined ? { refused: `it depends on ${call}` } : value === energy ? gradient : gradientProcedure(value, of, states);
    const second = isRefusal(first) || !wantHessian ? undefined : hessianProcedure(program, preparation, of, value!, first);
    const third = isRefusal(first) || !wantProduct ? undefined
      : second && !isRefusal(second) && second.method === "columns" ? second.procedure : columnProduct(first, of, states);
    const refusal = [first, second, third].find((d) => d !== undefined && isRefusal(d));
    if (refusal && isRefusal(refusal)) {
      diagnostics.push({
        severity: "error", code: "Q350", message: `${of === smooth?.combined ? "a constraint" : `\`${of}\``} cannot be differentiated: ${refusal.refused}`,
        labels: [{ span: findArray(program, by[0]!).span, message: `its ${wantHessian || wantProduct ? "Hessian" : "gradient"} is needed here` }], arguments: { name: of },
      });
    }
    return {
      of,
      // The Riemannian Hessian needs the gradient too, for the curvature of the constraint.
      ...(isRefusal(first) ? {} : { gradient: first }),
      ...(second && !isRefusal(second) ? { hessian: { ...second, spectrumOnly: !matrix } } : {}),
      ...(third && !isRefusal(third) ? { product: third } : {}),
    };
  });

  // What calls read is computed too.
  const roots = [...observables.flatMap((o) => (o.kind === "call" ? [...o.arguments, ...(o.at ?? []).map((s) => s.array)] : [])), ...(program.batch?.gathered ?? []).map((g) => g.of), ...(graph && !isRefusal(graph) ? quenchedArraysOf(graph) : []), ...initialsOf(program).flatMap(({ initial: i }) => (i.kind === "flip" ? [i.of] : []))];
  const unprepared: ModelProcedures = {
    program,
    prepare: [], preparedCalls: [], incidences: [],
    reference,
    energy: { ...energy, name: "energy", doc: `The energy ${program.energy}.` },
    energyAndGradient: isRefusal(gradient)
      ? { ...energy, name: "energyAndGradient", doc: `The energy ${program.energy}; it has no gradient.` }
      : { ...gradient, name: "energyAndGradient", doc: `The energy ${program.energy} and its Euclidean gradient.` },
    ...(isRefusal(gradient) ? { gradientRefusal: gradient.refused } : {}),
    ...(batchGradient && !isRefusal(batchGradient) ? { batchGradient } : {}),
    ...(factors ? { factors } : {}),
    initial,
    ...(moves === undefined ? {} : { moves }),
    derivatives,
    observables,
  };
  const procedures = { ...unprepared, ...neededPreparation(preparation, proceduresOf(unprepared), roots) };
  return { procedures, diagnostics, notes: [...preparation.notes, ...explanations(procedures)] };
}

function surrogateBatch(program: Program, form: SurrogateForm): Program | Refusal {
  const made = surrogate(program, form);
  return isRefusal(made) ? made : miniBatch(made.program, made.energy);
}

/** What something reads of the preparation, directly or through others. */
function neededPreparation(all: Preparation, users: readonly Procedure[], roots: readonly string[]): Pick<ModelProcedures, "prepare" | "preparedCalls" | "incidences"> {
  const needed = new Set(roots);
  const names = (p: Procedure, role: "input" | "output"): readonly string[] => p.arrays.filter((a) => a.role === role).map((a) => a.name);
  for (const p of users) for (const name of names(p, "input")) needed.add(name);
  const isNeeded = (made: readonly string[]): boolean => made.some((name) => needed.has(name));
  for (let before = -1; before < needed.size; ) {
    before = needed.size;
    for (const list of all.incidences) if (isNeeded([list.starts, ...list.places])) needed.add(list.of);
    for (const call of all.calls) if (isNeeded([call.array])) for (const name of call.arguments) needed.add(name);
    for (const p of all.procedures) if (isNeeded(names(p, "output"))) for (const name of names(p, "input")) needed.add(name);
  }
  return { prepare: all.procedures.filter((p) => isNeeded(names(p, "output"))), preparedCalls: all.calls.filter((call) => isNeeded([call.array])), incidences: all.incidences.filter((list) => isNeeded([list.starts, ...list.places])) };
}

/** The back half of the pipeline: from a model's program to its code. */
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { constraintFunctions } from "./3-passes/constraintFunctions.ts";
import { modelProcedures, type ModelProceduresOptions } from "./3-passes/modelProcedures.ts";
import { proceduresOf } from "./3-passes/procedures.ts";
import type { ModelProcedures } from "./3-passes/procedures.ts";
import { schedule } from "./4-schedule/schedule.ts";
import type { ScheduledModel } from "./4-schedule/schedule.ts";
import { emitModule } from "./5-emit/typescript/emitModule.ts";
import { emitWasm } from "./5-emit/wasm/emitWasm.ts";
import type { EmittedWasm } from "./5-emit/wasm/emitWasm.ts";
import { assertVerified } from "./ir/verify.ts";
import { findArray, type Program } from "./ir/program.ts";
import { constantsWith, type MeasuredConstants } from "../runtime/measuredConstants.ts";
import { withinStack } from "./tooDeep.ts";
import { constraintSet } from "./library/recognisers/constraintSet.ts";

export interface GeneratedModel {
  readonly ok: true;
  readonly program: Program;
  readonly procedures: ModelProcedures;
  readonly scheduled: ScheduledModel;
  /** Body of the function that `runtime/loadModule.ts` evaluates. */
  readonly javascript: string;
  readonly wasm: EmittedWasm;
  /** What was packed, hoisted and contracted, with costs; one sentence each. */
  readonly notes: readonly string[];
}

export interface GenerateOptions {
  /** The energy's Hessian even if no observable asks for it, where it has one; its matrix takes memory quadratic in the number of variables. */
  readonly hessian?: boolean;
  /** Energy differences of local moves. By default of models with variables that are not plain real numbers. */
  readonly moves?: boolean;
  /** The gradient over mini-batches, which some dynamics take. */
  readonly miniBatches?: ModelProceduresOptions["miniBatches"];
  /** The energy as a factor graph, for message passing. */
  readonly factorGraph?: boolean;
  /** Fused multiply-adds in WASM. */
  readonly fused?: boolean;
  /** Kernels of gradients and local moves in float32. */
  readonly single?: boolean;
  /** Energies and gradients of several states at once, in lanes, where that is faster. */
  readonly lanes?: boolean;
  /** Of a settings file. */
  readonly constants?: Partial<MeasuredConstants>;
}

/** The code of a model, or why it can't be generated. */
export function generateModel(program: Program, options: GenerateOptions = {}): Generated {
  const energy = findArray(program, program.energy).span ?? { start: 0, end: 0 };
  return withinStack(energy, () => generate(program, options), (diagnostic): Generated => ({ ok: false, diagnostics: [diagnostic] }));
}

type Generated = GeneratedModel | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

function generate(program: Program, options: GenerateOptions): Generated {
  assertVerified("2-lower", program);
  const set = constraintSet(program);
  if (set.refused.length > 0) throw new Error(`internal: ${program.model} was compiled although ${set.refused[0]!.reason}`);
  const source = constraintFunctions(program, set.smooth, set.tested);
  const wanted = {
    moves: options.moves ?? program.arrays.some((a) => a.origin.kind === "state" && a.origin.domain.name !== "real"),
    miniBatches: options.miniBatches ?? false,
    factorGraph: options.factorGraph ?? false,
  };
  const asked = modelProcedures(source, { ...wanted, energyHessian: options.hessian === true });
  const { procedures, diagnostics, notes } = asked.diagnostics.length > 0 && options.hessian ? modelProcedures(source, wanted) : asked;
  if (diagnostics.length > 0) return { ok: false, diagnostics };
  assertVerified("3-passes", proceduresOf(procedures));
  const scheduled = schedule(procedures, set.spheres, set.sums, { single: options.single === true, lanes: options.lanes === true });
  return { ok: true, program, procedures, scheduled, javascript: emitModule(scheduled, { types: false }), wasm: emitWasm(scheduled, { fused: options.fused === true, constants: constantsWith(options.constants) }), notes };
}

/**
 * From the energy as written to a tensor program with its gradient, for backends that work on whole tensors and many states at once.
 */
import type { TensorInput, TensorOperand, TensorProgram, TensorStep } from "../../../runtime/backends/tensorProgram.ts";
import type { ModelProcedures } from "../../3-passes/procedures.ts";
import { simplify } from "../../3-passes/simplify.ts";
import { ops } from "../../library/ops/index.ts";
import type { Kernel } from "../kernel.ts";
import { fuseSteps, type FusedStep } from "./fuseSteps.ts";
import { lowerStatements } from "./lowerStatements.ts";
import { reverseTensors } from "./reverseTensors.ts";
import { scalarText } from "./scalarText.ts";
import { TensorGraph } from "./tensorGraph.ts";
import type { GraphStep } from "./tensorGraph.ts";
import { tensorObstacle } from "./tensorObstacle.ts";

export type TensorProgramResult =
  /** The kernels are those of the fused steps. */
  | { readonly ok: true; readonly program: TensorProgram; readonly kernels: readonly Kernel[] }
  /** `reason` continues "the energy has no tensor form: ". */
  | { readonly ok: false; readonly reason: string };

/** The tensor program of a model's reference procedure. Costs are compared at the defaults of the header parameters. */
export function tensorProgram({ program, reference }: Pick<ModelProcedures, "program" | "reference">): TensorProgramResult {
  const states = program.arrays.filter((a) => a.origin.kind === "state");
  const names = states.map((s) => s.name);
  const reason = tensorObstacle(reference, names);
  if (reason !== undefined) return { ok: false, reason };

  const graph = new TensorGraph(Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), [...program.arrays, ...program.parameters].map((x) => x.name));
  const terms = lowerStatements(graph, reference, program.energy, names);
  const inputs = new Map(graph.inputs.flatMap((i) => (i.kind === "state" ? [[i.state, i] as const] : [])));
  const gradients = reverseTensors(graph, terms, [...inputs.values()].map((i) => i.name));

  const energy = terms.map(({ value, scale }) => ({ value, scale: scalarText(simplify(scale)) }));
  const results = names.map((state) => {
    const input = inputs.get(state);
    const value = input && gradients.get(input.name);
    return { state, axes: input?.axes ?? [], ...(value ? { value } : {}) };
  });
  const outputs = [...energy.map((e) => e.value), ...results.flatMap((g) => (g.value ? [g.value] : []))];
  const { steps, inputs: used } = reachable(graph, outputs);
  const fused = fuseSteps(steps, new Set(outputs.map((o) => o.tensor)), (tensor) => graph.isThermal({ tensor, axes: [] }));
  return { ok: true, kernels: fused.kernels, program: { model: program.model, labels: graph.labels, inputs: used, steps: fused.steps.map(withPrimitive), energy, gradients: results } };
}

export const operandsOf = (step: GraphStep | TensorStep): readonly TensorOperand[] =>
  step.kind === "contract" ? [step.left, step.right] : step.kind === "reduce" ? [step.operand] : step.operands;

/** What the outputs need; states always stay, since their order is that of the state vector. */
function reachable(graph: TensorGraph, outputs: readonly TensorOperand[]): { readonly steps: readonly GraphStep[]; readonly inputs: readonly TensorInput[] } {
  const needed = new Set(outputs.map((o) => o.tensor));
  const steps: GraphStep[] = [];
  for (const step of [...graph.steps].reverse()) {
    if (!needed.has(step.out)) continue;
    steps.unshift(step);
    for (const { tensor } of operandsOf(step)) needed.add(tensor);
  }
  return { steps, inputs: graph.inputs.filter((i) => needed.has(i.name)) };
}

function withPrimitive(step: GraphStep | FusedStep): TensorStep {
  if (step.kind === "fused") return { ...step, composition: step.composition.map(withPrimitive) };
  if (step.kind !== "map") return step;
  const { operator, ...rest } = step;
  const primitive = ops[operator].tfjs;
  if (primitive === undefined) throw new Error(`internal: ${operator} has no tensor primitive`);
  return { ...rest, primitive };
}

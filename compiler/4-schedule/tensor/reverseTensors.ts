/**
 * Reverse mode on tensor steps: appends to the graph the steps that give the derivative of the energy by each state. The adjoint of a contraction
 * is two contractions, that of a map comes from the operator's record, that of a sum is the same for every entry, that of an extremum goes to the
 * entries that attain it.
 */
import type { TensorOperand } from "../../../runtime/backends/tensorProgram.ts";
import { constant, type Expression, type Read } from "../../ir/expression.ts";
import type { EnergyTerm } from "./lowerStatements.ts";
import { lowerFactors } from "./lowerValue.ts";
import { argumentName, primitiveAdjoint, resultAdjoint } from "./primitiveAdjoint.ts";
import type { GraphStep, TensorGraph } from "./tensorGraph.ts";

/** ∂(Σ terms)/∂tensor, over labels among those of its definition (constant along others), for each tensor in `wanted` that the terms depend on. */
export function reverseTensors(graph: TensorGraph, terms: readonly EnergyTerm[], wanted: readonly string[]): ReadonlyMap<string, TensorOperand> {
  const contributions = new Map<string, TensorOperand[]>();
  /** Adds to the adjoint of an operand, in whose labels `adjoint` is. */
  const give = (operand: TensorOperand, adjoint: TensorOperand): void => {
    const labels = graph.axesOf(operand.tensor);
    const renamed = { tensor: adjoint.tensor, axes: adjoint.axes.map((l) => labels[operand.axes.indexOf(l)]!) };
    contributions.set(operand.tensor, [...(contributions.get(operand.tensor) ?? []), renamed]);
  };
  for (const { value, scale } of terms) if (graph.isThermal(value)) give(value, graph.scalar(scale));

  for (const step of [...graph.steps].reverse()) {
    const given = contributions.get(step.out);
    if (given === undefined || !step.thermal) continue;
    const adjoint = graph.sum(given);
    for (const { operand, derivative } of adjointsOf(graph, step, adjoint)) give(operand, derivative);
  }
  return new Map(wanted.flatMap((tensor) => {
    const given = contributions.get(tensor);
    return given === undefined ? [] : [[tensor, graph.sum(given)] as const];
  }));
}

interface OperandAdjoint { readonly operand: TensorOperand; readonly derivative: TensorOperand }

function adjointsOf(graph: TensorGraph, step: GraphStep, adjoint: TensorOperand): readonly OperandAdjoint[] {
  /** Σ of a product over the labels of the step that the operand lacks. */
  const forOperand = (operand: TensorOperand, over: readonly string[], factors: readonly TensorOperand[], scale: Expression = constant(1)): OperandAdjoint =>
    ({ operand, derivative: graph.sumOfProducts(factors, operand.axes, over, scale) });
  switch (step.kind) {
    case "reduce": {
      if (step.combine === "sum") return [{ operand: step.operand, derivative: adjoint }];
      // Those that attain the extremum share its adjoint.
      const attains = graph.map("eq", [step.operand, { tensor: step.out, axes: step.axes }]);
      const share = graph.map("div", [adjoint, graph.sumOfProducts([attains], step.axes)]);
      return [forOperand(step.operand, [], [attains, share])];
    }
    case "contract": {
      const over = [...step.left.axes, ...step.right.axes];
      return ([[step.left, step.right], [step.right, step.left]] as const)
        .filter(([operand]) => graph.isThermal(operand))
        .map(([operand, other]) => forOperand(operand, over, [adjoint, other]));
    }
    case "map": {
      const derivatives = primitiveAdjoint(step.operator);
      return step.operands.flatMap((operand, k) => {
        if (!graph.isThermal(operand) || derivatives === "none" || derivatives[k] === constant(0)) return [];
        const resolve = ({ array }: Read): TensorOperand => (array === resultAdjoint ? adjoint : step.operands[Number(array.slice(argumentName(0).length - 1))]!);
        const { operands, scale } = lowerFactors(graph, derivatives[k]!, resolve);
        return [forOperand(operand, step.axes, operands, scale)];
      });
    }
  }
}

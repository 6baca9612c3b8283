/** Values without reductions as operations on whole tensors. */
import type { TensorOperand } from "../../../runtime/backends/tensorProgram.ts";
import type { Expression, Read } from "../../ir/expression.ts";
import { constant } from "../../ir/expression.ts";
import { asProduct } from "../../3-passes/product.ts";
import { build } from "../../library/ops/index.ts";
import { isParameterScalar } from "./scalarText.ts";
import type { TensorGraph } from "./tensorGraph.ts";

/** `e` entry by entry over the labels of what it reads; `resolve` gives the operand of a read. */
export function lowerValue(graph: TensorGraph, e: Expression, resolve: (read: Read) => TensorOperand): TensorOperand {
  if (isParameterScalar(e)) return graph.scalar(e);
  switch (e.kind) {
    case "index": return graph.input({ kind: "index", axes: [graph.label(e.index)] }, e.index.name);
    case "read": return resolve(e);
    case "apply": {
      const operands = e.arguments.map((a) => lowerValue(graph, a, resolve));
      return e.operator === "mul" ? graph.multiply(operands[0]!, operands[1]!) : graph.map(e.operator, operands);
    }
    default: throw new Error(`internal: a value of a procedure holds a ${e.kind}`);
  }
}

/** A product as the operands of a contraction and the parameter scalar in front of it. */
export function lowerFactors(graph: TensorGraph, e: Expression, resolve: (read: Read) => TensorOperand): { readonly operands: readonly TensorOperand[]; readonly scale: Expression } {
  const { coefficient, factors } = asProduct(e);
  const scalars = factors.filter(isParameterScalar);
  const scale = scalars.reduce<Expression>((product, f) => (product === constant(1) ? f : build.mul(product, f)), constant(coefficient));
  return { operands: factors.filter((f) => !isParameterScalar(f)).map((f) => lowerValue(graph, f, resolve)), scale };
}


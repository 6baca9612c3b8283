/** A tensor program in lines for `quench explain`: `matMul  w[starts, k] · X[k, i·j] → A[starts, i, j]   2 N³ starts flops`. */
import type { TensorOperand, TensorProgram, TensorStep } from "../../../runtime/backends/tensorProgram.ts";
import { operandsOf } from "./tensorProgram.ts";

/** Steps of every evaluation first, then those that are done once after the draw. */
export function describeTensorProgram(program: TensorProgram): string[] {
  const evaluated = program.steps.filter((s) => s.thermal).map((s) => stepCells(program, s));
  const prepared = program.steps.filter((s) => !s.thermal).map((s) => stepCells(program, s));
  const host = program.energy.map(({ value, scale }) => ["host", `energy ${scale === "1" ? "" : `${readable(scale)} · `}Σ ${operandText(program, value)}`, "in float64"]);
  const width = Math.max(...[...evaluated, ...prepared, ...host].map(([kind]) => kind!.length));
  const lines = (cells: readonly (readonly string[])[], after = ""): string[] => cells.map(([kind, formula, cost]) => `${kind!.padEnd(width)}  ${formula}   ${cost}${after}`);
  return [...lines(evaluated), ...lines(host), ...lines(prepared, ", once after the draw")];
}

const labelsOf = (program: TensorProgram, o: TensorOperand): readonly string[] => (isThermal(program, o.tensor) ? ["starts", ...o.axes] : o.axes);

const isThermal = (program: TensorProgram, tensor: string): boolean =>
  program.steps.find((s) => s.out === tensor)?.thermal ?? program.inputs.find((i) => i.name === tensor)?.kind === "state";

function stepCells(program: TensorProgram, step: TensorStep): readonly [kind: string, formula: string, cost: string] {
  const out = operandText(program, { tensor: step.out, axes: step.axes });
  const union = [...new Set([...(step.thermal ? ["starts"] : []), ...operandsOf(step).flatMap((o) => o.axes)])];
  const summed = union.filter((l) => l !== "starts" && !step.axes.includes(l));
  if (step.kind === "fused") {
    const parts = step.composition.map((s) => (s.kind === "map" ? s.primitive : s.kind === "reduce" ? s.combine : "mul"));
    return ["fused", `${parts.join(", ")} of ${step.operands.map((o) => operandText(program, o)).join(", ")} → ${out}`, volumeText(program, step.loops.flat())];
  }
  if (step.kind === "map") return [step.primitive, `${step.operands.map((o) => operandText(program, o)).join(", ")} → ${out}`, volumeText(program, union)];
  if (step.kind === "reduce") return [step.combine, `${operandText(program, step.operand)} → ${out}`, volumeText(program, union)];
  if (summed.length === 0) return ["mul", `${operandText(program, step.left)} · ${operandText(program, step.right)} → ${out}`, volumeText(program, union)];
  // A sum that stays inside the larger operand needs no matrices.
  const inside = operandsOf(step).some((o) => union.every((l) => labelsOf(program, o).includes(l)));
  if (inside) return ["mul+sum", `${operandText(program, step.left)} · ${operandText(program, step.right)} → ${out}`, `2 ${volumeText(program, union)}`];
  const [left, right] = [step.left, step.right].map((o) => matrixText(program, o, summed));
  return ["matMul", `${left} · ${right} → ${out}`, `2 ${volumeText(program, union)}`];
}

const operandText = (program: TensorProgram, o: TensorOperand): string => {
  const labels = labelsOf(program, o);
  return labels.length === 0 ? o.tensor : `${o.tensor}[${labels.join(", ")}]`;
};

/** As a matrix whose columns or rows are the labels that are summed. */
function matrixText(program: TensorProgram, operand: TensorOperand, summed: readonly string[]): string {
  const labels = labelsOf(program, operand);
  const [free, bound] = [labels.filter((l) => !summed.includes(l)), labels.filter((l) => summed.includes(l))];
  const parts = isThermal(program, operand.tensor) ? [free, bound] : [bound, free];
  return `${operand.tensor}[${parts.filter((p) => p.length > 0).map((p) => p.join("·")).join(", ")}]`;
}

/** `N³ starts flops`. */
function volumeText(program: TensorProgram, labels: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const label of labels) {
    const size = label === "starts" ? label : program.labels[label]!.text;
    counts.set(size, (counts.get(size) ?? 0) + 1);
  }
  const factor = (size: string, count: number): string => (/^[\p{L}\p{N}_]+$/u.test(size) ? size : `(${size})`) + (count === 1 ? "" : [..."⁰¹²³⁴⁵⁶⁷⁸⁹"][count] ?? `^${count}`);
  const sizes = [...counts].filter(([size]) => size !== "starts").map(([size, count]) => factor(size, count));
  return [...sizes, ...(counts.has("starts") ? ["starts"] : []), "flops"].join(" ");
}

const readable = (scale: string): string => scale.replaceAll(/parameters\["([^"]*)"\]/g, "$1").replaceAll(/\(([\p{L}\p{N}_.]+)\)/gu, "$1");

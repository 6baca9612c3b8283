/** Sentences for `explain`: what each procedure costs and what each prepared array holds. */
import { print } from "../ir/print.ts";
import type { Procedure } from "../ir/procedure.ts";
import { arraySize, procedureCost } from "./cost.ts";
import { leadingOrder, polynomialText, scalePolynomial, type Polynomial } from "./polynomial.ts";
import type { ModelProcedures } from "./procedures.ts";

/** The leading order of a count, readable: `N³/3`. */
export const countText = (count: Polynomial): string => polynomialText(leadingOrder(count), (atom) => print(atom));

export function explanations(procedures: ModelProcedures): readonly string[] {
  const { program } = procedures;
  const notes: string[] = [];
  for (const p of procedures.prepare) {
    const output = p.arrays.find((a) => a.role === "output")!;
    const from = p.arrays.filter((a) => a.role === "input").map((a) => a.name).join(", ");
    notes.push(`${output.name} is computed once after the draw from ${from || "parameters"}: ${polynomialText(arraySize(output.slots), (atom) => print(atom))} entries${orderText(p, output.name)}.`);
  }
  const cost = (what: string, p: Procedure): void => {
    const kept = p.arrays.filter((a) => a.role === "temporary").map((a) => `${a.name} (${countText(scalePolynomial(arraySize(a.slots), 8))} bytes)`);
    notes.push(`${what}: ${countText(procedureCost(p))} multiply-adds${kept.length === 0 ? "" : `, through ${kept.join(", ")}`}.`);
  };
  cost(`${program.energy} as written`, procedures.reference);
  cost(program.energy, procedures.energy);
  if (procedures.gradientRefusal === undefined) cost(`${program.energy} and its gradient`, procedures.energyAndGradient);
  else notes.push(`${program.energy} has no gradient: ${procedures.gradientRefusal}.`);
  for (const { of, gradient, hessian, product } of procedures.derivatives) {
    if (gradient && of !== program.energy) cost(`Gradient of ${of}`, gradient);
    if (product) cost(`The Hessian of ${of} times a vector`, product);
    if (hessian) cost(hessian.method === "direct" ? `Hessian of ${of}` : `Each column of the Hessian of ${of}`, hessian.procedure);
  }
  for (const step of procedures.observables) if (step.kind === "procedure") cost(step.array, step.procedure);
  return notes;
}

/** `, over i <= j <= k`, when packed. */
function orderText(p: Procedure, output: string): string {
  const { slots } = p.arrays.find((a) => a.name === output)!;
  if (!slots.some((s) => s.order !== undefined)) return "";
  const subscripts = p.statements.find((s) => s.target === output)?.subscripts ?? [];
  const names = subscripts.map((s) => (s.kind === "index" ? s.index.name : "…"));
  return `, over ${names.map((name, k) => (k === 0 ? name : slots[k]!.order === undefined ? `, ${name}` : ` ${slots[k]!.order} ${name}`)).join("")}`;
}

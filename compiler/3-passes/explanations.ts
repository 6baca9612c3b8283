/** Sentences for `explain`: what each procedure costs and what each prepared array holds. */
import { rewrite, type Expression } from "../ir/expression.ts";
import { fromNormal, normalise } from "../ir/normalise.ts";
import { print } from "../ir/print.ts";
import type { Procedure } from "../ir/procedure.ts";
import { build } from "../library/ops/index.ts";
import type { Program } from "../ir/program.ts";
import { arraySize, procedureCost } from "./cost.ts";
import { constantPolynomial, leadingOrder, multiplyPolynomials, polynomialText, rangeSize, scalePolynomial, type Polynomial } from "./polynomial.ts";
import type { CallStep, ModelProcedures } from "./procedures.ts";

/** The leading order of a count, readable: `N³/3`. */
export const countText = (count: Polynomial): string => polynomialText(leadingOrder(count), atomText);

/** `round(alpha N) + 127`, not `round(alpha N) - 1 + 1 + 127`. */
const atomText = (atom: Expression): string => print(rewrite(atom, (e) => (e.kind === "apply" && e.operator === "floor" ? build.floor(fromNormal(normalise(e.arguments[0]!))) : e)));

export function explanations(procedures: ModelProcedures): readonly string[] {
  const { program } = procedures;
  const notes: string[] = [];
  const hessians = new Set(procedures.derivatives.filter((d) => d.hessian?.spectrumOnly).map((d) => d.of));
  for (const p of procedures.prepare) {
    const output = p.arrays.find((a) => a.role === "output")!;
    const from = p.arrays.filter((a) => a.role === "input").map((a) => a.name).join(", ");
    notes.push(`${output.name} is computed once after the draw from ${from || "parameters"}: ${polynomialText(arraySize(output.slots), atomText)} entries${orderText(p, output.name)}.`);
  }
  const cost = (what: string, p: Procedure): void => {
    const kept = p.arrays.filter((a) => a.role === "temporary").map((a) => `${a.name} (${countText(scalePolynomial(arraySize(a.slots), 8))} bytes)`);
    notes.push(`${what}: ${countText(procedureCost(p))} multiply-adds${kept.length === 0 ? "" : `, through ${kept.join(", ")}`}.`);
  };
  cost(`${program.energy} as written`, procedures.reference);
  cost(program.energy, procedures.energy);
  if (procedures.gradientRefusal === undefined) cost(`${program.energy} and its gradient`, procedures.energyAndGradient);
  else notes.push(`${program.energy} has no gradient: ${procedures.gradientRefusal}.`);
  notes.push(...moveNotes(procedures.moves));
  for (const { of, gradient, hessian, product } of procedures.derivatives) {
    if (gradient && of !== program.energy) cost(`Gradient of ${of}`, gradient);
    if (product) cost(`The Hessian of ${of} times a vector`, product);
    if (hessian) cost(hessian.method === "direct" ? `Hessian of ${of}` : `Each column of the Hessian of ${of}`, hessian.procedure);
  }
  for (const step of procedures.preparedCalls) notes.push(...callNotes(step, program, hessians));
  for (const step of procedures.observables) {
    if (step.kind === "procedure") cost(step.array, step.procedure);
    else notes.push(...callNotes(step, program, hessians));
  }
  return notes;
}

/** Calls whose cost is a power of the size of their matrix (Golub and Van Loan, Matrix Computations, for symmetric ones). */
function callNotes({ array, function: name, arguments: given, each }: CallStep, program: Program, spectra: ReadonlySet<string>): readonly string[] {
  const share = { eigenvalues: 2 / 3, hessianSpectrum: 2 / 3, det: 1 / 3 }[name];
  const matrix = program.arrays.find((a) => a.name === given[0]);
  // As many eigenvalues as rows.
  const side = (name === "det" ? matrix : program.arrays.find((a) => a.name === array))?.slots.at(-1);
  if (share === undefined || !side) return [];
  const n = rangeSize(side.range);
  const calls = each ? multiplyPolynomials(...each.ranges.map(rangeSize)) : constantPolynomial(1);
  const [of] = name === "hessianSpectrum" ? given : [];
  const cost = countText(scalePolynomial(multiplyPolynomials(calls, n, n, n), share));
  return [`${array}: ${cost} multiply-adds for ${name === "det" ? "the determinant" : "the eigenvalues"}${of !== undefined && spectra.has(of) ? ", by products with vectors where there are many variables" : ""}.`];
}

/** How energy differences of local moves are found, what is kept, and what a proposal and an acceptance cost. */
function moveNotes(moves: ModelProcedures["moves"]): readonly string[] {
  if (moves === undefined) return [];
  if (typeof moves === "string") return [`Moves: the energy is evaluated twice for each attempt: ${moves}.`];
  const kept = moves.caches.map((c) => `${c.name}: ${countText(scalePolynomial(arraySize(c.slots), 8))} bytes`).join(", ");
  const cost = (p: Procedure | undefined): string => (p ? countText(procedureCost(p)) : "nothing");
  return [
    `Moves: ${moves.form}${kept === "" ? "" : ` (${kept})`}.`,
    ...moves.arrays.map(({ state, propose, accept }) => {
      const proposal = cost(propose);
      return `A move of ${state}: ${proposal} multiply-add${proposal === "1" ? "" : "s"} a proposal, ${cost(accept)} an acceptance.`;
    }),
  ];
}

/** `, over i <= j <= k`, when packed. */
function orderText(p: Procedure, output: string): string {
  const { slots } = p.arrays.find((a) => a.name === output)!;
  if (!slots.some((s) => s.order !== undefined)) return "";
  const subscripts = p.statements.find((s) => s.target === output)?.subscripts ?? [];
  const names = subscripts.map((s) => (s.kind === "index" ? s.index.name : "…"));
  return `, over ${names.map((name, k) => (k === 0 ? name : slots[k]!.order === undefined ? `, ${name}` : ` ${slots[k]!.order} ${name}`)).join("")}`;
}

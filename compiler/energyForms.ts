/** What a dynamics needs of an energy and only a pass can tell: whether it has a gradient, mini-batches, a differentiable surrogate. */
import type { Need } from "../runtime/dynamics/dynamics.ts";
import { factorGraph, type FactorTerm } from "./3-passes/factorGraph.ts";
import { miniBatch } from "./3-passes/miniBatch.ts";
import { programPasses } from "./3-passes/passes.ts";
import { Preparation } from "./3-passes/preparation.ts";
import { gradientProcedure, referenceProcedure, stateArrays, valueProcedure } from "./3-passes/scalarProcedure.ts";
import { surrogate } from "./3-passes/surrogate.ts";
import { isRefusal, type Refusal } from "./3-passes/valueDerivative.ts";
import type { Program } from "./ir/program.ts";

/** Why the energy lacks a need, each found out when it is first asked for; undefined where it doesn't. */
export function energyForms(source: Program): (need: Need) => string | undefined {
  const program = programPasses.reduce((p, [, pass]) => pass(p), source);
  const known = new Map<Need, string | undefined>();
  return (need) => {
    if (!known.has(need)) known.set(need, forms[need]?.(program));
    return known.get(need);
  };
}

const reason = (made: object, text: (refused: string) => string): string | undefined => (isRefusal(made) ? text(made.refused) : undefined);

const forms: Partial<Record<Need, (program: Program) => string | undefined>> = {
  gradient: (program) => reason(gradientOf(program, referenceProcedure), (why) => `\`${program.energy}\` has no gradient: ${why}`),
  hessian: (program) => forms.gradient!(program),
  miniBatches: (program) => reason(miniBatch(program), (why) => `\`${program.energy}\` has no mini-batches: ${why}`),
  factorGraph: (program) => reason(factorGraph(program), (why) => `\`${program.energy}\` has no factor graph: ${why}`),
  dense: (program) => termsReason(program, (t) => t.field !== undefined || t.form !== undefined, "is neither a function of one sum over all variables of an array, nor one of every pair of variables, nor of single ones (quadratic where they are real)"),
  counts: (program) => termsReason(program, (t) => t.field?.step !== undefined, "does not count where one sum over the variables is negative"),
  hinge: (program) => forms.surrogate!(program),
  surrogate: (program) => reason(surrogate(program), (why) => `\`${program.energy}\` has no differentiable surrogate: ${why}`),
};

function termsReason(program: Program, fits: (term: FactorTerm) => boolean, lack: string): string | undefined {
  const graph = factorGraph(program);
  return "refused" in graph || (graph.terms.length > 0 && graph.terms.every(fits)) ? undefined : `a term of \`${program.energy}\` ${lack}`;
}

/** By the reference, which costs least; what it refuses may have a gradient in the form that runs. */
function gradientOf(program: Program, procedure: typeof referenceProcedure): object | Refusal {
  const made = gradientProcedure(procedure(program, new Preparation(program), program.energy), program.energy, stateArrays(program));
  return isRefusal(made) && procedure !== valueProcedure ? gradientOf(program, valueProcedure) : made;
}

import { addEntry, type ExtensionKey } from "../../runtime/extensions/addEntry.ts";
import type { Derivation } from "./derivation.ts";
import { libraryCallIn } from "../ir/libraryCallIn.ts";
import type { Program } from "../ir/program.ts";
import { gaussianCovariance } from "../library/recognisers/gaussianCovariance.ts";
import { sparsePairs } from "../library/recognisers/sparsePairs.ts";
import { generalisedLinear } from "../library/recognisers/generalisedLinear.ts";
import { hopfield } from "../library/recognisers/hopfield.ts";
import { standardForm } from "../library/recognisers/standardForm.ts";
import { exactSums } from "./exactSums.ts";
import { gaussianReplica } from "./gaussian/gaussianReplica.ts";
import type { GaussianQuestion } from "./gaussian/gaussianReplica.ts";
import { gaussianStateEvolution } from "./gaussian/stateEvolution.ts";
import { denseRegions } from "./denseRegions.ts";
import { generalisedLinearReplica } from "./generalisedLinearReplica.ts";
import { hopfieldReplica } from "./hopfield/hopfieldReplica.ts";
import { generalisedLinearSystem, systemNotes } from "./generalisedLinearSystem.ts";
import { build } from "../library/ops/index.ts";
import { betheTheory } from "./sparse/betheTheory.ts";
import { largeSystem } from "./largeSystem.ts";
import { kacRice } from "./kacRice.ts";
import type { TheoryPlan } from "./plan.ts";
import type { Theory, TheoryStatus } from "./prediction.ts";
import { solvedLater } from "./solvedLater.ts";
import { stateEvolution } from "./stateEvolution.ts";

/**
 * The theory that `plan` asks for, derived from the declarations of `program` at these values of the parameters that are not
 * sizes (and of the method's own, such as T); or the reason why the model is outside the theory's class.
 */
export function deriveTheory(plan: TheoryPlan, declared: Program, parameters: Readonly<Record<string, number>>): Theory | { readonly refused: string } {
  // Exact sums run the model as it is; what extensions do with it isn't known.
  const program = recognising.has(plan.method) ? standardForm(declared).program : declared;
  const derivation = derivations[plan.method];
  if (!derivation) throw new Error(`internal: no theory is derived by ${plan.method}`);
  // Every method of the language looks at the form of the energy, but the sum over all states.
  const call = plan.method === "enumerate" || plan.method.includes("@") ? undefined : libraryCallIn(program, program.energy);
  return call === undefined ? derivation(plan, program, parameters) : { refused: `the energy depends on \`${call}\`, a function of whole arrays` };
}

const recognising: ReadonlySet<string> = new Set(["kac_rice", "replica", "bethe", "state_evolution"]);

/** Every method, by its name; those of extensions by their key. */
const derivations: Readonly<Record<string, Derivation | undefined>> = {
  kac_rice: (_, program, parameters) => {
    const covariance = gaussianCovariance(program, parameters);
    return covariance.ok ? kacRice(covariance.mixture, covariance.assumptions, covariance.meanPerVariable) : { refused: covariance.reason };
  },
  replica,
  bethe: (_, program, parameters) => {
    const pairs = sparsePairs(program);
    return pairs.ok ? betheTheory(program, pairs, parameters) : { refused: pairs.reason };
  },
  enumerate: (_, program, parameters) => exactSums(program, parameters),
  state_evolution: (_, program, parameters) => {
    const T = parameters["T"];
    const gaussian = gaussianQuestion(program, parameters);
    if (gaussian.ok) return T === undefined ? withoutTemperature("state_evolution(", "large-N", gaussian.question.assumptions) : gaussianStateEvolution({ ...gaussian.question, T });
    const energy = generalisedLinear(program);
    if (!energy.ok) return { refused: `it is neither a Gaussian energy with a covariance in the overlap (${gaussian.reason}) nor a generalised linear energy (${energy.reason})` };
    const system = generalisedLinearSystem({ program, energy, parameters, T: T ?? 1 });
    if ("refused" in system) return system;
    if (!system.pattern.entropic) return { refused: "at T = 0 of this loss there are no fields of lowest loss to sample from: give a temperature, or write replica(rs, T = 0) for the lowest energy" };
    return T === undefined ? withoutTemperature("state_evolution(", "large-N", systemNotes(system)) : stateEvolution(system);
  },
};

export const addDerivation = (key: ExtensionKey, derivation: Derivation): void => addEntry(derivations, key, derivation);

function replica(plan: TheoryPlan, program: Program, parameters: Readonly<Record<string, number>>): Theory | { readonly refused: string } {
  // Without one only what belongs to no temperature is predicted.
  const T = parameters["T"] ?? NaN;
  const ansatz = plan.arguments.words[0] === "rsb1" ? "rsb1" : "rs";
  const gaussian = gaussianQuestion(program, parameters);
  if (gaussian.ok) {
    const m = plan.arguments.named["m"];
    if (typeof m === "string") return { refused: "m = star is the densest regions of a generalised linear energy; give m a number, or leave it out to have the free entropy stationary in it" };
    return gaussianReplica({ ...gaussian.question, ansatz, T, ...(m === undefined ? {} : { m }) });
  }
  // Before sums over patterns in general: one pattern may be singled out here.
  const memory = hopfield(program);
  if (memory.ok) return ansatz === "rs" ? hopfieldReplica({ program, energy: memory, parameters, T }) : { refused: "it is an associative memory: replica(rsb1) of those is not supported by this version, write replica(rs)" };
  const linear = generalisedLinear(program);
  if (!linear.ok) return { refused: `it is neither a Gaussian energy with a covariance in the overlap (${gaussian.reason}) nor an associative memory (${memory.reason}) nor a generalised linear energy (${linear.reason})` };
  // Whether the model belongs to the class doesn't depend on a temperature.
  if (Number.isNaN(T)) {
    const system = generalisedLinearSystem({ program, energy: linear, parameters, T: 1 });
    return "refused" in system ? system : withoutTemperature(`replica(${ansatz}`, `ansatz(${ansatz})`, systemNotes(system));
  }
  const system = generalisedLinearSystem({ program, energy: linear, parameters, T });
  if ("refused" in system) return system;
  if (ansatz === "rs") return solvedLater("replica(rs)", "ansatz(rs)", () => generalisedLinearReplica(system));
  if (!system.pattern.entropic) return { refused: "at T = 0 of this loss there are no fields of lowest loss, whose regions could be dense: give a temperature, or write replica(rs, T = 0) for the lowest energy" };
  const uncovered = system.energy.weights.domain === "gaussian" ? "weights on the hypercube or on a sphere, not for those that a quadratic term holds" : system.linear ? "labels that are signs, not for labels that are numbers" : system.clarity < 1 || system.flips > 0 ? "labels without noise" : system.up !== 0.5 && !system.pattern.symmetric ? "fair labels" : undefined;
  return uncovered !== undefined ? { refused: `replica(rsb1) is derived for ${uncovered}: write replica(rs)` } : denseRegions(system, parameters["m"] ?? plan.arguments.named["m"], overlapOf(program, parameters));
}

type Gaussian = { readonly ok: true; readonly question: Omit<GaussianQuestion, "ansatz" | "T" | "m"> } | { readonly ok: false; readonly reason: string };

/** A Gaussian energy on the hypercube or on the sphere, with a mean along one direction. */
function gaussianQuestion(program: Program, parameters: Readonly<Record<string, number>>): Gaussian {
  const spins = program.arrays.some((a) => a.origin.kind === "state" && a.origin.domain.name === "spin");
  const space = spins ? "hypercube" : "sphere";
  const energy = gaussianCovariance(program, parameters, space, { bias: true, universal: true });
  if (!energy.ok) return energy;
  const direction = space === "hypercube" && energy.planted?.distribution === "Normal" ? { gaussianDirection: energy.planted.variance } : {};
  const system = largeSystem(program, parameters, [energy.variables]);
  const radius = "refused" in system ? 1 : system.limit(build.div(energy.norm2, energy.variables)) ?? 1;
  const unit = space === "sphere" ? Math.sqrt(radius * (energy.planted?.variance ?? 1)) : 1;
  return { ok: true, question: { unit, direction: energy.planted?.array ?? "uniform", mixture: energy.mixture, space, mean: energy.meanPerVariable, bias: energy.bias, ...direction, assumptions: energy.assumptions } };
}

/** The overlap of the replicas that a quantity is asked for at; `q` of the model's own is something else. */
const overlapOf = (program: Program, parameters: Readonly<Record<string, number>>): number | undefined =>
  program.parameters.some((p) => p.name === "q") ? undefined : parameters["q"];

/** A theory whose temperature comes with the quantity, or with the point of a run that it is compared with. */
const withoutTemperature = (call: string, status: TheoryStatus, assumptions: readonly string[]): Theory => ({
  method: `${call})`, status, assumptions, quantities: [], equations: [],
  predict: () => ({ refused: `it needs a temperature: write \`${call}${call.endsWith("(") ? "" : ", "}T = 0)\`, or give it with the quantity` }),
});

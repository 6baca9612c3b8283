/**
 * Densest regions of solutions: the local entropy φ(q) of m replicas of mutual overlap q, as a theory. `m = star` takes at each q the
 * m of vanishing external entropy, and m = ∞ where that is positive; without q the free entropy is stationary in it.
 */
import { read } from "../ir/expression.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import { noSaddle } from "./generalisedLinearReplica.ts";
import { freshLoss } from "./patternFields.ts";
import { lossText, systemNotes } from "./generalisedLinearSystem.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import { largestSlope, stationaryOverlap } from "./localEntropy.ts";
import { oneStepEquations } from "./oneStepEquations.ts";
import { overlapSolver } from "./overlapSolver.ts";
import type { OneStepPoint, OverlapSolver, Parisi } from "./oneStepSolver.ts";
import type { Prediction, Theory } from "./prediction.ts";

const quantities = ["entropy", "free_entropy", "free_energy", "energy", "external_entropy", "slope", "q", "q0", "m", "r", "p", "p_d"];

export function denseRegions(system: GeneralisedLinearSystem, m: number | string | undefined, overlap: number | undefined): Theory | { readonly refused: string } {
  const { T } = system;
  if (!(T >= 0)) return { refused: `the temperature ${T} is negative` };
  if (m === undefined) return { refused: "replica(rsb1) of a generalised linear energy describes m replicas at mutual overlap q, and needs m: write `replica(rsb1, m = 3)` for a number of them, `m = inf` for many, or `m = star` for the densest regions (the m of vanishing external entropy); typical states are `replica(rs)`" };
  if (typeof m === "number" && !(m > 0)) return { refused: `m = ${m} is not a positive number` };
  const parisi: Parisi = typeof m === "string" ? "star" : 1 / m;
  const solver = (): OverlapSolver | undefined => overlapSolver(system);
  let solved: OneStepPoint | { readonly refused: string } | undefined;
  const point = (): OneStepPoint | { readonly refused: string } => (solved ??= pointOf(solver(), system, parisi, overlap));
  return {
    method: "replica(rsb1)", status: "ansatz(rsb1)",
    assumptions: [...systemNotes(system), typeof m === "string" ? "m of vanishing external entropy, ∞ where that is positive" : `m = ${m}`, "stability to further steps of replica symmetry breaking is not tested"],
    quantities: [...quantities, "max_slope"].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict: (quantity): Prediction => {
      if (quantity === "max_slope") {
        const own = solver();
        return own ? largestSlope(own, parisi) : { refused: noSaddle(system) };
      }
      const found = point();
      if ("refused" in found) return found;
      const value = valuesAt(found, system)[quantity];
      const reason = quantity === "external_entropy" && found.epsilon === 0 ? ": the patterns no longer hold many replicas (m = inf) together, and it falls like −log m; it vanishes at m = star" : "";
      return value === undefined || Number.isNaN(value) ? { refused: `it predicts no ${quantity} here${reason}` } : { value, residual: found.residual };
    },
    perPattern: () => {
      const found = point();
      return "refused" in found ? found : { load: system.load, fresh: freshAt(found, system) };
    },
    inputs: system.energy.inputs,
    equations: [lossText(system), ...oneStepEquations(system)],
  };
}

function pointOf(solver: OverlapSolver | undefined, system: GeneralisedLinearSystem, m: Parisi, overlap: number | undefined): OneStepPoint | { readonly refused: string } {
  if (!solver) return { refused: noSaddle(system) };
  const found = overlap === undefined ? stationaryOverlap(solver, m) : solver.at(overlap, m);
  return "refused" in found ? found : solver.checked(found);
}

function valuesAt({ q, epsilon, names, x, values }: OneStepPoint, { load, pattern, T, orientation }: GeneralisedLinearSystem): Readonly<Record<string, number | undefined>> {
  const order = (name: string): number | undefined => { const k = names.findIndex((n) => n === name); return k < 0 ? undefined : x[k]!; };
  const hot = T > 0 && T !== Infinity;
  const free = values.value - (hot ? (load * pattern.lowest) / T : 0);
  return {
    entropy: hot ? values.value + (load * values.loss) / T : values.value, free_entropy: free, ...(hot ? { free_energy: -T * free } : {}),
    energy: load * (pattern.lowest + values.loss), external_entropy: values.external, slope: values.slope,
    q, q0: q - (order("D") === undefined ? q : epsilon * order("D")!), m: 1 / epsilon, ...(order("r") === undefined ? {} : { r: orientation * order("r")! }), p: order("p"), ...(order("v") === undefined ? {} : { p_d: order("p")! + order("v")! }),
  };
}

const compiled = new Map<string, ReturnType<typeof compileScalars>>();

/** The loss of a member of the region on a fresh pattern. */
function freshAt({ values }: OneStepPoint, system: GeneralisedLinearSystem): number {
  let f = compiled.get(system.key);
  if (!f) {
    const averages = new Averages();
    compiled.set(system.key, (f = compileScalars(averages, ["Q", "M"], [freshLoss(system, averages, read("Q"), read("M"))])));
  }
  return f([values.total, values.covariance])[0]!;
}

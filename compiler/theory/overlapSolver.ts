/** The solver of one step of replica symmetry breaking over the overlap of replicas, from the replica-symmetric solution. */
import { evenTypicalPoint, EvenLossSolver } from "./evenLossSolver.ts";
import { hiddenOverlaps, symmetricSolution } from "./generalisedLinearReplica.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import { oneStepForm } from "./oneStepReplica.ts";
import { OneStepSolver } from "./oneStepSolver.ts";
import type { OneStepPoint, OverlapSolver } from "./oneStepSolver.ts";

const solvers = new Map<string, OverlapSolver>();

/** Undefined where there is no replica-symmetric solution to start from. */
export function overlapSolver(system: GeneralisedLinearSystem): OverlapSolver | undefined {
  const key = `${system.key} ${system.load} ${system.ratio} ${system.T}`;
  const known = solvers.get(key);
  if (known) return known;
  const solver = solverOf(system);
  if (solver) solvers.set(key, solver);
  return solver;
}

function solverOf(system: GeneralisedLinearSystem): OverlapSolver | undefined {
  const { chosen, names } = symmetricSolution(system);
  const form = oneStepForm(system);
  if (!chosen?.inside) {
    const typical = chosen && form.even ? evenTypicalPoint(system) : undefined;
    return typical && new EvenLossSolver(system, typical);
  }
  const at = (name: string): number => chosen.x[names.indexOf(name)]!;
  const q = at("q");
  const { p, v } = system.equivalence ? hiddenOverlaps(at, system) : { p: q, v: 1 - q };
  const start = { D: 0, B: 0, P: 0, p, v, r: at("ρ") * Math.sqrt(p) };
  const x = form.names.map((name) => start[name]);
  const values = form.at(x, q, 0, system, 1);
  const typical: OneStepPoint | undefined = values && { q, epsilon: 0, names: form.names, x, values, residual: chosen.residual };
  return typical && new OneStepSolver(system, typical);
}

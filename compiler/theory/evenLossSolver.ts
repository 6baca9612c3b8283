/**
 * One step of replica symmetry breaking for losses that are even in the field, such as a symmetric window: typical states share nothing,
 * and neither do groups of replicas, q0 = 0, as long as that is stable (de Almeida and Thouless for the overlap between groups). Where
 * many replicas make it unstable groups share q0 > 0, which is followed down from ε = 1/m = 0. Without such an overlap at ε = 0 the
 * field of each pattern is at its best for all replicas around a centre, `looseRegion.ts`.
 */
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import { reachesBest } from "./looseRegion.ts";
import { coordinatesOf } from "./oneStepChart.ts";
import { oneStepForm } from "./oneStepReplica.ts";
import { answerAt, ladder, OneStepSolver } from "./oneStepSolver.ts";
import type { Answer, Known, OneStepPoint, OverlapSolver, Parisi } from "./oneStepSolver.ts";

/** An overlap that is 0 to all digits that are given. */
const NOTHING = 1e-12;
/** The smallest ε at which a vanishing external entropy is looked for, and the steps towards it. */
const LEAST = 1e-5;
const FACTOR = 0.8;
/** ε at which groups share something where they do so at ε = 0, and overlaps between groups from which that is looked for, as parts of q. */
const SHARING = [0.05, 0.2, 0.01];
const SHARES = [0.97, 0.9, 0.6, 0.3, 0.1, 0.03];

export function evenTypicalPoint(system: GeneralisedLinearSystem): OneStepPoint | undefined {
  const { names, at } = oneStepForm(system, true), q = NOTHING;
  const x = names.map((n) => (n === "v" ? 1 : q)), values = at(x, q, 1, system, 1);
  return values && { q, epsilon: 0, names, x, values, residual: q };
}

export class EvenLossSolver implements OverlapSolver {
  private readonly known = new Map<string, Known | undefined>();
  private readonly densest = new Map<number, Known | undefined>();
  private readonly apart: OneStepSolver;
  private readonly sharing: OneStepSolver;
  private readonly system: GeneralisedLinearSystem;
  readonly typical: OneStepPoint;
  readonly overlaps: readonly number[];

  constructor(system: GeneralisedLinearSystem, typical: OneStepPoint) {
    this.system = system;
    this.typical = typical;
    this.apart = new OneStepSolver(system, typical, true);
    this.sharing = new OneStepSolver(system, typical);
    this.overlaps = this.apart.overlaps;
  }

  at(q: number, m: Parisi): Answer {
    return answerAt(this.typical, q, m, () => this.solved(q, m));
  }

  place(k: number, m: Parisi): OneStepPoint | undefined {
    return this.solved(this.overlaps[k]!, m);
  }

  checked(point: OneStepPoint): OneStepPoint {
    return (point.names === this.apart.form.names ? this.apart : this.sharing).checked(point);
  }

  private solved(q: number, m: Parisi): Known | undefined {
    const key = `${q} ${m}`;
    if (!this.known.has(key)) this.known.set(key, this.solve(q, m));
    return this.known.get(key);
  }

  private solve(q: number, m: Parisi): Known | undefined {
    if (m === 0 || m === "star") {
      if (reachesBest(q, this.system, this.apart.form)) return m === 0 ? this.apart.loose(q, this.typical) : this.most(q);
      const densest = this.dense(q);
      if (m === 0 || (densest && densest.values.external >= 0)) return densest;
      return (densest && this.sharing.vanishing(q, densest)) ?? this.most(q);
    }
    const found = this.apart.solved(q, m);
    if (found?.values.apart !== false) return found;
    const densest = this.dense(q);
    return densest && this.sharing.climb(densest, m);
  }

  /** Many replicas (ε = 0) whose groups share an overlap. */
  private dense(q: number): Known | undefined {
    if (!this.densest.has(q)) this.densest.set(q, this.shared(q));
    return this.densest.get(q);
  }

  private shared(q: number): Known | undefined {
    const { form: { names } } = this.sharing;
    for (const epsilon of SHARING) {
      const start = this.apart.upward(q, epsilon, undefined);
      if (!start || start.values.apart !== false) continue;
      for (const share of SHARES) {
        const x = names.map((n) => (n === "D" ? (q * (1 - share)) / epsilon : start.x[start.names.indexOf(n)]!));
        const here = this.sharing.solve(q, { y: coordinatesOf(names, x, q, epsilon), epsilon, jacobian: undefined }, false);
        const found = here && ladder.filter((e) => e < epsilon).reduceRight((at: Known | undefined, e) => at && this.sharing.step(q, at, e), here);
        if (found) return found;
      }
    }
    return undefined;
  }

  /** Groups that share nothing: the most replicas whose external entropy is not negative, down from ε = 1. */
  private most(q: number): Known | undefined {
    let here = this.apart.upward(q, 1, undefined);
    if (!here || here.values.external < 0) return undefined;
    for (let epsilon = FACTOR; epsilon > LEAST; epsilon *= FACTOR) {
      const next: Known | undefined = this.apart.step(q, here, epsilon);
      if (!next) return undefined;
      if (next.values.external < 0) {
        const zero = this.apart.zeroBetween(q, next, here);
        return zero?.values.apart === false ? undefined : zero;
      }
      here = next;
    }
    const loose = this.apart.loose(q, this.typical);
    return { ...loose, residual: Math.abs(loose.values.value - here.values.value) };
  }
}

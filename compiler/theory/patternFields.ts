/** Averages over the field of a pattern and its label, of what its loss contributes to a potential. */
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { areSigns } from "../library/recognisers/patternLabels.ts";
import { simplify } from "../3-passes/simplify.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import { add, mul, num, scalar } from "./derivedPotential.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";

/** What of a system the averages over patterns read. */
export type PatternSystem = Pick<GeneralisedLinearSystem, "energy" | "pattern" | "clarity" | "flips" | "up" | "linear">;

/** Σ_y ∫Dz P(y|z) log ∫Dv exp(−β ℓ(√Q z + √V v; y)), with the teacher's field correlated by M with that of a state. */
export function energeticPart(system: PatternSystem, averages: Averages, Q: Expression, V: Expression, M: Expression): Expression {
  return overFields(system, averages, Q, M, (field, y) => system.pattern.logWeight(field, V, y, averages));
}

/** Σ_y ∫Dz P(y|z) L''², L the logarithm above as a function of the field √Q z, which is shifted by the input η = 0. */
export function responsePart(system: PatternSystem, averages: Averages, Q: Expression, V: Expression, M: Expression): Expression {
  return overFields(system, averages, Q, M, (field, y) => {
    const slope = averages.derivative(simplify(system.pattern.logWeight(b.add(field, scalar("η")), V, y, averages)), "η");
    const bend = averages.derivative(slope, "η");
    // Where the weight is flat to all digits its derivatives are quotients of infinities.
    return system.pattern.steps ? b.select(b.lt(b.abs(slope), num(1e-100)), num(0), b.pow(bend, num(2))) : b.pow(bend, num(2));
  });
}

/** An average over the field √Q z of a pattern and its label. */
export function overFields(system: PatternSystem, averages: Averages, Q: Expression, M: Expression, make: (field: Expression, y: number) => Expression): Expression {
  const { variance, share, labels } = fieldsOf(system, Q, M);
  return labels.map((y) => averages.gauss("z", (z) => mul(share(z, y), make(mul(b.sqrt(variance), z), y)))).reduce((sum, e) => b.add(sum, e));
}

/** Variance of a pattern's field, its labels and their probabilities: for a field of the variance Q that is correlated by M with the teacher's. */
export function fieldsOf({ energy, pattern, clarity, flips, up, linear }: PatternSystem, Q: Expression, M: Expression): { readonly variance: Expression; readonly labels: readonly number[]; readonly share: (z: Expression, y: number) => Expression } {
  const labels = !areSigns(energy.labels) || pattern.symmetric ? [1] : [1, -1];
  const seen = mul(num(clarity), M);
  const steep = b.div(seen, b.sqrt(b.sub(Q, mul(seen, seen))));
  return {
    // Of the difference with a linear label.
    variance: linear ? add(Q, mul(num(-2 * linear.teacher), M), num(linear.teacher ** 2 + linear.noise ** 2)) : Q,
    labels, share: (z, y) => {
      if (energy.labels.kind !== "teacher") return num(labels.length === 1 ? 1 : y === 1 ? up : 1 - up);
      const right = b.gauss_cdf(mul(num(y), steep, z));
      return mul(num(labels.length === 1 ? 2 : 1), flips === 0 ? right : b.add(num(flips), mul(num(1 - 2 * flips), right)));
    },
  };
}

/** Mean loss of a pattern that was not learned: the field has the variance `total` and the covariance `M` with the teacher's. */
export const freshLoss = (system: PatternSystem, averages: Averages, total: Expression, M: Expression): Expression =>
  overFields(system, averages, total, M, (field, y) => system.pattern.loss(field, y));

const ofTeacher = new Map<string, number>();

/** Mean loss of a pattern for weights that are the teacher's. */
export function teacherLoss(system: PatternSystem & Pick<GeneralisedLinearSystem, "key">): number {
  const known = ofTeacher.get(system.key);
  if (known !== undefined) return known;
  const averages = new Averages();
  const [loss] = compileScalars(averages, [], [freshLoss(system, averages, num(1), num(1 - 1e-15))])([]);
  ofTeacher.set(system.key, loss!);
  return loss!;
}

/** Whether the teacher's weights have the lowest loss of every pattern. */
export const isRealisable = (system: PatternSystem & Pick<GeneralisedLinearSystem, "key">): boolean => teacherLoss(system) - system.pattern.lowest < 1e-6;

import { findRoot } from "../../runtime/results/findRoot.ts";
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import { num } from "./derivedPotential.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { QuadraticPiece } from "./patternLoss.ts";
import type { Prediction } from "./prediction.ts";

/** The load at which states of lowest loss disappear: entropy 0 for spins, q → 1 on the sphere (1/α = mean squared distance to the allowed fields). */
export function capacity({ energy, pattern, up, T }: GeneralisedLinearSystem, entropyAt: (load: number) => number | undefined): Prediction {
  if (T !== 0 || energy.labels.kind === "teacher" || energy.features) return { refused: "the capacity is that of storing random labels at T = 0" };
  if (energy.weights.domain === "spin") {
    let high = 0.1;
    while (high < 100 && (entropyAt(high) ?? -1) > 0) high *= 1.5;
    const zero = findRoot((load) => entropyAt(load) ?? -1, high / 1.5, high);
    return "root" in zero ? { value: zero.root, residual: Math.abs(entropyAt(zero.root) ?? 0) } : { refused: zero.refused };
  }
  const { ground } = pattern;
  if (ground?.kind !== "pieces") return { refused: "the capacity is that of a loss with allowed fields: this one has none of lowest loss" };
  const averages = new Averages();
  let square = 0;
  for (const [y, share] of energy.labels.kind === "random" ? [[1, up], [-1, 1 - up]] as const : [[1, 1]] as const) {
    const allowed = ground.pieces(y).filter((p) => p.square === 0 && p.slope === 0 && p.value <= pattern.lowest + 1e-12);
    if (allowed.length > 1) return { refused: "the allowed fields are not one interval: the capacity needs broken replica symmetry" };
    const [{ from, to }] = allowed as [QuadraticPiece];
    const distance = (z: Expression): Expression => {
      const below = Number.isFinite(from) ? b.relu(b.sub(num(from), z)) : num(0), above = Number.isFinite(to) ? b.relu(b.sub(z, num(to))) : num(0);
      return b.add(b.pow(below, num(2)), b.pow(above, num(2)));
    };
    square += share * compileScalars(averages, [], [averages.gauss("z", distance)])([])[0]!;
  }
  return square > 0 ? { value: 1 / square, residual: 0 } : { refused: "every field is allowed: there is no capacity" };
}

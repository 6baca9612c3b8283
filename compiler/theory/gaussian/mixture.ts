/** Polynomials of an overlap, as numbers and as expressions: the covariance ξ(q) and the mean g(m) of an energy. */
import type { Expression } from "../../ir/expression.ts";
import { build as b } from "../../library/ops/index.ts";
import { add, mul, num } from "../derivedPotential.ts";

/** ξ(q) = Σ coefficient · q^power. */
export type Mixture = readonly { readonly power: number; readonly coefficient: number }[];

export const derivativeOf = (mixture: Mixture, order = 1): Mixture =>
  order === 0 ? mixture : derivativeOf(mixture.filter((t) => t.power > 0).map((t) => ({ power: t.power - 1, coefficient: t.coefficient * t.power })), order - 1);

export const polynomial = (mixture: Mixture, q: Expression): Expression =>
  mixture.length === 0 ? num(0) : add(...mixture.map(({ power, coefficient }) => (power === 0 ? num(coefficient) : mul(num(coefficient), power === 1 ? q : b.pow(q, num(power))))));

export const at = (mixture: Mixture, q: number): number => mixture.reduce((s, t) => s + t.coefficient * q ** t.power, 0);

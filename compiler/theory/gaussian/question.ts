/** A Gaussian energy of mean n g(m) and covariance n ξ(q), and the pieces of its potentials that depend on the direction of m. */
import type { Expression } from "../../ir/expression.ts";
import { build as b } from "../../library/ops/index.ts";
import { mul, num } from "../derivedPotential.ts";
import { derivativeOf, polynomial } from "./mixture.ts";
import type { Mixture } from "./mixture.ts";

export type Space = "hypercube" | "sphere";

export interface GaussianQuestion {
  readonly mixture: Mixture;
  readonly space: Space;
  readonly ansatz: "rs" | "rsb1";
  readonly T: number;
  /** Parisi parameter, if it is given. */
  readonly m?: number;
  /** The mean energy per variable that doesn't depend on the state. */
  readonly mean: number;
  /** g(m): the rest of it. */
  readonly bias: Mixture;
  /** m is the overlap with independent Gaussian entries of this variance (hypercube only); absent for ±1, to which a gauge leads. */
  readonly gaussianDirection?: number;
  /** (1/n) Σ_i v_i w_i is this times m. */
  readonly unit: number;
  /** What v is: "uniform", or the name of an ensemble. */
  readonly direction: string;
  readonly assumptions: readonly string[];
}

/** The mean energy as it enters a potential: g(m), g'(m) m − g(m), and the field −g'(m) on the variables. */
export interface Bias { readonly free: boolean; readonly value: Expression; readonly legendre: Expression; readonly slope: Expression }

/** `m`: the name of the overlap. A linear g needs no order parameter: its field is a number. */
export function biasOf({ bias }: GaussianQuestion, m: Expression): Bias {
  const slope = polynomial(derivativeOf(bias), m);
  const free = bias.some((t) => t.power > 1);
  return { free, value: polynomial(bias, m), slope, legendre: free ? b.sub(mul(slope, m), polynomial(bias, m)) : num(0) };
}

/** Whether m = 0 is a solution whatever else holds: no field acts. */
export const isSymmetric = ({ bias }: GaussianQuestion): boolean => bias.every((t) => t.power > 1);

/** Whether all disorder is a random field on spins: given the magnetisation they are independent, and the overlap follows without being an order parameter. */
export const isRandomField = ({ space, mixture }: GaussianQuestion): boolean => space === "hypercube" && mixture.length > 0 && mixture.every((t) => t.power === 1);

/** Everything that an expression depends on but not on T or a number that it reads. */
export const formKey = (q: GaussianQuestion, kind: string): string => `gaussian ${kind} ${q.space} ${JSON.stringify([q.mixture, q.bias, q.gaussianDirection])}`;

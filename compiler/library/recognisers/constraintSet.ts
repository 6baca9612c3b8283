/** What the constraints of a model are to the dynamics: a product of spheres, smooth equalities, conserved sums, tests. */
import { visit, type Expression } from "../../ir/expression.ts";
import { findArray, type Constraint, type Program } from "../../ir/program.ts";
import { domains } from "../domains/index.ts";
import { conservedSum, sphereConstraints, type RefusedConstraint, type SphereConstraint } from "./sphereConstraints.ts";

export interface ConstraintSet {
  /** All equalities of real variables, where each is a sphere of an array of its own. */
  readonly spheres: readonly SphereConstraint[];
  /** Else all equalities of real variables: states are projected on them. */
  readonly smooth: readonly Constraint[];
  /** Equalities of discrete variables that exchanges conserve; `norm2` is the value. */
  readonly sums: readonly SphereConstraint[];
  /** Equalities of discrete variables, and inequalities: what a state is tested for. */
  readonly tested: readonly Constraint[];
  /** What no dynamics could honour. */
  readonly refused: readonly RefusedConstraint[];
}

/** The state arrays that a constraint ties, by reading them directly or through definitions. */
export function tiedStates(program: Program, { left, right }: Pick<Constraint, "left" | "right">): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const look = (e: Expression): void => visit(e, (x) => {
    if (x.kind !== "read" || seen.has(x.array)) return;
    seen.add(x.array);
    const { origin } = findArray(program, x.array);
    if (origin.kind === "state") found.add(x.array);
    if (origin.kind === "definition") look(origin.body);
  });
  look(left);
  look(right);
  return [...found];
}

export function constraintSet(program: Program): ConstraintSet {
  const domainOf = (name: string): keyof typeof domains => {
    const { origin } = findArray(program, name);
    return origin.kind === "state" ? origin.domain.name : "real";
  };
  const real: Constraint[] = [];
  const sums: SphereConstraint[] = [];
  const tested: Constraint[] = [];
  const refused: RefusedConstraint[] = [];
  for (const constraint of program.constraints) {
    const tied = tiedStates(program, constraint);
    const odd = tied.find((name) => domains[domainOf(name)].continuous && domainOf(name) !== "real");
    const discrete = tied.filter((name) => !domains[domainOf(name)].continuous);
    if (constraint.relation === "<=") tested.push(constraint);
    else if (discrete.length === tied.length) {
      tested.push(constraint);
      const sum = conservedSum(program, constraint);
      if (typeof sum !== "string" && isStrided(sum) && !sums.some((s) => s.array === sum.array)) sums.push(sum);
    } else if (odd !== undefined) refused.push({ constraint, reason: `an equality holds for real variables, by projection, or for discrete ones, by exchange, and \`${odd}\` is ${domainOf(odd)}` });
    else if (discrete.length > 0) refused.push({ constraint, reason: `it ties \`${discrete[0]!}\`, which is discrete, to real variables: no move could keep it` });
    else real.push(constraint);
  }
  const spheres = sphereConstraints({ ...program, constraints: real });
  const smooth = !spheres.ok || !spheres.spheres.every(isStrided);
  return { spheres: smooth ? [] : spheres.spheres, smooth: smooth ? real : [], sums, tested, refused };
}

/** Whether the summed axes are neighbours, so that the entries of one sum have one stride. */
const isStrided = ({ summedAxes }: SphereConstraint): boolean => summedAxes.every((axis, k) => axis === summedAxes[0]! + k);

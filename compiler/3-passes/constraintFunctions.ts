/**
 * The constraints that are no spheres as functions of the state, which become kernels like any other: an array of residuals, left side minus
 * right side, for each constraint; and Σ λ · residual over all smooth ones, with multipliers λ that the runtime fills in. Its gradient is a
 * normal vector, and its Hessian the bending of the constraint set, for whatever multipliers are asked for.
 */
import { constant, freshIndex, indexValue, read, reduce, substitute, type Expression } from "../ir/expression.ts";
import type { ArrayDeclaration, Constraint, ConstraintFunctions, Program } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";

/** @param smooth equalities on which states are projected; @param tested what states are tested for */
export function constraintFunctions(program: Program, smooth: readonly Constraint[], tested: readonly Constraint[]): Program {
  if (smooth.length + tested.length === 0) return program;
  const taken = new Set([...program.arrays, ...program.parameters].map((x) => x.name));
  const fresh = (wanted: string): string => {
    let name = wanted;
    for (let k = 2; taken.has(name); k++) name = `${wanted}_${k}`;
    taken.add(name);
    return name;
  };
  const arrays: ArrayDeclaration[] = [];
  const slotsOf = (c: Constraint): ArrayDeclaration["slots"] => c.indices.map(({ range }) => ({ range, periodic: false }));
  const residual = (c: Constraint): string => {
    const name = fresh("residual");
    arrays.push({ name, status: "thermal", element: "real", slots: slotsOf(c), span: c.span, origin: { kind: "definition", role: "derived", indices: c.indices, body: build.sub(c.left, c.right) } });
    return name;
  };
  const testedNames = tested.map((c): ConstraintFunctions["tested"][number] => ({ residual: residual(c), relation: c.relation }));
  const projected = smooth.map((c) => {
    const multiplier = fresh("multiplier");
    // Like the examples of a mini-batch they change between evaluations: nothing that reads them is hoisted to the draw.
    arrays.push({ name: multiplier, status: "thermal", element: "real", slots: slotsOf(c), span: c.span, origin: { kind: "gathered" } });
    const name = residual(c);
    const indices = c.indices.map((i) => freshIndex(i.name, i.range));
    const at = new Map(c.indices.map((i, k) => [i, indexValue(indices[k]!)]));
    const product = build.mul(read(multiplier, indices.map(indexValue)), substitute(build.sub(c.left, c.right), at));
    return { residual: name, multiplier, term: indices.length === 0 ? product : reduce("sum", indices, product) };
  });
  const combined = projected.length === 0 ? undefined : fresh("combined_constraints");
  if (combined !== undefined) {
    const body = projected.map((p): Expression => p.term).reduce((a, b) => build.add(a, b), constant(0));
    arrays.push({ name: combined, status: "thermal", element: "real", slots: [], span: smooth[0]!.span, origin: { kind: "definition", role: "derived", indices: [], body } });
  }
  const functions: ConstraintFunctions = {
    tested: testedNames,
    ...(combined === undefined ? {} : { smooth: { residuals: projected.map((p) => p.residual), multipliers: projected.map((p) => p.multiplier), combined } }),
  };
  return { ...program, arrays: [...program.arrays, ...arrays], constraintFunctions: functions };
}

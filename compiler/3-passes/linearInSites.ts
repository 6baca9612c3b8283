/** Which observables are sums of functions of single sites, so that the marginals of the sites give their expectation. */
import { visit, type Expression } from "../ir/expression.ts";
import { inlinedBody } from "../ir/inline.ts";
import { findArray, type Program } from "../ir/program.ts";

/**
 * "affine": linear in the values of the entries, so that it can be evaluated at their means; "separable": a sum of functions of one entry each.
 * Copies that know nothing of each other have the product of their marginals, so that an overlap of two copies is linear too: in each of them.
 */
export type Linearity = "affine" | "separable";

/** By name; observables that are neither are left out. */
export function linearInSites(program: Program): Readonly<Record<string, Linearity>> {
  const found: Record<string, Linearity> = {};
  for (const name of program.observables) {
    const array = findArray(program, name);
    if (name === program.energy || array.origin.kind !== "definition") continue;
    const { body } = inlinedBody(program, name, (a) => a.status === "thermal" && a.origin.kind === "definition");
    const kind = linearity(program, body);
    if (kind !== undefined) found[name] = kind;
  }
  return found;
}

function linearity(program: Program, root: Expression): Linearity | undefined {
  let affine = true;
  const thermalReads = (e: Expression): ReadonlySet<Expression> => {
    const reads = new Set<Expression>();
    visit(e, (x) => { if (x.kind === "read" && findArray(program, x.array).status === "thermal") reads.add(x); });
    return reads;
  };
  /** The copies that an expression reads; those in the state vector of copy 1 move together and count as one. */
  const copiesOf = (e: Expression): ReadonlySet<string> => new Set([...thermalReads(e)].map((x) => {
    const origin = x.kind === "read" ? findArray(program, x.array).origin : undefined;
    return origin?.kind === "copy" ? origin.copy.replica : "";
  }));
  const isDisjoint = (x: Expression, y: Expression): boolean => {
    const others = copiesOf(y);
    return ![...copiesOf(x)].some((copy) => others.has(copy));
  };
  const isSum = (e: Expression): boolean => {
    const reads = thermalReads(e);
    if (reads.size === 0) return true;
    if (e.kind === "reduce") return e.combine === "sum" && thermalReads(e.where).size === 0 && isSum(e.body);
    if (e.kind === "read") return ["state", "copy"].includes(findArray(program, e.array).origin.kind);
    if (e.kind !== "apply") return false;
    const [x, y] = e.arguments as readonly [Expression, Expression];
    switch (e.operator) {
      case "add": case "sub": case "neg": return e.arguments.every(isSum);
      case "mul": if (isDisjoint(x, y)) return isSum(x) && isSum(y); break;
      case "div": if (thermalReads(y).size === 0) return isSum(x); break;
      default: break;
    }
    let sums = false;
    visit(e, (z) => { sums ||= z.kind === "reduce" && thermalReads(z).size > 0; });
    const [only] = reads;
    affine = false;
    return reads.size === 1 && !sums && only?.kind === "read" && findArray(program, only.array).origin.kind === "state";
  };
  return isSum(root) ? (affine ? "affine" : "separable") : undefined;
}

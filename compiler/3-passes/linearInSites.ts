/** Which observables are sums of functions of single sites, so that the marginals of the sites give their expectation. */
import { visit, type Expression } from "../ir/expression.ts";
import { inlinedBody } from "../ir/inline.ts";
import { findArray, type Program } from "../ir/program.ts";

/** "affine": linear in the values of the entries, so that it can be evaluated at their means; "separable": a sum of functions of one entry each. */
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
  const isSum = (e: Expression): boolean => {
    const reads = thermalReads(e);
    if (reads.size === 0) return true;
    if (e.kind === "reduce") return e.combine === "sum" && thermalReads(e.where).size === 0 && isSum(e.body);
    if (e.kind === "read") return findArray(program, e.array).origin.kind === "state";
    if (e.kind !== "apply") return false;
    const [x, y] = e.arguments as readonly [Expression, Expression];
    switch (e.operator) {
      case "add": case "sub": case "neg": return e.arguments.every(isSum);
      case "mul": if (thermalReads(x).size === 0 || thermalReads(y).size === 0) return isSum(x) && isSum(y); break;
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

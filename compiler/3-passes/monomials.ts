/** The monomials of a polynomial in some reads, for factors of variables that have infinitely many values. */
import type { Expression, Read } from "../ir/expression.ts";

/** Exponents of the variables. */
type Exponents = readonly number[];

/** The exponents of the variables in each monomial that may occur; undefined where the expression is no polynomial in them. */
export function monomials(e: Expression, variables: readonly Read[]): readonly Exponents[] | undefined {
  const constantTerm: Exponents = variables.map(() => 0);
  const unique = (all: readonly Exponents[]): readonly Exponents[] => [...new Map(all.map((m) => [m.join(), m])).values()];
  const times = (a: readonly Exponents[], b: readonly Exponents[]): readonly Exponents[] => unique(a.flatMap((x) => b.map((y) => x.map((n, k) => n + y[k]!))));
  const isFree = (part: Expression): boolean => go(part)?.every((m) => m.every((n) => n === 0)) === true;
  const go = (part: Expression): readonly Exponents[] | undefined => {
    if (part.kind === "read" && variables.includes(part)) return [variables.map((v) => (v === part ? 1 : 0))];
    if (part.kind !== "apply") return part.kind === "reduce" ? undefined : [constantTerm];
    const all = part.arguments.map(go);
    if (!all.every((a) => a !== undefined)) return undefined;
    const [x, y] = all as readonly (readonly Exponents[])[];
    switch (part.operator) {
      case "neg": return x;
      case "add": case "sub": return unique([...x!, ...y!]);
      case "mul": return times(x!, y!);
      case "div": return isFree(part.arguments[1]!) ? x : undefined;
      case "pow": {
        const exponent = part.arguments[1]!;
        if (exponent.kind !== "constant" || !Number.isInteger(exponent.value) || exponent.value < 0 || exponent.value > 4) break;
        return Array.from({ length: exponent.value }, () => x!).reduce(times, [constantTerm]);
      }
      default: break;
    }
    return part.arguments.every(isFree) ? [constantTerm] : undefined;
  };
  return go(e);
}

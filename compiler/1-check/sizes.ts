/**
 * Sizes and ranges as the checker compares them: expressions of status parameter in a polynomial normal form over atoms
 * (parameters, sizes, indices, and whatever is not polynomial, by its text), so that `N - 1 + 1`, `N` and a `let M = N` are equal.
 */
import type { CheckedExpression } from "./tree.ts";

/** All integers from `lower` to `upper`; `text` is how a message writes it: `1..N`. */
export interface SizeRange {
  readonly lower: CheckedExpression;
  readonly upper: CheckedExpression;
  readonly text: string;
}

/** Coefficient of each monomial; a monomial is its sorted atoms joined by "*", the constant one is "". */
export type Polynomial = ReadonlyMap<string, number>;

export const constantPolynomial = (value: number): Polynomial => new Map(value === 0 ? [] : [["", value]]);
export const atom = (key: string): Polynomial => new Map([[key, 1]]);

export function addPolynomials(a: Polynomial, b: Polynomial, factor = 1): Polynomial {
  const sum = new Map(a);
  for (const [monomial, coefficient] of b) {
    const total = (sum.get(monomial) ?? 0) + factor * coefficient;
    if (total === 0) sum.delete(monomial);
    else sum.set(monomial, total);
  }
  return sum;
}

export function multiplyPolynomials(a: Polynomial, b: Polynomial): Polynomial {
  let product: Polynomial = new Map();
  for (const [m, x] of a) {
    for (const [n, y] of b) {
      const atoms = [...(m === "" ? [] : m.split("*")), ...(n === "" ? [] : n.split("*"))].sort();
      product = addPolynomials(product, new Map([[atoms.join("*"), x * y]]));
    }
  }
  return product;
}

/** The value of a polynomial without atoms. */
export function constantValue(p: Polynomial): number | undefined {
  if (p.size === 0) return 0;
  return p.size === 1 ? p.get("") : undefined;
}

export const equalPolynomials = (a: Polynomial, b: Polynomial): boolean => addPolynomials(a, b, -1).size === 0;

/** A text that is equal for equal polynomials. */
export const polynomialText = (p: Polynomial): string => [...p].map(([m, c]) => `${c}*${m}`).sort().join("+");

/**
 * The polynomial of an integer expression. Names of derived scalars of status parameter are replaced by what they stand for;
 * an atom `^k` is the value of bound index k.
 */
export function polynomialOf(e: CheckedExpression): Polynomial {
  switch (e.kind) {
    case "constant": return constantPolynomial(e.value);
    case "parameter": return atom(e.symbol.name);
    case "size": return atom(e.symbol.boundBy === "with" ? `${e.symbol.name}#${e.symbol.span.start}` : e.symbol.name);
    case "index": return atom(`^${e.index.id}`);
    case "name": {
      const definition = e.symbol.kind === "array" && e.symbol.role === "let" && e.status === "parameter" ? e.symbol.body : undefined;
      return definition ? polynomialOf(definition) : atom(e.symbol.name);
    }
    case "apply": {
      const [x, y] = e.arguments.map(polynomialOf);
      switch (e.operator) {
        case "add": return addPolynomials(x!, y!);
        case "sub": return addPolynomials(x!, y!, -1);
        case "neg": return addPolynomials(new Map(), x!, -1);
        case "mul": return multiplyPolynomials(x!, y!);
        case "pow": {
          const power = constantValue(y!);
          if (power !== undefined && Number.isInteger(power) && power >= 1 && power <= 6) return Array.from({ length: power }, () => x!).reduce(multiplyPolynomials);
          return operatorAtom(e.operator, e.arguments);
        }
        default: return operatorAtom(e.operator, e.arguments);
      }
    }
    case "element":
      return atom(`${polynomialText(polynomialOf(e.array))}[${e.subscripts.map((s) => polynomialText(polynomialOf(s))).join()}]`.replaceAll("*", "·"));
    // Anything else is equal to itself only.
    default: return atom(`@${e.span.start}:${e.span.end}`);
  }
}

/** What is no polynomial, by its text. */
const operatorAtom = (operator: string, arguments_: readonly CheckedExpression[]): Polynomial =>
  atom(`${operator}(${arguments_.map((a) => polynomialText(polynomialOf(a))).join()})`.replaceAll("*", "·"));

/**
 * Whether p ≤ 0 for all sizes ≥ 1: proved where no coefficient is positive and the value at 1 isn't either.
 * `undefined` is "not known": sizes of different names, say.
 */
export function isNonPositive(p: Polynomial): boolean | undefined {
  const constant = p.get("") ?? 0;
  const others = [...p].filter(([m]) => m !== "").map(([, c]) => c);
  const atOne = others.reduce((a, b) => a + b, constant);
  if (others.every((c) => c <= 0) && atOne <= 0) return true;
  if (others.every((c) => c >= 0) && atOne > 0) return false;
  return undefined;
}

export const equalRanges = (a: SizeRange, b: SizeRange): boolean =>
  equalPolynomials(polynomialOf(a.lower), polynomialOf(b.lower)) && equalPolynomials(polynomialOf(a.upper), polynomialOf(b.upper));

/** Number of values of a range as a polynomial. */
export const rangeLength = (r: SizeRange): Polynomial =>
  addPolynomials(addPolynomials(polynomialOf(r.upper), polynomialOf(r.lower), -1), constantPolynomial(1));

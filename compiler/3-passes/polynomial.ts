/**
 * Polynomials in sizes: operation counts and array lengths as mathematics (`N³/3 + N²`), exact for given parameters.
 * The atoms are whatever the sizes are made of: parameters, and expressions that are not polynomial (`round(alpha * N)`).
 */
import { constant, identity, type Expression, type Range } from "../ir/expression.ts";
import { build } from "../library/ops/index.ts";

interface Monomial { readonly coefficient: number; readonly powers: ReadonlyMap<Expression, number> }
/** Monomials by their key; no zero coefficients. */
export type Polynomial = ReadonlyMap<string, Monomial>;

const keyOf = (powers: ReadonlyMap<Expression, number>): string =>
  [...powers].map(([atom, power]) => `${identity(atom)}^${power}`).sort().join(" ");

function collect(monomials: readonly Monomial[]): Polynomial {
  const result = new Map<string, Monomial>();
  for (const m of monomials) {
    const key = keyOf(m.powers);
    const coefficient = m.coefficient + (result.get(key)?.coefficient ?? 0);
    if (coefficient === 0) result.delete(key);
    else result.set(key, { coefficient, powers: m.powers });
  }
  return result;
}

export const constantPolynomial = (value: number): Polynomial => collect([{ coefficient: value, powers: new Map() }]);
export const addPolynomials = (...ps: readonly Polynomial[]): Polynomial => collect(ps.flatMap((p) => [...p.values()]));
export const scalePolynomial = (p: Polynomial, by: number): Polynomial =>
  collect([...p.values()].map((m) => ({ coefficient: m.coefficient * by, powers: m.powers })));

export function multiplyPolynomials(...ps: readonly Polynomial[]): Polynomial {
  return ps.reduce((product, p) => collect([...product.values()].flatMap((a) => [...p.values()].map((b) => {
    const powers = new Map(a.powers);
    for (const [atom, power] of b.powers) powers.set(atom, (powers.get(atom) ?? 0) + power);
    return { coefficient: a.coefficient * b.coefficient, powers };
  }))), constantPolynomial(1));
}

/** The quotient, where the divisor is one monomial; else the divisor becomes an atom. */
export function dividePolynomials(p: Polynomial, by: Polynomial): Polynomial {
  const [only, ...more] = [...by.values()];
  if (!only) return p;
  const divisor: Monomial = more.length === 0 ? only : { coefficient: 1, powers: new Map([[fromPolynomial(by), 1]]) };
  const inverse = collect([{ coefficient: 1 / divisor.coefficient, powers: new Map([...divisor.powers].map(([atom, power]) => [atom, -power])) }]);
  return collect([...multiplyPolynomials(p, inverse).values()].map((m) => ({ ...m, powers: new Map([...m.powers].filter(([, power]) => power !== 0)) })));
}

/** An expression of status parameter as a polynomial; what is not polynomial in it becomes an atom. */
export function toPolynomial(e: Expression): Polynomial {
  if (e.kind === "constant") return constantPolynomial(e.value);
  if (e.kind === "apply") {
    const [a, b] = e.arguments as [Expression, Expression];
    if (e.operator === "add") return addPolynomials(toPolynomial(a), toPolynomial(b));
    if (e.operator === "sub") return addPolynomials(toPolynomial(a), scalePolynomial(toPolynomial(b), -1));
    if (e.operator === "neg") return scalePolynomial(toPolynomial(a), -1);
    if (e.operator === "mul") return multiplyPolynomials(toPolynomial(a), toPolynomial(b));
    if (e.operator === "div" && b.kind === "constant" && b.value !== 0) return scalePolynomial(toPolynomial(a), 1 / b.value);
  }
  return collect([{ coefficient: 1, powers: new Map([[e, 1]]) }]);
}

/** Number of values of a range. */
export const rangeSize = ({ lower, upper }: Range): Polynomial =>
  addPolynomials(toPolynomial(upper), scalePolynomial(toPolynomial(lower), -1), constantPolynomial(1));

/** n over k as a polynomial in n. */
export function binomialPolynomial(n: Polynomial, k: number): Polynomial {
  let result = constantPolynomial(1);
  for (let m = 0; m < k; m++) result = multiplyPolynomials(result, scalePolynomial(addPolynomials(n, constantPolynomial(-m)), 1 / (m + 1)));
  return result;
}

export function fromPolynomial(p: Polynomial): Expression {
  const terms = [...p.values()].map((m) => [...m.powers].reduce<Expression>(
    (product, [atom, power]) => build.mul(product, power === 1 ? atom : build.pow(atom, constant(power))), constant(m.coefficient)));
  return terms.length === 0 ? constant(0) : terms.slice(1).reduce((sum, t) => build.add(sum, t), terms[0]!);
}

/** The value, given that of each atom. */
export const evaluatePolynomial = (p: Polynomial, atom: (e: Expression) => number): number =>
  [...p.values()].reduce((sum, m) => sum + [...m.powers].reduce((product, [e, power]) => product * atom(e) ** power, m.coefficient), 0);

/** The monomials that no other one exceeds in every size: what counts when all sizes are large. */
export function leadingOrder(p: Polynomial): Polynomial {
  const monomials = [...p.values()];
  const below = (a: Monomial, b: Monomial): boolean =>
    a !== b && [...a.powers, ...b.powers].every(([atom]) => (a.powers.get(atom) ?? 0) <= (b.powers.get(atom) ?? 0));
  return collect(monomials.filter((a) => !monomials.some((b) => below(a, b))));
}

const superscript = (n: number): string => [...String(n)].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(d)] ?? "⁻").join("");

/** `N³/3 + 2 N P`; `name` prints an atom. */
export function polynomialText(p: Polynomial, name: (atom: Expression) => string): string {
  const terms = [...p.values()].map((m) => {
    const atoms = [...m.powers].filter(([, power]) => power !== 0).map(([atom, power]) => `${name(atom)}${power === 1 ? "" : superscript(power)}`).sort().join(" ");
    const size = Math.abs(m.coefficient);
    const denominator = [1, 2, 3, 4, 5, 6, 8, 12, 24, 120].find((d) => Math.abs(size * d - Math.round(size * d)) < 1e-9);
    const numerator = denominator === undefined ? Number(size.toPrecision(4)) : Math.round(size * denominator);
    const front = atoms === "" ? String(numerator) : numerator === 1 ? atoms : `${numerator} ${atoms}`;
    return { sign: m.coefficient < 0 ? "-" : "+", text: denominator === undefined || denominator === 1 ? front : `${front}/${denominator}` };
  });
  if (terms.length === 0) return "0";
  return terms.map((t, k) => (k === 0 ? (t.sign === "-" ? `-${t.text}` : t.text) : ` ${t.sign} ${t.text}`)).join("");
}

/**
 * Derivatives of a product over an index: each factor gets the product of the others, at the cost of the product itself.
 *
 * That is the product of all factors that are not zero, divided by the factor, where no zero is left among the others: the zeros are
 * counted. A division is as accurate as a multiplication, however small the factor is; the difference of two such quotients, which the
 * product rule would make of them, is not. So second derivatives run over pairs of factors.
 */
import { constant, freshIndex, indexValue, read, substitute, type Expression, type Index } from "../ir/expression.ts";
import { freeIndices } from "../ir/freeIndices.ts";
import type { ProcedureArray, Statement } from "../ir/procedure.ts";
import type { Slot } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";

const zerosName = (product: string): string => `zeros$${product}`;
const nonzeroName = (product: string): string => `nonzero$${product}`;
const othersName = (product: string): string => `others$${product}`;

const [zero, one] = [constant(0), constant(1)];
const isZero = (factor: Expression): Expression => build.eq(factor, zero);
const asCount = (truth: Expression): Expression => build.select(truth, one, zero);
/** The factor, or 1 where it is zero. */
const withoutZero = (factor: Expression): Expression => build.select(isZero(factor), one, factor);

/** The product of all factors but these, where the zeros of the product are among them; else 0. */
function quotient(product: string, subscripts: readonly Expression[], without: readonly Expression[]): Expression {
  const zeros = without.map((f) => asCount(isZero(f))).reduce((a, b) => build.add(a, b));
  const others = without.reduce((p, f) => build.div(p, withoutZero(f)), read(nonzeroName(product), subscripts) as Expression);
  return build.select(build.eq(read(zerosName(product), subscripts), zeros), others, zero);
}

/** For each factor the product of the others, from the statement that multiplies them: statements to stand before it, and their arrays. */
export function productOfOthers(statement: Statement, slots: readonly Slot[]): { readonly statements: readonly Statement[]; readonly arrays: readonly ProcedureArray[] } {
  const { target: product, subscripts, indices, value: factor } = statement;
  const array = (name: string, of: readonly Slot[]): ProcedureArray => ({ name, role: "temporary", status: "thermal", slots: of });
  return {
    statements: [
      { ...statement, target: zerosName(product), combine: "sum", value: asCount(isZero(factor)) },
      { ...statement, target: nonzeroName(product), value: withoutZero(factor) },
      { ...statement, target: othersName(product), subscripts: indices.map(indexValue), combine: "sum", value: quotient(product, subscripts, [factor]), others: { product, subscripts, factor } },
    ],
    arrays: [array(zerosName(product), slots), array(nonzeroName(product), slots), array(othersName(product), indices.map((i) => ({ range: i.range, periodic: false })))],
  };
}

/** The product of the other factors, for a statement that multiplies them. */
export const othersAt = ({ target, indices }: Statement): Expression => read(othersName(target), indices.map(indexValue));

/** Whether a statement makes the product of those factors that are not zero: only its value is asked for. */
export const isPartOfProduct = ({ target }: Statement, arrays: readonly ProcedureArray[]): boolean => arrays.some((a) => nonzeroName(a.name) === target);

/**
 * The statement that sums, over all further factors, the products without a factor and the further one: with the derivative of the
 * further factor as `value`, what the product of the others changes by.
 */
export function overPairs(statement: Statement, { product, subscripts, factor }: NonNullable<Statement["others"]>): { readonly further: Expression; readonly made: (target: string, derivative: Expression) => Statement } {
  const around = new Set(subscripts.flatMap(freeIndices));
  const copies = new Map(statement.indices.filter((i) => !around.has(i)).map((i): [Index, Index] => [i, freshIndex(i.name, i.range)]));
  const renamed = (e: Expression): Expression => substitute(e, new Map([...copies].map(([i, copy]) => [i, indexValue(copy)])));
  const different = [...copies].map(([i, copy]) => build.ne(indexValue(i), indexValue(copy))).reduce((a, b) => build.or(a, b), zero as Expression);
  const further = renamed(factor);
  const indices = [...statement.indices, ...copies.values()];
  const conditions = [...new Set([...statement.conditions, ...statement.conditions.map(renamed), different])];
  return {
    further,
    made: (target, derivative) => ({ indices, conditions, target, subscripts: statement.subscripts, combine: "sum", value: build.mul(quotient(product, subscripts, [factor, further]), derivative) }),
  };
}

/**
 * Ranges and parameters as the kernels see them: integer parameters are sizes; a bound that is no polynomial of them, such as
 * round(alpha · N), becomes a derived size that `createModel` computes once.
 */
import type { Expression, Range } from "../ir/expression.ts";
import { apply, constant, rewrite, visit } from "../ir/expression.ts";
import type { Program } from "../ir/program.ts";
import { integerConstant, integerDifference, integerProduct, integerScale, integerSum, integerVariable } from "./integer.ts";
import type { Integer } from "./integer.ts";

export interface DerivedSize { readonly name: string; readonly value: Expression }

export class Sizes {
  readonly derived: DerivedSize[] = [];
  /** Real numbers that only parameters determine and that kernels can't compute on every target, such as N^1.5. */
  readonly derivedReals: DerivedSize[] = [];
  private readonly names = new Map<Expression, string>();
  private readonly realNames = new Map<Expression, string>();
  private readonly own = new Set<string>();
  private readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  /** Integers that a kernel defines itself: the site of a move. */
  declareInteger(name: string): void {
    this.own.add(name);
  }

  isInteger(parameter: string): boolean {
    return this.own.has(parameter) || this.program.parameters.some((p) => p.name === parameter && p.kind === "integer");
  }

  /** The expression without reads of scalar `let`s that only parameters determine. */
  inline(e: Expression): Expression {
    return rewrite(e, (node) => {
      if (node.kind !== "read" || node.subscripts.length > 0) return node;
      const array = this.program.arrays.find((a) => a.name === node.array);
      if (array?.status !== "parameter" || array.origin.kind !== "definition" || array.slots.length > 0) return node;
      return this.inline(array.origin.body);
    });
  }

  /** An expression of parameters alone that is an integer. */
  integer(expression: Expression): Integer {
    return this.polynomial(this.inline(expression));
  }

  /** Number of values of a range: upper − lower + 1. */
  count(range: Range): Integer {
    return integerSum(integerDifference(this.integer(range.upper), this.integer(range.lower)), integerConstant(1));
  }

  /** Whether an expression has integers that only a kernel knows, so that nothing can be computed of it before. */
  isOwn(e: Expression): boolean {
    let own = false;
    visit(e, (x) => { if (x.kind === "parameter" && !this.program.parameters.some((p) => p.name === x.name)) own = true; });
    return own;
  }

  /** The name of the derived size with this value, if there is one. */
  sizeName(e: Expression): string | undefined {
    return this.names.get(e);
  }

  /** A name for a number that `createModel` computes once. */
  real(e: Expression): string {
    let name = this.realNames.get(e);
    if (name === undefined) {
      name = `factor${this.derivedReals.length + 1}`;
      while (this.program.parameters.some((p) => p.name === name) || this.program.arrays.some((a) => a.name === name)) name += "_";
      this.realNames.set(e, name);
      this.derivedReals.push({ name, value: e });
    }
    return name;
  }

  private polynomial(e: Expression): Integer {
    if (e.kind === "constant" && Number.isInteger(e.value)) return integerConstant(e.value);
    if (e.kind === "parameter" && this.isInteger(e.name)) return integerVariable(e.name);
    if (e.kind === "apply") {
      const [x, y] = e.arguments;
      if (e.operator === "add") return integerSum(this.polynomial(x!), this.polynomial(y!));
      if (e.operator === "sub") return integerDifference(this.polynomial(x!), this.polynomial(y!));
      if (e.operator === "mul") return integerProduct(this.polynomial(x!), this.polynomial(y!));
      if (e.operator === "neg") return integerScale(-1, this.polynomial(x!));
      if (e.operator === "pow" && y!.kind === "constant" && Number.isInteger(y!.value) && y!.value > 0 && y!.value <= 4) {
        return Array.from({ length: y!.value }, () => this.polynomial(x!)).reduce(integerProduct);
      }
    }
    return integerVariable(this.nameOf(e));
  }

  private nameOf(e: Expression): string {
    let name = this.names.get(e);
    if (name === undefined) {
      const parameters = new Set(this.program.parameters.map((p) => p.name));
      // The name that the specification gives to this size, if it does.
      const declared = this.program.arrays.find((a) => a.status === "parameter" && a.slots.length === 0 && a.origin.kind === "definition" && this.inline(a.origin.body) === e);
      name = declared?.name ?? `size${this.derived.length + 1}`;
      while (parameters.has(name) || (declared?.name !== name && this.program.arrays.some((a) => a.name === name))) name += "_";
      this.names.set(e, name);
      // Rounded, since a size that arithmetic made may miss its integer by one unit in the last place.
      this.derived.push({ name, value: apply("round", constantFolded(e)) });
    }
    return name;
  }
}

const constantFolded = (e: Expression): Expression => (e.kind === "constant" ? constant(Math.round(e.value)) : e.kind === "apply" && e.operator === "round" ? e.arguments[0]! : e);

/**
 * Expressions over continuous variables: Gaussian averages and integrals beside the IR. An integral is read like a scalar, `⟨k.c⟩`:
 * component c of group k. A group has one integration variable and several integrands (a potential's and its derivatives'), which are
 * evaluated at the same points. Groups nest: an integrand may read groups whose variable stands inside it.
 */
import { differentiate, obstacle } from "../ir/differentiate.ts";
import { constant, read, visit } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { simplify } from "../3-passes/simplify.ts";
import { build } from "../library/ops/index.ts";

/** `gauss`: over a standard Gaussian; else over a range with constant ends (others are substituted away when the group is made). */
export type Measure = { readonly kind: "gauss" } | { readonly kind: "range"; readonly from: number; readonly to: number };

export interface IntegralGroup {
  readonly id: number;
  readonly variable: string;
  readonly measure: Measure;
  readonly components: Expression[];
}

const zero = constant(0);
const place = /^⟨(\d+)\.(\d+)⟩$/;

export class Averages {
  readonly groups: IntegralGroup[] = [];
  private readonly derivatives = new Map<string, Map<Expression, Expression>>();
  private readonly dependencies = new Map<Expression, ReadonlySet<string>>();

  /** A name for an integration variable that nothing else has. */
  variable(wanted: string): string {
    return `${wanted}·${Averages.serial++}`;
  }
  private static serial = 0;

  add(variable: string, measure: Measure, body: Expression): Expression {
    const group: IntegralGroup = { id: this.groups.length, variable, measure, components: [] };
    this.groups.push(group);
    return this.component(group, simplify(body));
  }

  gauss(wanted: string, body: (z: Expression) => Expression): Expression {
    const variable = this.variable(wanted);
    return this.add(variable, { kind: "gauss" }, body(read(variable)));
  }

  private component(group: IntegralGroup, body: Expression): Expression {
    // ∫ of a constant is left to the quadrature: it is exact there.
    let c = group.components.indexOf(body);
    if (c < 0) c = group.components.push(body) - 1;
    return read(`⟨${group.id}.${c}⟩`);
  }

  /** The group and integrand that a name stands for, if it is an integral. */
  find(name: string): { readonly group: IntegralGroup; readonly index: number; readonly body: Expression } | undefined {
    const match = place.exec(name);
    if (!match) return undefined;
    const group = this.groups[Number(match[1])]!, index = Number(match[2]);
    return { group, index, body: group.components[index]! };
  }

  /** Names of scalars on which an expression depends, through its integrals and without their variables. */
  reads(e: Expression): ReadonlySet<string> {
    const known = this.dependencies.get(e);
    if (known) return known;
    const found = new Set<string>();
    visit(e, (node) => {
      if (node.kind !== "read") return;
      const integral = this.find(node.array);
      if (!integral) return void found.add(node.array);
      for (const name of this.reads(integral.body)) if (name !== integral.group.variable) found.add(name);
    });
    this.dependencies.set(e, found);
    return found;
  }

  /** The operator that keeps `e` from being differentiated by `name`: a step, or a conditional that may jump. */
  obstacle(e: Expression, name: string): string | undefined {
    const direct = this.stepIn(e, name) ?? obstacle(e, name);
    if (direct !== undefined) return direct;
    for (const integral of this.integralsIn(e)) {
      if (!this.reads(integral.body).has(name)) continue;
      const inside = this.obstacle(integral.body, name);
      if (inside !== undefined) return inside;
    }
    return undefined;
  }

  /** A step whose place moves with `name`: its derivative is not that of the integrand at any point. */
  private stepIn(e: Expression, name: string): string | undefined {
    let found: string | undefined;
    visit(e, (node) => {
      if (node.kind === "apply" && steps.has(node.operator) && this.reads(node).has(name)) found ??= node.operator;
    });
    return found;
  }

  /** ∂e/∂name, through the integrals. */
  derivative(e: Expression, name: string): Expression {
    const table = this.derivatives.get(name) ?? new Map<Expression, Expression>();
    this.derivatives.set(name, table);
    const known = table.get(e);
    if (known) return known;
    let result: Expression = differentiate(e, { array: name, subscripts: [] });
    for (const { text, group, body } of this.integralsIn(e)) {
      if (!this.reads(body).has(name)) continue;
      const inner = this.derivative(body, name);
      if (inner === zero) continue;
      const outer = differentiate(e, { array: text, subscripts: [] });
      result = build.add(result, build.mul(outer, this.component(group, inner)));
    }
    result = simplify(result);
    table.set(e, result);
    return result;
  }

  integralsIn(e: Expression): readonly { readonly text: string; readonly group: IntegralGroup; readonly index: number; readonly body: Expression }[] {
    const found = new Map<string, { text: string; group: IntegralGroup; index: number; body: Expression }>();
    visit(e, (node) => {
      const integral = node.kind === "read" ? this.find(node.array) : undefined;
      if (integral && node.kind === "read") found.set(node.array, { text: node.array, ...integral });
    });
    return [...found.values()];
  }
}

const steps: ReadonlySet<string> = new Set(["sign", "floor", "ceil", "round", "lt", "le", "gt", "ge", "eq", "ne", "select"]);

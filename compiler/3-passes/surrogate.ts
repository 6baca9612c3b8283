/**
 * An energy that counts, made differentiable: what `binary_net` (Hubara et al. 2016) and `replicated_sgd` follow instead of the counting energy.
 *
 * Each comparison `a < b` (or `<=`) that the energy is linear in becomes softplus(−2(a − b)), where `a` is what must not be small: the truth value
 * counts as an error. In the form "hinge" it becomes relu(−2(a − b)), so that only errors have a gradient: the rule of the perceptron. One with the opposite sign, −[a < b] = [a >= b] − 1, is turned first, so that a lower energy stays a lower energy. Every
 * `sign(u)` of the state keeps its value and passes derivatives straight through. `sign(u) != y` is the comparison `y u < 0`.
 * Definitions that hold any of it are made anew beside the old ones; the energy under its own name stays as it is written.
 */
import { apply, constant, read, reduce, visit, type Apply, type Expression } from "../ir/expression.ts";
import { findArray, type ArrayDeclaration, type Program } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";
import { isRefusal, type Refusal } from "./valueDerivative.ts";

export interface Surrogate {
  readonly program: Program;
  /** Name of the scalar that stands for the energy. */
  readonly energy: string;
}

export type SurrogateForm = "softplus" | "hinge";

export function surrogate(program: Program, form: SurrogateForm = "softplus"): Surrogate | Refusal {
  const pass = new SurrogatePass(program, form);
  const energy = pass.definition(program.energy, 1);
  return typeof energy !== "string" ? energy : { program: { ...program, arrays: [...program.arrays, ...pass.added] }, energy };
}

/** 1 and −1: the energy is linear in what stands here, with a factor of that sign; 0: it depends on it in another way. */
type Polarity = 1 | -1 | 0;

const opposite = (p: Polarity): Polarity => (p === 0 ? 0 : p === 1 ? -1 : 1);
const complement = { lt: "ge", ge: "lt", le: "gt", gt: "le", eq: "ne", ne: "eq" } as const;
const isComparison = (e: Expression): e is Apply & { readonly operator: keyof typeof complement } => e.kind === "apply" && e.operator in complement;
const isNegative = (e: Expression): boolean => (e.kind === "constant" && e.value < 0) || (e.kind === "apply" && e.operator === "neg" && !isNegative(e.arguments[0]!));

class SurrogatePass {
  readonly added: ArrayDeclaration[] = [];
  private readonly made = new Map<string, string>();
  private readonly program: Program;

  constructor(program: Program, private readonly form: SurrogateForm) {
    this.program = program;
  }

  /** The name of the array that stands for a definition: its own where nothing in it changes. */
  definition(name: string, polarity: Polarity): string | Refusal {
    const key = `${name} ${polarity}`;
    const known = this.made.get(key);
    if (known !== undefined) return known;
    const array = findArray(this.program, name);
    const { origin } = array;
    if (origin.kind !== "definition" || array.status !== "thermal") return name;
    const body = this.go(origin.body, polarity);
    if (isRefusal(body)) return body;
    let result = name;
    if (body !== origin.body) {
      const taken = new Set([...this.program.arrays, ...this.added, ...this.program.parameters].map((x) => x.name));
      result = `${name}_surrogate`;
      for (let k = 2; taken.has(result); k++) result = `${name}_surrogate_${k}`;
      this.added.push({ ...array, name: result, element: "real", origin: { ...origin, role: "derived", body } });
    }
    this.made.set(key, result);
    return result;
  }

  private isThermal(e: Expression): boolean {
    let thermal = false;
    visit(e, (x) => { thermal ||= x.kind === "read" && findArray(this.program, x.array).status === "thermal"; });
    return thermal;
  }

  private go(e: Expression, polarity: Polarity): Expression | Refusal {
    if (!this.isThermal(e)) return e;
    if (e.kind === "read") {
      const name = this.definition(e.array, polarity);
      return typeof name !== "string" ? name : name === e.array ? e : read(name, e.subscripts);
    }
    if (e.kind === "reduce") {
      const body = this.go(e.body, e.combine === "sum" ? polarity : 0);
      return isRefusal(body) ? body : reduce(e.combine, e.indices, body, e.where);
    }
    return e.kind === "apply" ? this.application(e, polarity) : e;
  }

  private application(e: Apply, polarity: Polarity): Expression | Refusal {
    if (polarity !== 0 && isComparison(e)) {
      if (polarity === 1) return this.comparison(e);
      const other = this.comparison(apply(complement[e.operator], ...e.arguments));
      return isRefusal(other) ? other : build.sub(constant(1), other);
    }
    const [x, y, z] = e.arguments as readonly [Expression, Expression, Expression];
    switch (e.operator) {
      case "sign": return this.combine("straightThroughSign", [[x, 0]]);
      case "neg": return this.combine("neg", [[x, opposite(polarity)]]);
      case "add": return this.combine("add", [[x, polarity], [y, polarity]]);
      case "sub": return this.combine("sub", [[x, polarity], [y, opposite(polarity)]]);
      case "mul": return this.combine("mul", [[x, this.factorOf(y, polarity)], [y, this.factorOf(x, polarity)]]);
      case "div": return this.combine("div", [[x, this.factorOf(y, polarity)], [y, 0]]);
      case "not": {
        if (polarity === 0 || !isComparison(x)) break;
        return this.application(apply(complement[x.operator], ...x.arguments), polarity);
      }
      case "and": case "or":
        return polarity === 0 ? e : { refused: `it counts where two comparisons hold together (\`${e.operator}\`), which has no differentiable surrogate here: count single comparisons` };
      case "select": {
        // A condition between two values that the state does not change counts like its truth value.
        if (polarity !== 0 && this.isThermal(x) && !this.isThermal(y) && !this.isThermal(z)) return this.go(build.add(z, build.mul(build.sub(y, z), x)), polarity);
        const [then, otherwise] = [this.go(y, polarity), this.go(z, polarity)];
        return isRefusal(then) ? then : isRefusal(otherwise) ? otherwise : apply("select", x, then, otherwise);
      }
      default: break;
    }
    return this.combine(e.operator, e.arguments.map((a) => [a, 0]));
  }

  /** The polarity behind a factor: its sign counts where it is written down; a parameter or a coupling is taken to be positive. */
  private factorOf(factor: Expression, polarity: Polarity): Polarity {
    return this.isThermal(factor) ? 0 : isNegative(factor) ? opposite(polarity) : polarity;
  }

  private combine(operator: Apply["operator"], arguments_: readonly (readonly [Expression, Polarity])[]): Expression | Refusal {
    const made: Expression[] = [];
    for (const [argument, polarity] of arguments_) {
      const one = this.go(argument, polarity);
      if (isRefusal(one)) return one;
      made.push(one);
    }
    return apply(operator, ...made);
  }

  /** softplus(−2 margin), or relu, of a comparison that counts as an error. */
  private comparison({ operator, arguments: [x, y] }: Apply): Expression | Refusal {
    const margin = operator === "lt" || operator === "le" ? build.sub(x!, y!) : operator === "gt" || operator === "ge" ? build.sub(y!, x!) : this.marginOfSigns(operator, x!, y!);
    if (isRefusal(margin)) return margin;
    const made = this.go(margin, 0);
    return isRefusal(made) ? made : build[this.form === "hinge" ? "relu" : "softplus"](build.mul(constant(-2), made));
  }

  /** `sign(u) != y` with a label y = ±1 is an error where y u < 0; `sign(u) == y` is one where y u > 0. */
  private marginOfSigns(operator: Apply["operator"], x: Expression, y: Expression): Expression | Refusal {
    const [signed, label] = x.kind === "apply" && x.operator === "sign" && this.isThermal(x) ? [x, y] : [y, x];
    if (signed.kind !== "apply" || signed.operator !== "sign" || this.isThermal(label)) {
      return { refused: "it counts where a function of the state equals a number, which has no differentiable surrogate here: compare by `<`, or the `sign` of a field with a label" };
    }
    const margin = build.mul(label, signed.arguments[0]!);
    return operator === "ne" ? margin : build.neg(margin);
  }
}

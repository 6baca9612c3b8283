/**
 * Sums over hidden inputs inside of a field, Σ_i f(Σ_d F_id ξ_μd) w_i: they get names before the field is written out, so that the
 * activation f stays one function of its argument, whatever it is: a power, a difference with its mean, the argument itself.
 */
import { children, constant, indexValue, read, rewrite, substitute, withChildren } from "../../ir/expression.ts";
import type { Expression, Index, Reduce } from "../../ir/expression.ts";
import { fromNormal, key, normalise } from "../../ir/normalise.ts";
import type { NormaliseOptions } from "../../ir/normalise.ts";
import type { Factor, Term } from "../../ir/normal.ts";
import { print } from "../../ir/print.ts";
import { freeIndices } from "../../ir/text.ts";
import { build } from "../ops/index.ts";

export interface NamedSums {
  /** The field, in which reads stand for the sums. */
  readonly field: Expression;
  readonly isSum: (e: Expression) => boolean;
  readonly restore: (e: Expression) => Expression;
}

const NAME = "Σ·";

/** The outermost sums that differ from weight to weight and don't read the weights. */
export function nameSums(node: Reduce, readsWeights: (e: Expression) => boolean, options: NormaliseOptions): NamedSums {
  const sums: { readonly sum: Expression; readonly key: string; readonly indices: readonly Index[] }[] = [];
  const named = (e: Expression): Expression => {
    if (e.kind === "reduce" && e.combine === "sum" && !readsWeights(e)) {
      const free = freeIndices(e), indices = node.indices.filter((i) => free.has(i));
      if (indices.length === 0) return e;
      const form = key(normalise(e, options)), known = sums.findIndex((s) => s.key === form);
      return read(`${NAME}${known < 0 ? sums.push({ sum: e, key: form, indices }) - 1 : known}`, indices.map(indexValue));
    }
    const before = children(e), after = before.map(named);
    return after.some((c, k) => c !== before[k]) ? withChildren(e, after) : e;
  };
  const isSum = (e: Expression): boolean => e.kind === "read" && e.array.startsWith(NAME);
  const before = children(node), after = before.map(named);
  return {
    field: after.some((c, k) => c !== before[k]) ? withChildren(node, after) : node, isSum,
    restore: (e) => rewrite(e, (n) => {
      if (n.kind !== "read" || !isSum(n)) return n;
      const { sum, indices } = sums[Number(n.array.slice(NAME.length))]!;
      return substitute(sum, new Map(indices.map((i, k) => [i, n.subscripts[k]!])));
    }),
  };
}

/** Terms of a field whose inputs are functions of named sums, as one term with the whole activation; others as they are. @param fail leaves the recogniser */
export function wholeActivation(terms: readonly Term[], { isSum }: NamedSums, weights: string, fail: (reason: string) => never, options: NormaliseOptions): readonly Term[] {
  const holdsSum = (e: Expression): boolean => isSum(e) || children(e).some(holdsSum);
  const [first] = terms;
  if (!first || !terms.some((t) => t.factors.some((f) => holdsSum(f.base)))) return terms;
  const [index] = first.indices;
  if (!index || terms.some((t) => t.indices.length !== 1 || t.conditions.length > 0)) return terms;
  const isWeight = ({ base }: Factor): boolean => base.kind === "read" && base.array === weights;
  const parts = terms.map((t) => {
    const own = (f: Factor): Factor => ({ ...f, base: substitute(f.base, new Map([[t.indices[0]!, indexValue(index)]])) });
    const factors = t.factors.map(own);
    const inside = factors.filter((f) => !isWeight(f) && freeIndices(f.base).has(index)), rest = factors.filter((f) => !inside.includes(f));
    const parameters = rest.filter((f) => freeIndices(f.base).size === 0 && !holdsRead(f.base));
    return { scale: product(Math.abs(t.coefficient), parameters), inside: product(Math.sign(t.coefficient), inside), others: rest.filter((f) => !parameters.includes(f)) };
  });
  const shape = (p: (typeof parts)[number]): string => print(product(1, p.others));
  if (parts.some((p) => shape(p) !== shape(parts[0]!))) fail(`the inputs of the field are several functions of one random projection, that enter differently`);
  const simple = (e: Expression): Expression => fromNormal(normalise(e, options));
  const activation = parts.reduce((sum: Expression, p) => build.add(sum, build.mul(simple(build.div(p.scale, parts[0]!.scale)), p.inside)), constant(0));
  return [{ coefficient: 1, indices: [index], conditions: [], factors: [...parts[0]!.others, { base: activation, exponent: 1 }, { base: parts[0]!.scale, exponent: 1 }] }];
}

const product = (coefficient: number, factors: readonly Factor[]): Expression => fromNormal({ terms: [{ coefficient, factors, indices: [], conditions: [] }] });

function holdsRead(e: Expression): boolean {
  return e.kind === "read" || e.kind === "reduce" || children(e).some(holdsRead);
}

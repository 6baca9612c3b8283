/** The `fn`s that random models call, as texts and as what a call stands for: of numbers, and of arrays of any size. */
import type { Binders, Expression, Size } from "./modelTree.ts";

type Entry = (subscripts: readonly Expression[]) => Expression;
type Made =
  | { readonly kind: "numbers"; readonly name: string; readonly text: string; readonly meaning: (x: Expression, y: Expression) => Expression }
  | { readonly kind: "array"; readonly name: string; readonly text: string; readonly axes: number; readonly meaning: (entry: Entry, sizes: readonly Size[]) => Expression };

const number = (value: number): Expression => ({ kind: "number", value });
const name = (n: string): Expression => ({ kind: "name", name: n });
const apply = (operator: string, ...args: Expression[]): Expression => ({ kind: "apply", operator, arguments: args });
const over = (...indices: readonly (readonly [string, Size, number?])[]): Binders => ({ kind: "free", indices: indices.map(([n, size, less = 0]) => ({ name: n, range: { size, lower: 1, less }, written: false })) });
const sum = (binders: Binders, body: Expression): Expression => ({ kind: "reduce", reduction: "sum", binders, body });
const square = (x: Expression): Expression => apply("^", x, number(2));

/** Names of indices that models do not use: what a call stands for is evaluated where the call stands. */
export const functions: readonly Made[] = [
  { kind: "numbers", name: "blend", text: "fn blend(x, y) = if x < y then x * tanh(y) else x - y", meaning: (x, y) => apply("if", apply("<", x, y), apply("*", x, apply("tanh", y)), apply("-", x, y)) },
  { kind: "numbers", name: "twice", text: "fn twice(x, y) = blend(y, x) + blend(x / 2, y)", meaning: (x, y) => apply("+", blend(y, x), blend(apply("/", x, number(2)), y)) },
  { kind: "array", name: "power", axes: 1, text: "fn power(v[i in n]) = (sum(i) v[i]^2) / n", meaning: (v, [n]) => apply("/", sum(over(["fi", n!]), square(v([name("fi")]))), name(n!)) },
  { kind: "array", name: "bonds", axes: 1, text: "fn bonds(v[i in n]) = sum(i in n - 1) v[i] * v[i+1]", meaning: (v, [n]) => sum(over(["fi", n!, 1]), apply("*", v([name("fi")]), v([apply("+", name("fi"), number(1))]))) },
  { kind: "array", name: "tilt", axes: 2, text: "fn tilt(a[i in n, j in m]) = sum(i, j) a[i,j] * (i - j)", meaning: (a, [n, m]) => sum(over(["fi", n!], ["fj", m!]), apply("*", a([name("fi"), name("fj")]), apply("-", name("fi"), name("fj")))) },
];

function blend(x: Expression, y: Expression): Expression {
  const [first] = functions;
  return first?.kind === "numbers" ? first.meaning(x, y) : number(0);
}

export const functionTexts: readonly string[] = functions.map((f) => f.text);

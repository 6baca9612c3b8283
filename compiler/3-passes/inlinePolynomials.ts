/**
 * Puts `let`s in place of their reads where that makes more of an expression a polynomial in the state: definitions that are sums
 * and products themselves, read outside of nonlinear operators. Others stay arrays, so that nothing nonlinear is computed
 * twice. Quenched definitions are put in place only where they are plain products, which cost nothing.
 */
import { children, substitute, visit, withChildren, type Expression } from "../ir/expression.ts";
import { freshen } from "../ir/inline.ts";
import type { ArrayDeclaration, Origin, Program } from "../ir/program.ts";
import { longFormula, writtenSize } from "../ir/writtenSize.ts";
import type { OperatorName } from "../library/ops/index.ts";

type Definition = Extract<Origin, { kind: "definition" }>;
const linear: ReadonlySet<OperatorName> = new Set<OperatorName>(["add", "sub", "mul", "neg", "div"]);

const isWhole = (e: Expression): boolean => e.kind === "constant" && Number.isInteger(e.value) && e.value > 0;

export function inlinePolynomials(program: Program, root: Expression): Expression {
  const arrays = new Map(program.arrays.map((a) => [a.name, a]));
  const isThermal = (e: Expression): boolean => {
    let thermal = false;
    visit(e, (x) => { if (x.kind === "read" && arrays.get(x.array)?.status === "thermal") thermal = true; });
    return thermal;
  };
  /** Whether the state enters only through sums, products and whole powers. */
  const isPolynomial = (e: Expression): boolean => {
    if (e.kind === "read" || !isThermal(e)) return true;
    if (e.kind === "reduce") return e.combine === "sum" && !isThermal(e.where) && isPolynomial(e.body);
    if (e.kind !== "apply") return true;
    if (e.operator === "div") return !isThermal(e.arguments[1]!) && isPolynomial(e.arguments[0]!);
    if (e.operator === "pow") return isWhole(e.arguments[1]!) && isPolynomial(e.arguments[0]!);
    return linear.has(e.operator) && e.arguments.every(isPolynomial);
  };
  const isPlain = (e: Expression): boolean => e.kind !== "reduce" && (e.kind !== "apply" || linear.has(e.operator)) && (e.kind === "read" || children(e).every(isPlain));
  const inlined = (array: ArrayDeclaration | undefined): array is ArrayDeclaration & { origin: Definition } =>
    array?.origin.kind === "definition" && (array.status === "thermal" ? isPolynomial(array.origin.body) : isPlain(array.origin.body));
  const done = new Map<Expression, Expression>();
  const go = (e: Expression): Expression => {
    const known = done.get(e);
    if (known) return known;
    let result = e;
    if (e.kind === "read") {
      const array = arrays.get(e.array);
      // An ordered array may be read in any order of its subscripts, a periodic one beyond its range; their definitions may not.
      const plain = (a: ArrayDeclaration): boolean => a.slots.every((s, k) => s.order === undefined && (!s.periodic || e.subscripts[k]!.kind === "index"));
      if (inlined(array) && plain(array)) {
        const { indices, body } = array.origin;
        result = go(substitute(freshen(body), new Map(indices.map((i, k) => [i, e.subscripts[k]!]))));
      }
    } else if (e.kind === "reduce" || (e.kind === "apply" && (linear.has(e.operator) || (e.operator === "pow" && isWhole(e.arguments[1]!))))) {
      const before = children(e);
      const after = before.map(go);
      result = after.some((c, k) => c !== before[k]) ? withChildren(e, after) : e;
    }
    done.set(e, result);
    return result;
  };
  const result = go(root);
  return writtenSize(result) > longFormula ? root : result;
}

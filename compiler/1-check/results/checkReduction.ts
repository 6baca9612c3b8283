/** Reductions in results: `root(a in x..y) f`, and sums and the like over a few numbers, which are written out. */
import type { Expression, ReductionExpression } from "../../../grammar/ast.ts";
import type { OperatorName } from "../../library/ops/index.ts";
import { reductions } from "../../library/reductions/index.ts";
import { constants } from "../expression/names.ts";
import { applyOperator, operatorOfFunction, operatorOfInfix } from "./applyOperator.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import { needTruth } from "./needTruth.ts";
import type { Context, Scope } from "./scope.ts";
import { withBound } from "./scope.ts";
import { inQuotes, suggest } from "./suggest.ts";
import type { Typed } from "./typed.ts";
import { constant, number, over, unknown } from "./typed.ts";

/** Longer sums, those around them counted in, belong in an observable. */
const LONGEST = 10000;

export function checkReduction(context: Context, e: ReductionExpression, scope: Scope): Typed {
  const { report } = context;
  const name = e.name.name;
  if (name === "gauss") return checkGauss(context, e, scope);
  const [binder, ...further] = e.binders;
  // Several variables: one reduction inside the other. The outer one of counts adds them up.
  if (binder !== undefined && further.length > 0 && name !== "root") {
    const inner: ReductionExpression = { ...e, binders: further };
    return checkReduction(context, { ...e, name: name === "count" ? { ...e.name, name: "sum" } : e.name, binders: [binder], body: inner }, scope);
  }
  const variable = binder?.names[0];
  if (e.binders.length !== 1 || binder?.kind !== "chain" || binder.names.length !== 1 || variable === undefined) {
    report.error("Q716", `\`${name}\` binds one name here`, e.span, `write \`${name}(a in x..y) …\``);
    return unknown;
  }
  if (!checkShadow(context, variable, scope)) return unknown;
  if (binder.range === undefined) {
    report.error("Q716", `\`${variable.name}\` has no range here: there is no slot that gives it one`, variable.span, `write \`${name}(${variable.name} in x..y) …\``);
    return unknown;
  }
  if (name === "root") return checkRoot(context, e, variable.name, binder.range, scope);
  if (name === "integral") return checkIntegral(context, e, variable.name, binder.range, scope);

  const [from, to] = rangeEnds(binder.range).map((end) => (typeof end === "number" ? constant(end) : context.check(end, scope)));
  if (from!.type === "unknown" || to!.type === "unknown") return unknown;
  const a = evaluateConstant(from!.expression), b = evaluateConstant(to!.expression);
  if (a === undefined || b === undefined || !Number.isInteger(a) || !Number.isInteger(b) || b < a || (b - a + 1) * scope.copies > LONGEST) {
    report.error("Q716", `\`${name}\` runs over whole numbers from a to b here, at most ${LONGEST} of them, which are known before anything runs`, binder.range.span, "longer sums belong in an observable of the model");
    return unknown;
  }
  const terms: Typed[] = [];
  for (let k = a; k <= b; k++) terms.push(context.check(e.body, { ...withBound(scope, variable.name, constant(k)), copies: scope.copies * (b - a + 1) }));
  return combine(context, e, terms);
}

/** The ends of `a..b`, or of 1..N for a plain size. */
const rangeEnds = (range: Expression): readonly [Expression | number, Expression] => (range.kind === "range" ? [range.from, range.to] : [1, range]);

/** `gauss(z) f`, `gauss(g1, g2) f`: averages over independent standard Gaussian numbers, one inside the other. */
function checkGauss(context: Context, e: ReductionExpression, scope: Scope): Typed {
  const { report } = context;
  const names = e.binders.flatMap((b) => (b.kind === "chain" ? b.names : []));
  const odd = e.binders.find((b) => b.kind !== "chain" || b.range !== undefined || b.relations.length > 0);
  if (odd !== undefined || names.length === 0) {
    report.error("Q716", "`gauss` binds names of standard Gaussian numbers, which have no range", (odd ?? e).span, "write `gauss(z) …`");
    return unknown;
  }
  let inside = scope;
  for (const name of names) {
    if (!checkShadow(context, name, inside)) return unknown;
    inside = withBound(inside, name.name, number({ kind: "variable", name: name.name }));
  }
  const body = context.check(e.body, inside);
  return names.reduceRight((inner, { name }) => over([inner], "number", { kind: "integral", variable: name, body: inner.expression }), body);
}

function checkIntegral(context: Context, e: ReductionExpression, variable: string, range: Expression, scope: Scope): Typed {
  if (range.kind !== "range" || range.by !== undefined) {
    context.report.error("Q716", "`integral` is over all numbers between two ends", range.span, `write \`integral(${variable} in 0..1) …\``);
    return unknown;
  }
  const from = context.check(range.from, scope), to = context.check(range.to, scope);
  const body = context.check(e.body, withBound(scope, variable, number({ kind: "variable", name: variable })));
  return over([from, to, body], "number", { kind: "integral", variable, from: from.expression, to: to.expression, body: body.expression });
}

function checkRoot(context: Context, e: ReductionExpression, variable: string, range: Expression, scope: Scope): Typed {
  if (range.kind !== "range" || range.by !== undefined) {
    context.report.error("Q716", "`root` looks for a zero between two numbers", range.span, `write \`root(${variable} in 0.1..1.5) …\``);
    return unknown;
  }
  const from = context.check(range.from, scope), to = context.check(range.to, scope);
  const body = context.check(e.body, withBound(scope, variable, number({ kind: "variable", name: variable })));
  const a = evaluateConstant(from.expression), b = evaluateConstant(to.expression);
  if (from.type !== "unknown" && to.type !== "unknown" && a !== undefined && b !== undefined && !(a < b)) {
    context.report.error("Q716", `the interval of \`root\` is empty: ${a} is not below ${b}`, range.span);
    return unknown;
  }
  if (body.estimated.length > 0) {
    context.report.error("Q716", "`root` needs a function of its variable: the estimates of a run don't depend on it", e.body.span, "a zero of what was measured is not looked for; a theory can be");
    return unknown;
  }
  return over([from, to, body], "number", { kind: "root", variable, from: from.expression, to: to.expression, body: body.expression });
}

function combine(context: Context, e: ReductionExpression, terms: readonly Typed[]): Typed {
  const name = e.name.name;
  // Halves, so that the tree stays flat.
  const fold = (operator: OperatorName, list = terms): Typed => {
    if (list.length === 1) return list[0]!;
    const half = Math.ceil(list.length / 2);
    return applyOperator(operator, [fold(operator, list.slice(0, half)), fold(operator, list.slice(half))]);
  };
  const record = (reductions as Readonly<Record<string, { readonly body: "number" | "truth" } | undefined>>)[name];
  if (record?.body === "truth") terms.slice(0, 1).forEach((t) => needTruth(context, t, e.body, `\`${name}\``));
  switch (name) {
    case "sum": case "count": return terms.length === 1 ? applyOperator(operatorOfInfix("+"), [terms[0]!, constant(0)]) : fold(operatorOfInfix("+"));
    case "mean": return applyOperator(operatorOfInfix("/"), [fold(operatorOfInfix("+")), constant(terms.length)]);
    case "prod": return fold(operatorOfInfix("*"));
    case "all": return fold(operatorOfInfix("and"));
    case "any": return fold(operatorOfInfix("or"));
    case "max": case "min": return fold(operatorOfFunction(name)!);
    default: {
      const known = ["root", "sum", "mean", "prod", "max", "min", "count", "any", "all"];
      context.report.error("Q716", `\`${name}\` is not a reduction of results`, e.name.span, suggest(name, known, "these are") ?? inQuotes(known));
      return unknown;
    }
  }
}

/** Variables shadow nothing: a clash with a name that is in scope is an error. */
export function checkShadow(context: Context, name: { readonly name: string; readonly span: { readonly start: number; readonly end: number } }, scope: Scope): boolean {
  const run = scope.runs.find((r) => r.sweep.some((s) => s.name === name.name) || r.model?.parameters.has(name.name));
  const taken = scope.bound.has(name.name) ? "it is bound around this place already" : Object.hasOwn(constants, name.name) ? "it is a constant"
    : run && `it is a ${run.sweep.some((s) => s.name === name.name) ? "sweep variable" : "parameter"} of \`${run.name}\``;
  if (taken === undefined) return true;
  context.report.error("Q717", `\`${name.name}\` cannot be bound here: ${taken}`, name.span,
    scope.bound.has(name.name) ? `all of a product or quotient is in the body of what binds \`${name.name}\`: close it with parentheses, \`(integral(${name.name} in a..b) …) / (…)\`, or choose another name` : "choose another name");
  return false;
}

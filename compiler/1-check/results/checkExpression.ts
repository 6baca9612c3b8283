/** Expressions of runs, claims, plots and tables: one visit that resolves names, checks types and builds the plan. */
import type { Expression, WithExpression } from "../../../grammar/ast.ts";
import { constants } from "../expression/names.ts";
import { applyOperator, operatorOfInfix, operatorOfPrefix } from "./applyOperator.ts";
import { checkAt } from "./checkAt.ts";
import { checkCall } from "./checkCall.ts";
import { checkElement, checkMember } from "./checkMember.ts";
import { checkReduction } from "./checkReduction.ts";
import { needTruth } from "./needTruth.ts";
import type { Context, Scope } from "./scope.ts";
import type { Typed } from "./typed.ts";
import { constant, unknown } from "./typed.ts";

export function checkExpression(context: Context, e: Expression, scope: Scope): Typed {
  const check = (x: Expression): Typed => context.check(x, scope);
  const refuse = (what: string, help?: string): Typed => {
    context.report.error("Q719", `${what} cannot stand here: a number is expected`, e.span, help);
    return unknown;
  };
  switch (e.kind) {
    case "number": return constant(e.value);
    case "name": {
      const bound = scope.bound.get(e.name);
      if (bound !== undefined) return bound;
      return Object.hasOwn(constants, e.name) ? constant(constants[e.name]!) : scope.resolve(e, scope);
    }
    case "unary": {
      const operand = check(e.operand);
      if (e.operator === "+") return operand;
      if (e.operator === "not") needTruth(context, operand, e.operand, "`not`");
      return applyOperator(operatorOfPrefix(e.operator), [operand]);
    }
    case "binary": {
      const left = check(e.left), right = check(e.right);
      if (e.operator === "and" || e.operator === "or") {
        needTruth(context, left, e.left, `\`${e.operator}\``);
        needTruth(context, right, e.right, `\`${e.operator}\``);
      }
      return applyOperator(operatorOfInfix(e.operator), [left, right]);
    }
    case "compare": {
      const operands = e.operands.map(check);
      const comparisons = e.operators.map((sign, k) => applyOperator(operatorOfInfix(sign), [operands[k]!, operands[k + 1]!]));
      return comparisons.reduce((both, next) => applyOperator(operatorOfInfix("and"), [both, next]));
    }
    case "conditional": {
      const condition = check(e.condition), then = check(e.then), otherwise = check(e.otherwise);
      needTruth(context, condition, e.condition, "`if`");
      return applyOperator("select", [condition, then, otherwise]);
    }
    case "call": return checkCall(context, e, scope);
    case "member": return checkMember(context, e, scope);
    case "subscript": return checkElement(context, e, scope);
    case "reduction": return checkReduction(context, e, scope);
    case "at": return checkAt(context, e, scope);
    case "with":
      if (scope.place !== "results") return refuse("`with`", "declare an observable in the model and name it");
      return checkWith(context, e, scope);
    case "string": return refuse("a text");
    case "tuple": return refuse("a tuple");
    case "list": return refuse("a list", "lists stand behind `in` of a sweep or of `for`");
    case "range": return refuse("a range", "ranges stand behind `in`");
    case "schedule": return refuse("a schedule", "schedules are arguments of a dynamics: `metropolis(T = 2 -> 0.1)`");
    case "replica": return refuse("a replica", "an observable of the model may use `w@1` and `w@2`: name that observable");
  }
}

/** Observables on the left of `with` are those that it adds to their runs. */
function checkWith(context: Context, e: WithExpression, scope: Scope): Typed {
  const found = context.check(e.object, { ...scope, under: [e, ...scope.under] });
  if (found.type !== "unknown" && found.records.length === 0 && found.estimated.length === 0) {
    context.report.error("Q719", "`with` replaces what the observables of a run read, and there is none on its left", e.span, "for instance `mean(R.e with w = flip(w, 0.1))`");
    return unknown;
  }
  return found;
}

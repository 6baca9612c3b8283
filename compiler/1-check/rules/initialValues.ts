import type { StateDeclaration } from "../../../grammar/ast.ts";
import { domains } from "../../library/domains/index.ts";
import { checkDistribution } from "../distributions.ts";
import { ExpressionChecker } from "../expression/checker.ts";
import type { ModelScope } from "../model.ts";
import { reductionsIn } from "../reductionsIn.ts";
import type { ArraySymbol } from "../symbols.ts";
import type { Rule } from "./rule.ts";

export const initialValues: Rule = {
  doc: "The initial value of a state depends on no state; an initial draw takes values of its domain.",
  check(model) {
    for (const symbol of model.states()) {
      const d = symbol.declaration;
      if (d?.kind !== "state" || !d.initial) continue;
      if (d.initial.kind === "value") checkValue(model, symbol, d, d.initial.expression);
      else {
        const c = new ExpressionChecker(model, new Map());
        const distribution = checkDistribution(c, d.initial.expression);
        c.finish();
        if (!distribution) continue;
        symbol.distribution = distribution;
        const domain = symbol.domain;
        if (distribution.record.graph || (domain && !domains[domain].continuous && !distribution.record.domains.includes(domain))) {
          model.report.error("Q245", `\`${distribution.name}\` draws values that are not ${distribution.record.graph ? "numbers" : `in the domain \`${domain}\``}`, d.initial.expression.span,
            domain && !domains[domain].continuous ? `without a draw it starts uniform on \`${domain}\`` : undefined);
        }
      }
    }
  },
};

function checkValue(model: ModelScope, symbol: ArraySymbol, d: StateDeclaration, value: NonNullable<StateDeclaration["initial"]>["expression"]): void {
  const c = new ExpressionChecker(model, reductionsIn(value));
  const body = c.within(symbol.indices, [], () => c.number(value));
  c.finish();
  if (body.type.kind !== "scalar") return;
  if (body.status === "thermal") {
    model.report.error("Q262", `the initial value of \`${symbol.name}\` depends on a state`, [{ span: body.span, message: "thermal" }, { span: d.domain.span, message: "initial value" }]);
    return;
  }
  symbol.body = body;
}

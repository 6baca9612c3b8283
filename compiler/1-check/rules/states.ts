import type { Rule } from "./rule.ts";

export const states: Rule = {
  doc: "A model has a state.",
  check(model) {
    if (!model.complete || model.arrays("state").length > 0 || model.item.declarations.some((d) => d.kind === "state")) return;
    model.report.error("Q254", `model \`${model.item.name.name}\` has no state`, model.item.name.span, "declare the variables: `state w[i in N] : real`");
  },
};

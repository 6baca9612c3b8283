import type { Rule } from "./rule.ts";

export const energy: Rule = {
  doc: "A model has exactly one energy: a scalar that depends on a state.",
  check(model) {
    const { report, item } = model;
    const declared = item.declarations.filter((d) => d.kind === "energy");
    const [first, ...others] = declared;
    if (!first) {
      if (!model.complete) return;
      report.error("Q250", `model \`${item.name.name}\` has no energy`, item.name.span, "declare what is minimised: `energy H = …`");
      return;
    }
    for (const other of others) {
      report.error("Q251", `model \`${item.name.name}\` has more than one energy`, [{ span: other.target.name.span, message: "another" }, { span: first.target.name.span, message: "first" }], "add them up in one energy; declare the parts with `let` or `observable`");
    }
    for (const { target } of declared) {
      const symbol = model.lookup(target.name.name);
      if (symbol?.kind !== "array" || symbol.role !== "energy") continue;
      if (target.slots) report.error("Q252", `the energy is one number, and \`${symbol.name}\` has slots`, target.span, `sum over them: \`energy ${symbol.name} = sum(…) …\``);
      else if (!symbol.sound) continue;
      else if (symbol.element === "truth") report.error("Q222", "the energy is a number, and this is a truth value", target.span, "count what is violated: `count(mu) (…)`");
      else if (symbol.status !== "thermal" && model.arrays("state").length > 0) report.error("Q253", `the energy \`${symbol.name}\` depends on no state`, target.name.span, "it reads only parameters and quenched arrays, so that there is nothing to minimise");
    }
  },
};

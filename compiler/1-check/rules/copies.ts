import { ingredients } from "../dependencies.ts";
import type { ArraySymbol } from "../symbols.ts";
import type { Rule } from "./rule.ts";

export const copies: Rule = {
  doc: "Copies are independent: neither the energy nor a constraint of one reads another.",
  check(model) {
    const refuse = (what: string, place: ArraySymbol["span"], replicas: ReadonlySet<string>): void => {
      const [first] = replicas;
      if (first === undefined) return;
      model.report.error("Q264", `${what} reads the copy \`@${first}\`, and copies of the states are independent`, place, "a run couples its copies: `bias …` is added to their energies");
    };
    for (const symbol of model.arrays("energy")) refuse("the energy", symbol.span, ingredients(symbol).replicas);
    for (const c of model.constraints() ?? []) refuse("this constraint", c.span, ingredients(c.left, c.right).replicas);
  },
};

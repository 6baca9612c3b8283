import { checkInitial } from "../initial.ts";
import type { Rule } from "./rule.ts";

export const initialValues: Rule = {
  doc: "The initial value of a state depends on no state; an initial draw takes values of its domain.",
  check(model) {
    for (const symbol of model.states()) {
      const d = symbol.declaration;
      if (d?.kind !== "state" || !d.initial) continue;
      const initial = checkInitial(model, symbol, d.initial, d.domain.span);
      if (initial) symbol.initial = initial;
    }
  },
};

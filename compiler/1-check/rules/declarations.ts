import type { Rule } from "./rule.ts";

export const declarations: Rule = {
  doc: "Every declaration is well formed: names, indices, ranges, types and status.",
  check(model) {
    for (const symbol of model.symbols.values()) {
      if (symbol.kind === "array" || symbol.kind === "graph") model.resolve(symbol, symbol.span);
    }
    model.constraints();
  },
};

import type { Rule } from "./rule.ts";

/** Runs that are pointed at; all are named. */
const MOST_SHOWN = 4;

export const starts: Rule = {
  doc: "A free real state needs an initial value: where neither the model nor a run names one, the run cannot begin.",
  check(model, file) {
    const runs = file.items.filter((i) => i.kind === "run").filter((r) => r.model.name === model.item.name.name);
    const constrained = model.item.declarations.flatMap((d) => (d.kind === "constraint" ? [d] : []));
    const reads = (name: string, statement: unknown): boolean => {
      if (statement === null || typeof statement !== "object") return false;
      if ("kind" in statement && statement.kind === "name" && "name" in statement && statement.name === name) return true;
      return Object.values(statement).some((child) => (Array.isArray(child) ? child.some((x) => reads(name, x)) : reads(name, child)));
    };
    for (const symbol of model.arrays("state")) {
      const d = symbol.declaration;
      if (d?.kind !== "state" || d.initial || symbol.domain !== "real") continue;
      if (constrained.some((constraint) => reads(symbol.name, constraint.statement))) continue;
      const lost = runs.filter((run) => !run.steps.some((s) => (s.kind === "startFrom" || s.kind === "startValue") && (s.targets.length === 0 || s.targets.some((t) => t.name.name === symbol.name))));
      if (lost.length === 0) continue;
      model.report.warning("Q257", `nothing says where the free state \`${symbol.name}\` starts in run ${lost.map((run) => `\`${run.name.name}\``).join(", ")}`,
        [{ span: symbol.span, message: "real, without constraint" }, ...lost.slice(0, MOST_SHOWN).map((run) => ({ span: run.name.span, message: "no `start`" }))], `give it a draw or a value: \`${symbol.name} : real ~ Normal(0, var = 1)\``);
    }
  },
};

import { suggest } from "./suggest.ts";
import type { Context } from "./scope.ts";

/** The values of `--set` that mean something: a name that no model and no run knows is an error, and so is a broken size. */
export function checkSet(context: Context, set: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const { report, names } = context;
  const parameters = [...names.models.values()].flatMap((m) => [...(m.view?.parameters.values() ?? [])]);
  const swept = [...names.runs.values()].flatMap((r) => r.item.steps.flatMap((s) => (s.kind === "sweep" ? [s.name.name] : [])));
  const known = [...new Set([...parameters.map((p) => p.name), ...swept])];
  return Object.fromEntries(Object.entries(set).filter(([name, value]) => {
    const integer = parameters.find((p) => p.name === name && p.integer);
    if (!known.includes(name)) report.error("Q460", `--set ${name}: no model has a parameter \`${name}\`, and no run sweeps it`, [], suggest(name, known, "known are"));
    else if (Number.isNaN(value)) report.error("Q404", `--set ${name}: the value is not a number`, []);
    else if (integer && !Number.isInteger(value)) report.error("Q404", `--set ${name}: \`${name}\` is a whole number, not ${value}`, [], `a parameter whose default has a decimal point is real: \`${name} = ${integer.default}.0\``);
    else return true;
    return false;
  }));
}

import { libraryFunctions } from "../../library/functions/index.ts";
import type { LibraryFunction } from "../../library/functions/index.ts";
import { nameOfKey } from "../../../runtime/extensions/addEntry.ts";
import { ingredients } from "../dependencies.ts";
import type { Rule } from "./rule.ts";

/** What moves the states calls only functions that kernels can call, and derives nothing. */
export const moved: Rule = {
  doc: "Derivatives, and folds over the records of a task, are read by observables: not by the energy, a constraint or a draw.",
  check(model) {
    const roots = [...model.arrays("energy"), ...model.arrays("state"), ...model.arrays("ensemble"), ...(model.constraints() ?? [])];
    for (const call of ingredients(...roots).calls) {
      const record: LibraryFunction = libraryFunctions[call.function];
      if (record.fold) model.report.error("Q269", `\`${nameOfKey(call.function)}\` remembers the records of a task: only observables can read it`, call.span, "a function of the state alone is made by `defineFunction`");
      else if (record.arguments.includes("differentiable")) model.report.error("Q268", `\`${nameOfKey(call.function)}\` is read by what moves the states: dynamics would need its derivatives in turn`, call.span, "write the derivative out as a `let`, or read it in an observable");
    }
  },
};

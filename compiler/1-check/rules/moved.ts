import { libraryFunctions } from "../../library/functions/index.ts";
import type { LibraryFunction } from "../../library/functions/index.ts";
import { nameOfKey } from "../../../runtime/extensions/addEntry.ts";
import { ingredients } from "../dependencies.ts";
import type { Rule } from "./rule.ts";

/** What moves the states calls only functions that kernels can call: matrices that depend on the states are diagonalised for observables only. */
export const moved: Rule = {
  doc: "What the runtime makes of whole arrays that depend on the states is read by observables: not by the energy, a constraint or a draw, as far as kernels cannot call it.",
  check(model) {
    const roots = [...model.arrays("energy"), ...model.arrays("state"), ...model.arrays("ensemble"), ...(model.constraints() ?? [])];
    for (const call of ingredients(...roots).calls) {
      const record: LibraryFunction = libraryFunctions[call.function];
      if (record.fold) model.report.error("Q269", `\`${nameOfKey(call.function)}\` remembers the records of a task: only observables can read it`, call.span, "a function of the state alone is made by `defineFunction`");
      else if (record.runtime !== undefined && record.inEnergies === undefined && call.status === "thermal") model.unsupported(call.span, `\`${nameOfKey(call.function)}\` of what depends on the states, outside of observables`);
    }
  },
};

import { libraryFunctions } from "../../library/functions/index.ts";
import type { LibraryFunction } from "../../library/functions/index.ts";
import { ingredients } from "../dependencies.ts";
import type { Rule } from "./rule.ts";

/** What moves the states is generated code alone: matrices that depend on the states are diagonalised for observables only. */
export const moved: Rule = {
  doc: "What the runtime makes of whole arrays that depend on the states is read by observables: not by the energy, a constraint or a draw.",
  check(model) {
    const roots = [...model.arrays("energy"), ...model.arrays("state"), ...model.arrays("ensemble"), ...(model.constraints() ?? [])];
    for (const call of ingredients(...roots).calls) {
      const record: LibraryFunction = libraryFunctions[call.function];
      if (record.runtime !== undefined && call.status === "thermal") model.unsupported(call.span, `\`${call.function}\` of what depends on the states, outside of observables`);
    }
  },
};

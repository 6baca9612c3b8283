import { libraryFunctions } from "../../library/functions/index.ts";
import type { LibraryFunction } from "../../library/functions/index.ts";
import { nameOfKey } from "../../../runtime/extensions/addEntry.ts";
import type { Span } from "../../../grammar/span.ts";
import { ingredients } from "../dependencies.ts";
import type { Report } from "../report.ts";
import type { Rule } from "./rule.ts";

/** What moves the states calls only functions that kernels can call, and derives nothing. */
export const moved: Rule = {
  doc: "Derivatives, and folds over the records of a task, are read by observables: not by the energy, a constraint or a draw.",
  check(model) {
    reportUnmovable(model.report, [...model.arrays("energy"), ...model.arrays("state"), ...model.arrays("ensemble"), ...(model.constraints() ?? [])]);
  },
};

/** @param reader what stands in another place than the model and reads it: a bias */
export function reportUnmovable(report: Report, roots: readonly unknown[], reader?: Span): void {
  for (const call of ingredients(...roots).calls) {
    const record: LibraryFunction = libraryFunctions[call.function];
    const labels = [...(reader ? [{ span: reader, message: "" }] : []), { span: call.span, message: reader ? `\`${nameOfKey(call.function)}\` stands here` : "" }];
    if (record.fold) report.error("Q269", `\`${nameOfKey(call.function)}\` remembers the records of a task: only observables can read it`, labels, "a function of the state alone is made by `defineFunction`");
    else if (record.arguments.includes("differentiable")) report.error("Q268", `\`${nameOfKey(call.function)}\` is read by what moves the states: dynamics would need its derivatives in turn`, labels, "write the derivative out as a `let`, or read it in an observable");
  }
}

import { isDistributionName } from "../library/distributions/index.ts";
import { isLibraryFunctionName } from "../library/functions/index.ts";
import { isReductionName } from "../library/reductions/index.ts";
import { isSourceName } from "../library/sources/index.ts";
import { functionOperators } from "./expression/operators.ts";

/** Functions that stand only behind `with`. */
export const replacementFunctions: ReadonlySet<string> = new Set(["flip", "fresh"]);

/** Names of callables that the language brings, which a `fn` cannot take. */
export const isBuiltIn = (name: string): boolean =>
  isReductionName(name) || functionOperators.has(name) || isLibraryFunctionName(name) || isDistributionName(name) || isSourceName(name) || replacementFunctions.has(name);

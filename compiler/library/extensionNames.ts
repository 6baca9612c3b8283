/** What `use` brings into a specification: for each kind of entry the key in its table, `NAME@HASH`, by the name that the specification calls. */
import type { DistributionName } from "./distributions/index.ts";
import type { LibraryFunctionName } from "./functions/index.ts";
import type { OperatorName } from "./ops/index.ts";

export interface ExtensionNames {
  /** Functions of numbers. */
  readonly functions: ReadonlyMap<string, OperatorName>;
  /** Functions of arrays, and folds over states. */
  readonly arrayFunctions: ReadonlyMap<string, LibraryFunctionName>;
  readonly distributions: ReadonlyMap<string, DistributionName>;
  readonly sources: ReadonlyMap<string, string>;
  readonly dynamics: ReadonlyMap<string, string>;
  readonly theories: ReadonlyMap<string, string>;
}

export const noExtensions: ExtensionNames = { functions: new Map(), arrayFunctions: new Map(), distributions: new Map(), sources: new Map(), dynamics: new Map(), theories: new Map() };

/** Whether one of them has this name: callables have one name space. */
export const isExtensionName = (names: ExtensionNames, name: string): boolean => Object.values<ReadonlyMap<string, string>>({ ...names }).some((map) => map.has(name));

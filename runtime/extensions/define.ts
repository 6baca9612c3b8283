/**
 * The definitions that an extension file exports. Each says of what kind it is; its fields are those of the built-in entries of that kind. What
 * they must be is said by the types of `quench/extend`, and proved when the file is loaded (compiler/extensions).
 */
import type { DataSource } from "../data/source.ts";
import type { SteppedDynamics } from "../dynamics/steppedDynamics.ts";
import type { Distribution } from "../random/distributions/distribution.ts";
import type { ArrayFunctionForm, FoldForm } from "./arrayFunctions.ts";

/** What the runtime reads of a definition of each kind, once it was proved. */
export interface RuntimeForms {
  readonly function: { readonly arity: number; readonly value: (...x: number[]) => number } | ArrayFunctionForm;
  readonly observable: FoldForm;
  readonly distribution: Pick<Distribution, "doc" | "fill"> & { readonly parameters: readonly { readonly name: string }[] };
  readonly source: Omit<DataSource, "name">;
  readonly dynamics: SteppedDynamics;
  /** Theories are derived by the compiler, in its own thread. */
  readonly theory: object;
}

export type ExtensionKind = keyof RuntimeForms;
export type Definition = { readonly [Kind in ExtensionKind]: RuntimeForms[Kind] & { readonly kind: Kind } }[ExtensionKind];

/** Makes definitions of one kind: `const defineFunction = definitionOf("function")`. */
export const definitionOf = <Kind extends ExtensionKind>(kind: Kind) => <Record extends object>(record: Record): Record & { readonly kind: Kind } => ({ ...record, kind });

const kinds: Readonly<Record<ExtensionKind, true>> = { function: true, observable: true, distribution: true, source: true, dynamics: true, theory: true };

/** Whether something was made by one of the `define…`s. That it is what its kind must be is proved elsewhere. */
export const isDefinition = (value: unknown): value is Definition =>
  typeof value === "object" && value !== null && "kind" in value && typeof value.kind === "string" && Object.hasOwn(kinds, value.kind);

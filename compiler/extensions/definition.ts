/** A definition of an extension file, by its kind, with all that the compiler reads of it. */
import type { SteppedDynamics } from "../../runtime/dynamics/steppedDynamics.ts";
import { isDefinition } from "../../runtime/extensions/define.ts";
import type { ExtensionKind, RuntimeForms } from "../../runtime/extensions/define.ts";
import type { DistributionExtension } from "../library/distributions/extension.ts";
import type { ArrayFunctionExtension, ObservableExtension } from "../library/functions/extension.ts";
import type { FunctionRecord } from "../library/ops/extension.ts";
import type { TheoryExtension } from "../theory/extension.ts";

interface Forms {
  readonly function: FunctionRecord | ArrayFunctionExtension;
  readonly observable: ObservableExtension<Record<string, unknown>>;
  readonly distribution: DistributionExtension;
  readonly source: RuntimeForms["source"];
  readonly dynamics: SteppedDynamics;
  readonly theory: TheoryExtension;
}

export type DefinitionOf<Kind extends ExtensionKind> = Forms[Kind] & { readonly kind: Kind };
export type ExtensionDefinition = { readonly [Kind in ExtensionKind]: DefinitionOf<Kind> }[ExtensionKind];

/** Whether it was made by one of the `define…`s; its form (forms/) is still to be proved. */
export const isExtensionDefinition = (exported: unknown): exported is ExtensionDefinition => isDefinition(exported);

import type { SourceFile } from "../../../grammar/ast.ts";
import type { ModelScope } from "../model.ts";

/** A semantic rule about a whole model; it reports what breaks it. */
export interface Rule {
  /** What the rule says, in one sentence. */
  readonly doc: string;
  readonly check: (model: ModelScope, file: SourceFile) => void;
}

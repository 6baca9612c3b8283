/** Data sources in the IR. */
import type { CheckedSource } from "../1-check/sources.ts";
import type { Span } from "../../grammar/span.ts";
import type { DataBinding, ProgramParameter } from "../ir/program.ts";
import type { LoweringEnvironment } from "./environment.ts";
import type { Lowering } from "./lowering.ts";

export const dataBinding = (l: Lowering, source: CheckedSource, arrays: DataBinding["arrays"], env: LoweringEnvironment): DataBinding => ({
  source: source.name, arrays, span: source.span,
  arguments: Object.fromEntries([...source.arguments].map(([name, value]) => [name, typeof value === "string" ? value : l.expression(value, env)])),
});

/** A size that a source binds; how large it is, the data say. */
export const dataSize = (name: string, span: Span): ProgramParameter => ({ name, kind: "integer", default: NaN, boundBy: "data", span });

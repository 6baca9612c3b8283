import type { CallExpression } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import { isSourceName, sources } from "../library/sources/index.ts";
import { nearest } from "../../grammar/nearest.ts";
import type { ExpressionChecker } from "./expression/checker.ts";
import type { CheckedExpression } from "./tree.ts";
import { isBelow } from "./types.ts";

/** `mnist(split = "train", take = P)`: texts as they are, numbers as expressions of parameters. */
export interface CheckedSource {
  readonly name: string;
  readonly arguments: ReadonlyMap<string, string | CheckedExpression>;
  readonly span: Span;
}

/** A call of a data source, behind `=` of `data` or of `with`. Undefined where something was reported. */
export function checkSource(c: ExpressionChecker, e: CallExpression, arrays: number): CheckedSource | undefined {
  const name = e.callee.name;
  const key = isSourceName(name) ? name : c.names.extensions.sources.get(name);
  const record = key === undefined ? undefined : sources[key];
  if (!record || key === undefined) {
    const near = nearest(name, [...Object.keys(sources), ...c.names.extensions.sources.keys()]);
    c.report.error("Q246", `unknown data source \`${name}\``, e.callee.span, near ? `did you mean \`${near}\`?` : `there are: ${Object.keys(sources).join(", ")}`);
    for (const a of e.arguments) c.check(a.value);
    return undefined;
  }
  const given = new Map<string, string | CheckedExpression>();
  let sound = true;
  const fail = (code: string, message: string, span: Span, help?: string): void => {
    sound = false;
    c.report.error(code, message, span, help);
  };
  let position = 0;
  for (const a of e.arguments) {
    const parameter = a.name ? record.parameters.find((p) => p.name === a.name!.name) : record.parameters[position++];
    const known = record.parameters.map((p) => p.name);
    if (!parameter) {
      if (a.name) fail("Q232", `\`${name}\` has no argument \`${a.name.name}\``, a.name.span, `it has: ${known.join(", ")}`);
      else fail("Q231", `\`${name}\` takes at most ${known.length} arguments`, a.span);
    } else if (parameter.kind === "text") {
      if (a.value.kind !== "string") fail("Q224", `\`${parameter.name}\` of \`${name}\` is a text in quotes`, a.value.span);
      else if (parameter.choices && !parameter.choices.includes(a.value.value)) fail("Q246", `\`${name}\` has no ${parameter.name} "${a.value.value}"`, a.value.span, `there are: ${parameter.choices.join(", ")}`);
      else given.set(parameter.name, a.value.value);
    } else {
      const value = c.number(a.value);
      if (value.type.kind === "scalar" && isBelow("parameter", value.status)) fail("Q246", `\`${parameter.name}\` of \`${name}\` is made of parameters, and this is ${value.status}`, a.value.span);
      else if (value.type.kind === "scalar" && value.type.element !== "integer") fail("Q246", `\`${parameter.name}\` of \`${name}\` is a whole number`, a.value.span, "`round(x)` makes a whole number");
      else if (value.type.kind !== "scalar") sound = false;
      given.set(parameter.name, value);
    }
  }
  const missing = record.parameters.filter((p) => p.optional !== true && !given.has(p.name));
  if (missing.length > 0 && sound) fail("Q246", `\`${name}\` needs ${missing.map((p) => `\`${p.name}\``).join(" and ")}`, e.span, missing.map((p) => `${p.name}: ${p.doc}`).join(" "));
  if (record.arrays !== undefined && arrays !== record.arrays) fail("Q246", `\`${name}\` gives ${record.arrays} arrays, and ${arrays} ${arrays === 1 ? "stands" : "stand"} here`, e.callee.span, record.doc);
  return sound ? { name: key, arguments: given, span: e.span } : undefined;
}

/** Whether a source makes class labels of an array. */
export function holdsClasses(source: CheckedSource, array: string, position: number): boolean {
  const texts = Object.fromEntries([...source.arguments].filter((entry): entry is [string, string] => typeof entry[1] === "string"));
  return sources[source.name]!.holdsClasses?.(texts, array, position) ?? false;
}

/** `use "../file.ts"`: reads the file, proves that its exports are functions of numbers with right derivatives, and makes operators of them. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, extname, isAbsolute, join } from "node:path";
import type { SourceFile, UseItem } from "../../grammar/ast.ts";
import { partAt } from "../../grammar/source.ts";
import type { Diagnostic, Source } from "../../grammar/index.ts";
import { estimators } from "../../runtime/estimators/index.ts";
import { evaluateExtension } from "../../runtime/extensions/extension.ts";
import { isBuiltIn } from "../1-check/builtIns.ts";
import { constants } from "../1-check/expression/names.ts";
import { addExtension, type FunctionExtension } from "../library/ops/extension.ts";
import { checkAdjoint } from "./checkAdjoint.ts";
import { messageOf } from "../../runtime/messageOf.ts";
import { functionRecord } from "./functionRecord.ts";
import type { OperatorName } from "../library/ops/index.ts";
import { stripTypes } from "./stripTypes.ts";

export interface Extensions {
  /** The operators of all files, by the names under which a specification calls them. */
  readonly functions: ReadonlyMap<string, OperatorName>;
  /** False where a file could not be taken in: not knowing a callable is then no further error. */
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

const endings = [".ts", ".mts", ".js", ".mjs"];

/** @param directory where paths of the specification's own text start; those of an imported file start where that lies */
export function readExtensions(file: SourceFile, source: Source, directory = "."): Extensions {
  const functions = new Map<string, OperatorName>();
  const from = new Map<string, UseItem>();
  const diagnostics: Diagnostic[] = [];
  const read = new Set<string>();
  for (const item of file.items) {
    if (item.kind !== "use") continue;
    const report = (code: string, message: string, help: string, first?: UseItem): void =>
      void diagnostics.push({ severity: "error", code, message, labels: [{ span: item.path.span, message: first ? "again" : "" }, ...(first ? [{ span: first.path.span, message: "first" }] : [])], help, arguments: {} });
    const part = partAt(source, item.span.start);
    const path = isAbsolute(item.path.value) ? item.path.value : join(part.start === 0 ? directory : dirname(part.name), item.path.value);
    if (read.has(path)) continue;
    read.add(path);
    if (!endings.includes(extname(path))) {
      report("Q013", `\`${item.path.value}\` is no TypeScript or JavaScript: its name ends in none of ${endings.join(", ")}`, "other specifications are brought in with `import`");
      continue;
    }
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch {
      report("Q013", `\`${item.path.value}\` cannot be read: there is no file ${path}`, "paths start at the folder of the file that says `use`");
      continue;
    }
    let javascript: string, exports: Readonly<Record<string, unknown>>;
    try {
      javascript = stripTypes(text, path);
      exports = evaluateExtension(javascript);
    } catch (error) {
      report("Q013", `\`${item.path.value}\` cannot be evaluated: ${messageOf(error)}`, "it is evaluated once when the specification is compiled, and once in each worker");
      continue;
    }
    const records = new Map<string, FunctionExtension>();
    for (const [name, value] of Object.entries(exports)) {
      if (name === "__esModule") continue;
      const record = functionRecord(name, value);
      if (isBuiltIn(name) || Object.hasOwn(estimators, name) || Object.hasOwn(constants, name)) report("Q015", `\`${item.path.value}\` exports \`${name}\`, which is built in`, "give the function another name");
      else if (functions.has(name)) report("Q015", `\`${name}\` is exported by two files`, "give one of them another name", from.get(name));
      else if (typeof record === "string") report("Q014", `\`${name}\` of \`${item.path.value}\` is no function of numbers: ${record}`, "export records with `doc`, `arity`, `value`, `samples` and, for gradients, `adjoint`: the type FunctionExtension of `quench`");
      else records.set(name, record);
    }
    if (records.size === 0 && diagnostics.length === 0) report("Q014", `\`${item.path.value}\` exports nothing`, "write `export const NAME: FunctionExtension = { … }`");
    const operators = addExtension(createHash("sha256").update(text).digest("hex").slice(0, 12), javascript, records);
    for (const [name, operator] of operators) {
      const wrong = checkAdjoint(operator);
      if (wrong !== undefined) report("Q014", `the derivative of \`${name}\` of \`${item.path.value}\` is wrong: ${wrong}`, "`adjoint` gives, for each argument, `dy` times the partial derivative, made with the builder: `(dy, [x], b) => [b.mul(dy, b.cos(x))]`");
      functions.set(name, operator);
      from.set(name, item);
    }
  }
  return { functions, complete: diagnostics.length === 0, diagnostics };
}

/**
 * `use "./mine.ts"` or `use "package"`: reads the file with all that it imports, proves its definitions, and adds them to the tables of the language
 * under keys that hold the hash of the text.
 */
import { dirname } from "node:path";
import type { SourceFile, UseItem } from "../../grammar/ast.ts";
import { partAt } from "../../grammar/source.ts";
import type { Diagnostic, Source } from "../../grammar/index.ts";
import { dynamics } from "../../runtime/dynamics/index.ts";
import { estimators } from "../../runtime/estimators/index.ts";
import { loadExtension, type ExtensionText } from "../../runtime/extensions/extension.ts";
import { messageOf } from "../../runtime/messageOf.ts";
import { isBuiltIn } from "../1-check/builtIns.ts";
import { constants } from "../1-check/expression/names.ts";
import type { DistributionName } from "../library/distributions/index.ts";
import { addDistributionExtension } from "../library/distributions/extension.ts";
import type { ExtensionNames } from "../library/extensionNames.ts";
import { addArrayExtension } from "../library/functions/extension.ts";
import type { LibraryFunctionName } from "../library/functions/index.ts";
import { addFunctions, addText, type FunctionRecord } from "../library/ops/extension.ts";
import type { OperatorName } from "../library/ops/index.ts";
import { addTheory, theories } from "../library/theories/index.ts";
import { addDerivation } from "../theory/deriveTheory.ts";
import { derivationOf, theoryRecord } from "../theory/extension.ts";
import { bundle } from "./bundle.ts";
import { checkAdjoint } from "./checkAdjoint.ts";
import { checkArrayAdjoint } from "./checkArrayAdjoint.ts";
import { checkFormula } from "./checkFormula.ts";
import { isExtensionDefinition, type ExtensionDefinition } from "./definition.ts";
import { dynamicsProblems, type CodeOf } from "./dynamicsProblems.ts";
import { findFile } from "./findFile.ts";
import { definitionForm } from "./forms/index.ts";
import { samplesProblem } from "./provenDefinition.ts";
import { sampleInWorker } from "./sampleInWorker.ts";

export interface Extensions {
  readonly names: ExtensionNames;
  /** The files that were asked for, with the items that ask. */
  readonly files: readonly { readonly path: string; readonly item: UseItem }[];
  /** False where a file could not be taken in: not knowing a callable is then no further error. */
  readonly complete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** @param directory where paths of the specification's own text start; those of an imported file start where that lies @param codeOf makes the models that dynamics are proved on */
export function readExtensions(file: SourceFile, source: Source, directory = ".", codeOf: CodeOf = () => undefined): Extensions {
  const names = { functions: new Map<string, OperatorName>(), arrayFunctions: new Map<string, LibraryFunctionName>(), distributions: new Map<string, DistributionName>(), sources: new Map<string, string>(), dynamics: new Map<string, string>(), theories: new Map<string, string>() };
  const from = new Map<string, UseItem>();
  const files: { path: string; item: UseItem }[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const item of file.items) {
    if (item.kind !== "use") continue;
    const written = item.path.value;
    const report = (code: string, message: string, help: string, first?: UseItem): void =>
      void diagnostics.push({ severity: "error", code, message, labels: [{ span: item.path.span, message: first ? "again" : "" }, ...(first ? [{ span: first.path.span, message: "first" }] : [])], help, arguments: {} });
    const part = partAt(source, item.span.start);
    const found = findFile(written, part.start === 0 ? directory : dirname(part.name));
    if ("problem" in found) {
      report("Q013", `\`${written}\` cannot be read: ${found.problem}`, "paths start at the folder of the file that says `use`; other specifications are brought in with `import`");
      continue;
    }
    if (files.some(({ path }) => path === found.path)) continue;
    files.push({ path: found.path, item });
    let text: ExtensionText, exports: Readonly<Record<string, unknown>>, outcomes;
    try {
      text = bundle(found.path, written);
      const answer = sampleInWorker(text);
      if ("failed" in answer) throw new Error(`${answer.evaluating === undefined ? "" : `\`${answer.evaluating}\`: `}${answer.failed}`);
      ({ outcomes } = answer);
      exports = loadExtension(text);
    } catch (error) {
      report("Q013", `\`${written}\` cannot be evaluated: ${messageOf(error)}`, "it is evaluated in a fresh worker, when the specification is compiled, and in each worker of a run");
      continue;
    }
    const proven = new Map<string, ExtensionDefinition>();
    for (const [name, exported] of Object.entries(exports)) {
      if (name === "__esModule") continue;
      const problem = name === "default" ? "it is the default export, which has no name" : isExtensionDefinition(exported) ? definitionForm(exported) ?? samplesProblem(exported, outcomes[name]) : unmade(exported);
      if (isTaken(name)) report("Q015", `\`${written}\` exports \`${name}\`, which is built in`, "give it another name");
      else if (from.has(name)) report("Q015", `\`${name}\` is exported by two files`, "give one of them another name", from.get(name));
      else if (problem !== undefined) report("Q014", `\`${name}\` of \`${written}\` is no ${isExtensionDefinition(exported) ? `${exported.kind}: ` : "definition: "}${problem}`, isExtensionDefinition(exported) ? "`quench explain Q014` shows the forms" : makers);
      else if (isExtensionDefinition(exported)) proven.set(name, exported);
    }
    if (Object.keys(exports).every((name) => name === "__esModule")) report("Q014", `\`${written}\` exports nothing`, makers);
    for (const [name, problem] of dynamicsProblems(text, proven, codeOf)) {
      report("Q014", `\`${name}\` of \`${written}\` is no dynamics: ${problem}`, "`stationary: false` promises nothing; `stationarityDefect` of `quench/extend` says how far a step is from keeping exp(-H/T)");
      proven.delete(name);
    }
    addText(text);
    for (const name of proven.keys()) from.set(name, item);
    for (const [name, operator] of addFunctions(text, new Map([...proven].flatMap(([name, d]): [string, FunctionRecord][] => (d.kind === "function" && !("arguments" in d) ? [[name, d]] : []))))) {
      const wrong = checkAdjoint(operator);
      if (wrong !== undefined) report("Q014", `the derivative of \`${name}\` of \`${written}\` is wrong: ${wrong}`, "`adjoint` gives, for each argument, `dy` times the partial derivative, made with the builder: `(dy, [x], b) => [b.mul(dy, b.cos(x))]`");
      const off = checkFormula(operator);
      if (off !== undefined) report("Q014", `the formula of \`${name}\` of \`${written}\` is wrong: ${off}`, "`formula` is the same function as `value`, made with the builder: `([x], b) => b.mul(x, x)`");
      names.functions.set(name, operator);
    }
    const hash = text.name.replace(/^extension_/, "");
    for (const [name, definition] of proven) {
      const key = `${name}@${hash}` as const;
      switch (definition.kind) {
        case "function": {
          if (!("arguments" in definition)) break;
          const wrong = checkArrayAdjoint(definition);
          if (wrong !== undefined) report("Q014", `the adjoint of \`${name}\` of \`${written}\` is wrong: ${wrong}`, "`adjoint` gives, for each argument, Σ_i dy_i ∂value_i/∂x_j for every entry j: `(dy, [x]) => [x.values.map((v) => 2 * v * dy)]` of the sum of squares");
          names.arrayFunctions.set(name, addArrayExtension(key, definition));
          break;
        }
        case "observable": names.arrayFunctions.set(name, addArrayExtension(key, definition)); break;
        case "distribution": names.distributions.set(name, addDistributionExtension(key, definition)); break;
        case "source": names.sources.set(name, key); break;
        case "dynamics": names.dynamics.set(name, key); break;
        case "theory":
          addTheory(key, theoryRecord(key, definition));
          addDerivation(key, derivationOf(name, definition, written));
          names.theories.set(name, key);
      }
    }
  }
  return { names, files, complete: diagnostics.length === 0, diagnostics };
}

const makers = "export what `defineFunction`, `defineObservable`, `defineDistribution`, `defineSource`, `defineDynamics` or `defineTheory` of `quench/extend` makes";

/** Why an export is no definition. */
function unmade(exported: unknown): string {
  if (typeof exported === "function") return "it is a bare function, of which neither the domain nor the derivative is known";
  return exported === null ? "it is null" : typeof exported === "object" ? "nothing says what kind of definition it is" : `it is a ${typeof exported}`;
}

/** Names that calls, dynamics, methods and constants of the language have. */
const isTaken = (name: string): boolean =>
  isBuiltIn(name) || Object.hasOwn(estimators, name) || Object.hasOwn(constants, name) || dynamics[name] !== undefined || theories[name] !== undefined;

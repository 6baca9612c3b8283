/** The check of models and functions: from the syntax tree of a file to models with everything found out about them, and all diagnostics. */
import type { ModelItem, SourceFile } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Need } from "../../runtime/dynamics/dynamics.ts";
import { noExtensions, type ExtensionNames } from "../library/extensionNames.ts";
import type { Program } from "../ir/program.ts";
import type { Span } from "../../grammar/span.ts";
import { checkChanges } from "./changes.ts";
import type { CheckedChanges, RunChanges } from "./changes.ts";
import type { CheckedConstraint } from "./constraints.ts";
import { FunctionTable } from "./functions.ts";
import { ModelScope } from "./model.ts";
import type { Readable } from "./model.ts";
import { Report } from "./report.ts";
import { rules } from "./rules/index.ts";
import type { ArraySymbol, CheckedFunction, ModelSymbol, ParameterSymbol } from "./symbols.ts";
import { checkTopLevelNames } from "./topLevelNames.ts";

export interface CheckedModel {
  readonly item: ModelItem;
  readonly name: string;
  readonly parameters: readonly ParameterSymbol[];
  /** Everything that has a name in the model: parameters, sizes, arrays, graphs. */
  readonly symbols: ReadonlyMap<string, ModelSymbol>;
  /** Arrays in dependency order: each after all that it reads. */
  readonly arrays: readonly ArraySymbol[];
  readonly constraints: readonly CheckedConstraint[];
  /** The scalar that is the energy. */
  readonly energy?: ArraySymbol;
  /** What can be recorded: the energy first, then the observables in the order of declaration. */
  readonly observables: readonly ArraySymbol[];
  /** Whether the model itself has no error. Only valid models are lowered. */
  readonly valid: boolean;
  /** What a run changes; absent for the model itself. */
  readonly changes?: CheckedChanges;
  /** What `lowerModel` makes of a valid model; the check itself leaves it out. */
  readonly program?: Program;
  /** Why the energy lacks what a dynamics needs, as far as only a form of the program can tell. */
  readonly lacks?: (need: Need) => string | undefined;
}

export interface CheckedModels {
  readonly models: readonly CheckedModel[];
  readonly functions: readonly CheckedFunction[];
  /** The model as a run changes it. The diagnostics are those about the changes; `item` is that of the model. */
  readonly change: (item: ModelItem, changes: RunChanges) => { readonly model: CheckedModel; readonly diagnostics: readonly Diagnostic[] };
  /** All errors and warnings about models, functions and duplicate names of the file. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface CheckOptions {
  /** Names that may be declared in what the parser could not read (`ParseResult.unreadable`): not knowing one of them is no further error. */
  readonly unreadable?: ReadonlySet<string>;
  /** What `use` brings in; absent: it was not read, and any callable may come from there. */
  readonly extensions?: { readonly names: ExtensionNames; readonly complete: boolean };
  /** False when the parser reported errors: a missing declaration may then be one of those that could not be read. */
  readonly complete?: boolean;
}

export function checkModels(file: SourceFile, options: CheckOptions = {}): CheckedModels {
  const report = new Report();
  const open = file.items.some((item) => item.kind === "use") && options.extensions?.complete !== true;
  const readable: Readable = {
    excused: (name, kind) => (options.unreadable?.has(name) ?? false) || (kind === "callable" && open),
    complete: (options.complete ?? true) && (options.unreadable?.size ?? 0) === 0,
  };
  checkTopLevelNames(file, report);
  const functions = new FunctionTable(file, report, readable.excused, options.extensions?.names ?? noExtensions);
  const models = file.items.flatMap((item) => (item.kind === "model" ? [checkModel(item, file, functions, report, readable)] : []));
  const all = functions.all;
  const start = (d: Diagnostic): number => d.labels[0]?.span.start ?? 0;
  const change: CheckedModels["change"] = (item, changes) => {
    const own = new Report();
    const model = checkModel({ ...item, declarations: [...item.declarations, ...changes.observables] }, file, functions, own, readable, changes);
    const isOwn = ({ span }: { readonly span: Span }): boolean => span.start >= item.span.start && span.end <= item.span.end;
    return { model, diagnostics: own.diagnostics.filter((d) => d.code !== "Q257" && d.labels[0] !== undefined && !isOwn(d.labels[0])) };
  };
  return { models, functions: all, change, diagnostics: [...report.diagnostics].sort((a, b) => start(a) - start(b)) };
}

function checkModel(item: ModelItem, file: SourceFile, functions: FunctionTable, report: Report, readable: Readable, run?: RunChanges): CheckedModel {
  const added = (run?.parameters ?? []).map(({ value, ...p }): ParameterSymbol => ({ kind: "parameter", ...p, default: value }));
  const scope = new ModelScope(item, functions, report, readable, added);
  for (const rule of rules) rule.check(scope, file);
  const changes = run && checkChanges(scope, run);
  // What a run adds stands elsewhere in the file, and has a report of its own.
  const inside = (d: Diagnostic): boolean => run !== undefined || d.labels.some((l) => l.span.start >= item.span.start && l.span.end <= item.span.end);
  const valid = !report.diagnostics.some((d) => d.severity === "error" && inside(d)) && scope.ordered.every((s) => s.sound)
    && (scope.constraints()?.length ?? 0) === item.declarations.filter((d) => d.kind === "constraint").length;
  const energy = scope.arrays("energy")[0];
  return {
    item, name: item.name.name, parameters: scope.parameters, symbols: scope.symbols, arrays: scope.ordered, constraints: scope.constraints() ?? [],
    ...(energy ? { energy } : {}),
    observables: [...(energy ? [energy] : []), ...scope.arrays("observable")],
    valid,
    ...(changes ? { changes } : {}),
  };
}

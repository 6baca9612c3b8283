/**
 * The pipeline as one function. `compile` parses, checks and lowers a specification, and plans its runs and results; the code of
 * a model is generated when it is first asked for, so that `quench check` pays for nothing it doesn't need.
 */
import type { SourceFile } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { createSource, type Source } from "../grammar/index.ts";
import { joinImports } from "./joinImports.ts";
import { energyForms } from "./energyForms.ts";
import { checkFactors } from "./checkFactors.ts";
import { checkStates } from "./checkStates.ts";
import { checkMarginals } from "./checkMarginals.ts";
import { generateModel } from "./generateModel.ts";
import { readExtensions, type Extensions } from "./extensions/readExtensions.ts";
import { checkInstances } from "./checkInstances.ts";
import { checkTheories } from "./checkTheories.ts";
import { checkScaling } from "./checkScaling.ts";
import { checkDiagonal } from "./checkDiagonal.ts";
import { checkTies } from "./checkTies.ts";
import { checkUnread } from "./checkUnread.ts";
import { withinStack } from "./tooDeep.ts";
import { withChance } from "./chance.ts";
import { placeGivenArrays } from "./placeGivenArrays.ts";
import { checkModels } from "./1-check/checkModels.ts";
import type { CheckedModel } from "./1-check/checkModels.ts";
import { checkResults } from "./1-check/results/checkResults.ts";
import type { CheckedResults } from "./1-check/results/checkResults.ts";
import type { Program } from "./ir/program.ts";
import { constraintSet } from "./library/recognisers/constraintSet.ts";
import { bindData } from "./2-lower/bindData.ts";
import { lowerModel } from "./2-lower/lowerModel.ts";

export interface CompileOptions {
  /** `--set NAME=value`: overrides a parameter in every run, and restricts a sweep over it to that value. */
  readonly set?: Readonly<Record<string, number>>;
  /** Overrides `seed` of every run. */
  readonly seed?: number;
  /** Name of the file, for places in it. */
  readonly name?: string;
  /** Where relative paths of data files start: that of the specification; the working directory if not given. */
  readonly directory?: string;
  /** Whether theories that cannot be derived are warned of (Q608), which means to derive them: unless it is false. */
  readonly deriveTheories?: boolean;
}

/** The plans of a file with what they were made from; `diagnostics` are those of all phases, in the order of the source. */
export interface Compilation extends CheckedResults {
  readonly file: SourceFile;
  /** The text that all places are in, with those of imported files. */
  readonly source: Source;
  /** Whether there is no error; plans of a rejected specification must not be executed. */
  readonly accepted: boolean;
  readonly models: readonly CheckedModel[];
  /** Extension files that it uses. */
  readonly extensionFiles: Extensions["files"];
  /** What each run executes, by its name: the program of its model, or of its model as it changes it. */
  readonly programs: ReadonlyMap<string, Program>;
}

export function compile(own: string, options: CompileOptions = {}): Compilation {
  return withinStack({ start: 0, end: 0 }, () => compileAll(own, options), (diagnostic) => ({
    source: createSource(options.name ?? "specification.quench", own), file: { kind: "file", items: [], comments: [], span: { start: 0, end: own.length } }, accepted: false, diagnostics: [diagnostic],
    models: [], theories: [], runs: [], changed: new Map(), claims: [], plots: [], tables: [], extensionFiles: [], programs: new Map(),
  }));
}

function compileAll(own: string, options: CompileOptions): Compilation {
  const { source, parsed, diagnostics: unread } = joinImports(createSource(options.name ?? "specification.quench", own), options.directory);
  const { text } = source;
  const { file, diagnostics: syntax, unreadable } = parsed;
  const extensions = readExtensions(file, source, options.directory, codeOfModel);
  const { models: checked, change, diagnostics: semantic } = checkModels(file, { unreadable, complete: syntax.length === 0, extensions });
  const programmed = checked.map((model) => lower(model, options));
  const models = programmed.map((l) => l.model);
  const results = checkResults(file, models, { ...options, text, unreadable, change, extensions });
  const changed = [...results.changed].map(([run, model]) => [run, lower(model, options)] as const);
  const programs = new Map<string, Program>([
    ...results.runs.flatMap(({ run, model }): [string, Program][] => { const program = models.find((m) => m.name === model)?.program; return program ? [[run, program]] : []; }),
    ...changed.flatMap(([run, { model }]): [string, Program][] => (model.program ? [[run, model.program]] : [])),
  ]);
  const instances = checkInstances(file, models, programs, results.runs, options.directory);
  const factors = results.runs.flatMap((run) => { const program = programs.get(run.run); return program ? [...checkFactors(run, program), ...(instances.some((d) => d.severity === "error") ? [] : checkStates(file, run, program, options.directory))] : []; });
  const underivable = options.deriveTheories === false ? [] : checkTheories(results.theories, models);
  const placed = instances.some((d) => d.severity === "error") ? { runs: results.runs, diagnostics: [] } : placeGivenArrays(file, results.runs, programs, options.directory);
  const found = [...unread, ...syntax, ...extensions.diagnostics, ...semantic, ...programmed.flatMap((l) => l.diagnostics), ...results.diagnostics, ...instances, ...factors, ...underivable, ...placed.diagnostics];
  // What is wrong may be what would have read an ensemble.
  const pedantic = found.some((d) => d.severity === "error") ? [] : models.flatMap((model) => [...checkUnread(model, file), ...checkScaling(model, results.theories.some((t) => t.model === model.name)), ...checkTies(model, results.runs), ...checkDiagonal(model)]).concat(checkMarginals(file, results, programs));
  const diagnostics = [...found, ...pedantic]
    .sort((a, b) => (a.labels[0]?.span.start ?? 0) - (b.labels[0]?.span.start ?? 0));
  return { ...results, extensionFiles: extensions.files, runs: withChance(placed.runs, programs), source, file, models, programs, diagnostics, accepted: !diagnostics.some((d) => d.severity === "error") };
}

/** All code that a dynamics may need, of the one model of a text. */
function codeOfModel(text: string): { readonly javascript: string } | undefined {
  const program = compile(text, { deriveTheories: false }).models[0]?.program;
  const code = program && generateModel(program, { hessian: true, factorGraph: true, moves: true });
  return code?.ok ? { javascript: code.javascript } : undefined;
}

/** Adds the program of a model that can run. A constraint that nothing could honour is an error. */
function lower(model: CheckedModel, options: CompileOptions): { readonly model: CheckedModel; readonly diagnostics: readonly Diagnostic[] } {
  return withinStack(model.item.name.span, () => lowered(model, options), (diagnostic) => ({ model, diagnostics: [diagnostic] }));
}

function lowered(model: CheckedModel, { set, directory }: CompileOptions): { readonly model: CheckedModel; readonly diagnostics: readonly Diagnostic[] } {
  const unbound = lowerModel(model);
  if (!unbound) return { model, diagnostics: [] };
  const { program, diagnostics: unreadable } = bindData(unbound, set, directory);
  if (unreadable.length > 0) return { model, diagnostics: unreadable };
  const diagnostics = constraintSet(program).refused.map(({ constraint, reason }): Diagnostic => ({
    severity: "error", code: "Q903", message: `no dynamics can honour this constraint: ${reason}`,
    labels: [{ span: constraint.span, message: "" }],
    help: "equalities of real variables are honoured by projection, sums of discrete ones by exchange (`kawasaki`), inequalities by tests (`metropolis`, `heat_bath`, `mala`, `hmc`, `enumerate`)", arguments: { model: model.name },
  }));
  return diagnostics.length > 0 ? { model, diagnostics } : { model: { ...model, program, lacks: energyForms(program) }, diagnostics: [] };
}

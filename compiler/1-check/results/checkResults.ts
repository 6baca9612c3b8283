/** The check of theories, runs, claims, plots and tables, and their plans: everything of a file that is not a model or a function. */
import type { SourceFile } from "../../../grammar/ast.ts";
import type { Diagnostic } from "../../../grammar/diagnostic.ts";
import type { RunPlan } from "../../../runtime/engine/plan.ts";
import type { Claim, PlotPlan, TablePlan } from "../../../runtime/results/expression.ts";
import type { TheoryPlan } from "../../theory/plan.ts";
import type { CheckedModel, CheckedModels, CheckOptions } from "../checkModels.ts";
import { collectReplaced } from "./replacedObservables.ts";
import { Report } from "../report.ts";
import { checkClaim } from "./checkClaim.ts";
import { checkDeclaredTheory } from "./checkDeclaredTheory.ts";
import { checkExpression } from "./checkExpression.ts";
import { checkPlot } from "./checkPlot.ts";
import { checkRunHead, checkRunSteps } from "./checkRun.ts";
import { checkSet } from "./checkSet.ts";
import { sources } from "./checkContinuation.ts";
import { checkStarts } from "./checkStarts.ts";
import { checkTable } from "./checkTable.ts";
import { checkDerivedTheory } from "./checkTheory.ts";
import { collectNames, type RunSymbol } from "./names.ts";
import type { Context } from "./scope.ts";

export interface ResultOptions {
  /** `--set NAME=value`: overrides a parameter, or a sweep over it, in every run. */
  readonly set?: Readonly<Record<string, number>>;
  /** `--seed`: overrides `seed` in every run. */
  readonly seed?: number;
  /** The source text, which the check itself doesn't need: spans point into it. */
  readonly text?: string;
  /** What `use` brings in, as for the check of models. */
  readonly extensions?: CheckOptions["extensions"];
  /** Of `checkModels`: the model as a run changes it. */
  readonly change?: CheckedModels["change"];
  /** Names that may have been declared in what the parser could not read: not knowing them is no error. */
  readonly unreadable?: ReadonlySet<string>;
}

export interface CheckedResults {
  readonly theories: readonly TheoryPlan[];
  /** Runs that can be executed, in the order of the file. */
  readonly runs: readonly RunPlan[];
  /** The models of runs that change them, by the name of the run. */
  readonly changed: ReadonlyMap<string, CheckedModel>;
  readonly claims: readonly Claim[];
  readonly plots: readonly PlotPlan[];
  readonly tables: readonly TablePlan[];
  /** In the order of the text; those about options, which have no place in it, come first. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks against what `checkModels` found out. Plans are only meant to be used if nothing in the file is an error; claims, plots and
 * tables that have one are left out.
 */
export function checkResults(file: SourceFile, models: readonly CheckedModel[], options: ResultOptions): CheckedResults {
  const report = new Report();
  const names = collectNames(file, models, options.unreadable ?? new Set(), options.extensions);
  const context: Context = {
    report, names,
    check: (e, scope) => checkExpression(context, e, scope),
    change: (name, changes) => {
      const model = models.find((m) => m.name === name);
      if (!model?.valid || !options.change) return undefined;
      const changed = options.change(model.item, changes);
      report.diagnostics.push(...changed.diagnostics);
      return changed.model;
    },
  };

  const set = checkSet(context, options.set ?? {});
  const runs = [...names.runs.values()];
  for (const run of runs) {
    const before = report.diagnostics.length;
    checkRunHead(context, run, { set, seed: options.seed });
    run.sound = !report.diagnostics.slice(before).some((d) => d.severity === "error");
  }
  collectReplaced(file, names);
  // A run comes after those that it starts from: `tempering` adds to their points.
  const ordered = inOrder(runs, names.runs);
  for (const run of ordered) {
    const before = report.diagnostics.length;
    checkStarts(context, run);
    checkRunSteps(context, run);
    if (report.diagnostics.slice(before).some((d) => d.severity === "error")) run.sound = false;
  }
  for (const run of ordered) {
    const missing = run.plan?.continues?.runs.find((r) => names.runs.get(r.run)?.plan === undefined);
    if (missing === undefined) continue;
    run.plan = undefined;
  }
  const theories = [...names.theories.values()].map((theory) =>
    theory.item.kind === "derivedTheory" ? checkDerivedTheory(context, theory, theory.item) : checkDeclaredTheory(context, theory, theory.item));

  const claims: Claim[] = [], plots: PlotPlan[] = [], tables: TablePlan[] = [];
  let figures = 0;
  for (const item of file.items) {
    if (item.kind === "claim") push(claims, checkClaim(context, item));
    else if (item.kind === "plot") push(plots, checkPlot(context, item, ++figures));
    else if (item.kind === "table") push(tables, checkTable(context, item));
  }
  const place = (d: Diagnostic): number => d.labels[0]?.span.start ?? -1;
  return {
    theories: theories.filter((t) => t !== undefined),
    runs: ordered.flatMap((r) => (r.plan ? [r.plan] : [])),
    changed: new Map(runs.flatMap((r) => (r.plan && r.changed ? [[r.name, r.changed] as const] : []))),
    claims, plots, tables,
    diagnostics: [...report.diagnostics].sort((a, b) => place(a) - place(b)),
  };
}

/** Runs in the order of the file, but each after those that it needs. */
function inOrder(runs: readonly RunSymbol[], named: ReadonlyMap<string, RunSymbol>): readonly RunSymbol[] {
  const ordered = new Set<RunSymbol>();
  const begun = new Set<RunSymbol>();
  const add = (run: RunSymbol): void => {
    if (begun.has(run)) return;
    begun.add(run);
    for (const source of sources(run)) {
      const other = named.get(source);
      if (other) add(other);
    }
    ordered.add(run);
  };
  runs.forEach(add);
  return [...ordered];
}

function push<T>(list: T[], entry: T | undefined): void {
  if (entry !== undefined) list.push(entry);
}

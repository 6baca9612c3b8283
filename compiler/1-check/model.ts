/** One model while it is checked: its symbols, what was found out about them, and what its expressions may ask. */
import type { EnsembleDeclaration, ModelItem, Slotted } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import { distributions, isDistributionName } from "../library/distributions/index.ts";
import type { DistributionRecord } from "../library/distributions/index.ts";
import { checkConstraint } from "./constraints.ts";
import type { CheckedConstraint } from "./constraints.ts";
import { resolveArray, resolveGraph } from "./declarations.ts";
import type { Names } from "./expression/checker.ts";
import { mostLevels, reportBuildUp } from "./buildUp.ts";
import { constants } from "./expression/names.ts";
import { refusesResults } from "./expression/resultsOnly.ts";
import type { FunctionTable } from "./functions.ts";
import { checkParameter } from "./parameters.ts";
import type { Report } from "./report.ts";
import type { ArrayRole, ArraySymbol, CheckedFunction, GraphSymbol, ModelSymbol, ParameterSymbol } from "./symbols.ts";
import { tangentDimension } from "./tangentDimension.ts";
import type { CheckedExpression } from "./tree.ts";


/** What could be read of the file. */
export interface Readable { readonly excused: Names["excused"]; readonly complete: boolean }

export class ModelScope implements Names {
  readonly kind = "model";
  readonly item: ModelItem;
  readonly report: Report;
  readonly excused: Names["excused"];
  /** Whether all declarations of the file could be read: else a missing one is no error. */
  readonly complete: boolean;
  readonly parameters: readonly ParameterSymbol[];
  readonly symbols = new Map<string, ModelSymbol>();
  /** Arrays in dependency order: each after all that it reads. */
  readonly ordered: ArraySymbol[] = [];
  private readonly functions: FunctionTable;
  private readonly path: (ArraySymbol | GraphSymbol)[] = [];
  private checkedConstraints: readonly CheckedConstraint[] | "visiting" | undefined;

  /** @param added sweep variables of a run that are no parameters of the model */
  constructor(item: ModelItem, functions: FunctionTable, report: Report, readable: Readable, added: readonly ParameterSymbol[] = []) {
    this.item = item;
    this.excused = readable.excused;
    this.complete = readable.complete;
    this.report = report;
    this.functions = functions;
    this.parameters = [...item.parameters.map((p) => checkParameter(p, report)), ...added];
    this.parameters.forEach((p) => this.declare(p));
    for (const d of item.declarations) {
      if (d.kind === "constraint") continue;
      const targets = d.kind === "let" || d.kind === "energy" || d.kind === "observable" ? [d.target] : d.targets;
      for (const target of targets) this.declare(d.kind === "ensemble" && isGraph(d) ? graphSymbol(d, target) : arraySymbol(d.kind, target, d));
    }
    // A size that is set nowhere else is bound by the data source. All names are known by now.
    for (const d of item.declarations) if (d.kind === "data") this.declareDataSizes(d.targets);
  }

  private declare(symbol: ModelSymbol): void {
    const before = this.symbols.get(symbol.name);
    if (constants[symbol.name] !== undefined) {
      this.report.error("Q201", `\`${symbol.name}\` is a constant and cannot be declared`, symbol.span, "give it another name");
    } else if (before) {
      this.report.error("Q201", `\`${symbol.name}\` is declared twice`, [{ span: symbol.span, message: "again" }, { span: before.span, message: "first" }]);
    } else this.symbols.set(symbol.name, symbol);
  }

  private declareDataSizes(targets: readonly Slotted[]): void {
    for (const { range } of targets.flatMap((t) => t.slots ?? [])) {
      if (range?.kind === "name" && !this.symbols.has(range.name)) this.symbols.set(range.name, { kind: "size", name: range.name, span: range.span, boundBy: "data" });
    }
  }

  readonly lookup = (name: string): ModelSymbol | undefined => this.symbols.get(name);
  readonly names = (): readonly string[] => [...this.symbols.keys()];
  readonly function = (name: string, from: Span): CheckedFunction | undefined => this.functions.get(name, from);
  get extensions(): Names["extensions"] {
    return this.functions.extensions;
  }

  readonly functionNames = (): readonly string[] => this.functions.names;
  readonly tangentDimension = (span: Span): CheckedExpression | undefined => tangentDimension(this, span);
  readonly resultsOnly: Names["resultsOnly"] = (span, reduction, through) => refusesResults(this.report)(span, reduction, through);

  arrays(role: ArrayRole): readonly ArraySymbol[] {
    return [...this.symbols.values()].filter((s) => s.kind === "array").filter((s) => s.role === role);
  }

  readonly states = (): readonly ArraySymbol[] => {
    const states = this.arrays("state");
    for (const s of states) this.resolve(s, s.span);
    return states;
  };

  /** Checks the declaration of a symbol when it is first asked for; a circle of declarations is reported with its path. */
  readonly resolve = (symbol: ArraySymbol | GraphSymbol, from: Span): void => {
    if (symbol.progress === "done") return;
    if (symbol.progress === "visiting") {
      const circle = this.path.slice(this.path.indexOf(symbol));
      const names = [...circle, symbol].map((s) => s.name).join(" → ");
      this.report.error("Q210", `circular definition: ${names}`, [{ span: from, message: `needs \`${symbol.name}\`` }, ...circle.map((s) => ({ span: s.span, message: "" }))]);
      return;
    }
    if (this.path.length > mostLevels) {
      symbol.progress = "done";
      reportBuildUp(this.report, this.path[0]!.name, { levels: this.path.length, calls: 0 }, this.path[0]!.span);
      return;
    }
    symbol.progress = "visiting";
    this.path.push(symbol);
    if (symbol.kind === "graph") resolveGraph(this, symbol);
    else {
      resolveArray(this, symbol);
      this.ordered.push(symbol);
    }
    this.path.pop();
    symbol.progress = "done";
  };

  /** The constraints of the model; `undefined` while they are being checked: a constraint cannot depend on a derivative. */
  constraints(): readonly CheckedConstraint[] | undefined {
    if (this.checkedConstraints === "visiting") return undefined;
    if (!this.checkedConstraints) {
      this.checkedConstraints = "visiting";
      this.checkedConstraints = this.item.declarations.flatMap((d) => (d.kind === "constraint" ? (checkConstraint(this, d) ?? []) : []));
    }
    return this.checkedConstraints;
  }
}

/** Whether an ensemble draws a graph. */
function isGraph(d: EnsembleDeclaration): boolean {
  const name = d.distribution.kind === "call" ? d.distribution.callee.name : undefined;
  const record: DistributionRecord | undefined = name !== undefined && isDistributionName(name) ? distributions[name] : undefined;
  return record?.graph !== undefined;
}

const graphSymbol = (declaration: EnsembleDeclaration, target: Slotted): GraphSymbol =>
  ({ kind: "graph", name: target.name.name, span: target.name.span, declaration, vertices: undefined, progress: "open" });

const arraySymbol = (role: ArrayRole, target: Slotted, declaration: NonNullable<ArraySymbol["declaration"]>): ArraySymbol =>
  ({ kind: "array", role, name: target.name.name, span: target.name.span, target, declaration, progress: "open", status: "parameter", element: "real", axes: [], sound: false, indices: [] });

/** `fn`s: each is checked once, with its sizes as unknowns that a call binds. A `fn` reads no model names and does not recur. */
import type { Binder, Expression, FunctionItem, SourceFile } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/span.ts";
import { isExtensionName } from "../library/extensionNames.ts";
import { buildUp, mostLevels, reportBuildUp, tooMuch, type BuildUp } from "./buildUp.ts";
import { isBuiltIn } from "./builtIns.ts";
import { ExpressionChecker } from "./expression/checker.ts";
import type { Names } from "./expression/checker.ts";
import { openBinders } from "./expression/binders.ts";
import { constants } from "./expression/names.ts";
import { reductionsIn } from "./reductionsIn.ts";
import type { Report } from "./report.ts";
import type { ArraySymbol, CheckedFunction, ModelSymbol, SizeSymbol } from "./symbols.ts";
import { axesOf } from "./axes.ts";

/** The `fn`s of a file, by name; each is checked when it is first called. */
export class FunctionTable {
  private readonly entries = new Map<string, { readonly function: CheckedFunction; progress: "open" | "visiting" | "done" }>();
  readonly extensions: Names["extensions"];
  /** How many are being checked, each for the one before. */
  private open = 0;
  private readonly report: Report;
  private readonly excused: Names["excused"];

  constructor(file: SourceFile, report: Report, excused: Names["excused"], extensions: Names["extensions"]) {
    this.extensions = extensions;
    this.report = report;
    this.excused = excused;
    for (const item of file.items) if (item.kind === "fn") this.declare(item);
  }

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  get all(): readonly CheckedFunction[] {
    return [...this.entries.keys()].flatMap((name) => this.get(name) ?? []);
  }

  /** The checked function; a call of one that is being checked is recursion. `from` is the place of the call. */
  get(name: string, from?: Span): CheckedFunction | undefined {
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    if (entry.progress === "visiting" && from) {
      this.report.error("Q234", `\`${name}\` calls itself: functions do not recur`, [{ span: from, message: "called here" }, { span: entry.function.item.name.span, message: "declared here" }]);
    }
    if (entry.progress === "open") {
      entry.progress = "visiting";
      this.open++;
      // One that is called by too many others, each by the next, stays without a body.
      if (this.open > mostLevels + 1) this.refuse(entry.function, { levels: this.open, calls: 0 });
      else this.checkBody(entry.function);
      this.open--;
      entry.progress = "done";
    }
    return entry.function;
  }

  private declare(item: FunctionItem): void {
    const name = item.name.name;
    if (isBuiltIn(name)) {
      this.report.error("Q233", `\`${name}\` is built in and cannot be redefined`, item.name.span, "give the function another name");
      return;
    }
    if (isExtensionName(this.extensions, name)) {
      this.report.error("Q233", `\`${name}\` is brought in by \`use\` and cannot be redefined`, item.name.span, "give the function another name");
      return;
    }
    const before = this.entries.get(name);
    if (before) {
      this.report.error("Q201", `function \`${name}\` is declared twice`, [{ span: item.name.span, message: "again" }, { span: before.function.item.name.span, message: "first" }]);
      return;
    }
    const sizes = new Map<string, SizeSymbol>();
    for (const p of item.parameters) for (const slot of p.slots ?? []) for (const size of sizeNames(slot)) if (!sizes.has(size.name)) sizes.set(size.name, { kind: "size", name: size.name, span: size.span, boundBy: "call" });
    const parameters = item.parameters.map((p): ArraySymbol => ({
      kind: "array", role: "argument", name: p.name.name, span: p.name.span, target: p, progress: "open", status: "parameter", element: "real", axes: [], sound: true, indices: [],
    }));
    this.entries.set(name, { function: { name, item, parameters, sizes: [...sizes.values()] }, progress: "open" });
  }

  private checkBody(f: CheckedFunction): void {
    const symbols = new Map<string, ModelSymbol>();
    const add = (symbol: ModelSymbol): void => {
      const before = symbols.get(symbol.name);
      if (before || constants[symbol.name] !== undefined) this.report.error("Q201", `\`${symbol.name}\` is declared twice`, [{ span: symbol.span, message: "again" }, ...(before ? [{ span: before.span, message: "first" }] : [])]);
      else symbols.set(symbol.name, symbol);
    };
    f.sizes.forEach(add);
    f.parameters.forEach(add);
    const names: Names = {
      report: this.report, kind: "fn",
      lookup: (name) => symbols.get(name), names: () => [...symbols.keys()], resolve: () => {},
      resultsOnly: (_, reduction) => { f.resultsOnly ??= reduction; },
      function: (name, from) => this.get(name, from), functionNames: () => this.names, excused: this.excused, extensions: this.extensions,
      states: () => [], tangentDimension: () => undefined,
    };
    for (const p of f.parameters) {
      const slots = new ExpressionChecker(names, new Map());
      const binders = openBinders(slots, p.target.slots ?? [], (binder) => `${p.name}[${binder}]`, true);
      for (const b of binders) if (!b.extent.resolved && !b.extent.failed) {
        this.report.error("Q206", `slot \`${b.extent.names.join(", ")}\` of \`${p.name}\` has no range`, b.span, `name its size: \`${b.extent.rewritten("n")}\``);
        b.extent.failed = true;
      }
      const axes = axesOf(binders);
      p.axes = axes ?? [];
      p.sound = axes !== undefined;
    }
    const body = new ExpressionChecker(names, reductionsIn(f.item.body));
    const checked = body.number(f.item.body);
    body.finish();
    if (checked.type.kind !== "scalar") return;
    const built = buildUp(checked);
    if (tooMuch(built) !== undefined) return this.refuse(f, built);
    f.body = checked;
    f.buildUp = built;
  }

  private refuse(f: CheckedFunction, built: BuildUp): void {
    reportBuildUp(this.report, f.name, built, f.item.name.span);
  }
}

/** Names that stand as sizes: `n` of `v[i in n]`, and those in `v[i in 0..n]`. */
function sizeNames(slot: Binder): readonly { readonly name: string; readonly span: Span }[] {
  const range: Expression | undefined = slot.range;
  return range?.kind === "name" ? [range] : [];
}

/** `R.e with …` in claims, plots and tables: an observable that the result adds to the run's model, `e` under the replaced inputs. */
import type { Expression, ModelItem, ObservableDeclaration, SourceFile, WithExpression } from "../../../grammar/ast.ts";
import { printExpression } from "../../../grammar/printExpression.ts";
import { syntaxChildren } from "../text.ts";
import type { Names, RunSymbol } from "./names.ts";

/** Fills in what the results of a file add to each run; to be called when the models of the runs are known. */
export function collectReplaced(file: SourceFile, names: Names): void {
  const add = (run: RunSymbol | undefined, name: string, under: readonly WithExpression[]): void => {
    const model = file.items.find((item) => item.kind === "model" && item.name.name === run?.model?.name);
    if (!run?.model?.observables.has(name) || model?.kind !== "model") return;
    const declaration = declarationOf(model, name, under);
    if (!run.replaced.some((d) => d.target.name.name === declaration.target.name.name)) run.replaced = [...run.replaced, declaration];
  };
  const visit = (e: Expression, under: readonly WithExpression[], home: RunSymbol | undefined): void => {
    if (e.kind === "with") return visit(e.object, [e, ...under], home);
    if (under.length > 0 && e.kind === "member" && e.object.kind === "name") add(names.runs.get(e.object.name), e.name.name, under);
    else if (under.length > 0 && e.kind === "name") add(home, e.name, under);
    syntaxChildren(e).forEach((c) => visit(c, under, home));
  };
  for (const item of file.items) {
    switch (item.kind) {
      case "claim": (item.statement.kind === "approximately" ? [item.statement.left, item.statement.right, item.statement.tolerance] : [item.statement]).forEach((e) => visit(e, [], undefined)); break;
      case "plot": [...item.expressions, ...item.clauses.flatMap((c) => (c.kind === "withCurves" ? c.expressions : []))].forEach((e) => visit(e, [], undefined)); break;
      case "table": item.columns.forEach((e) => visit(e, [], names.runs.get(item.run.name))); break;
      default: break;
    }
  }
}

/** What an observable is called under the replacements around it, the innermost first: `e with w = flip(w, 0.1)`. */
export const nameUnder = (name: string, under: readonly WithExpression[]): string => under.length === 0 ? name
  : printExpression(wrapped({ kind: "name", name, span: under[0]!.span }, under));

const wrapped = (object: Expression, under: readonly WithExpression[]): Expression => under.reduce((inner, { replacements, span }) => ({ kind: "with", object: inner, replacements, span }), object);

/** The declaration has the slots of that of the observable itself. */
function declarationOf(model: ModelItem, name: string, under: readonly WithExpression[]): ObservableDeclaration {
  const { span } = under[0]!;
  const slots = model.declarations.flatMap((d) => (d.kind === "observable" && d.target.name.name === name ? (d.target.slots ?? []) : []));
  const own: Expression = { kind: "name", name, span };
  const entry: Expression = slots.length === 0 ? own : { kind: "subscript", object: own, subscripts: slots.flatMap((s) => s.names.map((n): Expression => ({ kind: "name", name: n.name, span }))), span };
  const target = { kind: "slotted" as const, name: { kind: "identifier" as const, name: nameUnder(name, under), span }, ...(slots.length > 0 ? { slots } : {}), span };
  return { kind: "observable", target, value: wrapped(entry, under), span };
}

/**
 * `theory NAME(…) { order … free_energy … saddle … }`: names and structure. This version checks such theories and does not
 * solve them.
 */
import type { Binder, Expression, Identifier, TheoryItem } from "../../../grammar/ast.ts";
import type { TheoryPlan } from "../../theory/plan.ts";
import { syntaxChildren } from "../text.ts";
import { functionNames } from "./applyOperator.ts";
import { constants } from "../expression/names.ts";
import type { TheorySymbol } from "./names.ts";
import type { Context } from "./scope.ts";
import { suggest } from "./suggest.ts";

export function checkDeclaredTheory(context: Context, theory: TheorySymbol, item: TheoryItem): TheoryPlan {
  const { report } = context;
  const declared = new Map<string, { readonly name: Identifier; readonly what: "parameter" | "order" | "let" | "free energy" | "observable" }>();
  const declare = (name: Identifier, what: "parameter" | "order" | "let" | "free energy" | "observable"): void => {
    const before = declared.get(name.name);
    if (before !== undefined) report.error("Q607", `\`${name.name}\` is declared twice`, [{ span: name.span, message: "" }, { span: before.name.span, message: "here too" }]);
    else declared.set(name.name, { name, what });
  };
  item.parameters.forEach((p) => declare(p.name, "parameter"));
  for (const d of item.declarations) {
    if (d.kind === "order") d.parameters.forEach((p) => declare(p.name, "order"));
    else if (d.kind === "freeEnergy") declare(d.name, "free energy");
    else if (d.kind === "let" || d.kind === "observable") declare(d.target.name, d.kind);
  }
  const known = new Set(declared.keys());
  const check = (e: Expression): void => checkNames(context, theory.name, e, known);
  for (const p of item.parameters) checkNames(context, theory.name, p.value, new Set());
  for (const d of item.declarations) {
    if (d.kind === "order") d.parameters.forEach((p) => [...(p.interval ?? []), ...(p.start ? [p.start] : [])].forEach(check));
    else if (d.kind !== "saddle") check(d.value);
  }
  checkStructure(context, item, declared);

  theory.declared = { quantities: [...declared.values()].filter((d) => d.what !== "parameter").map((d) => d.name.name), parameters: item.parameters.map((p) => p.name.name) };
  theory.unsupported = "a theory with its own free energy is not supported by this version yet";
  report.warning("Q902", `a theory with its own free energy is not supported by this version yet: claims about ${theory.name} stay undecided`, item.name.span);
  return { name: theory.name, method: "declared", arguments: { words: [], named: {} }, span: item.span, unsupported: theory.unsupported };
}

function checkStructure(context: Context, item: TheoryItem, declared: ReadonlyMap<string, { readonly name: Identifier; readonly what: string }>): void {
  const { report } = context;
  const saddles = item.declarations.filter((d) => d.kind === "saddle");
  for (const again of saddles.slice(1)) report.error("Q607", "a theory has one `saddle`", [{ span: again.span, message: "" }, { span: saddles[0]!.span, message: "the first" }]);
  const [saddle] = saddles;
  const hasOrder = item.declarations.some((d) => d.kind === "order");
  if (saddle === undefined) {
    if (hasOrder) report.error("Q607", `\`${item.name.name}\` has order parameters and no \`saddle\` that determines them`, item.name.span, "add `saddle PHI over q`");
    return;
  }
  const named = (what: string): string[] => [...declared.values()].filter((d) => d.what === what).map((d) => d.name.name);
  if (declared.get(saddle.potential.name)?.what !== "free energy") report.error("Q606", `\`${saddle.potential.name}\` is no free energy of this theory`, saddle.potential.span, suggest(saddle.potential.name, named("free energy"), "there is") ?? "declare it with `free_energy`");
  for (const name of saddle.over) {
    if (declared.get(name.name)?.what !== "order") report.error("Q606", `\`${name.name}\` is no order parameter of this theory`, name.span, suggest(name.name, named("order"), "there are") ?? "declare it with `order`");
  }
  for (const name of named("order")) {
    if (!saddle.over.some((o) => o.name === name)) report.error("Q607", `nothing determines the order parameter \`${name}\``, declared.get(name)!.name.span, `add it: \`saddle … over ${[...saddle.over.map((o) => o.name), name].join(", ")}\``);
  }
}

/** Names and functions of an expression of the theory; its integrals bind their own variables. */
function checkNames(context: Context, theory: string, e: Expression, known: ReadonlySet<string>): void {
  const { report, names } = context;
  if (e.kind === "name") {
    if (!known.has(e.name) && !Object.hasOwn(constants, e.name) && !names.open(e.name)) report.error("Q606", `\`${theory}\` knows no \`${e.name}\``, e.span, suggest(e.name, [...known], "known are"));
    return;
  }
  if (e.kind === "reduction") {
    e.binders.forEach((b) => b.range && checkNames(context, theory, b.range, known));
    checkNames(context, theory, e.body, new Set([...known, ...e.binders.flatMap((b: Binder) => b.names.map((n) => n.name))]));
    return;
  }
  if (e.kind === "call" && !functionNames.includes(e.callee.name) && !names.functions.has(e.callee.name) && !names.open(e.callee.name)) {
    report.error("Q705", `there is no function \`${e.callee.name}\` of numbers`, e.callee.span, suggest(e.callee.name, [...functionNames, ...names.functions.keys()], "some are"));
  }
  syntaxChildren(e).forEach((c) => checkNames(context, theory, c, known));
}

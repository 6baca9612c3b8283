/**
 * `theory NAME(…) { let … order … free_energy … saddle … observable … }`: names, structure, and the expressions as a plan that
 * `compiler/theory` differentiates and solves.
 */
import type { Expression, Identifier, Slotted, TheoryItem } from "../../../grammar/ast.ts";
import type { DeclaredTheory, TheoryPlan } from "../../theory/plan.ts";
import { evaluateConstant } from "./evaluateConstant.ts";
import type { TheorySymbol } from "./names.ts";
import type { Context, Scope } from "./scope.ts";
import { suggest } from "./suggest.ts";
import { freeVariables } from "./evaluateConstant.ts";
import { number, unknown } from "./typed.ts";

type What = "parameter" | "order" | "let" | "free energy" | "observable";

export function checkDeclaredTheory(context: Context, theory: TheorySymbol, item: TheoryItem): TheoryPlan {
  const { report } = context;
  const declared = new Map<string, { readonly name: Identifier; readonly what: What }>();
  const declare = (name: Identifier, what: What): void => {
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
  const known = [...declared.keys()];
  const check = (e: Expression, names: readonly string[] = known): ReturnType<Context["check"]> => context.check(e, scopeOf(context, theory.name, names));

  const parameters: DeclaredTheory["parameters"][number][] = [];
  for (const p of item.parameters) {
    const value = evaluateConstant(check(p.value, []).expression);
    if (value !== undefined) parameters.push({ name: p.name.name, default: value });
  }
  const orders: DeclaredTheory["orders"][number][] = [];
  const definitions: (DeclaredTheory["definitions"][number] & { readonly target: Identifier })[] = [];
  const given = parameters.map((p) => p.name);
  for (const d of item.declarations) {
    if (d.kind === "order") {
      for (const p of d.parameters) {
        const [lower, upper, start] = [p.interval?.[0], p.interval?.[1], p.start].map((e) => e && check(e, given).expression);
        const infinite = (value: number): DeclaredTheory["orders"][number]["lower"] => ({ kind: "constant", value });
        orders.push({ name: p.name.name, lower: lower ?? infinite(-Infinity), upper: upper ?? infinite(Infinity), ...(start ? { start } : {}) });
      }
    } else if (d.kind === "freeEnergy") definitions.push({ name: d.name.name, role: "free energy", expression: check(d.value).expression, target: d.name });
    else if (d.kind !== "saddle") {
      withoutSlots(context, d.target);
      definitions.push({ name: d.target.name.name, role: d.kind, expression: check(d.value).expression, target: d.target.name });
    }
  }
  const potential = checkStructure(context, item, declared);
  theory.declared = { quantities: [...declared.values()].filter((d) => d.what !== "parameter").map((d) => d.name.name), parameters: item.parameters.map((p) => p.name.name) };
  return {
    name: theory.name, method: "declared", arguments: { words: [], named: {} }, span: item.span,
    declared: { parameters, orders, definitions: inOrder(context, definitions), ...(potential === undefined ? {} : { potential }) },
  };
}

function scopeOf(context: Context, theory: string, names: readonly string[]): Scope {
  return {
    place: "theory",
    resolve: (name) => {
      if (!context.names.open(name.name)) context.report.error("Q606", `\`${theory}\` knows no \`${name.name}\`${names.length === 0 ? " here" : ""}`, name.span, suggest(name.name, names, "known are"));
      return unknown;
    },
    bound: new Map(names.map((name) => [name, number({ kind: "variable", name })])), runs: [], home: undefined, estimators: 0, under: [], copies: 1, expanding: [],
  };
}

function withoutSlots(context: Context, target: Slotted): void {
  if (target.slots) context.report.error("Q607", "a theory of its own is made of numbers: its names have no slots", target.span, `write \`${target.name.name} = …\``);
}

/** Definitions after those that they read; a circle is an error. */
function inOrder<D extends { readonly name: string; readonly expression: DeclaredTheory["definitions"][number]["expression"]; readonly target: Identifier }>(context: Context, definitions: readonly D[]): readonly D[] {
  const sorted: D[] = [];
  const path: D[] = [];
  const visit = (d: D): void => {
    if (sorted.includes(d)) return;
    if (path.includes(d)) {
      const circle = [...path.slice(path.indexOf(d)), d];
      context.report.error("Q607", `circular definition: ${circle.map((c) => c.name).join(" → ")}`, d.target.span);
      return;
    }
    path.push(d);
    const reads = freeVariables(d.expression);
    definitions.filter((other) => reads.has(other.name)).forEach(visit);
    path.pop();
    if (!sorted.includes(d)) sorted.push(d);
  };
  definitions.forEach(visit);
  return sorted;
}

/** The name of the potential, where everything about it is right. */
function checkStructure(context: Context, item: TheoryItem, declared: ReadonlyMap<string, { readonly name: Identifier; readonly what: string }>): string | undefined {
  const { report } = context;
  const saddles = item.declarations.filter((d) => d.kind === "saddle");
  for (const again of saddles.slice(1)) report.error("Q607", "a theory has one `saddle`", [{ span: again.span, message: "" }, { span: saddles[0]!.span, message: "the first" }]);
  const [saddle] = saddles;
  const hasOrder = item.declarations.some((d) => d.kind === "order");
  if (saddle === undefined) {
    // One that could not be read names the free energy.
    const lost = item.declarations.some((d) => d.kind === "freeEnergy" && context.names.open(d.name.name));
    if (hasOrder && !lost) report.error("Q607", `\`${item.name.name}\` has order parameters and no \`saddle\` that determines them`, item.name.span, "add `saddle PHI over q`");
    return undefined;
  }
  const named = (what: string): string[] => [...declared.values()].filter((d) => d.what === what).map((d) => d.name.name);
  if (declared.get(saddle.potential.name)?.what !== "free energy") report.error("Q606", `\`${saddle.potential.name}\` is no free energy of this theory`, saddle.potential.span, suggest(saddle.potential.name, named("free energy"), "there is") ?? "declare it with `free_energy`");
  for (const name of saddle.over) {
    if (declared.get(name.name)?.what !== "order") report.error("Q606", `\`${name.name}\` is no order parameter of this theory`, name.span, suggest(name.name, named("order"), "there are") ?? "declare it with `order`");
  }
  // A wrong name may stand for one that is missing.
  if (saddle.over.some((o) => declared.get(o.name)?.what !== "order")) return saddle.potential.name;
  for (const name of named("order")) {
    if (!saddle.over.some((o) => o.name === name)) report.error("Q607", `nothing determines the order parameter \`${name}\``, declared.get(name)!.name.span, `add it: \`saddle … over ${[...saddle.over.map((o) => o.name), name].join(", ")}\``);
  }
  return saddle.potential.name;
}

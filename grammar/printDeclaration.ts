/** Items, declarations and steps → the parts of their line: a keyword, a head that is aligned with its neighbours', and the rest. */
import type { Item, ModelDeclaration, Parameter, PlotClause, RunStep, Slotted, StateReference, TheoryDeclaration } from "./ast.ts";
import { isProduct } from "./build.ts";
import { Level } from "./precedence.ts";
import { printArguments, printBinders, printExpression, printRange } from "./printExpression.ts";

export interface LineParts {
  readonly keyword: string;
  readonly head: string;
  readonly tail: string;
}

const parts = (keyword: string, head: string, tail = ""): LineParts => ({ keyword, head, tail });

/** The line of a declaration or step, or the first line of an item. */
export function printParts(e: Item | ModelDeclaration | TheoryDeclaration | RunStep): LineParts {
  switch (e.kind) {
    case "import":
    case "use": return parts(e.kind, printExpression(e.path));
    case "fn": return parts("fn", `${e.name.name}(${slotteds(e.parameters)}) = ${printExpression(e.body)}`);
    case "model":
    case "theory": return parts(e.kind, `${e.name.name}${parameters(e.parameters)} {`);
    case "derivedTheory": return parts("theory", e.name.name, `of ${e.model.name} = ${printExpression(e.method)}`);
    case "run": return parts("run", `${e.name.name} of ${e.model.name}${e.arguments.length > 0 ? `(${printArguments(e.arguments)})` : ""} {`);
    case "plot": return parts("plot", [expressions(e.expressions), ...e.clauses.map(plotClause)].join(" "));
    case "table": return parts("table", `${e.run.name}: ${expressions(e.columns)}`);
    case "claim": return parts("claim", printExpression(e.text), `: ${statement(e.statement)}`);
    case "let":
    case "energy":
    case "observable": return parts(e.kind, slotted(e.target), `= ${printExpression(e.value)}`);
    case "ensemble": return parts("ensemble", slotteds(e.targets), `~ ${printExpression(e.distribution)}`);
    case "data": return parts("data", e.tuple || e.targets.length > 1 ? `(${slotteds(e.targets)})` : slotteds(e.targets), `= ${printExpression(e.source)}`);
    case "state": {
      const domain = e.domain.name.name + (e.domain.arguments ? `(${printArguments(e.domain.arguments)})` : "");
      return parts("state", slotteds(e.targets), `: ${domain}${e.initial ? ` ${initial(e.initial)}` : ""}`);
    }
    case "constraint": return parts("constraint", printExpression(e.statement));
    case "order": {
      const all = e.parameters.map(
        (each) => each.name.name + (each.interval ? ` in (${expressions(each.interval)})` : "") + (each.start ? ` = ${printExpression(each.start)}` : ""),
      );
      return parts("order", all.join(", "));
    }
    case "freeEnergy": return parts("free_energy", e.name.name, `= ${printExpression(e.value)}`);
    case "saddle": return parts("saddle", `${e.potential.name} over ${e.over.map((name) => name.name).join(", ")}`);
    case "sweep": return parts("sweep", e.name.name, `in ${printRange(e.range)}`);
    case "samples":
    case "starts":
    case "seed":
    case "bias": return parts(e.kind, printExpression(e.value));
    case "evolve":
    case "measure": return parts(e.kind, move(e));
    case "record": return parts("record", expressions(e.names));
    case "startFrom": return parts("start", `${states(e.targets)}from ${e.run.name}${e.at ? ` at (${printArguments(e.at)})` : ""}`);
    case "startValue": return parts("start", states(e.targets) + initial(e.initial));
    case "hold": return parts("hold", e.replica.name);
    case "transient": return parts("transient", "");
  }
}

const expressions = (all: readonly Parameters<typeof printExpression>[0][]): string => all.map((each) => printExpression(each)).join(", ");

const slotted = (e: Slotted): string => e.name.name + (e.slots ? `[${printBinders(e.slots)}]` : "");
const slotteds = (all: readonly Slotted[]): string => all.map(slotted).join(", ");

const parameters = (all: readonly Parameter[]): string => (all.length > 0 ? `(${all.map((each) => `${each.name.name} = ${printExpression(each.value)}`).join(", ")})` : "");

type Initial = Extract<RunStep, { kind: "startValue" }>["initial"];
const initial = (e: Initial): string => `${e.kind === "draw" ? "~" : "="} ${printExpression(e.expression)}`;

const states = (all: readonly StateReference[]): string =>
  all.length > 0 ? `${all.map((each) => each.name.name + (each.replica ? `@${each.replica.name}` : "")).join(", ")} ` : "";

function statement(e: Extract<Item, { kind: "claim" }>["statement"]): string {
  if (e.kind !== "approximately") return printExpression(e);
  return `${printExpression(e.left, Level.applied)} ~= ${printExpression(e.right, Level.applied)} +- ${printExpression(e.tolerance, Level.applied)}`;
}

function plotClause(e: PlotClause): string {
  switch (e.kind) {
    case "vs": return `vs ${printExpression(e.expression)}`;
    case "by": return `by ${e.names.map((name) => name.name).join(", ")}`;
    case "for": return `for ${e.variables.map((each) => `${each.name.name} in ${printRange(each.range)}`).join(", ")}`;
    case "withCurves": return `with ${expressions(e.expressions)}`;
    case "log": return `log ${e.axis.name}`;
  }
}

function move(e: Extract<RunStep, { kind: "evolve" | "measure" }>): string {
  const { amount, every, until } = e;
  const size = amount && (amount.unit && !isProduct(amount.value) ? `(${printExpression(amount.value)})` : printExpression(amount.value));
  return [
    printExpression(e.dynamics),
    ...(amount ? [`for ${size}${amount.unit ? ` ${amount.unit.name}` : ""}`] : []),
    ...(every ? [`every ${printExpression(every)}`] : []),
    ...(until ? [`until ${printExpression(until)}`] : []),
  ].join(" ");
}

/** `run B of M(W = A.w)`: quenched arrays of a run's model that are state arrays at the end of another run. */
import type { Argument, Identifier } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/span.ts";
import type { CheckedModel } from "../checkModels.ts";
import type { RunSymbol } from "./names.ts";
import type { Context } from "./scope.ts";
import { suggest } from "./suggest.ts";

export interface GivenArray {
  readonly array: Identifier;
  readonly run: Identifier;
  /** The state array there. */
  readonly of: Identifier;
  readonly at?: readonly Argument[];
  readonly span: Span;
}

/** `W = A.w` or `W = A.w at (T = 1)`, whatever these names stand for. */
export function arrayOfRun({ name, value }: Argument): GivenArray | undefined {
  const member = value.kind === "at" ? value.object : value;
  if (name === undefined || member.kind !== "member" || member.object.kind !== "name" || member.arguments) return undefined;
  const { object } = member;
  return { array: name, run: { kind: "identifier", name: object.name, span: object.span }, of: member.name, ...(value.kind === "at" ? { at: value.arguments } : {}), span: value.span };
}

const replaceable: ReadonlySet<string | undefined> = new Set(["an ensemble", "data", "an array"]);

/** Those arguments of a run that name an array of its model. */
export const givenArrays = ({ item, model }: RunSymbol): readonly GivenArray[] => item.arguments.flatMap((argument) => {
  const given = arrayOfRun(argument);
  return given && model && !model.parameters.has(given.array.name) && replaceable.has(model.others.get(given.array.name)) ? [given] : [];
});

/** Whether what is given is a state array of the other run. */
export function checkGivenState(context: Context, given: GivenArray): boolean {
  const source = context.names.runs.get(given.run.name);
  if (source?.model === undefined) return false;
  const { states, name, observables, others } = source.model;
  if (states.some((s) => s.name === given.of.name)) return true;
  const what = observables.has(given.of.name) ? "an observable" : others.get(given.of.name);
  context.report.error("Q454", what ? `\`${given.of.name}\` is ${what} of \`${name}\`, and only states are kept at the end of a run` : `\`${name}\` has no state \`${given.of.name}\``, given.of.span,
    (what ? undefined : suggest(given.of.name, states.map((s) => s.name), "its states are")) ?? "take a state, and compute the rest from it in a `let`");
  return false;
}

/** Whether the entries of the state can stand where the array's own entries stood: by the model as the run changes it. */
export function checkGivenEntries({ report, names }: Context, { symbols }: CheckedModel, given: GivenArray): void {
  const symbol = symbols.get(given.array.name);
  const domain = names.runs.get(given.run.name)?.model?.states.find((s) => s.name === given.of.name)?.domain;
  if (symbol?.kind !== "array" || domain === undefined) return;
  const labels = [{ span: given.array.span, message: "" }, { span: symbol.span, message: "declared here" }];
  if (symbol.status === "thermal") report.error("Q452", `\`${symbol.name}\` depends on the states: another run cannot give it`, labels, "give what is drawn or given data, and let the rest follow");
  else if (symbol.element !== "real" && !["spin", "bit", "potts"].includes(domain)) report.error("Q452", `\`${symbol.name}\` holds whole numbers, and \`${given.run.name}.${given.of.name}\` real ones`, labels, symbol.role === "let" ? "a `let` holds real numbers where one is written with a point: `0.0`" : undefined);
}

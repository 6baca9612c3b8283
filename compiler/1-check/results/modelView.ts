/** What runs, theories and results have to know of a checked model. */
import type { Expression } from "../../../grammar/ast.ts";
import type { Need } from "../../../runtime/dynamics/dynamics.ts";
import type { CheckedModel } from "../checkModels.ts";
import { isFirstEnd } from "../symbols.ts";
import { ingredients } from "../dependencies.ts";
import { readsOf } from "../../ir/readsOf.ts";
import type { Constraint } from "../../ir/program.ts";
import { constraintSet, tiedStates } from "../../library/recognisers/constraintSet.ts";
import type { SizeRange } from "../sizes.ts";
import { constants } from "../expression/names.ts";
import { syntaxChildren } from "../text.ts";

export interface ModelView {
  readonly name: string;
  /** Header parameters in the order of declaration. */
  readonly parameters: ReadonlyMap<string, { readonly name: string; readonly integer: boolean; readonly default: number }>;
  /** Whether the size of an array, or what its entries can be, depends on a parameter. */
  readonly isSize: (parameter: string) => boolean;
  readonly energy: string | undefined;
  /** The energy under its own name first, then the observables; `axes` is undefined where their shape could not be found out. */
  readonly observables: ReadonlyMap<string, ObservableView>;
  /** Scalar `let`s of status parameter: what they stand for. */
  readonly scalars: ReadonlyMap<string, Expression>;
  /** Everything else that the model declares, with the word that declares it. */
  readonly others: ReadonlyMap<string, string>;
  readonly states: readonly { readonly name: string; readonly domain: string; readonly indices: readonly string[] }[];
  /** What its constraints ask of a dynamics. */
  readonly constraints: ConstraintView;
  /** Whether anything is drawn for each disorder sample. */
  readonly hasEnsembles: boolean;
  /** Whether there is data or an ensemble over which mini-batches could run. */
  readonly hasExamples: boolean;
  /** Why the energy lacks what a dynamics needs; undefined where it doesn't, or where nobody knows. */
  readonly lacks: (need: Need) => string | undefined;
}

export interface ConstraintView {
  /** A state that an equality ties, real or discrete. */
  readonly tiedReal?: string;
  readonly tiedDiscrete?: string;
  /** A discrete equality that is more than the sum of an array: exchanges don't conserve it. */
  readonly notConserved?: string;
  /** A state that an inequality bounds. */
  readonly bounded?: string;
}

/** By the program of the model: without one nothing runs, and nothing has to fit. */
function viewConstraints({ program }: CheckedModel): ConstraintView {
  if (!program) return {};
  const set = constraintSet(program);
  const first = (constraints: readonly Constraint[]): string | undefined => constraints.flatMap((c) => tiedStates(program, c))[0];
  const equal = set.tested.filter((c) => c.relation === "==");
  const found = {
    tiedReal: set.spheres[0]?.array ?? first(set.smooth), tiedDiscrete: first(equal),
    notConserved: first(equal.filter((c) => !set.sums.some((s) => s.constraint === c))), bounded: first(set.tested.filter((c) => c.relation === "<=")),
  };
  return Object.fromEntries(Object.entries(found).filter(([, name]) => name !== undefined));
}

export interface ObservableView {
  readonly name: string;
  readonly axes: number | undefined;
  /** The range of each axis, where it is known. */
  readonly ranges: readonly (SizeRange | undefined)[];
  /** The relation of each axis to the one before it, where they are ordered. */
  readonly orders: readonly ("<" | "<=" | undefined)[];
  /** Names of the copies that it reads beside copy 1. */
  readonly copies: ReadonlySet<string>;
}

export const noCopies: ReadonlySet<string> = new Set();

export function viewModel(model: CheckedModel): ModelView {
  const { declarations, parameters } = model.item;
  const others = new Map<string, string>();
  const lets = new Map<string, Expression>();
  const observables: string[] = [];
  const states: { name: string; domain: string; indices: readonly string[] }[] = [];
  let energy: string | undefined;
  for (const d of declarations) {
    switch (d.kind) {
      case "let":
        if (d.target.slots) others.set(d.target.name.name, "an array");
        else lets.set(d.target.name.name, d.value);
        break;
      case "ensemble": case "data": d.targets.forEach((t) => others.set(t.name.name, d.kind === "data" ? "data" : "an ensemble")); break;
      case "state":
        for (const t of d.targets) {
          others.set(t.name.name, "a state");
          states.push({ name: t.name.name, domain: d.domain.name.name, indices: (t.slots ?? []).flatMap((slot) => slot.names.map((n) => n.name)) });
        }
        break;
      case "energy": energy ??= d.target.name.name; break;
      case "observable": observables.push(d.target.name.name); break;
      case "constraint": break;
    }
  }

  const known = new Map<string, boolean>(parameters.map((p) => [p.name.name, true]));
  /** A `let` whose body is being looked at reads itself: no number. */
  const isNumber = (name: string): boolean => {
    const body = lets.get(name);
    if (!known.has(name)) known.set(name, false).set(name, body !== undefined && readsOnlyParameters(body));
    return known.get(name)!;
  };
  const readsOnlyParameters = (e: Expression): boolean =>
    e.kind === "name" ? Object.hasOwn(constants, e.name) || isNumber(e.name) : plain.has(e.kind) && syntaxChildren(e).every(readsOnlyParameters);
  const scalars = new Map([...lets].filter(([name]) => isNumber(name)));
  for (const name of lets.keys()) if (!scalars.has(name)) others.set(name, "a `let`");

  const viewObservable = (name: string): ObservableView => {
    const symbol = model.symbols.get(name);
    if (symbol?.kind !== "array" || !symbol.sound) return { name, axes: undefined, ranges: [], orders: [], copies: noCopies };
    // The edges of a graph are one axis; how many there are the symbols don't say.
    const axes = symbol.axes.filter((a, k) => !a.edges || isFirstEnd(symbol.axes, k));
    return {
      name, axes: axes.length, ranges: axes.map((a) => (a.edges ? undefined : a.range)), orders: axes.map((a) => a.order), copies: ingredients(symbol).replicas,
    };
  };
  const sizes = model.program && readsOf(model.program.arrays.flatMap(({ slots, origin }) => [...slots.flatMap((s) => [s.range.lower, s.range.upper]), ...(origin.kind === "state" ? origin.domain.arguments : [])])).parameters;
  return {
    name: model.name,
    isSize: (parameter) => sizes?.has(parameter) ?? true,
    parameters: new Map(model.parameters.map((p) => [p.name, { name: p.name, integer: p.number === "integer", default: p.default }])),
    energy,
    observables: new Map([...(energy === undefined ? [] : [energy]), ...observables].map((name) => [name, viewObservable(name)])),
    scalars,
    others,
    states,
    constraints: viewConstraints(model),
    hasEnsembles: declarations.some((d) => d.kind === "ensemble"),
    hasExamples: declarations.some((d) => d.kind === "ensemble" || d.kind === "data"),
    lacks: model.lacks ?? (() => undefined),
  };
}

/** Forms of which a number can be made before anything is drawn. */
const plain: ReadonlySet<Expression["kind"]> = new Set(["number", "unary", "binary", "compare", "conditional", "call"]);

/** The model's own observables from a derived theory: multiples of the energy, the loss on fresh inputs, overlaps of replicas. */
import type { Expression as Syntax } from "../../grammar/ast.ts";
import type { CheckedModel } from "../1-check/checkModels.ts";
import type { ArraySymbol } from "../1-check/symbols.ts";
import { emptyEnvironment } from "../2-lower/environment.ts";
import { Lowering } from "../2-lower/lowering.ts";
import { read } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { inline } from "../ir/inline.ts";
import { fromNormal, normalise, positiveParameters } from "../ir/normalise.ts";
import type { Program } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";
import { numberOfEntries } from "../library/recognisers/sphereConstraints.ts";
import { largeSystem } from "./largeSystem.ts";
import type { Prediction, Theory } from "./prediction.ts";

export function predictObservable(model: CheckedModel, program: Program, theory: Theory, name: string, parameters: Readonly<Record<string, number>>): Prediction {
  const refuse = (why: string): Prediction => ({ refused: `${name} is not predicted: ${why}` });
  const energy = theory.predict("energy", []);
  const state = program.arrays.find((a) => a.origin.kind === "state")!;
  const sites = inline(numberOfEntries(state), program);
  /** The limit of (multiple of the energy) × N. */
  const multiple = (observable: string): number | undefined => {
    const factor = observable === program.energy ? undefined : energyFactor(model, program, observable);
    if (factor === undefined) return undefined;
    const system = largeSystem(program, parameters, [sites]);
    return "refused" in system ? undefined : system.limit(build.mul(factor, sites));
  };
  const scaled = (observable: string): Prediction | undefined => {
    const k = multiple(observable);
    if (k === undefined || !Number.isFinite(k) || "refused" in energy) return undefined;
    return { value: k * energy.value, residual: energy.residual };
  };
  if (name === program.energy) return refuse("it grows with the size of the model; the theory's `energy` is per variable");
  const written = model.item.declarations.find((d) => d.kind === "observable" && d.target.name.name === name);
  const value: Syntax | undefined = written?.kind === "observable" ? written.value : undefined;
  if (value?.kind === "call" && value.callee.name === "overlap" && value.arguments.length === 2 && value.arguments.every((a) => isState(a.value, state.name)) && new Set(value.arguments.map((a) => replicaOf(a.value))).size === 2) return theory.predict("q", []);
  if (value?.kind === "with") {
    const all = value.replacements.flatMap((r) => (r.kind === "assign" ? [undefined] : r.arguments.filter((a) => a.name === undefined).map((a) => (a.value.kind === "name" ? a.value.name : undefined))));
    const source = value.object.kind === "name" ? value.object.name : undefined;
    if (theory.perPattern && theory.inputs !== undefined && all.length === 1 && all[0] === theory.inputs && source !== undefined) {
      const train = scaled(source);
      if (train && !("refused" in train)) {
        const pattern = theory.perPattern();
        return "refused" in pattern ? pattern : { value: multiple(source)! * pattern.load * pattern.fresh, residual: train.residual };
      }
    }
    return refuse("what is replaced is not the inputs alone");
  }
  return scaled(name) ?? refuse("it is not a multiple of the energy");
}

const isState = (e: Syntax, state: string): boolean => (e.kind === "name" && e.name === state) || (e.kind === "replica" && e.object.kind === "name" && e.object.name === state);
const replicaOf = (e: Syntax): string => (e.kind === "replica" ? e.replica.name : "1");

/** The factor of parameters in `factor × energy`, if the observable is that. */
function energyFactor(model: CheckedModel, program: Program, observable: string): Expression | undefined {
  const symbol = model.symbols.get(observable);
  if (symbol?.kind !== "array" || symbol.axes.length > 0 || !symbol.body || !onlyPlain(symbol)) return undefined;
  const body = new Lowering(model.symbols.keys()).expression(symbol.body, emptyEnvironment);
  const known = (array: string): boolean => program.arrays.some((a) => a.name === array);
  const inlined = inline(body, program, (a) => a.name !== program.energy && known(a.name));
  const form = normalise(inlined, { positive: positiveParameters(program) });
  const [term] = form.terms;
  if (!term || form.terms.length !== 1 || term.indices.length > 0 || term.conditions.length > 0) return undefined;
  const own = term.factors.find((f) => f.base === read(program.energy));
  if (own?.exponent !== 1) return undefined;
  const rest = fromNormal({ terms: [{ ...term, factors: term.factors.filter((f) => f !== own) }] });
  return rest;
}

/** Whether nothing in it is beyond this version. */
function onlyPlain(symbol: ArraySymbol): boolean {
  let plain = true;
  const seen = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    const node = part as { readonly kind?: string };
    if (node.kind === "opaque" || node.kind === "library" || node.kind === "replica") plain = false;
    for (const [key, child] of Object.entries(node)) if (!["target", "declaration", "span", "symbol"].includes(key)) visit(child);
  };
  visit(symbol.body);
  return plain;
}

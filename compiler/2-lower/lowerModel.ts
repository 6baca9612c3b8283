/** From a checked model to its program in the IR. */
import type { CheckedModel } from "../1-check/checkModels.ts";
import type { CheckedChanges, CheckedStart } from "../1-check/changes.ts";
import type { CheckedInitial } from "../1-check/initial.ts";
import type { ArraySymbol } from "../1-check/symbols.ts";
import type { CheckedExpression } from "../1-check/tree.ts";
import { apply, freshIndex, indexValue } from "../ir/expression.ts";
import type { ArrayDeclaration, Constraint, Initial, Origin, Program } from "../ir/program.ts";
import { emptyEnvironment, withIndices } from "./environment.ts";
import { internal } from "./internal.ts";
import { dataBinding, dataSize } from "./lowerData.ts";
import { Lowering } from "./lowering.ts";
import { isVarying, varyingEntry, varyingStart } from "./lowerDraw.ts";
import { inCopy, statusOf } from "./lowerWith.ts";

/** The program of a valid model; `undefined` for one with errors. */
export function lowerModel(model: CheckedModel): Program | undefined {
  if (!model.valid || !model.energy) return undefined;
  const coupled = model.changes?.coupled ?? [];
  const l = new Lowering(model.symbols.keys(), model.arrays.filter((a) => a.role === "state"), coupled);
  for (const symbol of model.symbols.values()) if (symbol.kind === "size" && symbol.boundBy === "data") l.dataSizes.push(dataSize(symbol.name, symbol.span));
  for (const d of model.item.declarations) {
    const symbols = d.kind === "data" ? d.targets.map((t) => model.symbols.get(t.name.name)) : [];
    const source = symbols[0]?.kind === "array" ? symbols[0].source : undefined;
    if (source) l.data.push(dataBinding(l, source, symbols.map((s) => ({ array: s!.name, name: s!.name })), emptyEnvironment));
  }
  for (const symbol of model.arrays) l.arrays.push(lowerArray(l, symbol, model.changes));
  const energy = biasedEnergy(l, model.energy, model.changes);
  const environments = [emptyEnvironment, ...coupled.map((replica) => inCopy(l, replica, emptyEnvironment))];
  const constraints = environments.flatMap((outer) => model.constraints.map((c): Constraint => {
    const indices = c.indices.map((i) => freshIndex(i.name, l.range(i.extent.resolved!, emptyEnvironment)));
    const env = withIndices(outer, c.indices.map((i, k) => [i, indexValue(indices[k]!)] as const));
    return { relation: c.relation, indices, left: l.expression(c.left, env), right: l.expression(c.right, env), span: c.span };
  }));
  for (const start of model.changes?.starts ?? []) if (start.replica !== undefined && start.replica !== "1") startCopy(l, start);
  const parameters = model.parameters.map((p) => ({ name: p.name, kind: p.number, default: p.default, span: p.span }));
  return {
    model: model.name,
    parameters: [...parameters, ...l.dataSizes],
    arrays: l.arrays,
    ...(l.data.length > 0 ? { data: l.data } : {}),
    energy,
    observables: model.observables.map((o) => o.name),
    constraints,
  };
}

/** The name of what the states move by: the energy, or in a run with a bias that of all copies which move together, and the bias. */
function biasedEnergy(l: Lowering, energy: ArraySymbol, changes: CheckedChanges | undefined): string {
  if (changes === undefined || changes.bias.length === 0) return energy.name;
  const node: CheckedExpression = { kind: "name", symbol: energy, type: { kind: "scalar", element: energy.element }, status: "thermal", span: energy.span };
  const energies = [emptyEnvironment, ...changes.coupled.map((replica) => inCopy(l, replica, emptyEnvironment))].map((env) => l.expression(node, env));
  const bias = changes.bias.map((b) => l.expression(b, emptyEnvironment));
  const name = l.freshName(`${energy.name}_biased`);
  l.arrays.push({ name, status: "thermal", element: "real", slots: [], span: energy.span, origin: { kind: "definition", role: "derived", indices: [], body: [...energies, ...bias].reduce((a, b) => apply("add", a, b)) } });
  return name;
}

/** Another copy that starts in its own way: its array says so. */
function startCopy(l: Lowering, { symbol, replica, initial }: CheckedStart): void {
  const name = l.copy(replica!).get(symbol)!.declared;
  const place = l.arrays.findIndex((a) => a.name === name);
  const { origin, ...array } = l.arrays[place]!;
  if (origin.kind !== "copy" && origin.kind !== "state") return internal(`${array.name} is no state`);
  l.arrays[place] = { ...array, origin: { ...origin, initial: lowerInitial(l, symbol, initial) } };
}

function lowerArray(l: Lowering, symbol: ArraySymbol, changes: CheckedChanges | undefined): ArrayDeclaration {
  const origin: Origin = changes?.given.has(symbol) ? { kind: "given" } : originOf(l, symbol, changes);
  return { name: symbol.name, status: origin.kind === "definition" ? statusOf(l, origin.body) : origin.kind === "given" ? "quenched" : symbol.status, element: symbol.element, slots: l.slots(symbol.axes, emptyEnvironment), origin, span: symbol.span };
}

function originOf(l: Lowering, symbol: ArraySymbol, changes: CheckedChanges | undefined): Origin {
  switch (symbol.role) {
    case "ensemble": {
      const d = symbol.distribution ?? internal(`${symbol.name} has no distribution`);
      if (isVarying(d)) return varyingEntry(l, symbol, d, l.freshName(`standard_${symbol.name}`), l.slots(symbol.axes, emptyEnvironment), emptyEnvironment, symbol.name);
      return { kind: "ensemble", distribution: d.name, arguments: d.arguments.map((a) => l.expression(a, emptyEnvironment)) };
    }
    case "state": {
      // The last word is that of the run.
      const initial = changes?.starts.findLast((start) => start.symbol === symbol && start.replica === "1")?.initial
        ?? changes?.starts.findLast((start) => start.symbol === symbol && start.replica === undefined)?.initial ?? symbol.initial;
      return { kind: "state", domain: l.domain(symbol), ...(initial ? { initial: lowerInitial(l, symbol, initial) } : {}) };
    }
    case "data": return { kind: "data" };
    case "let": case "energy": case "observable": {
      const { indices, env } = l.slotIndices(symbol);
      return { kind: "definition", role: symbol.role, indices, body: l.expression(symbol.body ?? internal(`${symbol.name} has no body`), env) };
    }
    default: return internal(`${symbol.role} ${symbol.name} cannot be lowered`);
  }
}

function lowerInitial(l: Lowering, symbol: ArraySymbol, initial: CheckedInitial): Initial {
  switch (initial.kind) {
    case "draw": if (isVarying(initial.distribution)) return varyingStart(l, symbol, initial.distribution);
      return { kind: "draw", distribution: initial.distribution.name, arguments: initial.distribution.arguments.map((a) => l.expression(a, emptyEnvironment)) };
    case "flip": {
      const { of, fraction, bits } = initial;
      return { kind: "flip", of: l.declare(l.array(of, emptyEnvironment), `array ${of.span.start}`, "array", { status: of.status, element: symbol.element, span: of.span }), fraction: l.expression(fraction, emptyEnvironment), bits };
    }
    case "value": {
      const { indices, env } = l.slotIndices(symbol);
      return { kind: "value", indices, body: l.expression(initial.body, env) };
    }
  }
}

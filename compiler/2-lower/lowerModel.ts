/** From a checked model to its program in the IR. */
import type { CheckedModel } from "../1-check/checkModels.ts";
import type { ArraySymbol } from "../1-check/symbols.ts";
import { freshIndex, indexValue } from "../ir/expression.ts";
import type { ArrayDeclaration, Constraint, Initial, Origin, Program } from "../ir/program.ts";
import { emptyEnvironment, withIndices } from "./environment.ts";
import { internal } from "./internal.ts";
import { dataBinding, dataSize } from "./lowerData.ts";
import { Lowering } from "./lowering.ts";
import { isVarying, varyingEntry } from "./lowerDraw.ts";
import { statusOf } from "./lowerWith.ts";

/** The program of a valid model; `undefined` for one with errors or with constructs that this version cannot run. */
export function lowerModel(model: CheckedModel): Program | undefined {
  if (!model.valid || model.unsupported.length > 0 || !model.energy) return undefined;
  const l = new Lowering(model.symbols.keys(), model.arrays.filter((a) => a.role === "state"));
  for (const symbol of model.symbols.values()) if (symbol.kind === "size" && symbol.boundBy === "data") l.dataSizes.push(dataSize(symbol.name, symbol.span));
  for (const d of model.item.declarations) {
    const symbols = d.kind === "data" ? d.targets.map((t) => model.symbols.get(t.name.name)) : [];
    const source = symbols[0]?.kind === "array" ? symbols[0].source : undefined;
    if (source) l.data.push(dataBinding(l, source, symbols.map((s) => ({ array: s!.name, name: s!.name })), emptyEnvironment));
  }
  for (const symbol of model.arrays) if (!model.uncompiled.has(symbol)) l.arrays.push(lowerArray(l, symbol));
  const constraints = model.constraints.map((c): Constraint => {
    const indices = c.indices.map((i) => freshIndex(i.name, l.range(i.extent.resolved!, emptyEnvironment)));
    const env = withIndices(emptyEnvironment, c.indices.map((i, k) => [i, indexValue(indices[k]!)] as const));
    return { relation: c.relation, indices, left: l.expression(c.left, env), right: l.expression(c.right, env), span: c.span };
  });
  return {
    model: model.name,
    parameters: model.parameters.map((p) => ({ name: p.name, kind: p.number, default: p.default, span: p.span })).concat(l.dataSizes),
    arrays: l.arrays,
    ...(l.data.length > 0 ? { data: l.data } : {}),
    energy: model.energy.name,
    observables: model.observables.filter((o) => !model.uncompiled.has(o)).map((o) => o.name),
    constraints,
  };
}

function lowerArray(l: Lowering, symbol: ArraySymbol): ArrayDeclaration {
  const origin = originOf(l, symbol);
  return { name: symbol.name, status: origin.kind === "definition" ? statusOf(l, origin.body) : symbol.status, element: symbol.element, slots: l.slots(symbol.axes, emptyEnvironment), origin, span: symbol.span };
}

function originOf(l: Lowering, symbol: ArraySymbol): Origin {
  switch (symbol.role) {
    case "ensemble": {
      const d = symbol.distribution ?? internal(`${symbol.name} has no distribution`);
      if (isVarying(d)) return varyingEntry(l, symbol, d, l.freshName(`standard_${symbol.name}`), l.slots(symbol.axes, emptyEnvironment), emptyEnvironment, symbol.name);
      return { kind: "ensemble", distribution: d.name, arguments: d.arguments.map((a) => l.expression(a, emptyEnvironment)) };
    }
    case "state": {
      const initial = initialOf(l, symbol);
      return {
        kind: "state",
        domain: { name: symbol.domain ?? internal(`${symbol.name} has no domain`), arguments: (symbol.domainArguments ?? []).map((a) => l.expression(a, emptyEnvironment)) },
        ...(initial ? { initial } : {}),
      };
    }
    case "data": return { kind: "data" };
    case "let": case "energy": case "observable": {
      const { indices, env } = l.slotIndices(symbol);
      return { kind: "definition", role: symbol.role, indices, body: l.expression(symbol.body ?? internal(`${symbol.name} has no body`), env) };
    }
    default: return internal(`${symbol.role} ${symbol.name} cannot be lowered`);
  }
}

function initialOf(l: Lowering, symbol: ArraySymbol): Initial | undefined {
  if (symbol.distribution) {
    return { kind: "draw", distribution: symbol.distribution.name, arguments: symbol.distribution.arguments.map((a) => l.expression(a, emptyEnvironment)) };
  }
  if (!symbol.body) return undefined;
  const { indices, env } = l.slotIndices(symbol);
  return { kind: "value", indices, body: l.expression(symbol.body, env) };
}

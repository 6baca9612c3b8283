/**
 * `E with …` and `E@2`: the expression is lowered under replaced arrays and sizes. What reads a replaced array is declared once more over the
 * replaced ones, under a name of its own; everything else stays. All that follows sees plain arrays and needs nothing new.
 */
import { boundByReplacement, dependsOn, keptArrays, replacedArrays } from "../1-check/dependencies.ts";
import type { ArraySymbol, ModelSymbol, SizeSymbol } from "../1-check/symbols.ts";
import type { CheckedReplacement, WithNode } from "../1-check/tree.ts";
import { identity, parameter, read, visit } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import type { Status } from "../ir/program.ts";
import type { ArrayValue } from "./arrayValue.ts";
import { atOwnStates, emptyEnvironment } from "./environment.ts";
import type { LoweringEnvironment, Replaced } from "./environment.ts";
import { internal } from "./internal.ts";
import { dataBinding, dataSize } from "./lowerData.ts";
import { isVarying, varyingEntry } from "./lowerDraw.ts";
import type { Lowering } from "./lowering.ts";

/** The environment of the expression on the left of `with`; inner replacements go before outer ones. */
export const replacedBy = (l: Lowering, e: WithNode, env: LoweringEnvironment): LoweringEnvironment => replacing(l, e, e.replacements, env);

function replacing(l: Lowering, e: WithNode, replacements: readonly CheckedReplacement[], env: LoweringEnvironment): LoweringEnvironment {
  if (replacements.length === 0) return env;
  const kept = keptArrays(e.object, new Set(e.replacements.flatMap(replacedArrays)));
  const made = replacements.map((r) => replace(l, r, kept, env));
  const ofOthers = replacements.filter((r) => !replacedArrays(r).some((s) => s.role === "state"));
  const movesStates = env.replaced?.others !== undefined || ofOthers.length < replacements.length;
  const others = movesStates ? replacing(l, e, ofOthers, atOwnStates(env)).replaced : undefined;
  const replaced: Replaced = {
    key: [env.replaced?.key, ...made.map((m) => m.key)].join(" | "),
    arrays: new Map([...(env.replaced?.arrays ?? []), ...made.flatMap((m) => [...m.arrays])]),
    sizes: new Map([...(env.replaced?.sizes ?? []), ...made.flatMap((m) => [...m.sizes])]),
    ...(movesStates ? { others: others ? { replaced: others } : {} } : {}),
  };
  return { ...env, replaced };
}

/** The environment of the expression on the left of `@k`: the states are those of another copy, and what is derived from them follows. */
export function inCopy(l: Lowering, replica: string, env: LoweringEnvironment): LoweringEnvironment {
  const outer = env.replaced;
  return { ...env, replaced: {
    key: [...(outer ? [outer.key] : []), `@${replica}`].join(" | "),
    arrays: new Map([...(outer?.arrays ?? []), ...l.copy(replica)]),
    sizes: outer?.sizes ?? new Map(),
    others: outer?.others ?? (outer ? { replaced: outer } : {}),
    ...(outer ? {} : { suffix: `@${replica}` }),
  } };
}

/** What stands for a size that the source of a `with` binds. */
export function sizeOfSource(l: Lowering, { name, binding }: SizeSymbol): Expression {
  return (binding && replace(l, binding.replacement, binding.kept, emptyEnvironment).sizes.get(binding.size)) ?? internal(`size ${name} is not bound`);
}

function replace(l: Lowering, r: CheckedReplacement, kept: ReadonlySet<ArraySymbol>, env: LoweringEnvironment): Replaced {
  if (r.kind === "value") {
    const scalar = r.array.axes.length === 0;
    const value = scalar ? l.expression(r.value, env) : undefined;
    return { key: `value ${r.span.start}`, arrays: new Map([[r.array, value === undefined ? l.array(r.value, env) : { slots: [], entry: () => value }]]), sizes: new Map() };
  }
  if (r.kind === "flip") {
    const of = l.declare(l.array(r.of, env), `array ${r.of.span.start}`, "array", { status: r.of.status, element: r.array.element, span: r.span });
    const slots = l.slots(r.array.axes, emptyEnvironment);
    const name = l.derived(`flip ${r.span.start} ${env.replaced?.key ?? ""}`, `${r.array.name}_flipped`, (made) => ({
      name: made, status: "thermal", element: r.array.element, slots, span: r.span,
      origin: { kind: "call", function: r.bits ? "flipBits" : "flip", arguments: [of], options: { fraction: l.expression(r.fraction, env) } },
    }));
    return { key: `flip ${r.span.start}`, arrays: new Map([[r.array, { slots, entry: (s) => read(name, s), declared: name }]]), sizes: new Map() };
  }
  const sizes = new Map<ModelSymbol, Expression>(r.kind === "fresh" ? [...r.sizes].map(([symbol, value]) => [symbol, l.expression(value, env)]) : []);
  const names = r.arrays.map((a) => a.name).join(", ");
  const bound = boundByReplacement(r, kept);
  const key = r.kind === "source"
    ? `(${names}) = ${r.source.name}(${[...r.source.arguments].map(([name, value]) => `${name} = ${typeof value === "string" ? JSON.stringify(value) : identity(l.expression(value, env))}`).join(", ")}) binds ${bound.map((b) => b.name).join(", ")}`
    : `fresh(${names}, ${[...sizes].map(([symbol, value]) => `${symbol.name} = ${identity(value)}`).join(", ")})`;
  const known = l.replacements.get(key);
  if (known) return known;
  for (const size of bound) {
    const name = l.freshName(`${size.name}_of_${r.arrays[0]!.name}_with`);
    l.dataSizes.push(dataSize(name, r.span));
    sizes.set(size, parameter(name));
  }
  const slotsEnv: LoweringEnvironment = { ...emptyEnvironment, replaced: { key, arrays: new Map(), sizes } };
  const made = r.arrays.map((symbol): readonly [ArraySymbol, ArrayValue] => {
    const name = l.freshName(`${symbol.name}_with`);
    const slots = l.slots(symbol.axes, slotsEnv);
    const { distribution } = symbol;
    if (r.kind === "fresh" && distribution && isVarying(distribution)) {
      const origin = varyingEntry(l, symbol, distribution, l.freshName(`standard_${symbol.name}_with`), slots, slotsEnv, `fresh ${symbol.name}`);
      l.arrays.push({ name, status: "quenched", element: symbol.element, slots, span: symbol.span, origin });
      return [symbol, { slots, entry: (s) => read(name, s), declared: name }];
    }
    l.arrays.push({
      name, status: "quenched", element: symbol.element, slots, span: symbol.span,
      origin: r.kind === "source" ? { kind: "data" }
        // A stream of its own, the same for equal sizes wherever it stands.
        : { kind: "ensemble", distribution: (distribution ?? internal(`${symbol.name} has no distribution`)).name, arguments: distribution!.arguments.map((a) => l.expression(a, emptyEnvironment)), stream: `fresh ${symbol.name}` },
    });
    return [symbol, { slots, entry: (s) => read(name, s), declared: name }];
  });
  if (r.kind === "source") l.data.push(dataBinding(l, r.source, made.map(([symbol, value]) => ({ array: value.declared!, name: symbol.name })), env));
  const replaced: Replaced = { key, arrays: new Map(made), sizes };
  l.replacements.set(key, replaced);
  return replaced;
}

/** What stands for a declared array under the replacements; undefined for one that is kept. */
export function replacedArray(l: Lowering, symbol: ArraySymbol, replaced: Replaced): ArrayValue | undefined {
  const given = replaced.arrays.get(symbol);
  if (given) return given;
  if (!symbol.body || symbol.role === "state" || !dependsOn(symbol, new Set(replaced.arrays.keys()))) return undefined;
  const outer: LoweringEnvironment = { ...emptyEnvironment, replaced };
  const slots = l.slots(symbol.axes, outer);
  const { body } = symbol;
  const name = l.derived(`${symbol.name} with ${replaced.key}`, `${symbol.name}${replaced.suffix ?? "_with"}`, (of) => {
    const { indices, env } = l.slotIndices(symbol, outer);
    const value = l.expression(body, env);
    return { name: of, status: statusOf(l, value), element: symbol.element, slots, span: symbol.span, origin: { kind: "definition", role: "derived", indices, body: value } };
  });
  return { slots, entry: (s) => read(name, s), declared: name };
}

/** The largest status of what a lowered expression reads. */
export function statusOf(l: Lowering, e: Expression): Status {
  let status: Status = "parameter";
  visit(e, (x) => {
    if (x.kind !== "read" || status === "thermal") return;
    const of = l.arrays.find((a) => a.name === x.array)!.status;
    if (of !== "parameter") status = of;
  });
  return status;
}

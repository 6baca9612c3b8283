/**
 * The part of a model that its energy is made of, as a program. Theories need no more, so that a construct elsewhere (an observable
 * that this version can't run) doesn't stand in their way.
 */
import type { CheckedModel } from "../1-check/checkModels.ts";
import type { ArraySymbol } from "../1-check/symbols.ts";
import { lowerModel } from "../2-lower/lowerModel.ts";
import type { Program } from "../ir/program.ts";

const programs = new WeakMap<CheckedModel, Program | { readonly refused: string }>();

export function lowerForTheory(model: CheckedModel): Program | { readonly refused: string } {
  const known = programs.get(model);
  if (known) return known;
  const made = model.program ?? lowerEnergy(model);
  programs.set(model, made);
  return made;
}

function lowerEnergy(model: CheckedModel): Program | { readonly refused: string } {
  if (!model.valid || !model.energy) return { refused: `the model ${model.name} has errors` };
  const needed = new Set<ArraySymbol>();
  let opaque = false;
  const seen = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    if (part instanceof Map) return void part.forEach(visit);
    const node = part as { readonly kind?: string };
    if (node.kind === "opaque") opaque = true;
    if (node.kind === "graph") opaque = true;
    if (node.kind === "array" && "progress" in node) needed.add(node as ArraySymbol);
    for (const [key, child] of Object.entries(node)) if (key !== "target" && key !== "declaration" && key !== "span") visit(child);
  };
  visit(model.energy);
  model.constraints.forEach((c) => { visit(c.left); visit(c.right); });
  model.arrays.filter((a) => a.role === "state").forEach(visit);
  if (opaque) return { refused: `the energy of ${model.name} has a part that this version does not support` };
  const arrays = model.arrays.filter((a) => needed.has(a));
  if (arrays.some((a) => a.role === "data")) return { refused: `the energy of ${model.name} reads data: there is no distribution to average over` };
  const program = lowerModel({ ...model, arrays, observables: [model.energy], unsupported: [] });
  return program ?? { refused: `the model ${model.name} cannot be compiled by this version` };
}

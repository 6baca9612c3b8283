/**
 * The part of a model that its energy is made of, as a program. Theories need no more, so that a construct elsewhere (an observable
 * that this version can't run) doesn't stand in their way.
 */
import type { CheckedModel } from "../1-check/checkModels.ts";
import { ingredients } from "../1-check/dependencies.ts";
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
  const { arrays: needed, opaque } = ingredients(model.energy, model.constraints.map((c) => [c.left, c.right]), model.arrays.filter((a) => a.role === "state"));
  if (opaque) return { refused: `the energy of ${model.name} has a part that this version does not support` };
  const arrays = model.arrays.filter((a) => needed.has(a));
  if (arrays.some((a) => a.role === "data")) return { refused: `the energy of ${model.name} reads data: there is no distribution to average over` };
  const program = lowerModel({ ...model, arrays, observables: [model.energy] });
  return program ?? { refused: `the model ${model.name} cannot be compiled by this version` };
}

/**
 * Steps that ask for energies and gradients instead of computing them, so that whoever drives several of them may evaluate their questions
 * together (`CompiledModel.together`). What is answered is the same to the last bit either way.
 */
import { projectGradient } from "../geometry/projectGradient.ts";
import type { CompiledModel } from "../model.ts";

/** The energy at `point`, and its Euclidean gradient there, which is to be written to `gradient`. */
export interface Question { readonly point: Float64Array; readonly gradient: Float64Array }

/** Asks, and is told the energies. */
export type Asking<T> = Generator<Question, T, number>;

/** Energy at `point`; its Riemannian gradient (dimension numbers, tangent to the spheres) into `gradient`. */
export function* askedFor({ spheres }: CompiledModel, point: Float64Array, gradient: Float64Array): Asking<number> {
  const energy = yield { point, gradient };
  projectGradient(spheres, point, gradient, gradient);
  return energy;
}

/** Answers all questions by itself. */
export function answered<T>(model: CompiledModel, asking: Asking<T>): T {
  let next = asking.next();
  while (!next.done) next = asking.next(model.energyAndGradient(next.value.point, next.value.gradient));
  return next.value;
}

/** Both forms of one step. */
export const stepOf = (model: CompiledModel, asking: () => Asking<boolean>): { readonly step: () => boolean; readonly asking: () => Asking<boolean> } =>
  ({ step: () => answered(model, asking()), asking });

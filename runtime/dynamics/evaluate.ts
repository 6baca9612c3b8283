import { projectGradient } from "../geometry/projectGradient.ts";
import type { CompiledModel } from "../model.ts";

/** Energy at `point`; its Riemannian gradient (dimension numbers, tangent to the spheres) into `gradient`. */
export function evaluate(model: CompiledModel, point: Float64Array, gradient: Float64Array): number {
  const energy = model.energyAndGradient(point, gradient);
  projectGradient(model.spheres, point, gradient, gradient);
  return energy;
}

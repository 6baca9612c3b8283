/** Hessians on smooth constraint sets that are observed: closed forms, at whatever states were asked for before. */
import { expect, test } from "vitest";
import { generate, instantiate } from "./compileModel.ts";

const text = `model Ellipse(a = 2) {
  state      x[i in 2] : real ~ Normal(0, var = 1)
  constraint (x[1] / a)^2 + x[2]^2 == 1
  energy     H = x[1]^2 / 2 + x[2]
  observable bend = hessian(H)[1,1]
  observable whole = trace(hessian(H))
  observable tangent = laplacian(H)
}`;

/** t·(∇²H − λ ∇²c)t along the unit tangent t, λ = ∇c·∇H / |∇c|². */
function bend(x: number, y: number, a: number): number {
  const normal = [(2 * x) / a ** 2, 2 * y] as const;
  const square = normal[0] ** 2 + normal[1] ** 2;
  const lambda = (normal[0] * x + normal[1]) / square;
  return (normal[1] ** 2 * (1 - (2 * lambda) / a ** 2) - normal[0] ** 2 * 2 * lambda) / square;
}

test.each(["typescript", "wasm"] as const)("on an ellipse, %s", (target) => {
  const model = instantiate(generate(text), {}, target);
  model.draw(1, 0);
  const states = [0.3, 1.1, 2, 4].map((angle) => Float64Array.of(2 * Math.cos(angle), Math.sin(angle)));
  for (const k of [0, 1, 1, 3, 2, 0]) {
    const [x, y] = states[k]!;
    for (const { name, evaluate } of model.observables) if (name !== "H") expect(evaluate(states[k]!)[0], name).toBeCloseTo(bend(x!, y!, 2), 12);
  }
});

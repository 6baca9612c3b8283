import { afterEach, expect, test } from "vitest";
import { predictionPool, type Answered, type PredictionPool } from "../../../compiler/theory/predictionPool.ts";

const text = `theory Wall(T = 0.1) {
  let        Z = integral(x in -4..20) exp(-exp(-x) / T)
  observable logarithm = log(Z)
  observable scale = Z / T
}
`;
let pool: PredictionPool | undefined;
afterEach(() => pool?.close());

// Two figures of one theory along one axis: whichever thread has solved a point answers both, so what comes next in a thread's stretch may be for another one.
test("quantities of the same solutions, asked together of two threads, are all answered", async () => {
  pool = predictionPool({ text, options: {} }, 2);
  const answers: Answered[] = [];
  const temperatures = Array.from({ length: 24 }, (_, k) => 0.1 + 0.01 * k);
  const ask = (quantity: string, along: readonly number[]): Promise<void> =>
    pool!.ask(along.map((T) => ({ theory: "Wall", quantity, arguments: [], parameters: { T } })), (answered) => answers.push(answered));
  await Promise.all([ask("logarithm", temperatures), ask("scale", temperatures.slice(3)), ask("logarithm", temperatures.toReversed()), ask("scale", temperatures.toReversed())]);
  expect(answers).toHaveLength(4 * temperatures.length - 3);
  for (const { answer } of answers) expect(answer).toMatchObject({ residual: 0 });
});

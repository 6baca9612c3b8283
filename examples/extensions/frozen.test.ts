/** Histories with known fractions, and what a checkpoint keeps: the fold goes on where it was. */
import { expect, test } from "vitest";
import { createFolds } from "../../runtime/extensions/folds.ts";
import { frozen_fraction } from "./frozen.ts";

const view = (...values: readonly number[]): { values: Float64Array; shape: readonly number[] } => ({ values: Float64Array.from(values), shape: [values.length] });

test("an entry that left its first value is not frozen any more, also where it comes back", () => {
  const memory = frozen_fraction.init(view(1, -1, 1, 1));
  const fractions = [[1, -1, 1, 1], [1, 1, 1, 1], [1, -1, 1, -1]].map((state) => {
    frozen_fraction.update(memory, view(...state));
    return frozen_fraction.value(memory);
  });
  expect(fractions).toEqual([1, 0.75, 0.5]);
});

test("a task that was stopped remembers what had changed", () => {
  const record = (folds: ReturnType<typeof createFolds>, ...state: readonly number[]): number => {
    const own = folds.remembered("f", () => frozen_fraction.init(view(...state)));
    // The memory that comes back is the one that was made, with the numbers that were saved.
    const memory = own as ReturnType<typeof frozen_fraction.init>;
    frozen_fraction.update(memory, view(...state));
    return frozen_fraction.value(memory);
  };
  const [stopped, resumed] = [createFolds(), createFolds()];
  record(stopped, 1, 1);
  expect(record(stopped, 1, -1)).toBe(0.5);
  resumed.memory.restore(structuredClone(stopped.memory.save()));
  expect(record(resumed, 1, 1)).toBe(0.5);
});

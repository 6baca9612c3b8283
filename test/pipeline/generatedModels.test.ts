/**
 * Random models from text to numbers: what the compiler makes of each, on both targets, against the values and derivatives that
 * test/generated finds term by term. `RUNS` is the number of models, `SEED` the first of them.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryModel } from "../generated/arbitraryModel.ts";
import { disagreements } from "../generated/disagreements.ts";
import { modelText } from "../generated/modelText.ts";

const numRuns = Number(process.env["RUNS"] ?? 60);
const seed = Number(process.env["SEED"] ?? 20260101);

test("the compiler and the definition agree", { timeout: 3_600_000 }, () => {
  fc.assert(
    fc.property(arbitraryModel, (model) => {
      const found = disagreements(model);
      expect(found, modelText(model)).toEqual([]);
    }),
    { numRuns, seed },
  );
});

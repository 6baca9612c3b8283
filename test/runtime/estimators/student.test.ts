import { expect, test } from "vitest";
import { studentFactor } from "../../../runtime/estimators/student.ts";

// Tables of the t distribution: Abramowitz, Stegun, table 26.10.
test.each([[1, 12.7062047], [2, 4.3026527], [3, 3.1824463], [4, 2.7764451], [7, 2.3646243], [30, 2.0422725], [100, 1.9839715], [Infinity, 1.959964]])("%d degrees of freedom", (freedom, factor) => {
  expect(Math.abs(studentFactor(freedom) / factor - 1)).toBeLessThan(2e-5);
});

test("no degree of freedom, no interval", () => {
  expect(studentFactor(0)).toBeNaN();
  expect(studentFactor(NaN)).toBeNaN();
});

import { expect, test } from "vitest";
import { scheduleValue } from "../../../runtime/dynamics/scheduleValue.ts";

const linear = { from: 2, to: 0, shape: "linear" } as const;
const geometric = { from: 8, to: 0.5, shape: "geometric" } as const;

test("a number is itself", () => {
  expect(scheduleValue(Infinity, 3, 5)).toBe(Infinity);
});

test("the first step has the first value and the last step the last, exactly", () => {
  expect([0, 1, 2, 3, 4].map((k) => scheduleValue(linear, k, 5))).toEqual([2, 1.5, 1, 0.5, 0]);
  [8, 4, 2, 1, 0.5].forEach((value, k) => expect(scheduleValue(geometric, k, 5)).toBeCloseTo(value, 14));
  expect(scheduleValue({ from: 0.1, to: 0.3, shape: "geometric" }, 6, 7)).toBe(0.3);
});

test("a single step takes the first value; past the end it stays at the last", () => {
  expect(scheduleValue(linear, 0, 1)).toBe(2);
  expect(scheduleValue(geometric, 9, 5)).toBe(0.5);
});

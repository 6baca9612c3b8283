/** Sizes for given parameters: nothing is allocated, whatever they are. */
import { expect, test } from "vitest";
import { checkSizes, memoryText } from "../../../compiler/1-check/checkSizes.ts";
import { programOf } from "../lower/support.ts";

const perceptron = programOf(`model Perceptron(N = 100, alpha = 0.6) {
  let P = round(alpha * N)
  ensemble x[mu in P, i in N] ~ Sign
  state w[i in N] : spin
  energy E = count(mu) (sum(i) x[mu,i] * w[i] < 0)
}`);
const codes = (parameters: Record<string, number>, program = perceptron): readonly string[] => checkSizes(program, parameters).map((d) => d.code);

test("sizes are whole, not negative, and positive for states", () => {
  expect(codes({})).toEqual([]);
  expect(codes({ N: 1 })).toEqual([]);
  expect(codes({ N: 0 })).toEqual(["Q300"]);
  expect(codes({ N: -3 })).toEqual(["Q300"]);
  expect(codes({ N: 2.5 })).toEqual(["Q300"]);
  expect(codes({ alpha: NaN })).toEqual(["Q300"]);
  expect(codes({ alpha: -1 })).toEqual(["Q300"]);
  expect(codes({ alpha: 0 })).toEqual([]);
});

test("the memory of every array is listed when it is too much", () => {
  const [found] = checkSizes(perceptron, { N: 1e6, alpha: 0.5 });
  expect(found!.code).toBe("Q301");
  expect(found!.labels.map((l) => l.message)).toEqual(["`x`: 500000 × 1000000 numbers, 3.64 TiB", "`w`: 1000000 numbers, 7.63 MiB"]);
  expect(checkSizes(perceptron, { N: 1000 }, { budget: 1e6 }).map((d) => d.code)).toEqual(["Q301"]);
  expect(codes({ N: 1e9 })).toEqual(["Q301"]);
});

test("ordered slots are counted packed", () => {
  const glass = programOf("model M(N = 10) { ensemble J[i < j < k in N] ~ Normal(0, 1)  state s[i in N] : spin  energy E = sum(i < j < k) J[i,j,k] * s[i] }");
  // 10·9·8/6 = 120 couplings, 10 spins and the energy: 131 numbers.
  expect(checkSizes(glass, {}, { budget: 8 * 131 })).toEqual([]);
  expect(checkSizes(glass, {}, { budget: 8 * 131 - 1 })[0]!.labels[0]!.message).toBe("`J`: 120 of 10 × 10 × 10 numbers, 960 bytes");
});

test("fixed entries and shifts are looked up", () => {
  const chain = programOf("model M(N = 10, k = 2) { state w[i in N] : real ~ Normal(0, 1)  energy E = w[5]^2 + sum(i in N - k) w[i] * w[i + k] }");
  expect(codes({}, chain)).toEqual([]);
  expect(codes({ N: 4 }, chain)).toEqual(["Q302"]);
  expect(codes({ k: -1 }, chain)).toEqual(["Q302"]);
  expect(codes({ k: 12 }, chain)).toEqual([]);
});

test("bytes in readable units", () => {
  expect([0, 1000, 1024, 4 * 2 ** 30, 8e18, 1e30].map(memoryText)).toEqual(["0 bytes", "1000 bytes", "1 KiB", "4 GiB", "6.94 EiB", "827000 YiB"]);
});

/** library/*.quench: every function against an independent value, and a sentence for each in `quench functions`. */
import { describe, expect, test } from "vitest";
import { compile } from "../../api/compile.ts";
import { libraryEntries, libraryFiles } from "../../compiler/standardLibrary.ts";
import { verify } from "../../api/verify.ts";

const imports = libraryFiles().map((file) => `import "${file}"`).join("\n");
const entries = libraryEntries();

test("every function says what it is", () => {
  expect(entries.length).toBeGreaterThan(10);
  for (const { name, doc } of entries) expect(doc, name).toMatch(/^[A-Z][^]{20,}[.:]/);
});

/** By name: a value with known entries of the arrays v = (3, 1, −2, 0, 2) and a, b (3 × 3 spins), computed by hand or by loops below. */
const v = [3, 1, -2, 0, 2];
const a = [1, -1, 1, 1, 1, -1, -1, 1, 1], b = [1, 1, 1, -1, 1, -1, 1, 1, -1];
const sum = (terms: readonly number[]): number => terms.reduce((s, x) => s + x, 0);
const products = a.map((x, i) => x * b[i]!);
const pairs = products.flatMap((x, i) => products.slice(i + 1).map((y) => x * y));
const neighbours = products.flatMap((x, i) => [x * products[(i + 3) % 9]!, x * products[3 * Math.floor(i / 3) + ((i + 1) % 3)]!]);
const squares = v.map((x) => x * x / 18);
const sorted = [-2, 0, 1, 2, 3];

const ofArrays: Readonly<Record<string, readonly [call: string, expected: number]>> = {
  participation: ["participation(v)", (81 + 1 + 16 + 16) / 18 ** 2],
  entropic_participation: ["entropic_participation(v)", Math.exp(-sum(squares.map((p) => (p > 0 ? p * Math.log(p) : 0))))],
  link_overlap: ["link_overlap(flat_a, flat_b)", sum(pairs) / pairs.length],
  lattice_link_overlap: ["lattice_link_overlap(a, b)", sum(neighbours) / neighbours.length],
  cosine: ["cosine(v, w)", sum(v.map((x, i) => x * (i + 1))) / Math.sqrt(18 * 55)],
  margin_quantile: ["margin_quantile(v, 0.5)", 1],
  violated: ["violated(v, 0.5)", 2 / 5],
  spectral_gap: ["spectral_gap(sorted)", 1],
  level_ratio: ["level_ratio(sorted)", sum([1 / 2, 1, 1]) / 3],
};
const list = (values: readonly number[], index: string): string => values.reduceRight((rest, x, k) => (rest === "" ? `${x}` : `if ${index} == ${k + 1} then ${x} else (${rest})`), "");

describe("functions of arrays", () => {
  const model = compile(`${imports}
model M {
  state      s[i in 2] : spin
  energy     H = -s[1] * s[2]
  let        v[i in 5] = ${list(v, "i")}
  let        w[i in 5] = i
  let        sorted[i in 5] = ${list(sorted, "i")}
  let        flat_a[i in 9] = ${list(a, "i")}
  let        flat_b[i in 9] = ${list(b, "i")}
  let        a[x in 3 periodic, y in 3 periodic] = flat_a[3 * (x - 1) + y]
  let        b[x in 3 periodic, y in 3 periodic] = flat_b[3 * (x - 1) + y]
${Object.entries(ofArrays).map(([name, [call]]) => `  observable of_${name} = ${call} + 0 * s[1]`).join("\n")}
}`);
  const instance = model.createModel("M");
  instance.draw(1, 0);
  const state = instance.randomState(1, 0);
  test.each(Object.entries(ofArrays))("%s", (name, [, expected]) => {
    expect(instance.observables.find((o) => o.name === `of_${name}`)!.evaluate(state)[0]).toBeCloseTo(expected, 12);
  });
});

const ofNumbers: Readonly<Record<string, readonly [call: string, expected: number]>> = {
  // Gaussian numbers of variance 2; two spins at T = 1/2, whose energy −1 has the weight e²; a normal with mean 1 and variance 2; S(k) of an Ornstein-Zernike form with ξ = 3 on a lattice of side 8.
  binder: ["binder(2, 12)", 0],
  susceptibility: ["susceptibility(0.5, 1, 10, 3)", 2.5],
  specific_heat: ["specific_heat(-tanh(2)/2, 0.25, 2, 0.5)", (2 * (0.25 - Math.tanh(2) ** 2 / 4)) / 0.25],
  excess_kurtosis: ["excess_kurtosis(1, 3, 7, 25)", 0],
  correlation_length: ["correlation_length(9, 9 / (1 + 9 * 4 * sin(pi/8)^2), 8)", 3],
};

test("functions of numbers", async () => {
  const { claims } = await verify(`${imports}\n${Object.entries(ofNumbers).map(([name, [call, expected]]) => `claim "${name}" : ${call} ~= ${expected} +- 1e-12`).join("\n")}`);
  expect(claims.map((c) => [c.text, c.verdict])).toEqual(Object.keys(ofNumbers).map((name) => [name, "holds"]));
});

test("none is without a test", () => {
  expect(entries.map((e) => e.name).filter((name) => !(name in ofArrays) && !(name in ofNumbers))).toEqual([]);
});

test("a file that the library lacks is named with those that there are", () => {
  const { diagnostics } = compile('import "quench/nothing.quench"\nclaim "c" : 1 < 2\n');
  expect(diagnostics.map((d) => [d.code, d.help])).toEqual([["Q011", `the library has ${libraryFiles().join(", ")}`]]);
});

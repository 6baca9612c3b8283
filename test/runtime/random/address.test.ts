import { expect, test } from "vitest";
import type { Address } from "../../../runtime/random/address.ts";
import { hashAddress, quenchedAddress, thermalAddress } from "../../../runtime/random/address.ts";

function words(address: Address): number[] {
  const hash = hashAddress(address);
  return [hash.key0, hash.key1, hash.counter2, hash.counter3].map((word) => word >>> 0);
}

function hex(address: Address): string {
  return words(address)
    .map((word) => word.toString(16).padStart(8, "0"))
    .join(" ");
}

// Golden vectors: a change here changes every result of every seed.
test.each([
  [[], "f342cdd7 966c827e fe0952c0 5c41d065"],
  [["quenched", 7, "SpinGlass", "J", 1, 100, 100], "eb274334 f17cab2a b17190fe 6adee157"],
  [["thermal", 7, "Cooling", "proposal", 3, 2, 1, "T", 0.35], "7850c0fe bdb0d9eb 6684db54 414d4bb6"],
  [["α", -1e-3], "b0a94d7d 0ebf0776 526c5365 a5350cb0"],
] as [Address, string][])("golden vector of %j", (address, expected) => {
  expect(hex(address)).toBe(expected);
});

test("what an address is made of", () => {
  expect(quenchedAddress({ seed: 7, model: "SpinGlass", ensemble: "J", sample: 1, sizes: [100, 100] })).toEqual([
    "quenched",
    7,
    "SpinGlass",
    "J",
    1,
    100,
    100,
  ]);
  const task = { seed: 7, run: "Cooling", purpose: "proposal", sample: 3, start: 2, replica: 1 };
  expect(thermalAddress({ ...task, sweep: { T: 0.35, alpha: 2 } })).toEqual([
    "thermal",
    7,
    "Cooling",
    "proposal",
    3,
    2,
    1,
    "T",
    0.35,
    "alpha",
    2,
  ]);
});

test("the order in which sweep variables are declared, and rounding of their values, change nothing", () => {
  const task = { seed: 7, run: "Cooling", purpose: "proposal", sample: 3, start: 2, replica: "ref" };
  const reference = thermalAddress({ ...task, sweep: { T: 0.3, alpha: 2 } });
  expect(thermalAddress({ ...task, sweep: { alpha: 2, T: 0.1 + 0.2 } })).toEqual(reference);
  expect(thermalAddress({ ...task, sweep: { alpha: 2, T: 0.300001 } })).not.toEqual(reference);
});

test("near addresses differ", () => {
  // prettier-ignore
  const near: Address[] = [
    [], [0], [""], ["0"], [0, 0], ["", ""], [1], ["1"], [1, ""], ["", 1],
    ["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["c", "ab"],
    ["\u0000"], ["\u0000\u0000"], ["\u0001"], ["\u0002"], ["a\u0000"], ["a"],
    [1, 2], [2, 1], [12], ["1", 2], [1, "2"], ["1,2"],
    [2 ** 53], [2 ** 53 - 1], [1 + 2 ** -52], [-1], [Infinity], [-Infinity], [5e-324],
    ["é"], ["e\u0301"], ["α"], ["𝛼"],
  ];
  expect(new Set(near.map(hex)).size).toBe(near.length);
});

test("no two of 40000 consecutive tasks share a key", () => {
  const keys = new Set<string>();
  for (let sample = 0; sample < 200; sample++) {
    for (let start = 0; start < 200; start++)
      keys.add(words(["thermal", 7, "Run", "noise", sample, start, 1]).slice(0, 2).join());
  }
  // The chance of one collision of 64-bit keys is 40000² / 2^65 = 4e-11.
  expect(keys.size).toBe(40000);
});

test("0 and −0 are one number; what has no encoding is refused", () => {
  expect(hex([-0])).toBe(hex([0]));
  expect(() => hashAddress([NaN])).toThrow(RangeError);
  expect(() => hashAddress(["\ud800"])).toThrow(RangeError);
  expect(hex(["\ud835\udefc"])).toBe(hex(["𝛼"]));
});

test("neighbouring addresses differ in half of the 128 bits", () => {
  let flipped = 0;
  for (let i = 0; i < 10000; i++) {
    const a = words(["quenched", i]);
    const b = words(["quenched", i + 1]);
    for (let word = 0; word < 4; word++) flipped += ((a[word] ^ b[word]) >>> 0).toString(2).replaceAll("0", "").length;
  }
  // 1.28e6 fair bits (each address occurs in two comparisons, but independent words make independent XORs): error probability 6e-7.
  expect(Math.abs(flipped - 640000)).toBeLessThan(5 * Math.sqrt(1.28e6 / 4));
});

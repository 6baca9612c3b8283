import { expect, test } from "vitest";
import { philox } from "../../../runtime/random/philox.ts";

/** One line of kat_vectors of Random123 1.14 (D. E. Shaw Research): counter, key, result. */
const knownAnswers: [counter: number[], key: number[], result: number[]][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

function block(counter: readonly number[], key: readonly number[]): number[] {
  const out = new Int32Array(4);
  philox(out, 1, counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return [...out].map((word) => word >>> 0);
}

/** The definition, with 64-bit products by BigInt. */
function philoxByDefinition(counter: readonly number[], key: readonly number[]): number[] {
  let [x0, x1, x2, x3] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  const mask = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const p0 = x0 * 0xd2511f53n;
    const p2 = x2 * 0xcd9e8d57n;
    [x0, x1, x2, x3] = [(p2 >> 32n) ^ x1 ^ k0, p2 & mask, (p0 >> 32n) ^ x3 ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [x0, x1, x2, x3].map(Number);
}

test.each(knownAnswers)("known-answer vector of counter %j, key %j", (counter, key, result) => {
  expect(block(counter, key)).toEqual(result);
});

test("high products by 16-bit halves are exact: 2000 blocks agree with the definition in BigInt", () => {
  let word = [1, 2, 3, 4];
  for (let i = 0; i < 2000; i++) {
    const key = [word[0] ^ i, word[3]].map((k) => k >>> 0);
    const next = block(word, key);
    expect(next).toEqual(philoxByDefinition(word, key));
    word = next;
  }
});

test("a run of counters is the blocks one by one, and c0 wraps without a carry", () => {
  const out = new Int32Array(12);
  philox(out, 3, 0xfffffffe, 5, 6, 7, 8, 9);
  const words = [...out].map((word) => word >>> 0);
  expect(words.slice(0, 4)).toEqual(block([0xfffffffe, 5, 6, 7], [8, 9]));
  expect(words.slice(4, 8)).toEqual(block([0xffffffff, 5, 6, 7], [8, 9]));
  expect(words.slice(8)).toEqual(block([0, 5, 6, 7], [8, 9]));
});

import { expect, test } from "vitest";
import { boxMuller } from "../../../runtime/random/boxMuller.ts";
import { philox } from "../../../runtime/random/philox.ts";
import { Stream } from "../../../runtime/random/stream.ts";

const stream = new Stream(["golden"]);
type Fill = (stream: Stream, out: Float64Array, first: number, step?: number) => void;
type Entry = (stream: Stream, step: number, site: number) => number;

const kinds: [name: string, fill: Fill, entry: Entry][] = [
  ["uniform", (s, out, first, step) => s.uniforms(out, first, step), (s, step, site) => s.uniform(step, site)],
  ["normal", (s, out, first, step) => s.normals(out, first, step), (s, step, site) => s.normal(step, site)],
  ["sign", (s, out, first, step) => s.signs(out, first, step), (s, step, site) => s.sign(step, site)],
  ["integer", (s, out, first, step) => s.integers(out, first, 1000, step), (s, step, site) => s.integer(step, site, 1000)],
];

function filled(fill: Fill, length: number, first: number, step?: number): Float64Array {
  const out = new Float64Array(length);
  fill(stream, out, first, step);
  return out;
}

// Golden values, compared bit by bit: they hold on every machine and engine.
test("golden values", () => {
  const all = kinds.map(([, fill]) => [...filled(fill, 4, 0)]);
  expect(all).toEqual([
    [0.8047826299927839, 0.16493266808811324, 0.30459892994465265, 0.9034350799827339],
    [0.14291268719849662, 0.35572260932990446, -0.9342263779687046, 3.42977257034677],
    [-1, 1, 1, -1],
    [429, 177, 522, 895],
  ]);
  expect(kinds.map(([, , entry]) => entry(stream, 5, 7))).toEqual([0.1670762994036875, 0.45945719832965404, -1, 856]);
});

test("the bits are consumed as the table in stream.ts says", () => {
  const words = new Int32Array(4);
  const pair = new Float64Array(2);
  philox(words, 1, 50, 9, stream.counter2, stream.counter3 ^ 1, stream.key0, stream.key1);
  boxMuller(words, 1, pair, 0);
  expect([stream.normal(9, 100), stream.normal(9, 101)]).toEqual([...pair]);
  philox(words, 1, 3, 9, stream.counter2, stream.counter3 ^ 2, stream.key0, stream.key1);
  expect(stream.sign(9, 3 * 128 + 2 * 32 + 5)).toBe((words[2] >>> 5) & 1 ? -1 : 1);
});

test.each(kinds)("%s: every slice equals the slice of the whole", (_, fill) => {
  const whole = filled(fill, 3000, 0);
  for (const first of [0, 1, 2, 63, 127, 128, 129, 255, 256, 257, 1023]) {
    for (const length of [0, 1, 2, 3, 127, 128, 129, 256, 513, 1900]) {
      expect(filled(fill, length, first)).toEqual(whole.slice(first, first + length));
    }
  }
});

test.each(kinds)("%s: an entry is what the array holds there, in any order of drawing", (_, fill, entry) => {
  const whole = filled(fill, 500, 0, 12);
  for (let draw = 0; draw < 500; draw++) {
    const site = (draw * 337) % 500;
    stream.normal(draw, site); // other draws in between change nothing
    expect(entry(stream, 12, site)).toBe(whole[site]);
  }
});

test.each(kinds)("%s: sites beyond 2^32 carry into the step", (_, fill, entry) => {
  for (const first of [2 ** 32 - 300, 2 ** 32 - 3, 2 ** 32 + 1, 5 * 2 ** 32 - 7]) {
    const out = filled(fill, 600, first, 3);
    for (const i of [0, 1, 6, 299, 300, 301, 599]) {
      const place = first + i;
      expect(out[i]).toBe(entry(stream, 3 + Math.floor(place / 2 ** 32), place % 2 ** 32));
    }
  }
  expect(filled(fill, 1, 2 ** 53 - 1)[0]).toBe(entry(stream, 2 ** 21 - 1, 2 ** 32 - 1));
});

test("signs fill bytes as they fill floats", () => {
  const bytes = new Int8Array(1000);
  stream.signs(bytes, 77);
  expect([...bytes]).toEqual([...filled(kinds[2][1], 1000, 77)]);
});

test("places outside of the range, and empty ranges of integers, are refused", () => {
  const out = new Float64Array(2);
  for (const first of [-1, 0.5, 2 ** 53 - 1, NaN]) expect(() => stream.normals(out, first)).toThrow(RangeError);
  for (const step of [-1, 0.5, 2 ** 32]) {
    expect(() => stream.normals(out, 0, step)).toThrow(RangeError);
    expect(() => stream.normal(step, 0)).toThrow(RangeError);
    expect(() => stream.sign(0, step)).toThrow(RangeError);
  }
  expect(() => stream.uniforms(out, 2 ** 32 - 1, 2 ** 32 - 1)).toThrow(RangeError);
  for (const n of [0, -1, 1.5, 2 ** 32 + 1]) {
    expect(() => stream.integers(out, 0, n)).toThrow(RangeError);
    expect(() => stream.integer(0, 0, n)).toThrow(RangeError);
  }
});

import { expect, test } from "vitest";
import { didYouMean, nearest } from "../../grammar/nearest.ts";

const words = ["energy", "ensemble", "state", "observable", "let", "T", "N", "mu"];

test.each([
  ["enregy", "energy"],
  ["ensembel", "ensemble"],
  ["Energy", "energy"],
  ["STATE", "state"],
  ["sate", "state"],
  ["observables", "observable"],
  ["lte", "let"],
  ["potential", undefined],
  ["x", undefined],
  ["M", undefined],
  ["mv", "mu"],
  ["", undefined],
  ["energy", undefined],
])("%s → %s", (name, expected) => expect(nearest(name, words)).toBe(expected));

test("the nearest of several, and the first of equals", () => {
  expect(nearest("tarin", ["drain", "train", "trail"])).toBe("train");
  expect(nearest("tran", ["tram", "trap"])).toBe("tram");
});

test("as a help", () => {
  expect(didYouMean("enregy", words)).toBe("did you mean `energy`?");
  expect(didYouMean("zzzz", words)).toBeUndefined();
});

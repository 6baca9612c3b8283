/** Frozen variables: those that have the value of the first record in all records of a task so far. */
import { defineObservable } from "quench/extend";

export const frozen_fraction = defineObservable({
  doc: "Fraction of the entries that have never differed from the first record.",
  arguments: ["array"],
  result: "scalar",
  init: (state) => ({ first: state.values.slice(), changed: new Int32Array(state.values.length) }),
  update: ({ first, changed }, state) => {
    state.values.forEach((value, i) => {
      if (value !== first[i]) changed[i] = 1;
    });
  },
  value: ({ changed }) => changed.reduce((count, c) => count + 1 - c, 0) / changed.length,
  samples: [
    [[[1, -1, 1]], [[1, 1, 1]], [[1, -1, 1]]],
    [[[[1, 2], [3, 1]]], [[[1, 2], [3, 1]]]],
  ],
});

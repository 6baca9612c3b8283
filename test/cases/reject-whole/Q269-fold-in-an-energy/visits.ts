import { defineObservable } from "quench/extend";

export const visits = defineObservable({ doc: "Number of records.", arguments: ["array"], result: "scalar", init: () => ({ n: 0 }), update: (own) => { own.n++; }, value: ({ n }) => n, samples: [[[[1]]], [[[2]]]] });

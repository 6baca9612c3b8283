import { defineObservable } from "quench/extend";

const visits = { doc: "Number of records.", arguments: ["array"], result: "scalar", init: () => ({ n: 0 }), update: (own) => { own.n++; }, value: ({ n }) => n, samples: [[[[1]], [[2]], [[3]]], [[[1]]]] };
export const inAList = defineObservable({ ...visits, init: () => ({ seen: [] }), update: ({ seen }, x) => { seen.push(x.values[0]); }, value: ({ seen }) => seen.length });
let all = 0;
export const global = defineObservable({ ...visits, update: () => { all++; }, value: () => all });
export const empty = defineObservable({ ...visits, samples: [[], []] });
export const unstarted = defineObservable({ ...visits, init: undefined });

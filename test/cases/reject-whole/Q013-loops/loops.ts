import { defineFunction } from "quench/extend";

export const fine = defineFunction({ doc: "x.", arity: 1, value: (x) => x, adjoint: "none", samples: [[1], [2]] });
export const endless = defineFunction({ doc: "Loops.", arity: 1, value: (x) => { for (;;) x++; }, adjoint: "none", samples: [[1], [2]] });

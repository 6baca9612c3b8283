import { defineFunction } from "quench/extend";

export const tanh = defineFunction({ doc: "Not that one.", arity: 1, value: (x) => x, adjoint: (dy) => [dy], cost: 1, samples: [[0.5], [2]] });

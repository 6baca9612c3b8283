import { defineFunction } from "quench/extend";

export const halved = defineFunction({ doc: "x / 2.", arity: 1, value: (x) => x / 2, adjoint: "none", samples: [[1], [2]] });

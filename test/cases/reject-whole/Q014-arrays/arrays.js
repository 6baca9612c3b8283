import { defineFunction } from "quench/extend";

const length = (x) => Math.hypot(...x.values);
const norm = { doc: "Length of a vector.", arguments: ["vector"], result: "scalar", value: length, adjoint: "none", samples: [[[3, 4]], [[1, 2, 2]]] };
export const ofNumbers = defineFunction({ ...norm, samples: [[3, 4], [1, 2]] });
export const short = defineFunction({ ...norm, result: "sameShape", value: () => Float64Array.of(1) });
export const list = defineFunction({ ...norm, value: (x) => [...x.values] });
export const single = defineFunction({ ...norm, result: "sameShape", value: (x) => Float32Array.from(x.values) });
export const sorts = defineFunction({ ...norm, value: (x) => x.values.sort()[0], samples: [[[4, 3]], [[2, 1]]] });
export const wrong = defineFunction({ ...norm, adjoint: (dy, [x]) => [x.values.map((v) => dy * v)] });
export const scalar = defineFunction({ ...norm, adjoint: (dy) => [dy] });
export const shorter = defineFunction({ ...norm, adjoint: (dy, [x]) => [x.values.slice(1)] });
export const nothing = defineFunction({ ...norm, adjoint: () => {} });
export const fails = defineFunction({ ...norm, adjoint: () => { throw new Error("not differentiable at 0"); } });
export const changes = defineFunction({ ...norm, adjoint: (dy, [x]) => [x.values.fill(0)] });
export const rectangle = defineFunction({ ...norm, arguments: ["matrix"], samples: [[[[1, 2]]], [[[2, 3]]]] });

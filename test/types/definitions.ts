/**
 * What an editor says of wrong definitions: `npm run types` fails where one of these lines is no error. Right definitions are in examples/extensions, the
 * pages of docs/ and the tests of extensions.
 */
import { defineDistribution, defineDynamics, defineFunction, defineObservable, defineSource, defineTheory } from "quench/extend";

// @ts-expect-error: a missing adjoint
defineFunction({ doc: "Square.", arity: 1, value: (x) => x * x, samples: [[1], [2]] });
// @ts-expect-error: samples of another arity
defineFunction({ doc: "Product.", arity: 2, value: (x, y) => x * y, adjoint: "none", samples: [[1], [2]] });
// @ts-expect-error: one adjoint for two arguments
defineFunction({ doc: "Product.", arity: 2, value: (x, y) => x * y, adjoint: (dy, [, y], b) => [b.mul(dy, y)], samples: [[1, 2], [2, 3]] });
// @ts-expect-error: a missing adjoint of a function of arrays
defineFunction({ doc: "Sum.", arguments: ["array"], result: "scalar", value: ({ values }) => values[0]!, samples: [[[1]], [[2]]] });
// @ts-expect-error: a number where an array is promised
defineFunction({ doc: "Same.", arguments: ["vector"], result: "sameShape", value: () => 1, adjoint: "none", samples: [[[1]], [[2]]] });
// @ts-expect-error: a number where the adjoint of an array is asked for
defineFunction({ doc: "Sum.", arguments: ["array"], result: "scalar", value: ({ values }) => values[0]!, adjoint: (dy) => [dy], samples: [[[1]], [[2]]] });
// @ts-expect-error: the adjoint of an array result is an array
defineFunction({ doc: "Same.", arguments: ["vector"], result: "sameShape", value: ({ values }) => values.slice(), adjoint: (dy, [x]) => [x.values.map((v) => v * (dy + 1))], samples: [[[1]], [[2]]] });
// @ts-expect-error: a vector where a matrix is taken
defineFunction({ doc: "Trace.", arguments: ["matrix"], result: "scalar", value: ({ values }) => values[0]!, adjoint: "none", samples: [[[1, 2]], [[2, 3]]] });
// @ts-expect-error: an async value
defineFunction({ doc: "Square.", arity: 1, value: async (x) => Promise.resolve(x * x), adjoint: "none", samples: [[1], [2]] });
// @ts-expect-error: what was not remembered
defineObservable({ doc: "Records.", arguments: ["array"], result: "scalar", init: () => ({ n: 0 }), update: (own) => { own.n++; }, value: ({ m }) => m, samples: [[[[1]]], [[[2]]]] });
// @ts-expect-error: two parameters where there is one
defineDistribution({ doc: "Constant.", element: "real", parameters: [{ name: "a", element: "real" }], fill: (out, _, [a]) => { out.fill(a); }, samples: [[1, 2]] });
// @ts-expect-error: an argument that is no parameter
defineDynamics({ doc: "Nothing.", parameters: [{ name: "T", doc: "Temperature." }], needs: [], domains: ["spin"], units: ["steps"], stationary: false, init: () => ({}), step: ({ argument }) => { argument("dt"); } });
// @ts-expect-error: a need that is none
defineDynamics({ doc: "Nothing.", parameters: [], needs: ["luck"], domains: ["spin"], units: ["steps"], stationary: false, init: () => ({}), step: () => {} });
// @ts-expect-error: a list where a Float64Array is asked for
defineSource({ doc: "Three numbers.", parameters: [], arrays: 1, read: () => [{ values: [1, 2, 3], shape: [3] }] });
// @ts-expect-error: a status that is none
defineTheory({ doc: "Zero.", parameters: [], status: "certain", quantities: [], derive: () => ({ refused: "no" }) });

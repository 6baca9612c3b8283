/** Models of every kind that the passes treat differently; none is named anywhere in the compiler. */
import { constant, indexValue, parameter, read, reduce, type Expression } from "../../../compiler/ir/expression.ts";
import type { Program } from "../../../compiler/ir/program.ts";
import { build as b } from "../../../compiler/library/ops/index.ts";
import { at, definition, differ, ensemble, index, less, M, N, product, program, slot, state, sum } from "./model.ts";

export interface Case {
  readonly name: string;
  readonly program: Program;
  /** Sizes to test at; the smallest make every boundary of a packed array appear. */
  readonly sizes: readonly Readonly<Record<string, number>>[];
  /** So many entries of each state are 0. */
  readonly zeros?: number;
}

const small = [{ N: 1 }, { N: 2 }, { N: 5 }];
const one = (name: string, arrays: Parameters<typeof program>[0], body: Expression, sizes: Case["sizes"] = small): Case =>
  ({ name, program: program([...arrays, definition("H", "thermal", [], body, "energy")]), sizes });

const w = state("w", slot());
const [i, j, k, l] = ["i", "j", "k", "l"].map((n) => index(n)) as [ReturnType<typeof index>, ReturnType<typeof index>, ReturnType<typeof index>, ReturnType<typeof index>];
const [mu, nu] = [index("mu", M), index("nu", M)];
const spins = (...of: readonly (typeof i)[]): readonly Expression[] => of.map((x) => at("w", x));
const X2 = ensemble("X2", slot(), slot());
const X3 = ensemble("X", slot(), slot(), slot());
const X4 = ensemble("X4", slot(), slot(), slot(), slot());
const h = ensemble("h", slot());
const J = ensemble("J", slot(), slot(N, "<"));
const J3 = ensemble("J3", slot(), slot(N, "<"), slot(N, "<"));
const xi = ensemble("xi", slot(M), slot());
const square = (e: Expression): Expression => b.pow(e, constant(2));
const field = sum([i], product(at("xi", mu, i), at("w", i)));

const category = index("c", parameter("K"));
const most = reduce("max", [k], at("z", k), constant(1));

export const cases: readonly Case[] = [
  one("p = 2", [X2, w], b.div(sum([i, j], product(at("X2", i, j), ...spins(i, j))), b.sqrt(N))),
  one("p = 3", [X3, w], b.div(sum([i, j, k], product(at("X", i, j, k), ...spins(i, j, k))), N)),
  one("p = 4", [X4, w], b.div(sum([i, j, k, l], product(at("X4", i, j, k, l), ...spins(i, j, k, l))), b.pow(N, constant(1.5))), [{ N: 1 }, { N: 2 }, { N: 4 }]),
  one("permuted order of subscripts", [X3, w], sum([i, j, k], product(at("w", k), at("X", k, i, j), at("w", j), constant(0.3), at("w", i)))),
  one("two ensembles and a field", [X3, X2, ensemble("Y", slot(), slot(), slot()), h, w],
    b.add(b.sub(b.add(sum([i, j, k], product(at("X", i, j, k), ...spins(i, j, k))), sum([i, j, k], product(constant(2), at("Y", j, k, i), ...spins(i, j, k)))),
      sum([i, j], product(at("X2", i, j), ...spins(i, j)))), sum([i], product(at("h", i), at("w", i))))),
  one("mixed p = 2, 3, 4", [X2, X3, X4, w],
    b.add(b.add(sum([i, j], product(at("X2", i, j), ...spins(i, j))), sum([i, j, k], product(at("X", i, j, k), ...spins(i, j, k)))),
      sum([i, j, k, l], product(at("X4", i, j, k, l), ...spins(i, j, k, l)))), [{ N: 1 }, { N: 3 }]),
  one("ordered sum, dense couplings", [X3, w], sum([i, j, k], product(at("X", i, j, k), ...spins(i, j, k)), b.and(less(i, j), less(j, k)))),
  one("ordered sum, other way round", [X3, w], sum([i, j, k], product(at("X", k, i, j), ...spins(i, j, k)), b.and(less(j, i), less(i, k)))),
  one("ordered couplings, ordered sum", [J, h, w], b.neg(b.add(sum([i, j], product(at("J", i, j), ...spins(i, j)), less(i, j)), sum([i], product(at("h", i), at("w", i)))))),
  one("ordered couplings, sum over i != j", [J, w], b.div(sum([i, j], product(at("J", i, j), ...spins(i, j)), differ(i, j)), N)),
  one("three ordered subscripts, all different", [J3, w],
    sum([i, j, k], product(at("J3", i, j, k), ...spins(i, j, k)), b.and(differ(i, j), b.and(differ(i, k), differ(j, k)))), [{ N: 2 }, { N: 3 }, { N: 5 }]),
  one("only two of three indices differ", [X3, w], sum([i, j, k], product(at("X", i, j, k), ...spins(i, j, k)), differ(i, k))),
  one("ordered couplings under a partial condition", [J, X3, w], sum([i, j, k], product(at("J", i, j), at("X", i, j, k), ...spins(i, j, k)), differ(i, j))),
  one("repeated subscript", [X3, w], sum([i, k], product(at("X", i, i, k), at("w", i), at("w", i), at("w", k)))),
  one("a cube of one entry", [h, w], sum([i], product(at("h", i), b.pow(at("w", i), constant(3))))),
  one("bipartite", [ensemble("X", slot(N), slot(M)), state("u", slot(N)), state("v", slot(M))],
    sum([i, mu], product(at("X", i, mu), at("u", i), at("v", mu))), [{ N: 1, M: 2 }, { N: 3, M: 4 }]),
  one("two classes", [ensemble("X", slot(N), slot(M), slot(N), slot(M)), state("u", slot(N)), state("v", slot(M))],
    sum([i, mu, j, nu], product(at("X", i, mu, j, nu), at("u", i), at("u", j), at("v", mu), at("v", nu))), [{ N: 1, M: 2 }, { N: 3, M: 2 }]),
  one("square of a sum", [w], b.div(square(sum([i], at("w", i))), N)),
  one("product of two sums and a field", [w, h], b.mul(sum([i], at("w", i)), b.add(sum([j], product(at("h", j), at("w", j))), constant(1.5)))),
  one("Hebbian squares", [xi, w], b.neg(b.div(sum([mu], square(field)), b.mul(constant(2), N))), [{ N: 1, M: 1 }, { N: 5, M: 3 }]),
  one("quartic of overlaps", [xi, w], sum([mu], b.pow(field, constant(4))), [{ N: 3, M: 2 }]),
  {
    name: "lets, polynomial",
    program: program([xi, w, definition("m", "thermal", [mu], b.div(field, N)), definition("H", "thermal", [], b.neg(sum([mu], product(at("m", mu), at("m", mu)))), "energy")]),
    sizes: [{ N: 4, M: 3 }],
  },
  {
    name: "quenched lets",
    program: program([xi, w, definition("C", "quenched", [i, j], b.div(sum([mu], product(at("xi", mu, i), at("xi", mu, j))), N)),
      definition("D", "quenched", [i, j], b.add(b.tanh(at("C", i, j)), at("C", j, i))),
      definition("H", "thermal", [], sum([i, j], product(at("D", i, j), ...spins(i, j))), "energy")]),
    sizes: [{ N: 4, M: 3 }, { N: 1, M: 1 }],
  },
  {
    name: "smooth perceptron",
    program: program([xi, ensemble("y", slot(M)), w, definition("h", "thermal", [mu], b.div(field, b.sqrt(N))),
      definition("H", "thermal", [], b.div(sum([mu], b.softplus(b.neg(b.mul(at("y", mu), at("h", mu))))), M), "energy")]),
    sizes: [{ N: 4, M: 3 }, { N: 1, M: 1 }],
  },
  {
    name: "two layers",
    program: program([xi, ensemble("y", slot(M)), state("W", slot(parameter("K")), slot(N)), state("v", slot(parameter("K"))), state("c", slot(parameter("K"))),
      ...twoLayers()], { sizes: { K: 2 } }),
    sizes: [{ N: 3, M: 2, K: 2 }],
  },
  {
    name: "nested nonlinear sums without lets",
    program: program([X2, w, definition("H", "thermal", [], b.add(sum([i], b.log(b.cosh(sum([j], product(at("X2", i, j), at("w", j)))))), square(sum([i], b.tanh(at("w", i))))), "energy")]),
    sizes: [{ N: 4 }, { N: 1 }],
  },
  one("on-site potential and couplings", [X2, w], b.add(sum([i], square(b.sub(square(at("w", i)), constant(1)))), sum([i, j], product(at("X2", i, j), ...spins(i, j))))),
  one("angles", [J, state("w", slot())], b.neg(sum([i, j], b.mul(at("J", i, j), b.cos(b.sub(at("w", i), at("w", j)))), less(i, j)))),
  one("a scalar state", [h, w, state("t")], b.add(sum([i], product(at("h", i), at("w", i), b.exp(read("t")))), b.mul(read("t"), read("t")))),
  {
    name: "log of a sum of exponentials, unshifted",
    program: program([X2, w, definition("H", "thermal", [], b.log(sum([i], b.exp(sum([j], product(at("X2", i, j), at("w", j)))))), "energy")]),
    sizes: [{ N: 4 }],
  },
  {
    name: "log of a sum of exponentials, shifted by the maximum",
    program: program([X2, w, ensemble("y", slot()), definition("z", "thermal", [i], sum([j], product(at("X2", i, j), at("w", j)))),
      definition("H", "thermal", [], b.sub(b.add(most, b.log(sum([i], b.exp(b.sub(at("z", i), most))))), sum([i], product(at("y", i), at("z", i)))), "energy")]),
    sizes: [{ N: 4 }, { N: 1 }],
  },
  one("a state read through quenched subscripts", [{ ...ensemble("a", slot(M)), element: "integer" }, { ...ensemble("c", slot(M)), element: "integer" }, ensemble("J", slot(M)), w],
    sum([mu], product(at("J", mu), at("w", at("a", mu)), at("w", at("c", mu)), at("w", at("c", mu)))), [{ N: 3, M: 6 }]),
  one("a state over pairs", [ensemble("X", slot(), slot()), state("s", slot(), slot(N, "<")), w],
    b.add(sum([i, j], product(at("X", i, j), at("s", i, j), at("w", j)), less(i, j)), sum([i, j], product(at("s", j, i), at("s", i, j), at("w", i)), differ(i, j))), [{ N: 2 }, { N: 4 }]),
  {
    name: "classes of a softmax",
    program: program([xi, { ...ensemble("y", slot(M)), element: "integer" }, state("W", slot(parameter("K")), slot(N)),
      definition("z", "thermal", [mu, category], sum([i], product(at("W", category, i), at("xi", mu, i)))),
      definition("H", "thermal", [], b.div(sum([mu], b.sub(b.log(sum([category], b.exp(at("z", mu, category)))),
        sum([category], product(b.eq(indexValue(category), at("y", mu)), at("z", mu, category))))), M), "energy")], { sizes: { K: 3 } }),
    sizes: [{ N: 3, M: 4, K: 3 }],
  },
  {
    name: "maximum over a product",
    program: program([X2, w, definition("H", "thermal", [], reduce("max", [i, j], product(at("X2", i, j), at("w", i), at("w", j)), differ(i, j)), "energy")]),
    sizes: [{ N: 4 }],
  },
  ...[0, 1, 2, 3].map((zeros): Case => ({ ...one(`product over all entries, ${zeros} of them 0`, [w], reduce("product", [i], at("w", i)), [{ N: 5 }]), zeros })),
  ...[0, 1, 2].map((zeros): Case => ({
    name: `products inside, of factors with two reads, ${zeros} of them 0`,
    program: program([X2, h, w, definition("z", "thermal", [i], reduce("product", [j], b.mul(at("w", j), b.add(constant(1), b.mul(at("X2", i, j), at("w", i)))), differ(i, j))),
      definition("H", "thermal", [], b.add(b.log(b.add(constant(2), square(sum([i], product(at("h", i), at("z", i)))))), reduce("product", [k, l], b.cos(b.sub(at("w", k), at("w", l))), less(k, l))), "energy")]),
    sizes: [{ N: 4 }, { N: 1 }],
    zeros,
  })),
  {
    name: "rectified layer with a margin",
    program: program([xi, w, state("c"), definition("h", "thermal", [mu], b.sub(field, read("c"))),
      definition("H", "thermal", [], b.add(sum([mu], square(b.relu(at("h", mu)))), sum([mu], b.max2(at("h", mu), b.mul(constant(0.1), at("h", mu))))), "energy")]),
    sizes: [{ N: 4, M: 3 }],
  },
  {
    name: "chain",
    program: program([h, w, definition("H", "thermal", [], reduceChain(), "energy")]),
    sizes: [{ N: 2 }, { N: 6 }],
  },
  {
    name: "periodic chain",
    program: program([ensemble("J", { ...slot(), periodic: true }), state("w", { ...slot(), periodic: true }),
      definition("H", "thermal", [], sum([i], product(at("J", i), at("w", i), at("w", b.add(indexValue(i), constant(1))))), "energy")]),
    sizes: [{ N: 3 }, { N: 6 }],
  },
];

function twoLayers(): Program["arrays"] {
  const K = parameter("K");
  const a = index("a", K);
  return [
    definition("u", "thermal", [mu, a], b.tanh(b.add(at("c", a), sum([i], product(at("W", a, i), at("xi", mu, i)))))),
    definition("z", "thermal", [mu], b.div(sum([a], product(at("v", a), at("u", mu, a))), b.sqrt(K))),
    definition("H", "thermal", [], b.div(sum([mu], square(b.sub(at("z", mu), at("y", mu)))), M), "energy"),
  ];
}

function reduceChain(): Expression {
  const site = index("x", b.sub(N, constant(1)));
  return reduce("sum", [site], product(at("h", indexValue(site)), at("w", indexValue(site)), at("w", b.add(indexValue(site), constant(1)))));
}

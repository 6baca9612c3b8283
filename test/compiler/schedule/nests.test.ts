import { describe, expect, test } from "vitest";
import { apply, constant, freshIndex, parameter, reduce, sizeRange } from "../../../compiler/ir/expression.ts";
import { packedOffset } from "../../../compiler/ir/layout.ts";
import type { Procedure } from "../../../compiler/ir/procedure.ts";
import { add, array, at, axis, entry, index, le, lt, M, N, one, packedSpin, procedure, product } from "./procedures.ts";
import { asKernel, byBruteForce, difference, inputsFor } from "./run.ts";
import type { Values } from "./run.ts";

const [i, j, k, l] = [index("i"), index("j"), index("k"), index("l")];
const [mu, a] = [index("mu", M), index("a", M)];
const ne = (x: typeof i, y: typeof i) => apply("ne", at(x), at(y));
const vector = (name: string, role: "input" | "output" | "temporary" = "input", size = N) => array(name, role, [axis(size)]);
const matrix = (name: string, rows = N, columns = N, role: "input" | "output" | "temporary" = "input") => array(name, role, [axis(rows), axis(columns)]);
const H = array("H", "output");

/** Procedures of every shape that the loop nests treat differently. `scalarOnly`: has operators without WASM instructions. */
const cases: readonly { readonly name: string; readonly procedure: Procedure; readonly scalarOnly?: true; readonly given?: (n: number) => Readonly<Record<string, Float64Array>>; readonly from?: number }[] = [
  ...[1, 2, 3, 4].flatMap((p) => (["<", "<="] as const).map((order) => ({ name: `packed p = ${p}, ${order}`, procedure: packedSpin(p, order) }))),
  { name: "dense p = 3", procedure: procedure("kernel", [array("X", "input", [axis(), axis(), axis()]), vector("w"), H], [add([i, j, k], [], "H", [], apply("div", product(entry("X", k, i, j), entry("w", i), entry("w", j), entry("w", k)), N))]) },
  { name: "dense p = 4 with gradient in other order", procedure: procedure("kernel", [array("X", "input", [axis(), axis(), axis(), axis()]), vector("w"), H, vector("g", "output")], [
    add([l, k, j, i], [], "H", [], product(entry("X", i, j, k, l), entry("w", i), entry("w", j), entry("w", k), entry("w", l))),
    add([l, k, j, i], [], "g", [k], product(entry("X", i, j, k, l), entry("w", i), entry("w", j), entry("w", l)))]) },
  { name: "ordered sum over dense couplings", procedure: procedure("kernel", [array("X", "input", [axis(), axis(), axis()]), vector("w"), H, vector("g", "output")], [
    add([i, j, k], [lt(i, j), lt(j, k)], "H", [], product(entry("X", i, j, k), entry("w", i), entry("w", j), entry("w", k))),
    add([i, j, k], [lt(i, j), lt(j, k)], "g", [j], product(entry("X", i, j, k), entry("w", i), entry("w", k)))]) },
  { name: "order against the order of storage", procedure: procedure("kernel", [matrix("J"), vector("w"), H], [add([i, j], [lt(j, i)], "H", [], product(entry("J", i, j), entry("w", i), entry("w", j)))]) },
  { name: "different indices", procedure: procedure("kernel", [matrix("J"), vector("w"), H], [add([i, j], [ne(i, j)], "H", [], product(entry("J", i, j), entry("w", i), entry("w", j)))]) },
  { name: "guards outside and inside", procedure: procedure("kernel", [array("J", "input", [axis(), axis(N, "<"), axis(N, "<")]), vector("w"), H, vector("g", "output")], [
    add([i, j, k], [lt(i, j), lt(j, k), apply("ne", at(i), constant(2)), apply("ne", at(k), constant(4))], "g", [j], product(entry("J", i, j, k), entry("w", i), entry("w", k)))].concat(
    [add([i, j, k], [lt(i, j), lt(j, k), apply("gt", entry("w", j), constant(0))], "H", [], entry("J", i, j, k))])) },
  { name: "a factor that is infinite where the inner loop is empty", procedure: procedure("kernel", [vector("w"), H], [add([i, j], [lt(j, i)], "H", [], apply("div", entry("w", j), apply("sub", at(i), one)))]) },
  { name: "bipartite with gradients", procedure: procedure("kernel", [matrix("J", M, N), vector("u", "input", M), vector("v"), H, vector("gu", "output", M), vector("gv", "output")], [
    add([mu, i], [], "H", [], product(entry("J", mu, i), entry("u", mu), entry("v", i))),
    add([mu, i], [], "gu", [mu], product(entry("J", mu, i), entry("v", i))),
    add([mu, i], [], "gv", [i], product(entry("J", mu, i), entry("u", mu)))]) },
  { name: "two layers with tanh", scalarOnly: true, procedure: procedure("kernel", [matrix("x", M, N), matrix("W", M, N), vector("c", "input", M), matrix("z", M, M, "temporary"), H, matrix("gW", M, N, "output")], [
    add([mu, a, i], [], "z", [mu, a], product(entry("x", mu, i), entry("W", a, i))),
    add([mu, a], [], "H", [], product(entry("c", a), apply("tanh", entry("z", mu, a)))),
    add([mu, a, i], [], "gW", [a, i], product(entry("c", a), apply("sub", one, apply("pow", apply("tanh", entry("z", mu, a)), constant(2))), entry("x", mu, i)))]) },
  { name: "squares, negations and quotients", procedure: procedure("kernel", [vector("w"), matrix("J"), H], [add([i, j], [], "H", [], apply("neg", apply("div", product(entry("J", i, j), apply("pow", entry("w", i), constant(3)), constant(-0.5)), product(N, apply("add", one, apply("pow", entry("w", j), constant(2)))))))]) },
  { name: "real parameters and a power of a size", procedure: procedure("kernel", [vector("w"), H], [add([i], [], "H", [], apply("div", product(parameter("beta"), entry("w", i), at(i)), apply("pow", N, constant(1.5))))]) },
  { name: "maximum, minimum and product", procedure: procedure("kernel", [matrix("J"), vector("top", "output"), array("least", "output"), vector("p", "output")], [
    add([i, j], [], "top", [i], product(entry("J", i, j), constant(-2)), "max"), add([i, j], [], "least", [], entry("J", i, j), "min"), add([i, j], [], "p", [j], entry("J", i, j), "product")]) },
  { name: "counts", procedure: procedure("kernel", [matrix("x", M, N), vector("w"), array("h", "temporary", [axis(M)]), H], [
    add([mu, i], [], "h", [mu], product(entry("x", mu, i), entry("w", i))), add([mu], [], "H", [], apply("lt", entry("h", mu), constant(0)))]) },
  { name: "select and lanes", procedure: procedure("kernel", [vector("w"), vector("v"), vector("o", "output"), H], [
    add([i], [], "o", [i], apply("select", apply("lt", entry("w", i), entry("v", i)), apply("abs", entry("w", i)), apply("sqrt", apply("abs", entry("v", i))))),
    add([i], [], "H", [], apply("max2", entry("w", i), entry("v", i)))]) },
  { name: "periodic neighbours", procedure: procedure("kernel", [array("s", "input", [axis(N, undefined, true)]), H, array("g", "output", [axis(N, undefined, true)])], [
    add([i], [], "H", [], product(entry("s", i), entry("s", apply("add", at(i), one)))),
    add([i], [], "g", [apply("sub", at(i), one)], entry("s", i))]) },
  { name: "integers that stand in a slot", given: (n) => ({ v: Float64Array.from({ length: n }, (_, q) => ((q * 7 + 3) % n) + 1) }), procedure: procedure("kernel", [vector("v"), vector("s"), H, vector("g", "output")], [
    add([i], [], "H", [], product(entry("s", entry("v", i)), at(i))), add([i], [], "g", [entry("v", i)], entry("s", i))]) },
  { name: "a shifted range", from: 2, procedure: ((b) => procedure("kernel", [vector("s"), H], [add([b], [], "H", [], product(entry("s", b), entry("s", apply("add", at(b), one)), at(b)))]))(freshIndex("b", { lower: constant(2), upper: apply("sub", N, one) })) },
  { name: "a nest that reads what another one completed", procedure: procedure("kernel", [matrix("x"), vector("w"), vector("h", "temporary"), vector("g", "output"), H], [
    add([i, j], [], "h", [i], product(entry("x", i, j), entry("w", j))), add([i, j], [], "g", [j], product(entry("x", i, j), entry("h", i))), add([k], [], "H", [], product(entry("h", k), entry("g", k)))]) },
  { name: "equal loops under other names", procedure: procedure("kernel", [vector("w"), H, vector("g", "output")], [add([i], [], "H", [], entry("w", i)), add([j], [], "g", [j], product(entry("w", j), entry("w", j)))]) },
];

describe.each(cases)("$name", ({ procedure: p, scalarOnly, given, from }) => {
  test.each(scalarOnly ? (["typescript"] as const) : (["typescript", "wasm"] as const))("%s computes what brute force does", (target) => {
    for (let n = from ?? 1; n <= 9; n++) {
      const parameters: Values = { N: n, M: n % 4 + 1, beta: 0.7 };
      const inputs = inputsFor(p, parameters, given?.(n));
      expect(difference(p, byBruteForce(p, parameters, inputs), asKernel(p, parameters, inputs, target)), `N = ${n}`).toBeLessThan(1e-12);
    }
  });
});

test("a reduction inside a statement is refused", () => {
  const p = procedure("kernel", [vector("w"), H], [add([], [], "H", [], reduce("sum", [freshIndex("q", sizeRange(N))], one))]);
  expect(() => asKernel(p, { N: 2 }, inputsFor(p, { N: 2 }), "typescript")).toThrow(/internal: a reduction/);
});

test("tuples at every boundary: sums over i <= j < k by brute force over all triples", () => {
  const p = procedure("kernel", [array("S", "input", [axis(), axis(N, "<="), axis(N, "<")]), H], [add([i, j, k], [le(i, j), lt(j, k)], "H", [], product(entry("S", i, j, k), at(i), at(k)))]);
  for (let n = 1; n <= 6; n++) {
    const inputs = inputsFor(p, { N: n });
    for (const target of ["typescript", "wasm"] as const) expect(difference(p, byBruteForce(p, { N: n }, inputs), asKernel(p, { N: n }, inputs, target))).toBeLessThan(1e-12);
  }
});

test("any order of the subscripts reads the same entry of a packed array", () => {
  const p = procedure("kernel", [array("S", "input", [axis(), axis(N, "<="), axis(N, "<=")]), vector("w"), H], [add([i, j, k], [], "H", [], product(entry("S", k, i, j), entry("w", i), entry("w", j), at(k)))]);
  for (let n = 1; n <= 6; n++) {
    const inputs = inputsFor(p, { N: n });
    const [S, w] = [inputs.get("S")!, inputs.get("w")!];
    let expected = 0;
    for (let x = 0; x < n; x++) for (let y = 0; y < n; y++) for (let z = 0; z < n; z++) {
      expected += S[packedOffset([{}, { order: "<=" }, { order: "<=" }], [n, n, n], [x, y, z].sort((u, v) => u - v))]! * w[x]! * w[y]! * (z + 1);
    }
    for (const target of ["typescript", "wasm"] as const) expect(asKernel(p, { N: n }, inputs, target).get("H")![0]).toBeCloseTo(expected, 10);
  }
});

/** The spherical 3-spin model of specs/loss-surfaces.quench, as hand-built procedures: what the passes make of it. */
import { apply, constant, reduce } from "../../../compiler/ir/expression.ts";
import type { ModelProcedures } from "../../../compiler/3-passes/procedures.ts";
import { schedule } from "../../../compiler/4-schedule/schedule.ts";
import type { ScheduledModel } from "../../../compiler/4-schedule/schedule.ts";
import { add, array, at, axis, declared, entry, index, le, N, one, packedSpin, procedure, product, program } from "../schedule/procedures.ts";

const dense = [axis(), axis(), axis()];
const packed = [axis(), axis(N, "<="), axis(N, "<=")];
const [i, j, k] = [index("i"), index("j"), index("k")];
const tangent = apply("sub", N, one);
const a = index("a", tangent);

/** S[i<=j<=k] = (1/N) Σ over the distinct permutations of X. */
const symmetrised = procedure("pack_S", [array("X", "input", dense, "quenched"), array("S", "output", packed, "quenched")],
  [[i, j, k], [i, k, j], [j, i, k], [j, k, i], [k, i, j], [k, j, i]].map((p) => {
    const repeats = apply("add", apply("add", one, apply("eq", at(i), at(j))), apply("eq", at(j), at(k)));
    const all = apply("mul", constant(2), apply("mul", apply("eq", at(i), at(j)), apply("eq", at(j), at(k))));
    return add([i, j, k], [le(i, j), le(j, k)], "S", [i, j, k], apply("div", entry("X", ...p), product(N, apply("add", repeats, apply("mul", all, apply("div", constant(3), constant(2)))))));
  }), "Symmetrised couplings S[i,j,k], i <= j <= k.");

const dot = (): readonly [typeof i, typeof j, typeof k] => [index("i"), index("j"), index("k")];
const hessianOf = (): ModelProcedures["derivatives"][number]["hessian"] => {
  const ijk = dot();
  const conditions = [le(ijk[0], ijk[1]), le(ijk[1], ijk[2])];
  const pairs = [0, 1, 2].flatMap((x) => [0, 1, 2].filter((y) => y !== x).map((y) => [x, y, 3 - x - y] as const));
  return { spectrumOnly: false, method: "direct", procedure: procedure("hessian", [array("S", "input", packed, "quenched"), array("w", "input", [axis()]), array("hessian$w$w", "output", [axis(), axis()])],
    pairs.map(([x, y, z]) => add(ijk, conditions, "hessian$w$w", [ijk[x]!, ijk[y]!], product(entry("S", ...ijk), entry("w", ijk[z]!))))) };
};

const rename = (p: ReturnType<typeof packedSpin>): ReturnType<typeof packedSpin> =>
  ({ ...p, arrays: p.arrays.map((x) => (x.name === "H" ? { ...x, name: "L" } : x)), statements: p.statements.map((s) => (s.target === "H" ? { ...s, target: "L" } : s)) });

const origin = { kind: "definition", role: "observable", indices: [], body: one } as const;
export const spinGlassProgram = {
  ...program("SpinGlass", [
    declared("X", "quenched", dense, { kind: "ensemble", distribution: "Normal", arguments: [constant(0), constant(1)] }),
    declared("w", "thermal", [axis()], { kind: "state", domain: { name: "real", arguments: [] } }),
    declared("L", "thermal", [], { kind: "definition", role: "energy", indices: [], body: apply("div", reduce("sum", [i, j, k], product(entry("X", i, j, k), entry("w", i), entry("w", j), entry("w", k))), N) }),
    declared("loss", "thermal", [], origin),
    declared("matrix", "thermal", [{ range: { lower: one, upper: tangent }, periodic: false }, { range: { lower: one, upper: tangent }, periodic: false }], { kind: "call", function: "hessian", arguments: ["L"] }),
    declared("spectrum", "thermal", [{ range: { lower: one, upper: tangent }, periodic: false }], { kind: "call", function: "eigenvalues", arguments: ["matrix"] }),
    declared("index", "thermal", [], origin),
    declared("slope", "thermal", [axis()], { kind: "call", function: "grad", arguments: ["L"] }),
  ], ["loss", "index", "spectrum", "slope"], { N: 100 }),
  energy: "L",
};

export const spinGlass = (): ScheduledModel => schedule({
  program: spinGlassProgram,
  prepare: [symmetrised],
  preparedCalls: [],
  incidences: [],
  reference: procedure("reference", [array("X", "input", dense, "quenched"), array("w", "input", [axis()]), array("L", "output")],
    [add([i, j, k], [], "L", [], apply("div", product(entry("X", i, j, k), entry("w", i), entry("w", j), entry("w", k)), N))]),
  energy: rename(packedSpin(3, "<=", false)),
  energyAndGradient: rename(packedSpin(3)),
  derivatives: [{ of: "L", hessian: hessianOf()! }],
  observables: [
    { kind: "procedure", array: "loss", procedure: procedure("loss", [array("L", "input"), array("loss", "output")], [add([], [], "loss", [], apply("div", entry("L"), N))]) },
    { kind: "call", array: "matrix", function: "hessian", arguments: ["L"] },
    { kind: "call", array: "spectrum", function: "eigenvalues", arguments: ["matrix"] },
    { kind: "procedure", array: "index", procedure: procedure("index", [array("spectrum", "input", [{ range: { lower: one, upper: tangent }, periodic: false }]), array("index", "output")],
      [add([a], [], "index", [], apply("div", apply("lt", entry("spectrum", a), constant(-0.001)), tangent))]) },
    { kind: "call", array: "slope", function: "grad", arguments: ["L"] },
  ],
}, [{ array: "w", freeAxes: [], summedAxes: [0], norm2: N }]);

/** Observable steps: their order, what they read, and their values. */
import { expect, test } from "vitest";
import { modelProcedures } from "../../../compiler/3-passes/modelProcedures.ts";
import { constant, indexValue, read } from "../../../compiler/ir/expression.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import type { ArrayDeclaration } from "../../../compiler/ir/program.ts";
import { build as b } from "../../../compiler/library/ops/index.ts";
import { at, call, close, definition, ensemble, index, instance, M, N, product, program, slot, span, state, sum } from "./model.ts";

const [i, j, mu] = [index("i"), index("j"), index("mu", M)];
const xi = ensemble("xi", slot(M), slot());
const w = state("w", slot());
const arrays: readonly ArrayDeclaration[] = [
  xi, w,
  definition("C", "quenched", [i, j], b.tanh(sum([mu], product(at("xi", mu, i), at("xi", mu, j))))),
  definition("h", "thermal", [mu], sum([i], product(at("xi", mu, i), at("w", i)))),
  definition("H", "thermal", [], sum([mu], b.softplus(at("h", mu))), "energy"),
  definition("e", "thermal", [], b.div(read("H"), N), "observable"),
  definition("positive", "thermal", [], b.div(sum([mu], b.gt(at("h", mu), constant(0))), M), "observable"),
  definition("field", "thermal", [mu], b.mul(at("h", mu), read("positive")), "observable"),
  definition("c", "quenched", [], sum([i, j], at("C", i, j)), "observable"),
  call("hessian_H", "hessian", ["H"], [slot(), slot()]),
  call("spectrum", "eigenvalues", ["hessian_H"], [slot()]),
  definition("index", "thermal", [], b.div(sum([i], b.lt(at("spectrum", i), constant(0))), N), "observable"),
];
const model = program(arrays, { observables: ["e", "positive", "field", "c", "index"] });

test("steps stand in dependency order, each array once, and the energy is an input", () => {
  const { procedures } = modelProcedures(model);
  expect(procedures.observables.map((s) => s.array)).toEqual(["e", "h", "positive", "field", "c", "hessian_H", "spectrum", "index"]);
  const e = procedures.observables[0]!;
  expect(e.kind === "procedure" && e.procedure.arrays.filter((a) => a.role === "input").map((a) => a.name)).toEqual(["H"]);
  expect(procedures.derivatives.map((d) => [d.of, d.hessian?.method])).toEqual([["H", "columns"]]);
  expect(procedures.prepare.flatMap((p) => p.arrays.filter((a) => a.role === "output").map((a) => a.name))).toEqual(["C", "hoisted_C"]);
});

test("their values are those of the definitions", () => {
  const inst = instance(model);
  const out = interpret(inst.result.procedures.energy, inst.parameters, new Map(inst.arrays));
  out.set("spectrum", Float64Array.from([-1, 2, 3, -4, 5]));
  for (const step of inst.result.procedures.observables) if (step.kind === "procedure") interpret(step.procedure, inst.parameters, out);
  for (const name of ["e", "positive", "c"]) expect(close(out.get(name)![0]!, inst.value(name), 1e-13), name).toBe(true);
  expect(out.get("index")![0]).toBeCloseTo(0.4, 14);
  expect(out.get("field")!.every((x, k) => close(x, out.get("h")![k]! * out.get("positive")![0]!, 1e-14))).toBe(true);
});

test("a scalar that depends on a comparison of eigenvalues cannot be differentiated, and the place says so", () => {
  const asked = [...arrays, call("grad_index", "grad", ["index"], [slot()]), definition("slope", "thermal", [], sum([i], at("grad_index", i)), "observable")];
  const { diagnostics, procedures } = modelProcedures(program(asked, { observables: ["slope"] }));
  expect(diagnostics.map((d) => [d.code, d.message])).toEqual([["Q350", "`index` cannot be differentiated: `<` has no derivative, and its argument depends on the state"]]);
  expect(procedures.derivatives.find((d) => d.of === "index")).toEqual({ of: "index" });
});

test("other scalars than the energy can be differentiated, through lets and the energy", () => {
  const inst = instance(program([...arrays.slice(0, 6), call("grad_e", "grad", ["e"], [slot()]), definition("slope", "thermal", [], sum([i], at("grad_e", i)), "observable")], { observables: ["e", "slope"] }));
  const { derivatives, energyAndGradient } = inst.result.procedures;
  const ofEnergy = interpret(energyAndGradient, inst.parameters, new Map(inst.arrays)).get("gradient$w")!;
  const ofE = interpret(derivatives.find((d) => d.of === "e")!.gradient!, inst.parameters, new Map(inst.arrays)).get("gradient$w")!;
  expect(ofE.every((x, k) => close(x, ofEnergy[k]! / inst.parameters["N"]!, 1e-13))).toBe(true);
});

test("initial values by an expression become procedures; their quenched sums are prepared", () => {
  const started: ArrayDeclaration = { ...w, origin: { kind: "state", domain: { name: "real", arguments: [] }, initial: { kind: "value", indices: [i], body: b.add(b.tanh(sum([mu], at("xi", mu, i))), indexValue(i)) } } };
  const inst = instance(program([xi, started, definition("H", "thermal", [], sum([i], product(at("w", i), at("w", i))), "energy")]));
  const { initial, prepare } = inst.result.procedures;
  expect(initial!.map((x) => x.state)).toEqual(["w"]);
  expect(prepare).toHaveLength(1);
  const out = new Map(inst.arrays);
  out.delete("w");
  interpret(initial![0]!.procedure, inst.parameters, out);
  const [n, m] = [inst.parameters["N"]!, inst.parameters["M"]!];
  for (let x = 0; x < n; x++) {
    let total = 0;
    for (let y = 0; y < m; y++) total += inst.arrays.get("xi")![y * n + x]!;
    expect(out.get("w")![x]).toBeCloseTo(Math.tanh(total) + x + 1, 12);
  }
});

test("scalar lets of status parameter are put in place, ranges included", () => {
  const P = read("P");
  const nu = index("nu", P);
  const inst = instance(program([
    { name: "P", status: "parameter", element: "integer", slots: [], origin: { kind: "definition", role: "let", indices: [], body: b.round(b.mul(constant(0.5), N)) }, span },
    ensemble("x", slot(P), slot()), w,
    definition("H", "thermal", [], b.div(sum([nu, i], product(at("x", nu, i), at("w", i), at("w", i))), P), "energy"),
  ]), { N: 6 });
  expect(inst.arrays.get("x")!.length).toBe(18);
  for (const p of [inst.result.procedures.reference, inst.result.procedures.energyAndGradient])
    expect(close(interpret(p, inst.parameters, new Map(inst.arrays)).get("H")![0]!, inst.value("H"), 1e-13)).toBe(true);
  expect(inst.result.procedures.energy.arrays.map((a) => a.name)).not.toContain("P");
});

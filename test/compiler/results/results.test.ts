/** Plans of right specifications: the three of the language's own, and one for each rule. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { printResultExpression, printResults } from "../../../compiler/1-check/results/print.ts";
import { theories } from "../../../compiler/library/theories/index.ts";
import { kacRice } from "../../../compiler/theory/kacRice.ts";
import type { ResultExpression } from "../../../runtime/results/expression.ts";
import { check, errors } from "./check.ts";

const specification = (name: string): string => readFileSync(join(import.meta.dirname, "../../../examples", `${name}.quench`), "utf8");
const model = `
model M(N = 10, alpha = 0.5) {
  let        P = round(alpha * N)
  ensemble   x[mu in P, i in N] ~ Normal(0, var = 1)
  state      w[i in N] : real
  constraint sum(i) w[i]^2 == N
  energy     E = sum(mu, i) x[mu,i] * w[i]
  observable e = E / N
  observable q[r in 0..4] = r * E
}
`;
const run = (body: string, head = "run R of M"): string => `${head} {\n${body}\n}\n`;
const descent = "evolve descent() for 100 steps";
/** Checks a file without errors. */
const good = (text: string, options: Parameters<typeof check>[1] = {}): ReturnType<typeof check> => {
  const checked = check(text, options);
  expect(errors(checked)).toEqual([]);
  return checked;
};
/** Both sides of the claims of a file, printed. */
const claims = (text: string): string[] => good(model + text).claims.map(({ statement: s }) =>
  s.kind === "approximately" ? `${printResultExpression(s.left)} ~= ${printResultExpression(s.right)} +- ${printResultExpression(s.tolerance)}`
    : s.comparisons.map((c) => `${printResultExpression(c.left)} ${c.operator} ${printResultExpression(c.right)}`).join(" and "));
const evaluate = (e: ResultExpression, variables: Record<string, number> = {}): number =>
  e.kind === "constant" ? e.value : e.kind === "variable" ? variables[e.name]! : e.kind === "apply" ? e.value(...e.arguments.map((a) => evaluate(a, variables))) : NaN;

describe("the language's own specifications", () => {
  test.each(["loss-surfaces", "atypical-transitions", "thermal-landscape"])("%s has no errors; its plans", (name) => {
    const checked = good(specification(name));
    const printed = printResults(checked);
    const golden = join(import.meta.dirname, "golden", `${name}.txt`);
    if (process.env["UPDATE"] === "1") writeFileSync(golden, printed);
    expect(printed).toBe(readFileSync(golden, "utf8"));
  });
});

describe("points of a run", () => {
  test("several sweeps multiply, the last one fastest", () => {
    const [plan] = good(model + run(`sweep N in [4, 8]\nsweep alpha in [0.25, 0.5]\n${descent}`)).runs;
    expect(plan!.points.map((p) => p.parameters)).toEqual([{ N: 4, alpha: 0.25 }, { N: 4, alpha: 0.5 }, { N: 8, alpha: 0.25 }, { N: 8, alpha: 0.5 }]);
  });
  test("the forms of a sweep", () => {
    const values = (range: string): readonly number[] => good(model + run(`sweep alpha in ${range}\n${descent}`)).runs[0]!.sweep[0]!.values;
    expect(values("[0.3, 0.1]")).toEqual([0.3, 0.1]);
    expect(values("linear(1, 2, 5)")).toEqual([1, 1.25, 1.5, 1.75, 2]);
    expect(values("0.1..0.5 by 0.1")).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
    expect(values("1..3")).toEqual([1, 2, 3]);
    const geometric = values("geometric(0.05, 2.0, 12)");
    expect(geometric).toHaveLength(12);
    expect([geometric[0], geometric[11]]).toEqual([0.05, 2]);
    for (let k = 1; k < 12; k++) expect(geometric[k]! / geometric[k - 1]!).toBeCloseTo(40 ** (1 / 11), 12);
  });
  test("arguments may be made of sweep variables and of each other", () => {
    const [plan] = good(model + run(`sweep N in [4, 8]\nsweep load in [1, 2]\n${descent}`, "run R of M(alpha = load / N)")).runs;
    expect(plan!.points.map((p) => p.parameters["alpha"])).toEqual([0.25, 0.5, 0.125, 0.25]);
  });
  test("expressions of a step are evaluated at each point, derived scalars too", () => {
    const [plan] = good(model + run("sweep N in [4, 8]\nsweep eta in [0.1, 0.2]\nevolve descent(rate = eta / N -> eta / 100) for 100 * N steps\nmeasure descent() for (P * 10) steps every P")).runs;
    expect(plan!.steps[0]!.amount).toEqual([400, 400, 800, 800]);
    expect(plan!.steps[0]!.arguments[3]).toEqual({ rate: { from: 0.2 / 8, to: 0.002, shape: "linear" } });
    expect(plan!.steps[1]).toMatchObject({ kind: "measure", amount: [20, 20, 40, 40], every: [2, 2, 4, 4] });
  });
  test("--set overrides parameters and restricts sweeps; --seed overrides seeds", () => {
    const text = model + run(`sweep N in [4, 8]\nseed 7\n${descent}`, "run R of M(alpha = 2 / N)") + run(descent, "run B of M(N = 6)") + `claim "a" : mean(R.e) at (N = 8) < 1\nclaim "b" : mean(R.e) at (N = 4) < 1\n`;
    expect(good(text).runs.map((r) => r.seed)).toEqual([7, 1]);
    const { runs, claims: both } = good(text, { set: { N: 4 }, seed: 3 });
    expect(runs.map((r) => [r.seed, r.sweep, r.points.map((p) => p.parameters)])).toEqual([[3, [{ name: "N", values: [4] }], [{ N: 4, alpha: 0.5 }]], [3, [], [{ N: 4, alpha: 0.5 }]]]);
    expect(both.map((c) => c.undecidable)).toEqual(["N = 8 is not in the sweep since --set gives N = 4", undefined]);
    expect(errors(check(text, { set: { N: 4.5 } }))).toEqual(["Q404 --set N: `N` is a whole number, not 4.5"]);
  });
});

describe("steps of a run", () => {
  const until = (condition: string): unknown => good(model + run(`sweep target in [0.5, 1]\nevolve descent() for 100 steps until ${condition}`.replace("sweep target in [0.5, 1]\n", condition.includes("target") ? "sweep target in [0.5, 1]\n" : ""))).runs[0]!.steps[0]!.until;
  test("soft conditions", () => {
    expect(until("gradient < 1e-6")).toEqual({ kind: "gradient", below: 1e-6 });
    expect(until("target > change")).toEqual({ kind: "change", below: [0.5, 1] });
  });
  test("conditions on observables are JavaScript", () => {
    const condition = until("E < -target * N and not (q[3] == 2 or abs(e) > 1)") as { source: string; observables: { name: string; observable: string; places: number[] }[]; parameters: { name: string; parameter: string }[] };
    expect(condition.observables.map((o) => [o.observable, o.places])).toEqual([["E", []], ["q", [4]], ["e", []]]);
    expect(condition.parameters.map((p) => p.parameter)).toEqual(["target", "N"]);
    const names = [...condition.observables, ...condition.parameters].map((n) => n.name);
    const holds = (...values: number[]): unknown => new Function(...names, `"use strict"; return Boolean(${condition.source});`)(...values);
    // E, q[3], e, target, N
    expect(holds(-6, 1, 0.5, 0.5, 10)).toBe(true);
    expect(holds(-6, 2, 0.5, 0.5, 10)).toBe(false);
    expect(holds(-6, 1, -1.5, 0.5, 10)).toBe(false);
    expect(holds(-4, 1, 0.5, 0.5, 10)).toBe(false);
  });
  test("a model's own observable called gradient is that", () => {
    const text = model.replace("observable e", "observable gradient") + run("evolve descent() for 10 steps until gradient < 0.5");
    expect(good(text).runs[0]!.steps[0]!.until).toMatchObject({ kind: "observables", observables: [{ observable: "gradient", places: [] }] });
  });
  test("the energy is always recorded, first", () => {
    expect(good(model + run(`record q\n${descent}`)).runs[0]!.record).toEqual(["E", "q"]);
    expect(good(model + run(descent)).runs[0]!.record).toEqual(["E", "e", "q"]);
  });
  test("the temperatures of tempering are a sweep variable of the records", () => {
    const text = model + run("evolve tempering(mala, T = geometric(0.1, 0.4, 3)) for 10 steps\nmeasure tempering(mala, T = geometric(0.1, 0.4, 3)) for 10 steps every 1") + `claim "a" : mean(R.e) at (T = 0.2) < 1\nplot mean(R.e) vs T\n`;
    expect(good(text).plots[0]!.x!.name).toBe("T");
    expect(errors(check(text.replace("T = 0.2)", "T = 0.3)")))).toHaveLength(1);
  });
  test("belief propagation adds the Bethe free energy", () => {
    good(`model S(n = 6) {\n  state s[i in n] : spin\n  energy H = -sum(i) s[i] / n\n}\n` + run("evolve belief_propagation(T = 1) for 10 sweeps", "run R of S") + `claim "a" : mean(R.free_energy) < 1\n`);
    expect(errors(check(model + run(descent) + `claim "a" : mean(R.free_energy) < 1\n`))[0]).toMatch(/^Q702/);
  });
});

describe("expressions of results", () => {
  const R = run(`sweep N in [4, 8]\n${descent}`);
  test("estimators, at, chains and options", () => {
    expect(claims(R + `claim "a" : (mean(R.e^2) at (N = 4)) - (mean(R.e) at (N = 8)) ~= 0 +- 0.1\nclaim "b" : 0 < quantile(R.e, 0.9) <= variance(mean(R.q[2])) and not prob(R.E < 0) > 0.5\n`)).toEqual([
      "sub((mean{pow(R.e, 2)} at N = 4), (mean{R.e} at N = 8)) ~= 0 +- 0.1",
      "0 < quantile{R.e; q = 0.9} and quantile{R.e; q = 0.9} <= variance{mean{R.q[3]}} and prob{lt(R.E, 0)} <= 0.5",
    ]);
  });
  test("sweep variables, parameters and derived scalars are in scope", () => {
    expect(claims(R + `claim "a" : mean(R.E) / N < P * R.alpha\nclaim "b" : R.P < 10\n`)).toEqual(["div(mean{R.E}, N) < mul(round(mul(alpha, N)), R.alpha)", "round(mul(R.alpha, R.N)) < 10"]);
  });
  test("with two runs a name must be the same in both", () => {
    const two = run(descent, "run A of M(N = 6)");
    expect(claims(two + run(descent, "run B of M(N = 6)") + `claim "a" : mean(A.E) / N < mean(B.E)\n`)).toHaveLength(1);
    expect(errors(check(model + two + run(descent, "run B of M(N = 7)") + `claim "a" : mean(A.E) / N < mean(B.E)\n`))[0]).toMatch(/^Q712/);
  });
  test("max and min are functions of several numbers and estimators of one", () => {
    expect(claims(R + `claim "a" : max(R.e) < max(1, mean(R.e), 3)\nclaim "b" : mean(min(R.e, 0)) < 1\n`)).toEqual(["max{R.e} < max2(max2(1, mean{R.e}), 3)", "mean{min2(R.e, 0)} < 1"]);
  });
  test("functions of the file are expanded", () => {
    expect(claims(`fn shifted(a, b) = a + 2 * b\n${R}claim "a" : shifted(mean(R.e), 3) < 1\n`)).toEqual(["add(mean{R.e}, mul(2, 3)) < 1"]);
  });
  test("theories: forms, named arguments, roots and sums", () => {
    const text = `theory K of M = kac_rice()\ntheory T of M = replica(rs, T = 0)\n`;
    expect(claims(text + `claim "a" : root(u in -2..-1) K.complexity(u, k = 1) < K.E[0]\nclaim "b" : (sum(k in 0..2) K.E[k]) < mean(k in 0..1) K.E[k]\nclaim "c" : root(alpha in 0.1..1) T.entropy(alpha = alpha, q = 0.5) < T.e(N = 3)\n`)).toEqual([
      "root(u in neg(2)..neg(1) : K.complexity(u, 1)) < K.E(0)",
      "add(add(K.E(0), K.E(1)), K.E(2)) < div(add(K.E(0), K.E(1)), 2)",
      "root(alpha in 0.1..1 : T.entropy(alpha = alpha, q = 0.5)) < T.e(N = 3)",
    ]);
  });
  test("what a claim is about", () => {
    const checked = good(model + R + `theory K of M = kac_rice()\nclaim "a" : mean(R.e) < K.E_inf\nclaim "b" : 1 < 2\n`);
    expect(checked.claims.map((c) => c.about)).toEqual([["R", "K"], []]);
  });
  test("conditionals and truth values in arithmetic", () => {
    const { claims: [claim] } = good(`claim "a" : (if 2 > 1 then 3 else 4) + (1 < 2) < 5\n`);
    if (claim!.statement.kind !== "comparisons") throw new Error("not a comparison");
    expect(evaluate(claim!.statement.comparisons[0]!.left)).toBe(4);
  });
  test("erroneous expressions don't cascade", () => {
    expect(errors(check(model + R + `claim "a" : 2 * sqrt(mean(R.ee)) / N at (N = 4) ~= 1 +- 0.1\n`))).toHaveLength(1);
    expect(errors(check(run(`${descent}\nmeasure descent() for N steps every 1`, "run R of Nothing(a = 1)") + `claim "a" : mean(R.e) at (a = 1) < N\nplot mean(R.x) vs y by z\ntable R: b, mean(c)\n`))).toEqual(["Q401 there is no model `Nothing`"]);
  });
});

describe("plots and tables", () => {
  const R = run(`sweep N in [4, 8]\nsweep alpha in [0.25, 0.5]\n${descent}`);
  test("clauses in any order", () => {
    const [plan] = good(model + R + `plot mean(R.e) / N, sd(R.e) log y by alpha vs N with 0.5 log x\n`).plots;
    expect(plan).toMatchObject({ name: "figure-1-mean-R-e-N", x: { name: "N", label: "N" }, by: ["alpha"], log: ["y", "x"], variables: [], about: ["R"] });
    expect(plan!.expressions.map((e) => e.label)).toEqual(["mean(R.e) / N", "sd(R.e)"]);
    expect(plan!.with.map((e) => e.label)).toEqual(["0.5"]);
  });
  test("`vs` binds the place in a slot", () => {
    const [plan] = good(model + R + `plot mean(R.q[r]) vs r by N, alpha\n`).plots;
    // Subscripts of plans run from 1, those of q from 0.
    expect(printResultExpression(plan!.expressions[0]!.expression)).toBe("mean{R.q[sub(r, -1)]}");
    expect(plan!.x!.name).toBe("r");
    expect(plan!.variables).toEqual([{ name: "r", values: [0, 1, 2, 3, 4].map((value) => ({ kind: "constant", value })) }]);
  });
  test("`vs` an expression: at each point, with the observables of the run that is drawn", () => {
    const B = run(`sweep N in [4, 8]\n${descent}`, "run B of M");
    const [plan, other] = good(model + R + B + `theory K of M = kac_rice()\nplot mean(R.q[1]), sd(B.e) vs mean(e) by alpha with K.complexity(u) for u in -2..-1\nplot mean(R.e) vs 1 / N\n`).plots;
    expect(plan).toMatchObject({ against: "mean(e)", by: ["alpha"] });
    expect(plan!.x).toBeUndefined();
    expect([...plan!.expressions, ...plan!.with].map((l) => printResultExpression(l.against!))).toEqual(["mean{R.e}", "mean{B.e}", "mean{R.e}"]);
    expect(plan!.variables.map((v) => v.name)).toEqual(["u"]);
    expect(other!.against).toBe("1/N");
  });
  test("what differs only by the run: the axis has what is shared, the legend the runs", () => {
    const B = run(`sweep N in [4, 8]\n${descent}`, "run B of M");
    const [same, different] = good(model + R + B + `plot mean(R.e) / N, mean(B.e) / N vs N\nplot mean(R.e), sd(B.e) vs N\n`).plots;
    expect([same!.y, ...same!.expressions.map((l) => l.label)]).toEqual(["mean(e) / N", "R", "B"]);
    expect([different!.y, ...different!.expressions.map((l) => l.label)]).toEqual([undefined, "mean(R.e)", "sd(B.e)"]);
  });
  test("a run that sweeps one thing is plotted against it", () => {
    expect(good(model + run(`sweep N in [4, 8]\n${descent}`) + "plot mean(R.e)\n").plots[0]!.x!.name).toBe("N");
  });
  test("`for`: the first is the x axis", () => {
    const [plan] = good(model + `theory K of M = kac_rice()\nplot K.complexity(u, k) for u in -2..-1, k in [0, 2]\n`).plots;
    expect(plan!.x!.name).toBe("u");
    expect(plan!.variables.map((v) => v.name)).toEqual(["u", "k"]);
  });
  test("an autocorrelation brings its own axis, or takes its lag from a variable", () => {
    const { plots } = good(model + R + `plot autocorrelation(R.e) by N, alpha\nplot autocorrelation(R.e, lag = t) for t in linear(0, 4, 5)\n`);
    expect(plots.map((p) => p.x?.name)).toEqual([undefined, "t"]);
    expect(printResultExpression(plots[1]!.expressions[0]!.expression)).toBe("autocorrelation{R.e; lag = t}");
  });
  test("tables see the run's observables without prefix", () => {
    const [plan] = good(model + R + `table R: N, mean(e), mean(q[1]), mean(R.E) / N\n`).tables;
    expect(plan!.columns.map((c) => `${c.label} := ${printResultExpression(c.expression)}`)).toEqual(["N := N", "mean(e) := mean{R.e}", "mean(q[1]) := mean{R.q[2]}", "mean(R.E) / N := div(mean{R.E}, N)"]);
    expect(errors(check(model + R + "table R: e, mean(q), mean(w)\n")).map((e) => e.slice(0, 4))).toEqual(["Q703", "Q704", "Q700"]);
  });
});

test("the table of theories has the quantities that Kac-Rice predicts", () => {
  const made = kacRice([{ power: 3, coefficient: 1 }], []);
  if ("refused" in made) throw new Error(made.refused);
  expect(theories["kac_rice"]!.quantities.map(({ name, form, arguments: a }) => ({ name, form, arguments: a }))).toEqual(made.quantities.map(({ name, form, arguments: a }) => ({ name, form, arguments: a })));
});

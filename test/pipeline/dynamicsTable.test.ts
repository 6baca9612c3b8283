/**
 * test/dynamics.md: dynamics × domains. A cell is either what is tested of this dynamics here, on a model of this domain against exact values, or the
 * code by which it is refused. Nothing in it is written by hand: `UPDATE=1` writes it anew. Fixed seeds; a deviation counts beyond 5 standard
 * errors, over more than a hundred comparisons a false alarm in ten thousand.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { dynamics } from "../../runtime/dynamics/index.ts";
import type { RunOutcome } from "../../runtime/engine/index.ts";
import { blockedError } from "../../runtime/estimators/binning.ts";
import { domainValues } from "../../runtime/moves/domainMoves.ts";
import { generate, instantiate } from "./compileModel.ts";
import { domainModels, exactAverages } from "./domainModels.ts";
import { runText } from "./runText.ts";

const T = 0.8;
const records = 4000;

/** How a dynamics is run, and what must come out. */
interface Trial { readonly model: "pairs" | "examples"; readonly steps: string; readonly property: string; readonly check: (outcome: RunOutcome, model: string) => void }

/** What many cells of a column need is made once. */
function once<Value>(make: (text: string, variant: string) => Value): (text: string, variant?: string) => Value {
  const known = new Map<string, Value>();
  return (text, variant = "") => {
    const key = `${variant}\n${text}`;
    const value = known.get(key) ?? make(text, variant);
    known.set(key, value);
    return value;
  };
}
const instance = once((text) => {
  const model = instantiate(generate(text), {});
  model.draw(1, 0);
  return model;
});
/** The numbers of sites with each value, array by array. */
const kept = (text: string, state: Float64Array): string => instance(text).state.map((a) => [...state.subarray(a.offset, a.offset + a.length)].sort().join()).join(";");
/** Over all states, or over those of one sector. */
const exactly = once((text, sector) => exactAverages(instance(text), T, sector === "" ? undefined : (s) => kept(text, s) === sector));

/** Means over the records are exact, but for `bias` standard deviations where a time step has one. */
const moments = (bias = 0, conserved = false) => (outcome: RunOutcome, text: string): void => {
  const exact = exactly(text, conserved ? kept(text, outcome.states[0]!.state) : "");
  for (const name of ["H", "o"]) {
    const { error } = blockedError(Float64Array.from(outcome.tasks[0]!.values[name]!));
    const mean = outcome.tasks[0]!.values[name]!.reduce((a, b) => a + b, 0) / outcome.tasks[0]!.records;
    // An average that carries no information would agree with everything.
    expect(error, name).toBeLessThan(0.15 * exact.spread[name]! + 1e-12);
    expect(Math.abs(mean - exact.mean[name]!), `${name}: ${mean} +- ${error}, exactly ${exact.mean[name]!}`).toBeLessThan(5 * error + bias * exact.spread[name]! + 1e-9);
  }
};
/** No value of a single variable lowers the energy by more than `slack`. */
const minimum = (slack = 1e-9) => (outcome: RunOutcome, text: string): void => {
  const model = instance(text);
  const { state } = outcome.states[0]!;
  const energy = model.referenceEnergy(state);
  for (const { domain, offset, length } of model.state) for (let i = offset; i < offset + length; i++) {
    const before = state[i]!;
    const others = (domain && domainValues(domain)) ?? [before - 0.05, before + 0.05].filter((x) => domain?.name !== "interval" || (x >= domain.arguments[0]! && x <= domain.arguments[1]!));
    for (const value of others) {
      state[i] = value;
      if (model.satisfies?.(state) === false) continue;
      expect(model.referenceEnergy(state)).toBeGreaterThan(energy - slack);
    }
    state[i] = before;
  }
};
/** The gradient has gone. */
const critical = (largest: number) => (outcome: RunOutcome): void => {
  expect(outcome.tasks[0]!.values["slope"]!.at(-1)!).toBeLessThan(largest);
};
const solved = (outcome: RunOutcome): void => { expect(outcome.tasks[0]!.values["H"]!.at(-1)).toBe(0); };
/** Marginals, and so means of the observable, are those of the sum over all states, up to `tolerance`. */
const marginals = (tolerance: number) => (outcome: RunOutcome, text: string): void => {
  const { mean } = exactly(text);
  expect(Math.abs(outcome.tasks[0]!.values["o"]!.at(-1)! - mean["o"]!)).toBeLessThan(tolerance);
};
const weighted = (outcome: RunOutcome, text: string): void => {
  const { mean } = exactly(text);
  const { values, weights } = outcome.tasks[0]!;
  for (const name of ["H", "o"]) expect(values[name]!.reduce((sum, v, k) => sum + v * weights![k]!, 0)).toBeCloseTo(mean[name]!, 10);
};

const sampled = (call: string, every = 2, unit = "sweeps"): string => `evolve ${call} for 1500 ${unit}\n measure ${call} for ${every * records} ${unit} every ${every}`;
const pairs = (steps: string, property: string, check: Trial["check"]): Trial => ({ model: "pairs", steps, property, check });
const learned = (steps: string, property: string, check: Trial["check"]): Trial => ({ model: "examples", steps, property, check });
const tempered = (inner: string, unit: string): string => sampled(`tempering(${inner}, T = [${T}, 1.6])`, 2, unit);

/** The first trial that a model is not refused is its cell. */
const trials: Readonly<Record<string, readonly Trial[]>> = {
  metropolis: [pairs(sampled(`metropolis(T = ${T})`), "moments", moments())],
  heat_bath: [pairs(sampled(`heat_bath(T = ${T})`), "moments", moments())],
  kawasaki: [pairs(sampled(`kawasaki(T = ${T})`), "moments", moments(0, true))],
  anneal: [pairs("evolve anneal(T = 2 -> 0.001 geometric) for 3000 sweeps", "minimum", minimum(0.01))],
  tempering: [pairs(tempered("metropolis", "sweeps"), "moments", moments()), pairs(tempered("hmc", "steps"), "moments", moments())],
  langevin: [pairs(sampled(`langevin(T = ${T}, dt = 0.01)`, 10, "steps"), "moments", moments(0.05))],
  mala: [pairs(sampled(`mala(T = ${T})`, 3, "steps"), "moments", moments())],
  hmc: [pairs(sampled(`hmc(T = ${T})`, 1, "steps"), "moments", moments())],
  underdamped: [pairs(sampled(`underdamped(T = ${T}, dt = 0.1)`, 4, "steps"), "moments", moments(0.02))],
  descent: [pairs("evolve descent() for 5000 steps until gradient < 1e-8", "critical point", critical(1e-8))],
  newton: [pairs("evolve newton() for 200 steps until gradient < 1e-10", "critical point", critical(1e-10))],
  adam: [pairs("evolve adam(rate = 0.1 -> 0.0001 geometric) for 3000 steps", "critical point", critical(0.01))],
  sgd: [learned("evolve sgd(rate = 0.3 -> 0.0001 geometric, batch = 2) for 1000 epochs", "critical point", critical(0.02))],
  enumerate: [pairs(`measure enumerate(T = ${T})`, "exact sums", weighted)],
  belief_propagation: [pairs(`evolve belief_propagation(T = ${T}) for 300 sweeps`, "exact marginals", marginals(1e-7)), learned(`evolve belief_propagation(T = ${T}) for 300 sweeps`, "marginals", marginals(0.1))],
  amp: [learned(`evolve amp(T = ${T}) for 300 steps`, "marginals", marginals(0.1))],
  focusing_bp: [learned("evolve focusing_bp() for 200 sweeps until H == 0", "solves", solved)],
  sbpi: [learned("evolve sbpi() for 500 epochs until H == 0", "solves", solved)],
  binary_net: [learned("evolve binary_net(rate = 0.5, batch = 2) for 500 epochs until H == 0", "solves", solved)],
  replicated_sgd: [learned("evolve replicated_sgd(rate = 0.5, batch = 2) for 500 epochs until H == 0", "solves", solved)],
};

/** The specification of a trial; what a gradient is is asked for where one is. */
const spec = ({ model, steps, property }: Trial, domain: string): string => {
  const text = domainModels[domain]![model];
  const observed = property === "critical point" ? text.replace(/\n\s*observable/, "\n observable slope = norm(grad(H))\n observable") : text;
  return `${observed}\nrun R of M {\n ${steps}\n}\n`;
};
/** Why each of some trials is refused, without what is asked of it: all of one model are compiled together, a run each. */
function codesOf(trials: readonly Trial[], domain: string): readonly (readonly string[])[] {
  const runs = trials.map(({ model }, k) => ({ model, name: `R${k}` }));
  const found = new Map(runs.map(({ name }) => [name, [] as string[]]));
  for (const kind of ["pairs", "examples"] as const) {
    const of = runs.filter(({ model }) => model === kind);
    let text = domainModels[domain]![kind];
    const ends = of.map(({ name }) => (text += `\nrun ${name} of M {\n ${trials[Number(name.slice(1))]!.steps.replace(/ until gradient.*/, "")}\n}`).length);
    for (const { severity, code, labels } of compile(text).diagnostics) {
      const run = of[ends.findIndex((end) => labels[0]!.span.start < end)];
      if (run && (severity === "error" || code.startsWith("Q9"))) found.get(run.name)!.push(code);
    }
  }
  return runs.map(({ name }) => found.get(name)!);
}

/** Energies that have no zero are led to a critical point instead. */
const smooth: Readonly<Record<string, readonly Trial[]>> = Object.fromEntries(["real", "angle", "sphere", "real + angle"].map((domain) => [domain, [learned("evolve replicated_sgd(rate = 0.3 -> 0.0001 geometric, batch = 2) for 1000 epochs", "critical point", critical(0.05))]]));

const columns = Object.keys(domainModels);
const path = join(import.meta.dirname, "../dynamics.md");
/** What is tried of a dynamics in a column. */
const triedOf = (name: string, domain: string): readonly Trial[] => (name === "replicated_sgd" ? smooth[domain] : undefined) ?? trials[name]!;
const columnCells = new Map(columns.map((domain) => {
  const all = Object.keys(trials).flatMap((name) => triedOf(name, domain).map((trial) => ({ name, trial })));
  const codes = codesOf(all.map(({ trial }) => trial), domain);
  return [domain, all.map((one, k) => ({ ...one, codes: codes[k]! }))] as const;
}));
const cells = Object.keys(trials).map((name) => ({
  name, row: columns.map((domain) => {
    const all = columnCells.get(domain)!.filter((tried) => tried.name === name);
    const fitting = all.find(({ codes }) => codes.length === 0)?.trial;
    return { domain, fitting, text: fitting?.property ?? [...new Set(all.flatMap(({ codes }) => codes))].sort().join(" ") };
  }),
}));

test("dynamics.md is what is tested here, for every dynamics", () => {
  expect(Object.keys(trials).sort()).toEqual(Object.keys(dynamics).sort());
  const page = `# Dynamics\n\nDynamics × domains of the state. Written by \`UPDATE=1 npx vitest run test/pipeline/dynamicsTable.test.ts\`, which tests every cell: what must come out against exact values, or the code with which the dynamics is refused.\n\n| | ${columns.join(" | ")} |\n|---|${columns.map(() => "---|").join("")}\n${cells.map(({ name, row }) => `| \`${name}\` | ${row.map((c) => c.text).join(" | ")} |`).join("\n")}\n`;
  if (process.env["UPDATE"] === "1") writeFileSync(path, page);
  expect(readFileSync(path, "utf8")).toBe(page);
  // Nothing but a reason that the compiler has a page for, and help, keeps a cell from being tested.
  for (const { row } of cells) for (const { text, fitting } of row) if (!fitting) expect(text).toBe("Q427");
});

describe.each(cells)("$name", ({ row }) => {
  test.each(row.flatMap(({ domain, fitting }) => (fitting ? [[domain, fitting] as const] : [])))("%s", async (domain, trial) => {
    const { R } = await runText(spec(trial, domain));
    trial.check(R!, domainModels[domain]![trial.model]);
  });
});

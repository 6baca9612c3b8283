/** Random polynomial energies, with every kind of condition and subscript mixed: optimised procedures against the reference. */
import { expect, test } from "vitest";
import { verifyProcedure } from "../../../compiler/ir/verify.ts";
import { constant, type Expression, type Index } from "../../../compiler/ir/expression.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { build as b } from "../../../compiler/library/ops/index.ts";
import { at, close, definition, differ, ensemble, index, instance, less, M, N, product, program, random, slot, state, sum, type Instance } from "./model.ts";

const arrays = [
  ensemble("A", slot()), ensemble("B", slot(), slot()), ensemble("C", slot(), slot(), slot()), ensemble("D", slot(), slot(M)), ensemble("J", slot(), slot(N, "<")),
  state("u", slot()), state("v", slot(M)), state("w", slot()),
];

/** One sum of a product: couplings with random subscripts, states, conditions. */
function randomTerm(next: () => number): Expression {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(((next() + 1) / 2) * from.length)]!;
  const sites: Index[] = ["i", "j", "k"].slice(0, 1 + Math.floor((next() + 1) * 1.5)).map((n) => index(n));
  const patterns: Index[] = next() > 0.2 ? [index("mu", M)] : [];
  const conditions: Expression[] = [];
  for (let k = 0; k + 1 < sites.length; k++) {
    const kind = pick(["none", "less", "more", "differ"]);
    if (kind === "less") conditions.push(less(sites[k]!, sites[k + 1]!));
    if (kind === "more") conditions.push(less(sites[k + 1]!, sites[k]!));
    if (kind === "differ") conditions.push(differ(sites[k]!, sites[k + 1]!));
  }
  const factors: Expression[] = [constant(Math.round(next() * 8) / 4 || 0.75)];
  const couplings = pick([0, 1, 1, 1, 2]);
  for (let c = 0; c < couplings; c++) {
    const name = pick(["A", "B", "C", ...(patterns.length > 0 ? ["D"] : []), ...(sites.length >= 2 && conditions.length >= sites.length - 1 ? ["J"] : [])]);
    if (name === "A") factors.push(at("A", pick(sites)));
    if (name === "B") factors.push(at("B", pick(sites), pick(sites)));
    if (name === "C") factors.push(at("C", pick(sites), pick(sites), pick(sites)));
    if (name === "D") factors.push(at("D", pick(sites), patterns[0]!));
    // Adjacent indices differ under any of the three conditions; the subscripts come in either order.
    if (name === "J") factors.push(next() > 0 ? at("J", sites[0]!, sites[1]!) : at("J", sites[1]!, sites[0]!));
  }
  for (const site of sites) factors.push(at(pick(["w", "w", "w", "u"]), site));
  if (next() > 0.3) factors.push(at(pick(["u", "w"]), pick(sites)));
  for (const pattern of patterns) if (next() > -0.5) factors.push(at("v", pattern));
  const body = factors.sort(() => next()).slice();
  return sum([...sites, ...patterns], product(...body), conditions.length === 0 ? constant(1) : conditions.slice(1).reduce((all, c) => b.and(all, c), conditions[0]!));
}

const run = (i: Instance, which: "reference" | "energy" | "energyAndGradient", changed?: readonly [string, Float64Array]): Map<string, Float64Array> =>
  interpret(i.result.procedures[which], i.parameters, new Map(changed ? [...i.arrays, changed] : i.arrays));

test.each(Array.from({ length: 60 }, (_, k) => k + 1))("model %i", (seed) => {
  const next = random(seed * 7919);
  const terms = Array.from({ length: 1 + Math.floor((next() + 1) * 1.5) }, () => randomTerm(next));
  let body = terms.reduce((a, t) => (next() > 0 ? b.add(a, t) : b.sub(a, t)));
  if (next() > 0.4) body = b.div(body, b.sqrt(N));
  // Defaults decide the plan, so they are drawn too.
  const sizes = { N: next() > 0 ? 40 : 3, M: next() > 0 ? 50 : 2 };
  const source = program([...arrays, definition("H", "thermal", [], body, "energy")], { sizes });
  const i = instance(source, { N: 4, M: 3 }, seed);
  const { procedures } = i.result;
  const hessian = procedures.derivatives[0]!.hessian!;
  expect([...procedures.prepare, procedures.energy, procedures.energyAndGradient, hessian.procedure].flatMap(verifyProcedure)).toEqual([]);
  const expected = i.value("H");
  for (const which of ["reference", "energy", "energyAndGradient"] as const)
    expect(close(run(i, which).get("H")![0]!, expected, 1e-12), `${which}: ${run(i, which).get("H")![0]}, not ${expected}`).toBe(true);

  const out = run(i, "energyAndGradient");
  const states = ["u", "v", "w"];
  const step = 1e-3;
  for (const name of states)
    i.arrays.get(name)!.forEach((_, entry) => {
      const moved = (by: number, which: "reference" | "energyAndGradient"): Map<string, Float64Array> => {
        const changed = Float64Array.from(i.arrays.get(name)!);
        changed[entry]! += by * step;
        return run(i, which, [name, changed]);
      };
      const slope = (f: (by: number) => number): number => (f(-2) - 8 * f(-1) + 8 * f(1) - f(2)) / (12 * step);
      const gradient = slope((by) => moved(by, "reference").get("H")![0]!);
      expect(close(out.get(`gradient$${name}`)![entry]!, gradient, 1e-8)).toBe(true);
      if (hessian.method !== "direct" || name !== "w") return;
      const dense = interpret(hessian.procedure, i.parameters, new Map(i.arrays)).get("hessian$w$w")!;
      for (let row = 0; row < 4; row++)
        expect(close(dense[row * 4 + entry]!, slope((by) => moved(by, "energyAndGradient").get("gradient$w")![row]!), 1e-7)).toBe(true);
    });
});

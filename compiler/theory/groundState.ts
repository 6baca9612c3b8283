/**
 * Lowest energies of generalised linear energies, replica-symmetric: T → 0 with q → 1 and χ = (1 − q)/T finite. Per weight
 *
 *   −e = extr { (1 − r²)/(2χ) − α Σ_y ∫Dz P(y|z) min_x [(x − √Q z)²/(2χ) + ℓ(x; y)] }        (sphere),
 *
 * spins: −½ Q̂χ − R̂r + 𝔼|√Q̂ z + R̂| in the place of the first term; weights held by λ Σ w²: (q − r²)/(2χ) − λq. Gardner and Derrida
 * (1988) J. Phys. A 21, 271; Griniasty and Gutfreund (1991) J. Phys. A 24, 715; Györgyi and Tishby (1990). Random features as in
 * THEORY.md D, with p_d − p = Tν. A loss that jumps has a minimiser that jumps: the solution is unstable then, and e a lower bound.
 */
import { evaluate } from "../ir/evaluate.ts";
import type { Expression } from "../ir/expression.ts";
import { read, rewrite } from "../ir/expression.ts";
import { simplify } from "../3-passes/simplify.ts";
import { build as b } from "../library/ops/index.ts";
import { Averages } from "./averages.ts";
import { add, half, mul, num, prepare, scalar, solveFromGrid } from "./derivedPotential.ts";
import type { Prepared } from "./derivedPotential.ts";
import { fieldsOf, freshLoss } from "./patternFields.ts";
import type { PatternSystem } from "./patternFields.ts";
import { capacity } from "./capacity.ts";
import { lossText, systemNotes, teacherOf } from "./generalisedLinearSystem.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import type { QuadraticPiece } from "./patternLoss.ts";
import type { Saddle } from "./potential.ts";
import type { Prediction, Theory } from "./prediction.ts";
import { repliconOf } from "./replicon.ts";
import { printEquations } from "./printEquations.ts";
import { format, several, stability } from "./replicaNotes.ts";

export interface GroundState { readonly chosen: Saddle | undefined; readonly saddles: readonly Saddle[]; readonly names: readonly string[]; readonly prepared: Prepared }

export function groundState(system: GeneralisedLinearSystem): GroundState {
  const free = system.energy.weights.domain === "gaussian";
  const p = prepare(`ground ${system.key}`, () => potentialOf(system));
  const names = p.potential.orders.map((o) => o.name);
  const box = names.map((n) => ({ lower: n === "R̂" ? -Infinity : 0, upper: n === "ρ" ? 1 : Infinity }));
  const saddles = solveFromGrid(p, { "α": system.load, "δ": system.ratio, "η": 0 }, box, names.map((n) => (n === "ρ" ? 0.5 : 1)));
  // Where χ grows without bound the lowest energy is reached by many states.
  const inside = saddles.filter((s) => s.inside && s.x[names.indexOf("χ")]! < 1e6);
  const teacher = teacherOf(system.energy) !== undefined && !free;
  const chosen = inside.reduce((best: Saddle | undefined, s) => (best === undefined || (teacher ? s.value > best.value : s.value < best.value) ? s : best), undefined);
  return { chosen, saddles, names, prepared: p };
}

/** `valueAt`: the entropy of states without loss at another load, for the capacity. */
export function groundStateTheory(system: GeneralisedLinearSystem, valueAt?: (load: number) => number | undefined): Theory | { readonly refused: string } {
  const { energy, pattern, load, penalty } = system;
  if (energy.weights.domain === "gaussian" && !pattern.ground) return { refused: "at T = 0 weights that nothing keeps from vanishing have no field" };
  const { chosen, saddles, names, prepared: p } = groundState(system);
  const equations = printEquations(p.potential.averages, "−e", p.potential.value, names, p.compiled, p.potential.outputs, { "α": load, ...(energy.features ? { "δ": system.ratio } : {}) });
  const jumps = pattern.ground?.kind === "pieces" && !pattern.ground.convex;
  const values: Record<string, number> = chosen ? valuesAt(chosen, names, system) : { energy: load * pattern.lowest, free_energy: load * pattern.lowest };
  if (!chosen && !(penalty === 0 && pattern.ground?.kind === "pieces" && saddles.every((s) => !s.inside || s.x[names.indexOf("χ")]! >= 1e6))) return { refused: `the replica-symmetric energy at T = 0 has no saddle point at load ${format(load)}${penalty > 0 ? " whose weights don't vanish, so that they have no field: is a loss small there?" : ""}` };
  const unstable = jumps || energy.weights.domain === "spin" ? ["unstable against replica symmetry breaking (the response diverges): not exact"] : [];
  return {
    method: "replica(rs)", status: "ansatz(rs)",
    assumptions: [
      ...systemNotes(system).filter((n) => !n.startsWith("T = 0")), "T = 0: the state of lowest energy, q → 1 with χ = (1 − q)/T",
      ...(chosen ? [...several(saddles.filter((s) => s.inside), chosen, names), ...(unstable.length > 0 ? unstable : [stability(chosen.outputs["replicon"]!)])] : ["there are states with the lowest loss of every pattern: only the energy is predicted, take a small temperature for what depends on the state"]),
    ],
    quantities: [...Object.keys(values).filter((n) => n !== "fresh"), ...(chosen?.outputs["replicon"] !== undefined ? ["replicon"] : []), "capacity"].map((name) => ({ name, form: "value", arguments: [], doc: "" })),
    predict: (quantity): Prediction => {
      if (quantity === "capacity") return valueAt ? capacity(system, valueAt) : { refused: "the capacity is that of a loss with allowed fields: this one has none of lowest loss" };
      const value = quantity === "replicon" ? chosen?.outputs["replicon"] : values[quantity];
      if (value === undefined || Number.isNaN(value)) return { refused: `it predicts no ${quantity} of the states of lowest energy here` };
      return { value, residual: chosen?.residual ?? 0 };
    },
    equations: [lossText(system), ...equations],
    perPattern: () => (chosen ? { load, fresh: values["fresh"]! } : { refused: "states with the lowest loss of every pattern may be many" }), inputs: energy.inputs,
  };
}

function valuesAt(saddle: Saddle, names: readonly string[], { energy, orientation }: GeneralisedLinearSystem): Record<string, number> {
  const at = (n: string): number => saddle.x[names.indexOf(n)]!;
  const free = energy.weights.domain === "gaussian";
  const q = free ? at("q") : 1;
  return {
    energy: -saddle.value, free_energy: -saddle.value, q, chi: at("χ"), fresh: saddle.outputs["fresh"]!, ...(free ? { norm2: q } : {}),
    ...(teacherOf(energy) ? { r: orientation * at("ρ") * Math.sqrt(energy.features ? at("p") : q) } : {}), ...(energy.features ? { p: at("p"), p_d: at("p") } : {}),
  };
}

function potentialOf(system: GeneralisedLinearSystem): Prepared["potential"] {
  const { energy, equivalence, penalty } = system;
  const averages = new Averages();
  const [chi, qFree, rho, Qh, Rh, p, nu, alpha, delta] = ["χ", "q", "ρ", "Q̂", "R̂", "p", "ν", "α", "δ"].map(scalar) as [Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression];
  const teacher = teacherOf(energy), { domain } = energy.weights, spins = domain === "spin", free = domain === "gaussian";
  const direct = teacher !== undefined && !equivalence;
  const q = free ? qFree : num(1);
  const r = mul(rho, b.sqrt(equivalence ? p : q));
  const names = ["χ", ...(free ? ["q"] : []), ...(teacher ? ["ρ"] : []), ...(equivalence ? ["p", "ν"] : []), ...(spins ? ["Q̂", ...(direct ? ["R̂"] : [])] : [])];
  let value: Expression = b.div(direct ? b.sub(q, mul(r, r)) : q, mul(num(2), chi));
  if (spins) {
    value = b.add(mul(num(-0.5), Qh, chi), !direct ? meanOfAbs(num(0), Qh) : teacher.distribution === "Normal" ? meanOfAbs(num(0), b.add(Qh, mul(Rh, Rh))) : meanOfAbs(Rh, Qh));
    if (direct) value = b.sub(value, mul(Rh, r));
  }
  if (free) value = b.sub(value, mul(num(penalty), q));
  if (equivalence) {
    const left = teacher ? mul(p, b.sub(num(1), mul(rho, rho))) : p;
    value = b.add(value, mul(delta, num(-0.5), add(b.div(p, chi), b.neg(b.div(mul(q, nu), mul(chi, chi))), b.neg(b.div(left, nu)), b.div(q, chi))));
  }
  const mu1 = equivalence?.linear ?? 1, noise = equivalence?.noise ?? 0;
  const Q = equivalence ? b.add(mul(num(mu1 * mu1), p), mul(num(noise), q)) : q;
  const V = equivalence ? b.add(mul(num(mu1 * mu1), nu), mul(num(noise), chi)) : chi;
  const M = mul(num(mu1), r);
  value = b.sub(value, mul(alpha, lowestAverage(system, averages, Q, V, M)));
  const outputs = new Map<string, Expression>([["fresh", freshLoss(system, averages, Q, M)]]);
  const response = responseOf(system, averages, Q, V, M);
  // With all responses in units of 1/T.
  if (response && !spins) outputs.set("replicon", repliconOf({ weight: mul(chi, chi), patterns: b.div(mul(alpha, response), mul(V, V)), ...(equivalence ? { features: { equivalence, gap: chi, hiddenGap: nu, ratio: delta } } : {}) }));
  return { averages, inputs: ["α", "δ", "η"], orders: names.map((name) => ({ name })), value: simplify(value), outputs };
}

/** 𝔼|m + √v z|. */
function meanOfAbs(m: Expression, v: Expression): Expression {
  const deviation = b.sqrt(v), x = b.div(m, deviation);
  return b.add(mul(num(Math.sqrt(2 / Math.PI)), deviation, b.exp(mul(num(-0.5), x, x))), mul(m, b.erf(b.div(x, num(Math.SQRT2)))));
}

/** Σ_y ∫Dz P(y|z) min_x [(x − √Q z)²/(2V) + ℓ(x; y)]. */
function lowestAverage(system: PatternSystem, averages: Averages, Q: Expression, V: Expression, M: Expression): Expression {
  const { variance, labels, share } = fieldsOf(system, Q, M);
  const { ground } = system.pattern;
  return labels.map((y): Expression => {
    if (ground?.kind === "pieces") return averages.gauss("z", (z) => mul(share(z, y), lowestOf(ground.pieces(y), mul(b.sqrt(variance), z), V)));
    return overMinimiser(system, averages, variance, V, y, share, ({ slope, loss }) => b.add(loss, mul(half, V, slope, slope)));
  }).reduce((sum, e) => b.add(sum, e));
}

/** (V M'')², M the minimum as a function of the field: the square of what the minimiser stays behind the field. Undefined where it jumps. */
function responseOf(system: PatternSystem, averages: Averages, Q: Expression, V: Expression, M: Expression): Expression | undefined {
  const { variance, labels, share } = fieldsOf(system, Q, M);
  const { ground } = system.pattern;
  if (ground?.kind === "pieces" && !ground.convex) return undefined;
  return labels.map((y): Expression => {
    if (ground?.kind === "pieces") return averages.gauss("z", (z) => {
      const bend = averages.derivative(averages.derivative(simplify(lowestOf(ground.pieces(y), b.add(mul(b.sqrt(variance), z), scalar("η")), V)), "η"), "η");
      return mul(share(z, y), b.pow(mul(V, bend), num(2)));
    });
    return overMinimiser(system, averages, variance, V, y, share, ({ bend }) => b.pow(b.div(mul(V, bend), b.add(num(1), mul(V, bend))), num(2)));
  }).reduce((sum, e) => b.add(sum, e));
}

function lowestOf(pieces: readonly QuadraticPiece[], u: Expression, V: Expression): Expression {
  return pieces.map(({ from, to, square, slope, value }): Expression => {
    let x = square === 0 && slope === 0 ? u : b.div(b.sub(u, mul(V, num(slope))), b.add(num(1), mul(num(2 * square), V)));
    if (Number.isFinite(from)) x = b.max2(x, num(from));
    if (Number.isFinite(to)) x = b.min2(x, num(to));
    const away = b.sub(x, u);
    return add(b.div(mul(away, away), mul(num(2), V)), mul(num(square), x, x), mul(num(slope), x), num(value));
  }).reduce((lowest, e) => b.min2(lowest, e));
}

const FAR = 1e3, REACHES = [FAR, 300, 120, 60, 40, 20, 10, 5];

interface AtMinimiser { readonly loss: Expression; readonly slope: Expression; readonly bend: Expression }

/** An average over the field as an integral over the minimiser x, of which the field u = x + V ℓ'(x) is a monotone function. */
function overMinimiser({ pattern }: PatternSystem, averages: Averages, variance: Expression, V: Expression, y: number, share: (z: Expression, y: number) => Expression, make: (at: AtMinimiser) => Expression): Expression {
  const variable = averages.variable("x"), x = read(variable), deviation = b.sqrt(variance);
  const written = simplify(pattern.loss(x, y)), first = averages.derivative(written, variable);
  // Where a loss grows beyond all numbers no minimiser lies: it is taken at the last place before.
  const far = (side: 1 | -1): number => REACHES.find((distance) => Math.abs(evaluate(written, { parameters: {}, entry: () => side * distance })) < 1e60) ?? 1;
  const inside = b.max2(b.min2(x, num(far(1))), num(-far(-1)));
  const [loss, slope, bend] = [written, first, averages.derivative(first, variable)].map((e) => (far(1) < FAR || far(-1) < FAR ? rewrite(e, (n) => (n === x ? inside : n)) : e)) as [Expression, Expression, Expression];
  const z = b.div(b.add(x, mul(V, slope)), deviation);
  const density = b.div(mul(num(1 / Math.sqrt(2 * Math.PI)), b.exp(mul(num(-0.5), z, z)), b.add(num(1), mul(V, bend))), deviation);
  return averages.add(variable, { kind: "range", from: -Infinity, to: Infinity }, mul(density, share(z, y), make({ loss, slope, bend })));
}

/**
 * One step of replica symmetry breaking for generalised linear energies, per weight: m replicas with mutual overlap q, groups of them
 * with overlap q0 (Baldassi et al. 2015, Phys. Rev. Lett. 115, 128101; behind random features arXiv:2110.00683). With ε = 1/m,
 * D = m(q − q0), B = m(q̂1 − q̂0), and, behind features, P = m(p1 − p0), v = p_d − p1:
 *
 *   φ = G + α J_pattern(q − εD, D; width 1 − q) [+ J_site(q̂, B) − ½ q̂(1 − q + D) − ½ B (q + ε(1 − q)) − r̂ r]
 *   sphere:    G_S = ½ [(1 − ε) log(1 − q) + ε log(1 − q + D) + (q0 − r²)/(1 − q + D)]
 *   features:  δ/2 {(1−ε) log(v/(1−q)) + ε log(P'/D') + (p0 − r²)/P' − q0/D' − (1−ε) v/(1−q) − ε P'/D' − p0/D' + P' q0/D'² + 1},
 *              P' = v + P,  D' = 1 − q + D;  the field's variances are μ1² p + μ*² q throughout.
 *
 * Every quantity has a limit ε → 0. J is that of `oneStepAverage.ts`. ∂φ/∂ε is the external entropy Σ, and at ε = 0 its limit.
 */
import { read } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { build as b } from "../library/ops/index.ts";
import { gaussCdf } from "../../runtime/special/index.ts";
import { Averages } from "./averages.ts";
import { compileScalars } from "./compileScalars.ts";
import type { ScalarFunction } from "./compileScalars.ts";
import { add, half, mul, num } from "./derivedPotential.ts";
import type { GeneralisedLinearSystem } from "./generalisedLinearSystem.ts";
import { maximize } from "./maximize.ts";
import { oneStepAverage } from "./oneStepAverage.ts";
import type { LogWeight, OneStepAverages, OneStepQuestion } from "./oneStepField.ts";

/** Order parameters beside q and ε, in the order of `names`. */
export type OrderName = "D" | "B" | "p" | "P" | "v" | "r";

export interface OneStepValues {
  /** Left sides of the saddle-point equations, each in its own natural unit. */
  readonly equations: readonly number[];
  readonly value: number;
  /** dφ/dq at the saddle point. */
  readonly slope: number;
  /** Σ = ∂φ/∂ε. */
  readonly external: number;
  /** Mean loss of a pattern above the lowest one. */
  readonly loss: number;
  readonly conjugate: number;
  /** Of the field: its variance in all, and its covariance with the teacher's. */
  readonly total: number;
  readonly covariance: number;
  /** Where groups share nothing: whether that is stable against an overlap q0 between them. */
  readonly apart?: boolean;
}

export interface OneStepForm {
  readonly names: readonly OrderName[];
  /** Whether the losses are even in the field, so that q0 = 0 is a solution. */
  readonly even: boolean;
  /** Undefined outside of the domain. */
  /** Of L of a pattern at its highest, over labels: its value, second derivative and the square of that field, ∞ where L rises on for ever. */
  readonly highest: (width: number, temperature: number) => { readonly value: number; readonly bend: number; readonly square: number };
  readonly at: (x: readonly number[], q: number, epsilon: number, system: Pick<GeneralisedLinearSystem, "load" | "ratio" | "T">, fineness: number) => OneStepValues | undefined;
}

const forms = new Map<string, OneStepForm>();

/** `apart`: with q0 = 0 (and p0 = 0), where D = mq and q̂0 = 0 are no unknowns. */
export function oneStepForm(system: GeneralisedLinearSystem, apart = false): OneStepForm {
  const key = `${system.key} ${apart}`;
  let form = forms.get(key);
  if (!form) forms.set(key, (form = makeForm(system, apart)));
  return form;
}

/** log 2cosh and its derivatives. */
const site: LogWeight = {
  at: (u, out) => {
    const a = Math.abs(u), e = Math.exp(-2 * a), t = Math.sign(u) * (1 - e) / (1 + e);
    out[0] = a + Math.log1p(e);
    out[1] = t;
    out[2] = 1 - t * t;
    out[3] = 0;
  },
  features: [{ place: 0, scale: 1.5 }],
  even: true,
};

function makeForm({ energy, equivalence, pattern, T }: GeneralisedLinearSystem, apart: boolean): OneStepForm {
  const spins = energy.weights.domain === "spin", teacher = energy.labels.kind === "teacher";
  const direct = teacher && !equivalence, gaussianTeacher = energy.labels.kind === "teacher" && energy.labels.distribution === "Normal";
  const spreads = (n: "D" | "P"): readonly OrderName[] => (apart ? [] : [n]);
  const names: readonly OrderName[] = [...spreads("D"), ...(spins ? ["B" as const] : []), ...(equivalence ? (["p", ...spreads("P"), "v"] as const) : []), ...(teacher ? ["r" as const] : [])];
  const place = (name: OrderName): number => names.indexOf(name);
  const algebraic = algebraicPart({ sphere: !spins, features: equivalence !== undefined, direct });
  const labels = energy.labels.kind === "none" || pattern.symmetric ? [1] : [1, -1];
  const share = teacher ? (labels.length === 1 ? 2 : 1) : 1 / labels.length;
  const weights = labels.map((y) => {
    const averages = new Averages();
    const log = pattern.logWeight(read("u"), read("w"), y, averages);
    const first = averages.derivative(log, "u");
    const further = T > 0 ? b.neg(averages.derivative(log, "β")) : num(0);
    return { y, edges: pattern.edges(y), compiled: compileScalars(averages, ["u", "w", "β"], [log, first, averages.derivative(first, "u"), further]) };
  });
  const linear = (equivalence?.linear ?? 0) ** 2, noise = equivalence?.noise ?? 1;
  const [single] = weights;
  const even = !teacher && weights.length === 1 && [0.3, 0.9, 2.1].every((u) => {
    const [here, there] = [u, -u].map((at) => single!.compiled([at, 0.6, 1])[0]!) as [number, number];
    return Math.abs(here - there) <= 1e-12 * Math.abs(here);
  });

  const at: OneStepForm["at"] = (x, q, epsilon, { load, ratio, T: temperature }, fineness) => {
    const value = (name: OrderName): number => (place(name) < 0 ? 0 : x[place(name)]!);
    const [B, p, v, r] = (["B", "p", "v", "r"] as const).map(value) as [number, number, number, number];
    const [D, P] = apart ? [q / epsilon, p / epsilon] : [value("D"), value("P")];
    const w = 1 - q, q0 = apart ? 0 : q - epsilon * D, p0 = apart ? 0 : p - epsilon * P;
    if (!(w > 0) || !(apart ? epsilon > 0 : q0 > 0) || D < 0 || (equivalence && !(v > 0 && P > -v))) return undefined;
    const g = algebraic([q, D, epsilon, r, p, P, v, ratio]);
    const G = { value: g[0]!, D: g[1]!, P: g[2]!, p: g[3]!, v: g[4]!, r: g[5]!, q: g[6]!, epsilon: g[7]! };
    const width = noise * w + linear * v, spread = noise * D + linear * P, variance = apart ? 0 : noise * q + linear * p - epsilon * spread;
    const covariance = direct ? r : (equivalence?.linear ?? 0) * r;
    const J = patternAverage(weights, share, { mean: 0, variance, spread, epsilon, fineness }, width, 1 / temperature, teacher ? covariance : undefined);
    if (!J) return undefined;
    // By the spread, the variance and the width, of which each q, p, D, P, v is a part.
    const [byD, byQ, byW] = [J.slope0 / 2, J.total / 2, (J.curvature + J.slope1) / 2];
    const equations: number[] = [];
    let [phi, slope, external] = [G.value + load * J.value, G.q + load * noise * (byQ - byW), G.epsilon + load * (J.external - (spread / 2) * J.total)];
    const conjugate = apart ? 0 : 2 * (G.D + load * noise * byD);
    const teacherField = load * J.teacher;
    if (spins) {
      if (!(apart || conjugate > 0) || B < 0) return undefined;
      const mean = direct && !gaussianTeacher ? teacherField : 0;
      const S = oneStepAverage({ weight: site, mean, variance: conjugate + (direct && gaussianTeacher ? teacherField ** 2 : 0), spread: B, epsilon, fineness }, gaussCdf);
      if (!S) return undefined;
      equations.push(S.slope1 / q - 1, ...(apart ? [] : [(S.total / (w + D) - 1) * (q / q0)]));
      if (direct) equations.push(gaussianTeacher ? r - teacherField * (w + D) : r - S.slope);
      phi += S.value - 0.5 * conjugate * (w + D) - 0.5 * B * (q + epsilon * w) - (direct ? teacherField * r : 0);
      slope += 0.5 * (conjugate - B + epsilon * B);
      external += S.external - 0.5 * B * w;
    } else {
      if (!apart) equations.push(((w + D) ** 2 * conjugate) / q0);
      if (direct) equations.push(G.r + teacherField);
    }
    if (equivalence) {
      const unit = v / (1 + ratio);
      if (!apart) equations.push((unit + P / (1 + ratio)) * (G.P + load * linear * byD) * (p / p0));
      equations.push(unit * (G.p + load * linear * byQ), unit * (G.v + load * linear * byW));
      if (teacher) equations.push(G.r + load * equivalence.linear * J.teacher);
    }
    return { equations, value: phi, slope, external, loss: J.further, conjugate, total: noise * q + linear * p + width, covariance, ...(apart && !equivalence ? { apart: load * (J.total * (w + D)) ** 2 < 1 } : {}) };
  };
  const highest: OneStepForm["highest"] = (width, temperature) => weights.map((w) => peakOf((u) => w.compiled([u, width, 1 / temperature]), Math.sqrt(width))).reduce(
    (sum, peak) => ({ value: sum.value + share * peak.value, bend: sum.bend + share * peak.bend, square: sum.square + share * peak.place ** 2 }), { value: 0, bend: 0, square: 0 },
  );
  return { names, even, at, highest };
}

/** The highest place of a log weight that changes over the distance `scale`. */
function peakOf(at: (u: number) => ArrayLike<number>, scale: number): { readonly value: number; readonly bend: number; readonly place: number } {
  const reach = 40 * Math.max(1, scale), step = reach / 800, value = (u: number): number => at(u)[0]!;
  let best = 0;
  for (let u = -reach; u <= reach; u += step) if (value(u) > value(best)) best = u;
  if (value(best) <= value(reach) || value(best) <= value(-reach)) return { value: Math.max(value(reach), value(-reach)), bend: 0, place: Infinity };
  const place = maximize(value, best - step, best + step);
  return { value: value(place), bend: at(place)[2]!, place };
}

/** The part of φ without averages, and its derivatives by D, P, p, v, r, q, ε. */
function algebraicPart({ sphere, features, direct }: { readonly sphere: boolean; readonly features: boolean; readonly direct: boolean }): ScalarFunction {
  const [q, D, epsilon, r, p, P, v, delta] = ["q", "D", "ε", "r", "p", "P", "v", "δ"].map((n) => read(n)) as [Expression, Expression, Expression, Expression, Expression, Expression, Expression, Expression];
  const averages = new Averages();
  const w = b.sub(num(1), q), less = b.sub(num(1), epsilon), D2 = b.add(w, D), q0 = b.sub(q, mul(epsilon, D));
  let value: Expression = num(0);
  if (sphere) value = mul(half, add(mul(less, b.log(w)), mul(epsilon, b.log(D2)), b.div(direct ? b.sub(q0, mul(r, r)) : q0, D2)));
  if (features) {
    const P2 = b.add(v, P), p0 = b.sub(p, mul(epsilon, P));
    value = b.add(value, mul(delta, half, add(
      mul(less, b.log(b.div(v, w))), mul(epsilon, b.log(b.div(P2, D2))), b.div(b.sub(p0, mul(r, r)), P2), b.neg(b.div(q0, D2)), b.neg(mul(less, b.div(v, w))),
      b.neg(mul(epsilon, b.div(P2, D2))), b.neg(b.div(p0, D2)), b.div(mul(P2, q0), mul(D2, D2)), num(1),
    )));
  }
  return compileScalars(averages, ["q", "D", "ε", "r", "p", "P", "v", "δ"], [value, ...["D", "P", "p", "v", "r", "q", "ε"].map((n) => averages.derivative(value, n))]);
}

/** The sum over labels of the average over one pattern's field. */
function patternAverage(
  weights: readonly { readonly y: number; readonly edges: readonly number[]; readonly compiled: ScalarFunction }[], share: number,
  field: Omit<OneStepQuestion, "weight" | "teacher">, width: number, beta: number, covariance: number | undefined,
): OneStepAverages | undefined {
  const scale = Math.sqrt(width);
  const inputs = Float64Array.of(0, width, beta);
  const sum = { value: 0, slope: 0, slope0: 0, slope1: 0, curvature: 0, total: 0, external: 0, teacher: 0, further: 0 };
  for (const { y, edges, compiled } of weights) {
    const weight: LogWeight = {
      at: (u, out) => {
        inputs[0] = u;
        out.set(compiled(inputs));
        // Where the weight is flat to all digits its derivatives are quotients of infinities.
        if (Number.isNaN(out[2]) && Math.abs(out[1]!) < 1e-100) out[2] = 0;
      },
      features: edges.length > 0 ? edges.map((place) => ({ place, scale })) : [{ place: 0, scale: Math.max(1, scale) }],
    };
    const own = oneStepAverage({ ...field, weight, ...(covariance === undefined ? {} : { teacher: { covariance, sign: y } }) }, gaussCdf);
    if (!own) return undefined;
    for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += share * own[name];
  }
  return sum;
}

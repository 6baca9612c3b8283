/** Labels that are the teacher's field, or noise, themselves: a loss of h − a t − b n alone is one of a single Gaussian field. */
import { evaluate } from "../ir/evaluate.ts";
import { constant, rewrite, visit } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { fromNormal, normalise } from "../ir/normalise.ts";
import { print } from "../ir/print.ts";
import { build } from "../library/ops/index.ts";
import { field, noise, teacherField } from "../library/recognisers/patternLabels.ts";

export interface LinearLabel { readonly teacher: number; readonly noise: number; /** The loss as a function of the difference, which is `field` again. */ readonly loss: Expression }

/** a, b and the loss of h − a t − b n, for a loss in which parameters are numbers already; or why it isn't of this form. @param written the loss as it is shown */
export function linearLabel(loss: Expression, written: Expression): LinearLabel | { readonly refused: string } {
  const tried = new Set<string>();
  for (const [a, b] of candidates(loss)) {
    if (!Number.isFinite(a) || !Number.isFinite(b) || tried.has(`${a} ${b}`)) continue;
    tried.add(`${a} ${b}`);
    const moved = normalise(rewrite(loss, (node) => (node === field ? build.add(field, build.add(build.mul(constant(a), teacherField), build.mul(constant(b), noise))) : node)));
    const left = moved.terms.filter((t) => Math.abs(t.coefficient) > 1e-12);
    const form = fromNormal({ terms: left });
    if (!reads(form, teacherField) && !reads(form, noise)) return { teacher: a, noise: b, loss: form };
  }
  return { refused: `the loss of a pattern, ${print(written)}, depends on the teacher's field or the noise in another way than through one difference with the field of the weights: labels that are signs, and losses of a difference, are covered` };
}

/** Ratios of coefficients where field and label stand in one linear expression, then ratios of derivatives. */
function* candidates(loss: Expression): Generator<readonly [number, number]> {
  const at = (e: Expression, h: number, t: number, n: number): number => evaluate(e, { parameters: {}, entry: (array) => (array === "h" ? h : array === "t" ? t : n) });
  const found: (readonly [number, number])[] = [];
  visit(loss, (e) => {
    if (e.kind !== "apply" || !reads(e, field) || !(reads(e, teacherField) || reads(e, noise))) return;
    const zero = at(e, 0, 0, 0), c = [at(e, 1, 0, 0) - zero, at(e, 0, 1, 0) - zero, at(e, 0, 0, 1) - zero];
    const linear = Math.abs(at(e, 1.3, -0.7, 2.1) - zero - 1.3 * c[0]! + 0.7 * c[1]! - 2.1 * c[2]!) <= 1e-12 * (1 + Math.abs(zero)) && c[0] !== 0;
    if (linear) found.push([-c[1]! / c[0]!, -c[2]! / c[0]!]);
  });
  yield* found;
  const step = 1e-4;
  for (const [h, t, n] of [[0.31, 0.87, -0.45], [-0.62, 0.41, 0.77], [1.3, -0.9, 0.2]] as const) {
    const slope = (dh: number, dt: number, dn: number): number => (at(loss, h + dh, t + dt, n + dn) - at(loss, h - dh, t - dt, n - dn)) / (2 * step);
    const [byField, byTeacher, byNoise] = [slope(step, 0, 0), slope(0, step, 0), slope(0, 0, step)];
    yield [rounded(-byTeacher / byField), rounded(-byNoise / byField)];
  }
}

/** Differences know six digits: numbers that a specification writes have no more. */
const rounded = (x: number): number => Number(x.toPrecision(6));

function reads(e: Expression, wanted: Expression): boolean {
  let found = false;
  visit(e, (node) => { found ||= node === wanted; });
  return found;
}

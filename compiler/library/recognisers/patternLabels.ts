/** The labels of the patterns of a generalised linear energy: what its loss depends on beside the field of the weights. */
import { evaluate } from "../../ir/evaluate.ts";
import { constant, read, rewrite, visit } from "../../ir/expression.ts";
import type { Expression, Index, Range } from "../../ir/expression.ts";
import { inline } from "../../ir/inline.ts";
import { fromNormal, normalise } from "../../ir/normalise.ts";
import type { NormaliseOptions } from "../../ir/normalise.ts";
import type { Term } from "../../ir/normal.ts";
import { print } from "../../ir/print.ts";
import { findArray } from "../../ir/program.ts";
import type { ArrayDeclaration, Program } from "../../ir/program.ts";
import { rangeText } from "../../ir/text.ts";
import { build } from "../ops/index.ts";

export interface Teacher {
  readonly array: string;
  readonly distribution: string;
  /** Variance of its entries. */
  readonly variance: Expression;
  /** Its field is `scale` Σ_d t_d ξ_d. */
  readonly scale: Expression;
}
/** Gaussian numbers, one a pattern. */
export interface PatternNoise { readonly array: string; readonly variance: Expression }

export type PatternLabels =
  | { readonly kind: "none" }
  /** Independent signs, +1 with the probability `up`. */
  | { readonly kind: "random"; readonly array: string; readonly up?: Expression }
  /** The sign of the teacher's field, in which there may be Gaussian noise of `noise` times the field's variance; reversed with the probability of `flips`. */
  | ({ readonly kind: "teacher"; readonly flips?: { readonly array: string; readonly probability: Expression }; readonly noise?: { readonly array: string; readonly variance: Expression } } & Teacher)
  /** The loss depends on the teacher's field or on Gaussian numbers themselves. */
  | { readonly kind: "linear"; readonly teacher?: Teacher; readonly noise?: PatternNoise };

/** Whether the loss knows a sign for each pattern. */
export const areSigns = (labels: PatternLabels): boolean => labels.kind === "random" || labels.kind === "teacher";

/** What the loss is written in. */
export const field = read("h");
export const label = read("y");
export const teacherField = read("t");
export const noise = read("n");
/** A sign of its own for each pattern, until it is known whether it is the label or reverses that. */
const coin = read("c");

export interface LabelContext {
  readonly pattern: Index;
  /** The ensemble of the inputs, and the range of those that the weights see. */
  readonly inputs: string;
  readonly range: Range;
  readonly entriesOver: (e: Expression, indices: readonly Index[]) => ArrayDeclaration;
  readonly varianceOf: (array: ArrayDeclaration) => Expression;
  /** Leaves the recogniser. */
  readonly fail: (reason: string) => never;
}

export function labelsOf(program: Program, loss: Expression, context: LabelContext, options: NormaliseOptions): { readonly loss: Expression; readonly labels: PatternLabels } {
  const { pattern, fail } = context;
  const isPattern = (e: Expression | undefined): boolean => e?.kind === "index" && e.index === pattern;
  let teacher: Teacher | undefined, gaussian: PatternNoise | undefined, coins: { readonly array: string; readonly probability: Expression } | undefined;
  const reasons: string[] = [];
  const written = rewrite(loss, (node) => {
    if (node.kind === "reduce" && node.combine === "sum" && !reads(node, field)) {
      const found = teacherOf(normalise(node, options).terms, context);
      if (typeof found === "string") { reasons.push(`${print(node)} is not a teacher's field: ${found}`); return node; }
      if (teacher && teacher.array !== found.array) fail(`the loss of a pattern depends on two teachers, \`${teacher.array}\` and \`${found.array}\``);
      teacher ??= found;
      return build.mul(fromNormal(normalise(build.div(found.scale, teacher.scale), options)), teacherField);
    }
    if (node.kind !== "read" || known.includes(node) || node.subscripts.length !== 1 || !isPattern(node.subscripts[0])) return node;
    const array = findArray(program, node.array);
    if (array.origin.kind !== "ensemble") return node;
    if (array.origin.distribution === "Sign" || array.origin.distribution === "Bernoulli") {
      if (coins && coins.array !== array.name) fail(`the loss of a pattern depends on two different labels, \`${coins.array}\` and \`${array.name}\``);
      const bit = array.origin.distribution === "Bernoulli";
      coins = { array: array.name, probability: bit ? inline(array.origin.arguments[0]!, program) : constant(0.5) };
      return bit ? build.div(build.sub(constant(1), coin), constant(2)) : coin;
    }
    if (array.origin.distribution !== "Normal") return fail(`the labels \`${array.name}\` are ${array.origin.distribution}: \`Sign\`, \`Bernoulli\` and \`Normal\` ones are covered`);
    if (gaussian && gaussian.array !== array.name) fail(`the loss of a pattern depends on two different labels, \`${gaussian.array}\` and \`${array.name}\``);
    gaussian = { array: array.name, variance: context.varianceOf(array) };
    return noise;
  });
  const { loss: all, ratio } = bySign(written, options);
  const seen = reads(all, teacherField) || reads(all, noise) || reads(all, label), tossed = reads(all, coin);
  // Without a teacher coins are the labels: a bit b of the probability p is (1 − coin)/2.
  const signed = tossed ? put(all, coin, seen ? constant(1) : label) : all;
  if (tossed && seen && !flips(all, program)) fail(`the loss of a pattern depends on two different labels, ${teacher ? `those of the teacher \`${teacher.array}\`` : `\`${gaussian?.array ?? ""}\``} and \`${coins!.array}\`, in another way than by the one reversing the other`);
  // Sums first: what is inside of them is said with them.
  visit(signed, (node) => { if (node.kind === "reduce") fail(reasons[0] ?? `the loss of a pattern contains the sum ${print(node)}`); });
  visit(signed, (node) => {
    if (node.kind === "read" && !known.includes(node)) fail(`the loss of a pattern depends on \`${node.array}\`, which is neither the field nor a label: ${print(node)}`);
  });
  visit(signed, (node) => {
    if (node.kind === "index") fail("the loss depends on the number of the pattern: patterns must be alike");
  });
  const linear = reads(signed, teacherField) || reads(signed, noise);
  if (linear) {
    if (reads(signed, label)) fail(`the loss of a pattern depends on signs and on the numbers ${[teacher && `of the teacher \`${teacher.array}\``, gaussian && `\`${gaussian.array}\``].filter(Boolean).join(" and ")} at once`);
    return { loss: signed, labels: { kind: "linear", ...(teacher ? { teacher } : {}), ...(gaussian ? { noise: gaussian } : {}) } };
  }
  if (!reads(signed, label)) return { loss: signed, labels: { kind: "none" } };
  if (!teacher) return { loss: signed, labels: tossed ? { kind: "random", array: coins!.array, up: build.sub(constant(1), coins!.probability) } : { kind: "random", array: gaussian?.array ?? "" } };
  return { loss: signed, labels: { kind: "teacher", ...teacher, ...(tossed ? { flips: coins! } : {}), ...(gaussian && ratio ? { noise: { array: gaussian.array, variance: build.mul(build.mul(ratio, ratio), gaussian.variance) } } : {}) } };
}

/** Whether a coin that falls to −1 reverses the label, at fields of every size. */
function flips(loss: Expression, program: Program): boolean {
  if (reads(loss, teacherField) || reads(loss, noise)) return false;
  const parameters = Object.fromEntries(program.parameters.map((p) => [p.name, p.default]));
  const at = (h: number, y: number, c: number): number => evaluate(loss, { parameters, entry: (array) => (array === "h" ? h : array === "y" ? y : c) });
  return [0.013, 0.31, 0.8, 1.7, 4.1, 23, 410, 1e4].every((size) => [size, -size].every((h) => [1, -1].every((y) => Math.abs(at(h, y, -1) - at(h, -y, 1)) <= 1e-12 * (1 + Math.abs(at(h, y, -1))))));
}

const put = (e: Expression, place: Expression, value: Expression): Expression => rewrite(e, (n) => (n === place ? value : n));

const known: readonly Expression[] = [field, label, teacherField, noise, coin];

const compared: ReadonlySet<string> = new Set(["lt", "le", "gt", "ge", "eq", "ne"]);

/**
 * Where only the sign of u = t + ratio n counts, it is the label: in sign(u g), and in comparisons of u g with 0, g any function of the rest.
 * Equality has probability 0.
 */
function bySign(loss: Expression, options: NormaliseOptions): { readonly loss: Expression; readonly ratio: Expression | undefined } {
  let ratio: Expression | undefined;
  const signed = rewrite(loss, (node) => {
    if (node.kind !== "apply" || !(compared.has(node.operator) || node.operator === "sign")) return node;
    const [x, y] = node.arguments;
    const difference = node.operator === "sign" ? x! : build.sub(x!, y!);
    if (!reads(difference, teacherField)) return node;
    const { terms } = normalise(difference, options);
    const own = terms.filter((t) => powerOf(t, teacherField) === 1 && powerOf(t, noise) === 0), noisy = terms.filter((t) => powerOf(t, noise) === 1 && powerOf(t, teacherField) === 0);
    const without = (list: readonly Term[], u: Expression): Expression => fromNormal(normalise(fromNormal({ terms: list.map((t) => ({ ...t, factors: t.factors.filter((f) => f.base !== u) })) }), options));
    const rest = without(own, teacherField);
    if (own.length + noisy.length !== terms.length || reads(rest, teacherField) || reads(rest, noise)) return node;
    if (noisy.length > 0) {
      const [here] = normalise(build.div(without(noisy, noise), rest), options).terms;
      const found = here ? fromNormal({ terms: [here] }) : constant(0);
      const all = normalise(build.sub(build.mul(found, rest), without(noisy, noise)), options).terms;
      if (all.length > 0 || known.some((k) => reads(found, k)) || (ratio && ratio !== found)) return node;
      ratio = found;
    } else if (ratio) return node;
    const product = build.mul(label, rest);
    return node.operator === "sign" ? build.sign(product) : build[node.operator](product, constant(0));
  });
  return { loss: signed, ratio };
}

const powerOf = (term: Term, base: Expression): number => term.factors.find((f) => f.base === base)?.exponent ?? 0;

/** The teacher of the field c Σ_d t[d] ξ[μ,d], over the same inputs. */
function teacherOf(terms: readonly Term[], { pattern, inputs, range, entriesOver, varianceOf }: LabelContext): Teacher | string {
  const [term] = terms;
  if (!term || terms.length !== 1 || term.indices.length !== 1 || term.conditions.length > 0) return "it is not one sum over inputs";
  const index = term.indices[0]!;
  const random = term.factors.filter((f) => !parametric(f.base));
  const x = random.find((f) => f.base.kind === "read" && f.base.array === inputs), t = random.find((f) => f !== x);
  if (random.length !== 2 || !x || !t || x.exponent !== 1 || t.exponent !== 1 || t.base.kind !== "read") return `it is not a sum over the inputs \`${inputs}\` with weights`;
  if (rangeText(index.range) !== rangeText(range)) return `it is a sum over other inputs than those that the weights see`;
  entriesOver(x.base, [pattern, index]);
  const teacher = entriesOver(t.base, [index]);
  return {
    array: teacher.name, distribution: distributionOf(teacher), variance: varianceOf(teacher),
    scale: fromNormal({ terms: [{ ...term, factors: term.factors.filter((f) => !random.includes(f)), indices: [] }] }),
  };
}

/** A random direction is that of Gaussian entries. */
const distributionOf = ({ origin }: ArrayDeclaration): string => (origin.kind !== "ensemble" ? "" : origin.distribution === "Sphere" ? "Normal" : origin.distribution);

function reads(e: Expression, wanted: Expression): boolean {
  let found = false;
  visit(e, (node) => { found ||= node === wanted; });
  return found;
}
function parametric(e: Expression): boolean {
  let found = true;
  visit(e, (node) => { if (node.kind === "read" || node.kind === "index" || node.kind === "reduce") found = false; });
  return found;
}

/** The model's own observables from a derived theory: functions of the energy per variable, of overlaps, and of the loss on fresh inputs, which all have definite values in the limit of large size. */
import type { Expression as Syntax } from "../../grammar/ast.ts";
import type { CheckedModel } from "../1-check/checkModels.ts";
import type { ArraySymbol } from "../1-check/symbols.ts";
import { emptyEnvironment } from "../2-lower/environment.ts";
import { Lowering } from "../2-lower/lowering.ts";
import { evaluate } from "../ir/evaluate.ts";
import { read } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { inline } from "../ir/inline.ts";
import type { Term } from "../ir/normal.ts";
import { fromNormal, normalise, positiveParameters } from "../ir/normalise.ts";
import type { Program } from "../ir/program.ts";
import { build } from "../library/ops/index.ts";
import { standardForm } from "../library/recognisers/standardForm.ts";
import { numberOfEntries } from "../library/recognisers/sphereConstraints.ts";
import { largeSystem } from "./largeSystem.ts";
import type { LargeSystem } from "./largeSystem.ts";
import type { Prediction, Theory } from "./prediction.ts";

export function predictObservable(model: CheckedModel, declared: Program, theory: Theory, name: string, parameters: Readonly<Record<string, number>>): Prediction {
  // As the theory reads the model: bits are spins.
  const { program, expression } = standardForm(declared);
  const refuse = (why: string): Prediction => ({ refused: `${name} is not predicted: ${why}` });
  const state = program.arrays.find((a) => a.origin.kind === "state")!;
  if (name === program.energy) return refuse("it grows with the size of the model; the theory's `energy` is per variable");
  const written = model.item.declarations.find((d) => d.kind === "observable" && d.target.name.name === name);
  const value: Syntax | undefined = written?.kind === "observable" ? written.value : undefined;
  if (value?.kind === "call" && value.callee.name === "overlap" && value.arguments.length === 2 && value.arguments.every((a) => isState(a.value, state.name)) && new Set(value.arguments.map((a) => replicaOf(a.value))).size === 2) return overlapOf(declared, theory, state.name);
  const sites = inline(numberOfEntries(state), program);
  const system = largeSystem(program, parameters, [sites]);
  if ("refused" in system) return refuse(system.refused);
  const made = (observable: string): Prediction => {
    const body = bodyOf(model, declared, observable);
    return body === undefined ? refuse("it has a part that theory doesn't know") : limitOf(expression(body), { program, theory, system, sites, state: state.name }) ?? refuse("it is not a function of the energy and of overlaps that the theory knows");
  };
  if (value?.kind !== "with") return made(name);
  const all = value.replacements.flatMap((r) => (r.kind === "assign" ? [undefined] : r.arguments.filter((a) => a.name === undefined).map((a) => (a.value.kind === "name" ? a.value.name : undefined))));
  const source = value.object.kind === "name" ? value.object.name : undefined;
  if (!theory.perPattern || theory.inputs === undefined || all.length !== 1 || all[0] !== theory.inputs || source === undefined) return refuse("what is replaced is not the inputs alone");
  const pattern = theory.perPattern();
  if ("refused" in pattern) return pattern;
  const { load, fresh } = pattern;
  const trained = theory.predict("energy", []);
  const unseen: Theory = { ...theory, predict: (quantity, given) => (quantity === "energy" && !("refused" in trained) ? { value: load * fresh, residual: trained.residual } : theory.predict(quantity, given)) };
  const body = bodyOf(model, declared, source);
  return (body && limitOf(expression(body), { program, theory: unseen, system, sites, state: state.name })) ?? refuse("what is measured on fresh inputs is not a multiple of the energy");
}

/** The overlap of two copies; of bits (1 + s)/2 it is (1 + 2m + q)/4. */
function overlapOf(declared: Program, theory: Theory, state: string): Prediction {
  const q = theory.predict("q", []), { origin } = declared.arrays.find((a) => a.name === state)!;
  if ("refused" in q || origin.kind !== "state" || origin.domain.name !== "bit") return q;
  const m = theory.direction === "uniform" ? theory.magnetisation : undefined;
  if (m === undefined || "refused" in m) return { refused: "the overlap of bits depends on their mean, which the theory doesn't know" };
  return { value: (1 + 2 * m.value + q.value) / 4, residual: (2 * m.residual + q.residual) / 4 };
}

const isState = (e: Syntax, state: string): boolean => (e.kind === "name" && e.name === state) || (e.kind === "replica" && e.object.kind === "name" && e.object.name === state);
const replicaOf = (e: Syntax): string => (e.kind === "replica" ? e.replica.name : "1");

interface Setting { readonly program: Program; readonly theory: Theory; readonly system: LargeSystem; readonly sites: Expression; readonly state: string }

/** The observable over the model's arrays and its energy, other definitions written out. */
function bodyOf(model: CheckedModel, program: Program, observable: string): Expression | undefined {
  if (observable === program.energy) return read(program.energy);
  const keep = (a: { readonly name: string }): boolean => a.name !== program.energy && program.arrays.some((known) => known.name === a.name);
  const compiled = program.arrays.find((a) => a.name === observable);
  if (compiled?.origin.kind === "definition" && compiled.slots.length === 0) return inline(compiled.origin.body, program, keep);
  const symbol = model.symbols.get(observable);
  if (symbol?.kind !== "array" || symbol.axes.length > 0 || !symbol.body || !onlyPlain(symbol)) return undefined;
  const body = new Lowering(model.symbols.keys()).expression(symbol.body, emptyEnvironment);
  return inline(body, program, keep);
}

/** Its value for large sizes: fluctuations vanish, so that a function of quantities is that of their values. */
function limitOf(e: Expression, setting: Setting): Prediction | undefined {
  const terms = normalise(e, { positive: positiveParameters(setting.program) }).terms.map((t) => termLimit(t, setting));
  if (terms.every((t) => t !== undefined)) {
    const refused = terms.find((t) => "refused" in t);
    return refused ?? terms.reduce((sum, t) => ("refused" in t || "refused" in sum ? sum : { value: sum.value + t.value, residual: sum.residual + t.residual }), { value: 0, residual: 0 });
  }
  if (e.kind !== "apply") return undefined;
  const [inside, exponent] = e.arguments;
  const through = (f: (x: number) => number): Prediction | undefined => {
    const inner = limitOf(inside!, setting);
    return inner === undefined || "refused" in inner ? inner : { value: f(inner.value), residual: inner.residual };
  };
  if (e.operator === "abs") return through(Math.abs);
  if (e.operator === "neg") return through((x) => -x);
  if (e.operator === "pow" && exponent?.kind === "constant") return through((x) => x ** exponent.value);
  return undefined;
}

/** c, c E, or c Σ_i v_i s_i with the direction v that the theory knows an overlap with. */
function termLimit(term: Term, { program, theory, system, sites, state }: Setting): Prediction | undefined {
  if (term.conditions.length > 0) return undefined;
  const parametric = (f: Term["factors"][number]): boolean => !readsIn(f.base);
  const [outside, random] = [term.factors.filter(parametric), term.factors.filter((f) => !parametric(f))];
  const factor = fromNormal({ terms: [{ coefficient: term.coefficient, factors: outside, indices: [], conditions: [] }] });
  const times = (scale: number | undefined, p: Prediction): Prediction | undefined =>
    scale === undefined || !Number.isFinite(scale) ? undefined : scale === 0 ? { value: 0, residual: 0 } : "refused" in p ? p : { value: scale * p.value, residual: Math.abs(scale) * p.residual };
  if (random.length === 0 && term.indices.length === 0) return times(system.limit(factor), { value: 1, residual: 0 });
  const extensive = system.limit(build.mul(factor, sites));
  const [first] = random;
  if (random.length === 1 && term.indices.length === 0 && first!.base === read(program.energy) && first!.exponent === 1) return times(extensive, theory.predict("energy", []));
  if (random.length === 1 && term.indices.length === 0 && first!.base.kind === "apply" && first!.base.operator === "abs" && first!.exponent === 1) {
    // c |x| = ±|c x|: what stands inside may be extensive.
    const inner = limitOf(build.mul(factor, first!.base.arguments[0]!), { program, theory, system, sites, state });
    const sign = Math.sign(evaluate(factor, { parameters: system.large, entry: () => NaN }));
    return inner === undefined || "refused" in inner ? inner : { value: sign * Math.abs(inner.value), residual: inner.residual };
  }
  const own = random.find((f) => f.base.kind === "read" && f.base.array === state && f.exponent === 1);
  const [site] = term.indices;
  if (term.indices.length !== 1 || own?.base.kind !== "read" || own.base.subscripts.length !== 1 || own.base.subscripts[0]!.kind !== "index" || own.base.subscripts[0]!.index !== site || theory.magnetisation === undefined) return undefined;
  const others = random.filter((f) => f !== own);
  const [vector] = others;
  const direction = others.length === 0 ? "uniform" : others.length === 1 && vector!.exponent === 1 && vector!.base.kind === "read" && vector!.base.subscripts.filter((s) => s.kind === "index" && s.index === site).length === 1 && vector!.base.subscripts.every((s) => s.kind === "constant" || (s.kind === "index" && s.index === site)) ? vector!.base.array : undefined;
  if (direction !== theory.direction) return undefined;
  const number = vector?.base.kind === "read" ? vector.base.subscripts.find((s) => s.kind === "constant") : undefined;
  if (theory.pattern !== undefined && number?.kind === "constant" && number.value !== theory.pattern) return { value: 0, residual: 0 };
  return times(extensive, theory.magnetisation);
}

function readsIn(e: Expression): boolean {
  if (e.kind === "read" || e.kind === "index" || e.kind === "reduce") return true;
  return e.kind === "apply" && e.arguments.some(readsIn);
}

/** Whether nothing in it is beyond this version. */
function onlyPlain(symbol: ArraySymbol): boolean {
  let plain = true;
  const seen = new Set<unknown>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || seen.has(part)) return;
    seen.add(part);
    const node = part as { readonly kind?: string };
    if (node.kind === "opaque" || node.kind === "library" || node.kind === "replica") plain = false;
    for (const [key, child] of Object.entries(node)) if (!["target", "declaration", "span", "symbol"].includes(key)) visit(child);
  };
  visit(symbol.body);
  return plain;
}

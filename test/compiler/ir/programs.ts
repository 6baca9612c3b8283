/** Small programs built by hand, for tests of what works on the IR. */
import { constant, freshIndex, indexValue, parameter, read, reduce, rewrite, sizeRange } from "../../../compiler/ir/expression.ts";
import type { Expression, Index, Range } from "../../../compiler/ir/expression.ts";
import type { ArrayDeclaration, Constraint, Domain, Program, Slot } from "../../../compiler/ir/program.ts";
import { build } from "../../../compiler/library/ops/index.ts";

export const span = { start: 0, end: 0 };
export const N = parameter("N");
export const number = constant;
export const over = (name: string, range: Expression | Range = N): Index => freshIndex(name, "lower" in range ? range : sizeRange(range));
export const entry = (array: string, ...subscripts: readonly (Index | Expression)[]): Expression =>
  read(array, subscripts.map((s) => ("kind" in s ? s : indexValue(s))));
export const value = indexValue;
export const product = (...factors: readonly Expression[]): Expression => factors.reduce((a, b) => build.mul(a, b));
export const total = (...terms: readonly Expression[]): Expression => terms.reduce((a, b) => build.add(a, b));
export const sum = (indices: readonly Index[], body: Expression, ...where: readonly Expression[]): Expression =>
  where.length === 0 ? reduce("sum", indices, body) : reduce("sum", indices, body, where.reduce((a, b) => build.and(a, b)));
export const squared = (e: Expression): Expression => build.pow(e, constant(2));

export const slot = (range: Expression | Range = N, extra: Partial<Slot> = {}): Slot => ({ range: "lower" in range ? range : sizeRange(range), periodic: false, ...extra });
export const ensemble = (name: string, slots: readonly Slot[], distribution = "Normal", args: readonly Expression[] = [constant(0), constant(1)]): ArrayDeclaration =>
  ({ name, status: "quenched", element: "real", slots, origin: { kind: "ensemble", distribution, arguments: args }, span });
export const state = (name: string, slots: readonly Slot[], domain: Domain["name"] = "real"): ArrayDeclaration =>
  ({ name, status: "thermal", element: "real", slots, origin: { kind: "state", domain: { name: domain, arguments: [] } }, span });
export const definition = (name: string, indices: readonly Index[], body: Expression, status: ArrayDeclaration["status"] = "thermal", role: "let" | "energy" | "observable" = "let"): ArrayDeclaration =>
  ({ name, status, element: "real", slots: indices.map((i) => slot(i.range)), origin: { kind: "definition", role, indices, body }, span });

export const onSphere = (array = "w", norm2: Expression = N): Constraint => {
  const i = over("i");
  return { relation: "==", indices: [], left: sum([i], squared(entry(array, i))), right: norm2, span };
};

/** Arrays before the energy, the energy's body, constraints; N = 6 and any further real parameters. */
export function programOf(arrays: readonly ArrayDeclaration[], energy: Expression, constraints: readonly Constraint[] = [onSphere()], parameters: Readonly<Record<string, number>> = {}): Program {
  return {
    model: "Test",
    parameters: [
      { name: "N", kind: "integer", default: 6, span },
      ...Object.entries(parameters).map(([name, at]) => ({ name, kind: Number.isInteger(at) ? ("integer" as const) : ("real" as const), default: at, span })),
    ],
    arrays: [...arrays, definition("H", [], energy, "thermal", "energy")],
    energy: "H",
    observables: ["H"],
    constraints,
  };
}

/** Σ X[i1,…,ip] w[i1] … w[ip] · N^(−(p−1)/2): the spherical p-spin energy with unnormalised Gaussian couplings. */
export function pSpinEnergy(p: number, couplings = "X", spins = "w"): Expression {
  const indices = Array.from({ length: p }, (_, k) => over(`i${k}`));
  return build.div(sum(indices, product(entry(couplings, ...indices), ...indices.map((i) => entry(spins, i)))), build.pow(N, constant((p - 1) / 2)));
}
export const pSpin = (p: number, couplings = "X", spins = "w"): Program =>
  programOf([ensemble(couplings, Array.from({ length: p }, () => slot())), state(spins, [slot()])], pSpinEnergy(p, couplings, spins), [onSphere(spins)]);

/** The same expression with arrays under canonical names: by role, then in the order of declaration. */
export function renamedByRole(program: Program, e: Expression): Expression {
  const names = new Map<string, string>();
  for (const kind of ["ensemble", "state"] as const) {
    program.arrays.filter((a) => a.origin.kind === kind).forEach((a, k) => names.set(a.name, `${kind}${k}`));
  }
  return rewrite(e, (node) => (node.kind === "read" ? read(names.get(node.array) ?? node.array, node.subscripts) : node));
}

/** Entries that depend on name and subscripts alone, between −1 and 1 and not symmetric in anything. */
export function entries(array: string, subscripts: readonly number[]): number {
  let hash = 2166136261;
  for (const c of [...array].map((x) => x.codePointAt(0)!).concat(subscripts.map((s) => s + 1000))) hash = Math.imul(hash ^ c, 16777619) >>> 0;
  hash ^= hash >>> 15;
  return ((Math.imul(hash, 2246822519) >>> 0) / 2 ** 32) * 2 - 1;
}

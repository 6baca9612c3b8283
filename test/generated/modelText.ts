/** The text of a model tree. */
import { functionTexts } from "./functions.ts";
import type { Binders, Definition, Expression, Model, Range, Slot, WholeArray } from "./modelTree.ts";

const infix = new Set(["+", "-", "*", "/", "<", "<=", "==", "!=", "and", "or"]);

function expression(e: Expression): string {
  switch (e.kind) {
    case "number": return String(e.value);
    case "name": return e.name;
    case "read": return `${e.array}${e.copy === undefined ? "" : `@${e.copy}`}${e.subscripts.length === 0 ? "" : `[${e.subscripts.map(subscript).join(", ")}]`}`;
    case "apply": {
      const [a, b, c] = e.arguments;
      if (infix.has(e.operator)) return `${atom(a!)} ${e.operator} ${atom(b!)}`;
      if (e.operator === "^") return `${atom(a!)}^${expression(b!)}`;
      if (e.operator === "negate") return `-${atom(a!)}`;
      if (e.operator === "not") return `not ${atom(a!)}`;
      if (e.operator === "if") return `if ${expression(a!)} then ${atom(b!)} else ${atom(c!)}`;
      return `${e.operator}(${e.arguments.map(expression).join(", ")})`;
    }
    case "reduce": return `${e.reduction}(${binders(e.binders)}) ${atom(e.body)}`;
    case "whole": return `${e.function}(${e.arrays.map((a) => whole(a)).join(", ")})`;
    case "call": return `${e.function}(${e.arguments.map((a) => ("kind" in a ? expression(a) : whole(a))).join(", ")})`;
    case "with": return `${expression(e.object)} with ${e.array} = ${e.by}`;
  }
}

const bare = (e: Expression): boolean => e.kind === "name" || e.kind === "read" || (e.kind === "number" && e.value >= 0) || e.kind === "whole" || e.kind === "call" || (e.kind === "apply" && /^[a-z]\w+$/.test(e.operator) && !["and", "or", "not", "if", "negate"].includes(e.operator));
const atom = (e: Expression): string => (bare(e) ? expression(e) : `(${expression(e)})`);
const subscript = (e: Expression): string => expression(e);
const whole = ({ array, rows, column, copy }: WholeArray): string =>
  `${array}${copy === undefined ? "" : `@${copy}`}${column ? `[:, ${expression(column)}]` : rows.length === 0 ? "" : `[${[...rows.map(expression), ":"].join(", ")}]`}`;
const range = ({ size, lower, less }: Range): string => (lower === 1 ? (less === 0 ? size : `${size} - ${less}`) : `${lower}..${size}${less === 0 ? "" : ` - ${less}`}`);

function binders(b: Binders): string {
  switch (b.kind) {
    case "free": return b.indices.map((i) => (i.written || i.range.lower !== 1 || i.range.less !== 0 ? `${i.name} in ${range(i.range)}` : i.name)).join(", ");
    case "related": return `${b.names.join(` ${b.relation} `)} in ${b.size}`;
    case "edges": return `(${b.names.join(", ")}) in G`;
    case "neighbours": return `${b.name} in G[${b.of}]`;
    case "steps": return `${b.names[0]} in N, ${b.names[1]} in G[${b.names[0]}]`;
  }
}

const pools: Record<string, readonly string[]> = { N: ["i", "j", "k"], M: ["mu", "nu", "rho"], K: ["ka", "kb", "kc"] };

/** `[mu in M, i < j in N]` with names of its own. */
function slots(list: readonly Slot[]): string {
  if (list.length === 0) return "";
  const used = new Set<string>();
  const names = list.map(({ size }) => { const name = pools[size]!.find((n) => !used.has(n))!; used.add(name); return name; });
  const parts: string[] = [];
  list.forEach((slot, k) => {
    if (slot.order !== undefined) parts.push(`${parts.pop()!} ${slot.order} ${names[k]!}`);
    else parts.push(names[k]!);
  });
  const heads = list.filter((s) => s.order === undefined);
  return `[${parts.map((part, k) => `${part} in ${heads[k]!.size}${heads[k]!.periodic ? " periodic" : ""}`).join(", ")}]`;
}

const definition = (word: string, { name, indices, body }: Definition): string =>
  `  ${word} ${name}${indices.length === 0 ? "" : `[${indices.map((i) => `${i.name} in ${i.slot.size}`).join(", ")}]`} = ${expression(body)}`;

export function modelText(m: Model): string {
  return [
    ...(m.functions ? functionTexts : []),
    `model Made(N = ${m.sizes.N}, M = ${m.sizes.M}, K = ${m.sizes.K}, ${m.coupling.name} = ${m.coupling.value}) {`,
    ...(m.graph === undefined ? [] : [`  ensemble G ~ ${m.graph}`]),
    ...m.ensembles.map((e) => `  ensemble ${e.name}${e.onEdges ? "[(i, j) in G]" : slots(e.slots)} ~ ${e.distribution}`),
    ...m.states.map((s) => `  state ${s.name}${slots(s.slots)} : ${s.domain}${s.start === undefined ? "" : ` ${s.start}`}`),
    ...(m.constraint === undefined ? [] : [`  constraint ${m.constraint}`]),
    ...m.lets.map((d) => definition("let", d)),
    `  energy H = ${expression(m.energy)}`,
    ...m.observables.map((d) => definition("observable", d)),
    ...(m.derivatives ? ["  observable slope = norm(grad(H))", "  observable bend = laplacian(H)"] : []),
    "}",
  ].join("\n");
}

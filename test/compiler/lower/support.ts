/** Programs from source text, with arrays of fixed pseudo-random entries, for comparison with sums that the tests write as loops. */
import { expect } from "vitest";
import { checkModels } from "../../../compiler/1-check/checkModels.ts";
import { lowerModel } from "../../../compiler/2-lower/lowerModel.ts";
import { programEntries } from "../../../compiler/ir/evaluate.ts";
import { print } from "../../../compiler/ir/print.ts";
import { assertVerified } from "../../../compiler/ir/verify.ts";
import type { Program, Slot } from "../../../compiler/ir/program.ts";
import { parse } from "../../../grammar/index.ts";

/** The program of the last model of a text without errors. */
export function programOf(text: string): Program {
  const { file, diagnostics, unreadable } = parse(text);
  const checked = checkModels(file, { unreadable });
  expect([...diagnostics, ...checked.diagnostics].map((d) => `${d.code} ${d.message}`)).toEqual([]);
  const program = lowerModel(checked.models.at(-1)!);
  if (!program) throw new Error("no program");
  assertVerified("lower", program);
  return program;
}

/** A number in (−1, 1) that only its place determines. */
export function entry(array: string, subscripts: readonly number[]): number {
  let x = [...array].reduce((h, c) => (h * 31 + c.charCodeAt(0)) % 9973, 7);
  for (const s of subscripts) x = (x * 127 + s * 311 + 17) % 9973;
  return Math.sin(x * 1.7);
}
export const spin = (array: string, subscripts: readonly number[]): number => (entry(array, subscripts) < 0 ? -1 : 1);

/** Entries of all arrays of a text's model: those that nothing defines come from `given`, by array. */
export function evaluated(text: string, parameters: Readonly<Record<string, number>>, given: Readonly<Record<string, typeof entry>> = {}): (array: string, ...subscripts: number[]) => number {
  const program = programOf(text);
  const values = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...parameters };
  const read = programEntries(program, values, (array, subscripts) => (given[array] ?? entry)(array, subscripts));
  return (array, ...subscripts) => read(array, subscripts);
}

/** Σ over 1..n of f. */
export const sum = (n: number, f: (i: number) => number): number => Array.from({ length: n }, (_, k) => f(k + 1)).reduce((a, b) => a + b, 0);

const slotText = (s: Slot): string => `${s.order ? `${s.order} ` : ""}${print(s.range.lower)}..${print(s.range.upper)}${s.periodic ? " periodic" : ""}`;

/** A program as text, a line a declaration. */
export function programText(p: Program): string {
  const call = (name: string, args: readonly Parameters<typeof print>[0][]): string => `${name}(${args.map((a) => print(a)).join(", ")})`;
  const arrays = p.arrays.map((a) => {
    const { origin } = a;
    const head = `${a.status} ${a.element} ${a.name}${a.slots.length > 0 ? `[${a.slots.map(slotText).join(", ")}]` : ""}`;
    switch (origin.kind) {
      case "ensemble": return `${head} ~ ${call(origin.distribution, origin.arguments)}`;
      case "state": {
        const initial = !origin.initial ? "" : origin.initial.kind === "draw" ? ` ~ ${call(origin.initial.distribution, origin.initial.arguments)}` : origin.initial.kind === "flip" ? ` = flip(${origin.initial.of}, ${print(origin.initial.fraction)})` : ` = ${print(origin.initial.body)}`;
        return `${head} : ${call(origin.domain.name, origin.domain.arguments)}${initial}`;
      }
      case "definition": return `${head} = ${origin.role} (${origin.indices.map((i) => i.name).join(", ")}) ${print(origin.body)}`;
      case "call": return `${head} = ${origin.function}(${origin.arguments.join(", ")})`;
      default: return `${head} = ${origin.kind}`;
    }
  });
  return [
    `model ${p.model}(${p.parameters.map((x) => `${x.kind} ${x.name} = ${x.default}`).join(", ")})`,
    ...arrays,
    ...p.constraints.map((c) => `constraint (${c.indices.map((i) => i.name).join(", ")}) ${print(c.left)} ${c.relation} ${print(c.right)}`),
    `energy ${p.energy}`, `observables ${p.observables.join(", ")}`,
  ].join("\n");
}

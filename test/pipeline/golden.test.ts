/**
 * What the compiler makes of some accepted programs, as texts to read beside them: `ir.txt` is the program that lowering makes of each model, every declaration with
 * its status and body; `kernels.txt` is the TypeScript of its kernels at the default settings, each under the procedure that it is the code of. `UPDATE=1` writes them anew;
 * read the difference as an expert would write the loops.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { printKernelFunction } from "../../compiler/5-emit/typescript/kernelFunction.ts";
import { compile } from "../../compiler/compile.ts";
import { generateModel } from "../../compiler/generateModel.ts";
import { print } from "../../compiler/ir/print.ts";
import type { Index, Range } from "../../compiler/ir/expression.ts";
import type { Program, Slot } from "../../compiler/ir/program.ts";
import { accepted } from "../cases/accepted.ts";

/** Each for what stands behind it. */
const represented: Readonly<Record<string, string>> = {
  "ising-open-chain": "a pair energy of one variable and the next",
  "curie-weiss-four": "a power of a sum, eliminated",
  "spherical-two-spin": "packed couplings; gradient and Hessian of a quadratic form",
  "rotors": "derivatives of functions of differences",
  "heisenberg-pair": "unit vectors",
  "phi4-site": "one variable",
  "number-partition": "the absolute value of a sum, with its cache",
  "lattice-gas": "bits, and what a move reads of its neighbours on a lattice",
  "potts-ring": "equality of integers",
  "hopfield-memory": "a square of sums over patterns",
  "satisfiability": "integer arrays as subscripts: lists of places",
  "linear-regression": "examples that are inputs and labels",
  "random-field": "a field of the disorder, nothing else",
};

const rangeText = ({ lower, upper }: Range): string => `${print(lower)}..${print(upper)}`;
const slotText = (s: Slot): string => `${s.order === undefined ? "" : `${s.order} `}${rangeText(s.range)}${s.periodic ? " periodic" : ""}`;

function programText(p: Program): string {
  const indexText = (indices: readonly Index[]): string => (indices.length === 0 ? "" : ` for ${indices.map((i) => `${i.name} in ${rangeText(i.range)}`).join(", ")}`);
  const lines = p.arrays.map((a) => {
    const head = `${a.status} ${a.element} ${a.name}[${a.slots.map(slotText).join(", ")}]`;
    switch (a.origin.kind) {
      case "definition": return `${head} = ${print(a.origin.body)}${indexText(a.origin.indices)}`;
      case "ensemble": return `${head} ~ ${a.origin.distribution}(${a.origin.arguments.map((x) => print(x)).join(", ")})`;
      case "state": return `${head} : ${a.origin.domain.name}${a.origin.domain.arguments.length > 0 ? `(${a.origin.domain.arguments.map((x) => print(x)).join(", ")})` : ""}`;
      case "call": return `${head} = ${a.origin.function}(…)`;
      default: return `${head} (${a.origin.kind})`;
    }
  });
  const constraints = p.constraints.map((c) => `constraint ${print(c.left)} ${c.relation} ${print(c.right)}${indexText(c.indices)}`);
  return [`model ${p.model}(${p.parameters.map((x) => `${x.name} = ${x.default}`).join(", ")})`, ...lines, ...constraints, `energy ${p.energy}`, `observables ${p.observables.join(", ")}`, ""].join("\n");
}

function kernelsText(p: Program): string {
  const generated = generateModel(p);
  if (!generated.ok) throw new Error(generated.diagnostics[0]!.message);
  return `// ${p.model}\n\n${generated.scheduled.kernels.map(({ kernel }) => printKernelFunction(kernel, { types: true })).join("\n")}`;
}

test.each(Object.keys(represented))("%s", (name) => {
  const program = accepted.find((a) => a.name === name)!;
  const programs = compile(program.text, { directory: program.directory }).models.flatMap((m) => m.program ?? []);
  for (const [file, text] of [["ir.txt", programs.map(programText).join("\n")], ["kernels.txt", programs.map(kernelsText).join("\n")]] as const) {
    const path = join(program.directory, file);
    if (process.env["UPDATE"] === "1") writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, "utf8"));
  }
});

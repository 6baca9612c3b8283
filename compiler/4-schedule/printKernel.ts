/** Text of a kernel: for golden tests, `--dump` and people who wonder what the scheduler did. */
import type { Combine } from "../ir/expression.ts";
import { integerText, scalarText } from "./integer.ts";
import type { Kernel, KernelStatement } from "./kernel.ts";

const sign: Readonly<Record<Combine, string>> = { sum: "+=", product: "*=", max: "max=", min: "min=" };

export function printKernel(kernel: Kernel): string {
  const parameters = [...kernel.sizes.map((s) => `${s}: integer`), ...kernel.reals.map((r) => `${r}: real`), ...kernel.arrays.map((a) => `${a.role} ${a.name}[${integerText(a.length)}]`)];
  return [`kernel ${kernel.name}(${parameters.join(", ")})`, ...printStatements(kernel.body, 1)].join("\n") + "\n";
}

function printStatements(body: readonly KernelStatement[], depth: number): string[] {
  const margin = "  ".repeat(depth);
  return body.flatMap((s): string[] => {
    switch (s.kind) {
      case "for": return [`${margin}for ${s.variable} in ${integerText(s.from)} ..< ${integerText(s.to)}${s.vectorisable ? " vector" : ""}`, ...printStatements(s.body, depth + 1)];
      case "if": return [`${margin}if ${scalarText(s.condition)}`, ...printStatements(s.body, depth + 1)];
      case "integer": return [`${margin}${s.mutable ? "cursor" : "integer"} ${s.name} = ${integerText(s.value)}`];
      case "advance": return [`${margin}${s.name} += ${integerText(s.by)}`];
      case "let": return [`${margin}${s.mutable ? "var" : "let"} ${s.name} = ${scalarText(s.value)}`];
      case "update": return [`${margin}${s.name} ${sign[s.combine]} ${scalarText(s.value)}`];
      case "store": return [`${margin}${s.array}[${integerText(s.offset)}] ${s.combine ? sign[s.combine] : "="} ${scalarText(s.value)}`];
      case "fill": return [`${margin}fill ${s.array}[0 ..< ${integerText(s.length)}] = ${s.value}`];
      case "call": return [`${margin}${s.target} ${s.adjointOf === undefined && !s.tangent ? "=" : "+="} ${s.tangent ? "change of " : ""}${s.function}(${s.arguments.map(({ array, shape }) => `${array}[${shape.map(integerText).join(", ")}]`).join(", ")})${s.adjointOf === undefined ? "" : ` adjoint of argument ${s.adjointOf + 1}`} in ${integerText(s.blocks)} blocks`];
    }
  });
}

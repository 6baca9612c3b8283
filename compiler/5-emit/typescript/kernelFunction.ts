/** A kernel as a TypeScript function over typed arrays. */
import type { Combine } from "../../ir/expression.ts";
import { constantValue } from "../../4-schedule/integer.ts";
import type { Kernel, KernelStatement } from "../../4-schedule/kernel.ts";
import { identifier } from "../../4-schedule/names.ts";
import { comment } from "./comment.ts";
import { numberText, printCondition, printOffset, printScalar, wordAndBit, wordsOf } from "./scalar.ts";

export interface PrintOptions {
  /** With type annotations (TypeScript) or without (JavaScript). */
  readonly types: boolean;
}

/** @param integers arrays of small integers where these fit */
export function printKernelFunction(kernel: Kernel, { types }: PrintOptions, integers: ReadonlySet<string> = new Set()): string {
  const typed = (name: string, type: string): string => (types ? `${identifier(name)}: ${type}` : identifier(name));
  const parameters = [...[...kernel.sizes, ...kernel.reals].map((n) => typed(n, "number")), ...kernel.arrays.map((a) => typed(a.name, a.single ? "Float32Array" : integers.has(a.name) ? "Float64Array | Int16Array | Int8Array" : "Float64Array"))];
  const words = kernel.arrays.filter((a) => a.bits).map(({ name }) => `  const ${wordsOf(name)} = new Uint32Array(${identifier(name)}.buffer, ${identifier(name)}.byteOffset, 2 * ${identifier(name)}.length);\n`);
  return `${comment(kernel.doc)}function ${identifier(kernel.name)}(${parameters.join(", ")})${types ? ": void" : ""} {\n${words.join("")}${printBody(kernel.body, "  ", types)}}\n`;
}

function printBody(body: readonly KernelStatement[], margin: string, types: boolean): string {
  return body.map((s) => printStatement(s, margin, types)).join("");
}

function accumulate(place: string, combine: Combine, value: string): string {
  switch (combine) {
    case "sum": return `${place} += ${value};`;
    case "product": return `${place} *= ${/^[\p{ID_Continue}[\].]+$/u.test(value) ? value : `(${value})`};`;
    case "max": return `${place} = Math.max(${place}, ${value});`;
    case "min": return `${place} = Math.min(${place}, ${value});`;
  }
}

function printStatement(s: KernelStatement, margin: string, types: boolean): string {
  const line = (text: string): string => `${margin}${text}\n`;
  switch (s.kind) {
    case "for": {
      const v = identifier(s.variable);
      return line(`for (let ${v} = ${printOffset(s.from)}; ${v} < ${printOffset(s.to)}; ${v}++) {`) + printBody(s.body, `${margin}  `, types) + line("}");
    }
    case "if": return line(`if (${printCondition(s.condition)}) {`) + printBody(s.body, `${margin}  `, types) + line("}");
    case "integer": return line(`${s.mutable ? "let" : "const"} ${identifier(s.name)} = ${printOffset(s.value)};`);
    case "advance": return line(`${identifier(s.name)} += ${printOffset(s.by)};`);
    case "let": {
      const value = printScalar(s.value);
      // Without a type `x < y ? 1 : 0` is of type 0 | 1, which later comparisons would narrow.
      return line(`${s.mutable ? "let" : "const"} ${identifier(s.name)}${types && value.includes("?") ? ": number" : ""} = ${value};`);
    }
    case "update": return line(accumulate(identifier(s.name), s.combine, printScalar(s.value)));
    case "store": {
      if (s.bits) {
        const [word, bit] = wordAndBit(s.array, s.offset);
        return line(`${word} = ${printCondition(s.value)} ? ${word} | ${bit} : ${word} & ~${bit};`);
      }
      const place = `${identifier(s.array)}[${printOffset(s.offset)}]`;
      return line(s.combine ? accumulate(place, s.combine, printScalar(s.value)) : `${place} = ${printScalar(s.value)};`);
    }
    case "fill": return line(constantValue(s.length) === 1 ? `${identifier(s.array)}[0] = ${numberText(s.value)};` : `${identifier(s.array)}.fill(${numberText(s.value)});`);
    case "call": return line(printCall(s));
  }
}

/** A function of whole arrays: of the arrays as they are, or of each of their blocks. */
function printCall({ function: key, adjointOf, tangent, blocks, arguments: given, target }: Extract<KernelStatement, { kind: "call" }>): string {
  const call = (arrays: readonly string[], out: string): string => {
    const views = given.map(({ shape }, k) => `{ values: ${arrays[k]!}, shape: [${shape.map(printOffset).join(", ")}] }`).join(", ");
    if (tangent) return `applyTangent(${JSON.stringify(key)}, ${adjointOf ?? "undefined"}, [${views}], ${out});`;
    return adjointOf === undefined ? `applyFunction(${JSON.stringify(key)}, [${views}], ${out});` : `applyAdjoint(${JSON.stringify(key)}, ${adjointOf}, [${views}], ${out});`;
  };
  const arrays = given.map(({ array }) => identifier(array));
  if (constantValue(blocks) === 1) return call(arrays, identifier(target));
  const parts = arrays.map((_, k) => `block${k + 1}`);
  return `linear.eachBlock(${printOffset(blocks)}, [${arrays.join(", ")}], ${identifier(target)}, ([${parts.join(", ")}], block) => { ${call(parts, "block")} });`;
}

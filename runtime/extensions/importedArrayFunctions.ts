/** Functions of whole arrays as WASM kernels import them: everything that they are given are numbers, places in the memory among them. */
import { eachBlock } from "../linear/eachValue.ts";
import { applyAdjoint, applyFunction, applyTangent } from "./arrayFunctions.ts";

export interface ImportedArrayFunction {
  readonly key: string;
  /** Number of the argument whose adjoint is asked for; absent for the value. */
  readonly adjointOf: number | undefined;
  /** The change along a direction. */
  readonly tangent: boolean;
  /** Number of axes of each array that it is given. */
  readonly axes: readonly number[];
}

/** `arrays KEY value 1,2`, or `value'` for the change along a direction: the name of the import, which says what the numbers mean. */
export const arrayFunctionImport = ({ key, adjointOf, tangent, axes }: ImportedArrayFunction): string => `arrays ${key} ${adjointOf ?? "value"}${tangent ? "'" : ""} ${axes.join()}`;

function parsed(name: string): ImportedArrayFunction | undefined {
  const [, key, part, tangent, axes] = /^arrays (\S+) (value|\d+)('?) ([\d,]+)$/.exec(name) ?? [];
  return key === undefined ? undefined : { key, adjointOf: part === "value" ? undefined : Number(part), tangent: tangent === "'", axes: axes!.split(",").map(Number) };
}

/** The functions behind the imports of a module that are of this kind: of (blocks, then for each array its place and the lengths of its axes, then place and length of the target). */
export function importedArrayFunctions(names: readonly string[], memory: { readonly buffer: ArrayBuffer }): Readonly<Record<string, (...numbers: number[]) => void>> {
  return Object.fromEntries(names.flatMap((name) => {
    const found = parsed(name);
    if (!found) return [];
    const { key, adjointOf, tangent, axes } = found;
    const call = (...numbers: number[]): void => {
      const [blocks] = numbers as [number];
      let next = 1;
      const shapes: (readonly number[])[] = [];
      const arrays = axes.map((count) => {
        const place = numbers[next++]!;
        const shape = numbers.slice(next, (next += count));
        shapes.push(shape);
        return new Float64Array(memory.buffer, place, shape.reduce((a, b) => a * b, blocks));
      });
      const target = new Float64Array(memory.buffer, numbers[next]!, numbers[next + 1]!);
      eachBlock(blocks, arrays, target, (values, out) => {
        const given = values.map((v, k) => ({ values: v, shape: shapes[k]! }));
        if (tangent) applyTangent(key, adjointOf, given, out);
        else if (adjointOf === undefined) applyFunction(key, given, out);
        else applyAdjoint(key, adjointOf, given, out);
      });
    };
    return [[name, call] as const];
  }));
}

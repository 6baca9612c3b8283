/** Looks at the data of a program: how large they are, and whether they fit. The entries themselves are read again where they are used. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { readData } from "../../runtime/data/readData.ts";
import type { DataRequest } from "../../runtime/data/readData.ts";
import { DataError } from "../../runtime/data/source.ts";
import type { DataArray, SourceArguments } from "../../runtime/data/source.ts";
import { bounds, evaluate } from "../ir/evaluate.ts";
import { visit, type Expression } from "../ir/expression.ts";
import { boundSizes, findArray } from "../ir/program.ts";
import type { DataBinding, Program } from "../ir/program.ts";

export interface BoundProgram { readonly program: Program; readonly diagnostics: readonly Diagnostic[] }

/**
 * The program with the sizes that its data sources bind, at these parameters (defaults where they are missing). Q270 where data cannot be
 * read, or where a source disagrees with the sizes of the model: the file, the row and what was expected.
 */
export function bindData(program: Program, parameters: Readonly<Record<string, number>> = {}, directory?: string): BoundProgram {
  if (!program.data) return { program, diagnostics: [] };
  const values: Record<string, number> = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...parameters };
  const diagnostics: Diagnostic[] = [];
  const read = new Map<string, { readonly array: DataArray; readonly binding: DataBinding }>();
  for (const binding of program.data) {
    try {
      const arrays = readData(requestOf(program, binding, values), directory);
      binding.arrays.forEach(({ array }, k) => read.set(array, { array: arrays[k]!, binding }));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      diagnostics.push({ severity: "error", code: "Q270", message: error.message, labels: [{ span: binding.span, message: "" }], ...(error.help ? { help: error.help } : {}), arguments: { source: binding.source } });
    }
  }
  if (diagnostics.length > 0) return { program, diagnostics };
  const binder = new Map<string, DataBinding>();
  for (const { size, array, axis } of boundSizes(program)) {
    const { array: found, binding } = read.get(array)!;
    values[size] = found.shape[axis]!;
    binder.set(size, binding);
  }
  for (const [name, { array, binding }] of read) {
    findArray(program, name).slots.forEach(({ range }, axis) => {
      const [lower, upper] = bounds(range, values);
      if (upper - lower + 1 === array.shape[axis]) return;
      const size = range.upper.kind === "parameter" ? range.upper.name : undefined;
      const other = size === undefined ? undefined : binder.get(size);
      const elsewhere = other && other !== binding ? [{ span: other.span, message: `${values[size!]} here` }] : size === undefined ? [] : program.parameters.filter((p) => p.name === size && !p.boundBy).map((p) => ({ span: p.span, message: `${values[p.name]} here` }));
      diagnostics.push({
        severity: "error", code: "Q270", message: `axis ${axis + 1} of \`${binding.arrays.find((a) => a.array === name)!.name}\` has ${array.shape[axis]} values in its source, and ${upper - lower + 1} in the model`,
        labels: [{ span: binding.span, message: `${array.shape[axis]} here` }, ...elsewhere],
        help: "the sources of one size must have as many entries: `take` picks the first ones", arguments: { array: name },
      });
    });
  }
  if (diagnostics.length === 0) diagnostics.push(...leavingSlots(program, read, values));
  return { program: { ...program, parameters: program.parameters.map((p) => (p.boundBy === "data" ? { ...p, default: values[p.name]! } : p)) }, diagnostics };
}

/** Given integers that stand in a slot, `s[a[e]]`, and are none of its values. */
function leavingSlots(program: Program, read: ReadonlyMap<string, { readonly array: DataArray; readonly binding: DataBinding }>, values: Readonly<Record<string, number>>): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const look = (e: Expression): void => visit(e, (node) => {
    if (node.kind !== "read") return;
    const { slots } = findArray(program, node.array);
    node.subscripts.forEach((subscript, axis) => {
      const given = subscript.kind === "read" ? read.get(subscript.array) : undefined;
      if (!given || subscript.kind !== "read" || !slots[axis]) return;
      const [lower, upper] = bounds(slots[axis].range, values);
      const outside = given.array.values.findIndex((x) => !(x >= lower && x <= upper));
      if (outside < 0) return;
      const { name } = given.binding.arrays.find((a) => a.array === subscript.array)!;
      found.set(`${subscript.array} ${node.array} ${axis}`, {
        severity: "error", code: "Q270", message: `entry ${outside + 1} of \`${name}\` is ${given.array.values[outside]}, and the slot of \`${node.array}\` in which it stands runs from ${lower} to ${upper}`,
        labels: [{ span: given.binding.span, message: "" }], help: "integers that stand in a slot count from 1", arguments: { array: subscript.array },
      });
    });
  });
  for (const { origin } of program.arrays) if (origin.kind === "definition") look(origin.body);
  for (const { left, right } of program.constraints) [left, right].forEach(look);
  return [...found.values()];
}

/** A source with its arguments at these parameters. */
export function requestOf(program: Program, binding: DataBinding, parameters: Readonly<Record<string, number>>): DataRequest {
  const entry = (array: string): number => { throw new Error(`internal: an argument of ${binding.source} reads ${array}`); };
  const given: SourceArguments = Object.fromEntries(Object.entries(binding.arguments).map(([name, value]) => [name, typeof value === "string" ? value : evaluate(value, { parameters, entry })]));
  return { source: binding.source, arguments: given, arrays: binding.arrays.map(({ array, name }) => ({ name, axes: findArray(program, array).slots.length })) };
}

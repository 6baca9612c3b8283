/** Sizes for given parameter values, before anything is allocated: whole numbers, not negative, and within a budget of memory. */
import type { Diagnostic, Label } from "../../grammar/diagnostic.ts";
import { bounds } from "../ir/evaluate.ts";
import { visit } from "../ir/expression.ts";
import type { Expression } from "../ir/expression.ts";
import { arrayLength } from "../ir/layout.ts";
import { inline } from "../ir/inline.ts";
import { ops } from "../library/ops/index.ts";
import type { ArrayDeclaration, Program } from "../ir/program.ts";

export interface SizeOptions {
  /** Most bytes that all arrays of a model may take together; 4 GiB if not given. */
  readonly budget?: number;
}

export interface ArraySize { readonly array: ArrayDeclaration; readonly extents: readonly number[]; readonly bytes: number }

/**
 * Q300 for ranges whose length is no whole number or negative (or zero, for a state), Q301 when the arrays (float64, ordered slots packed)
 * exceed the budget, Q302 for a subscript that leaves its array. Empty when the model can be made for these parameters. Missing parameters have their defaults.
 */
export function checkSizes(program: Program, parameters: Readonly<Record<string, number>> = {}, options: SizeOptions = {}): readonly Diagnostic[] {
  const values = { ...Object.fromEntries(program.parameters.map((p) => [p.name, p.default])), ...parameters };
  const at = program.parameters.map((p) => `${p.name} = ${values[p.name]}`).join(", ");
  const labels: Label[] = [];
  const measured: ArraySize[] = [];
  for (const array of program.arrays) {
    const extents = array.slots.map((s) => extentOf(s.range, values));
    const wrong = extents.findIndex((n) => !Number.isInteger(n) || n < (array.origin.kind === "state" ? 1 : 0));
    if (wrong >= 0) labels.push({ span: array.span, message: `slot ${wrong + 1} of \`${array.name}\` would have ${extents[wrong]} values` });
    else measured.push({ array, extents, bytes: 8 * arrayLength(array.slots, extents) });
  }
  if (labels.length > 0) {
    return [{ severity: "error", code: "Q300", message: `the sizes of \`${program.model}\` are no counts at ${at}`, labels, help: "sizes are whole numbers, at least 1 for states", arguments: { model: program.model } }];
  }
  const outside = entriesOutside(program, values);
  if (outside.length > 0) {
    return [{ severity: "error", code: "Q302", message: `\`${program.model}\` reads an entry that does not exist at ${at}`, labels: outside, help: "a size is too small, or a shift too large, for the subscripts as they are written", arguments: { model: program.model } }];
  }
  const budget = options.budget ?? 4 * 2 ** 30;
  const total = measured.reduce((sum, m) => sum + m.bytes, 0);
  if (total <= budget) return [];
  const largest = measured.filter((m) => m.array.slots.length > 0).sort((a, b) => b.bytes - a.bytes);
  return [{
    severity: "error", code: "Q301", message: `\`${program.model}\` needs ${memoryText(total)} at ${at}: more than ${memoryText(budget)}`,
    labels: largest.map((m) => ({ span: m.array.span, message: `\`${m.array.name}\`: ${shapeText(m)} numbers, ${memoryText(m.bytes)}` })),
    help: "choose a smaller size", arguments: { model: program.model, bytes: total },
  }];
}

/**
 * Reads that leave their array at these values: `w[5]` of four entries, or a shift by a parameter that is negative. What can be decided
 * for all sizes (at least 1) was decided by the check of the model.
 */
function entriesOutside(program: Program, values: Readonly<Record<string, number>>): readonly Label[] {
  const arrays = new Map(program.arrays.map((a) => [a.name, a]));
  const labels: Label[] = [];
  // A derived size in a subscript is written out.
  const written = (e: Expression): Expression => inline(e, program, (a) => a.status === "parameter" && a.slots.length === 0);
  const look = (root: Expression, span: Label["span"]): void => visit(root, (e) => {
    if (e.kind !== "read") return;
    const array = arrays.get(e.array);
    e.subscripts.forEach((s, k) => {
      const slot = array?.slots[k];
      const found = slot && intervalOf(written(s), values);
      if (!slot || !found || slot.periodic) return;
      const [lower, upper] = bounds(slot.range, values);
      if (found[0] >= lower && found[1] <= upper) return;
      const text = found[0] === found[1] ? `subscript ${found[0]}` : `subscripts ${found[0]}..${found[1]}`;
      labels.push({ span, message: `${text} of \`${e.array}\`, which has ${lower}..${upper}` });
    });
  });
  for (const a of program.arrays) {
    if (a.origin.kind === "definition") look(a.origin.body, a.span);
    if (a.origin.kind === "state" && a.origin.initial?.kind === "value") look(a.origin.initial.body, a.span);
  }
  for (const c of program.constraints) for (const side of [c.left, c.right]) look(side, c.span);
  return labels;
}

/** Between which values a subscript lies; `undefined` where that isn't known (entries of arrays), or where an index has no values at all. */
function intervalOf(e: Expression, values: Readonly<Record<string, number>>): readonly [number, number] | undefined {
  switch (e.kind) {
    case "constant": return [e.value, e.value];
    case "parameter": return [values[e.name]!, values[e.name]!];
    case "index": {
      const [lower, upper] = bounds(e.index.range, values);
      return lower <= upper ? [lower, upper] : undefined;
    }
    case "apply": {
      const arguments_ = e.arguments.map((a) => intervalOf(a, values));
      const [x, y] = arguments_;
      if (arguments_.includes(undefined)) return undefined;
      if (arguments_.every((a) => a![0] === a![1])) {
        const value = ops[e.operator].value(...arguments_.map((a) => a![0]));
        return [value, value];
      }
      if (e.operator === "add") return [x![0] + y![0], x![1] + y![1]];
      if (e.operator === "sub") return [x![0] - y![1], x![1] - y![0]];
      if (e.operator === "neg") return [-x![1], -x![0]];
      if (e.operator === "mod") return [0, y![1] - 1];
      if (e.operator === "mul") {
        const products = x!.flatMap((a) => y!.map((b) => a * b));
        return [Math.min(...products), Math.max(...products)];
      }
      return undefined;
    }
    default: return undefined;
  }
}

function extentOf(range: ArrayDeclaration["slots"][number]["range"], values: Readonly<Record<string, number>>): number {
  const [lower, upper] = bounds(range, values);
  return upper - lower + 1;
}

/** Extents and bytes of each array of a model whose sizes are counts at these values. */
export function arraySizes(program: Program, parameters: Readonly<Record<string, number>>): readonly ArraySize[] {
  return program.arrays.map((array) => {
    const extents = array.slots.map((s) => extentOf(s.range, parameters));
    return { array, extents, bytes: 8 * arrayLength(array.slots, extents) };
  });
}

/** `100 × 100 × 100`, and how many are stored of ordered slots. */
export function shapeText({ array, extents, bytes }: ArraySize): string {
  const text = extents.join(" × ");
  return array.slots.some((s) => s.order) ? `${bytes / 8} of ${text}` : text;
}

/** Bytes in the largest binary unit of which there is at least one. */
export function memoryText(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${amount >= 1e6 ? amount.toPrecision(3) : Number(amount.toPrecision(3))} ${units[power]}`;
}

/** The binary format of WebAssembly modules (core specification 2.0, section 5): numbers, vectors, sections. */

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    out.push(rest > 0 ? low | 128 : low);
  } while (rest > 0);
  return out;
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): number[] {
  const out: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    if ((rest === 0 && !(low & 64)) || (rest === -1 && (low & 64) !== 0)) return [...out, low];
    out.push(low | 128);
  }
}

export const float64 = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];
export const text = (value: string): number[] => {
  const utf8 = [...new TextEncoder().encode(value)];
  return [...unsigned(utf8.length), ...utf8];
};
/** A count and the items. */
export const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content];

export const valueType = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueType;

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  /** Of a function that others call. */
  readonly result?: ValueType;
  /** Whether only functions of the module call it. */
  readonly internal?: true;
  /** Instructions without the final `end`. */
  readonly code: readonly number[];
}

/** A function that a module imports from `quench` under its own name, such as `Math.sin`. */
export interface ImportedFunction { readonly name: string; readonly parameters: readonly ValueType[]; readonly result?: ValueType }

/**
 * A module that imports its memory as `quench.memory` and `imported`, which have the first function numbers, and has `functions` after
 * them; those without a result are exported, if they are not internal.
 */
export function moduleBytes(functions: readonly WasmFunction[], imported: readonly ImportedFunction[] = []): Uint8Array {
  const types = [
    ...[...imported, ...functions].map((f) => [0x60, ...vector(f.parameters.map((t) => [valueType[t]])), ...vector(f.result ? [[valueType[f.result]]] : [])]),
  ];
  const imports = [
    [...text("quench"), ...text("memory"), 0x02, 0x00, ...unsigned(1)],
    ...imported.map(({ name }, k) => [...text("quench"), ...text(name), 0x00, ...unsigned(k)]),
  ];
  const bodies = functions.map((f) => {
    const body = [...vector(runs(f.locals).map(([count, t]) => [...unsigned(count), valueType[t]])), ...f.code, 0x0b];
    return [...unsigned(body.length), ...body];
  });
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector(types)),
    ...section(2, vector(imports)),
    ...section(3, vector(functions.map((_, k) => unsigned(imported.length + k)))),
    ...section(7, vector(functions.flatMap((f, k) => (f.result || f.internal ? [] : [[...text(f.name), 0x00, ...unsigned(imported.length + k)]])))),
    ...section(10, vector(bodies)),
  ]);
}

/** Locals are declared as runs of one type. */
function runs(locals: readonly ValueType[]): readonly (readonly [number, ValueType])[] {
  const out: [number, ValueType][] = [];
  for (const type of locals) {
    const last = out.at(-1);
    if (last?.[1] === type) last[0]++;
    else out.push([1, type]);
  }
  return out;
}

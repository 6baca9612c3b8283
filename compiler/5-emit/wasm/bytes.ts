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

export const valueType = { i32: 0x7f, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof valueType;

/** A call of an imported function: `at` is where its index stands in the code. */
export interface ImportedCall { readonly name: string; readonly arity: number; readonly at: number }
/** Room for a function index: LEB128 padded to five bytes, as linkers write it. */
export const unfilledIndex: readonly number[] = [0x80, 0x80, 0x80, 0x80, 0x00];
const filledIndex = (index: number): readonly number[] => unfilledIndex.map((byte, k) => byte | ((index >>> (7 * k)) & 0x7f));

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  /** Instructions without the final `end`. */
  readonly code: readonly number[];
  readonly calls: readonly ImportedCall[];
}

/**
 * A module of exported functions without results that imports its memory as `quench.memory`, and what they call, functions of float64
 * numbers, under their own names such as `quench.Math.exp`.
 */
export function moduleBytes(functions: readonly WasmFunction[]): Uint8Array {
  const imported = [...new Map(functions.flatMap((f) => f.calls).map((c) => [c.name, c.arity]))];
  const index = new Map(imported.map(([name], k) => [name, k]));
  const types = [
    ...functions.map((f) => [0x60, ...vector(f.parameters.map((t) => [valueType[t]])), 0]),
    ...imported.map(([, arity]) => [0x60, ...vector(Array.from({ length: arity }, () => [valueType.f64])), ...vector([[valueType.f64]])]),
  ];
  const imports = [
    [...text("quench"), ...text("memory"), 0x02, 0x00, ...unsigned(1)],
    ...imported.map(([name], k) => [...text("quench"), ...text(name), 0x00, ...unsigned(functions.length + k)]),
  ];
  const bodies = functions.map((f) => {
    const code = [...f.code];
    for (const { name, at } of f.calls) filledIndex(index.get(name)!).forEach((byte, k) => (code[at + k] = byte));
    const body = [...vector(runs(f.locals).map(([count, t]) => [...unsigned(count), valueType[t]])), ...code, 0x0b];
    return [...unsigned(body.length), ...body];
  });
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector(types)),
    ...section(2, vector(imports)),
    ...section(3, vector(functions.map((_, k) => unsigned(k)))),
    ...section(7, vector(functions.map((f, k) => [...text(f.name), 0x00, ...unsigned(imported.length + k)]))),
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

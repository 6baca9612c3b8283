/** The loops of `fieldKernels.ts` as WASM SIMD code, written here when they are first asked for. */
import { optimisedModule, webAssembly } from "../backends/webAssembly.ts";
import type { WasmModule } from "../backends/webAssembly.ts";
import { tanh } from "../vectorMath/tanh.ts";
import { moduleBytes, unsigned } from "../webassembly/bytes.ts";
import type { WasmFunction } from "../webassembly/bytes.ts";
import { FunctionWriter, opcode } from "../webassembly/functionWriter.ts";
import { simd } from "../webassembly/simd.ts";
import { VectorBuilder } from "../webassembly/vectorFunction.ts";
import type { Node } from "../webassembly/vectorFunction.ts";
import { evenStride, LARGEST_FIELD } from "./fieldKernels.ts";
import type { FieldArrays, FieldKernels } from "./fieldKernels.ts";

interface Functions {
  readonly contribute: (rows: number, columns: number, messages: number, added: number) => void;
  readonly gather: (rows: number, columns: number, messages: number, totals: number, coefficients: number, cavity: number, means: number, variances: number) => void;
  readonly send: (rows: number, columns: number, by: number, messages: number, added: number, coefficients: number, cavity: number, slopes: number, curvatures: number, largest: number) => void;
}

const PAGE = 65536;
const MOST_PAGES = 65536;
let made: WasmModule | undefined | "none";

/** Undefined where the engine has no SIMD, or the arrays no room in its memory. */
export function vectorFieldKernels(rows: number, variables: number): FieldKernels | undefined {
  made ??= compiled() ?? "none";
  const stride = evenStride(variables);
  const pages = Math.ceil((8 * (3 * rows * stride + 4 * (rows + 1) + 2 * stride + 2)) / PAGE);
  if (made === "none" || pages > MOST_PAGES) return undefined;
  const memory = new webAssembly.Memory({ initial: pages, maximum: pages });
  const { contribute, gather, send } = new webAssembly.Instance(made, { quench: { memory } }).exports as unknown as Functions;
  let end = 16;
  const array = (length: number): Float64Array => {
    const place = end;
    // Vectors begin at multiples of 16 bytes.
    end += 16 * Math.ceil(length / 2);
    return new Float64Array(memory.buffer, place, length);
  };
  const arrays: FieldArrays = {
    rows, stride, messages: array(rows * stride), coefficients: array(rows * stride), cavity: array(rows * stride),
    means: array(rows), variances: array(rows), slopes: array(rows), curvatures: array(rows), totals: array(stride), added: array(stride),
  };
  const largest = new Float64Array(memory.buffer, 0, 2);
  const at = (name: Exclude<keyof FieldArrays, "rows" | "stride">): number => arrays[name].byteOffset;
  return {
    ...arrays,
    contribute: () => { contribute(rows, stride, at("messages"), at("added")); },
    gather: () => { gather(rows, stride, at("messages"), at("totals"), at("coefficients"), at("cavity"), at("means"), at("variances")); },
    send: (by) => {
      send(rows, stride, by, at("messages"), at("added"), at("coefficients"), at("cavity"), at("slopes"), at("curvatures"), 0);
      return Math.max(largest[0], largest[1]);
    },
  };
}

function compiled(): WasmModule | undefined {
  const bytes = moduleBytes([contribute(), gather(), send()]);
  return webAssembly.validate(bytes) ? optimisedModule(bytes) : undefined;
}

/** A function under construction: its parameters are rows and columns, then `reals` numbers, then pointers. */
interface Construction { readonly f: FunctionWriter; readonly b: VectorBuilder; readonly pointers: readonly number[] }

function construct(name: string, reals: number, pointers: number, write: (construction: Construction) => void): WasmFunction {
  const f = new FunctionWriter(["i32", "i32", ...Array.from({ length: reals }, () => "f64" as const), ...Array.from({ length: pointers }, () => "i32" as const)]);
  const b = new VectorBuilder({ local: () => f.local("v128"), write: (code) => { f.write(code); } });
  write({ f, b, pointers: Array.from({ length: pointers }, (_, k) => 2 + reals + k) });
  return { name, parameters: f.parameters, locals: f.locals, code: f.code };
}

const ROWS = 0;
const COLUMNS = 1;
const FIRST_REAL = 2;
const get = (local: number): Node => [0x20, ...unsigned(local)];
const load = (pointer: number): Node => [...get(pointer), ...opcode.v128Load, 3, 0];
const loadSplat = (pointer: number): Node => [...get(pointer), ...opcode.load64Splat, 3, 0];
/** The larger, in each lane; not a number where one is none. */
const larger = (x: Node, y: Node): Node => [...x, ...y, ...simd(0xf5)];

function store(f: FunctionWriter, pointer: number, value: Node): void {
  f.get(pointer);
  f.write(value);
  f.memory(opcode.v128Store);
}

function assign(f: FunctionWriter, local: number, value: Node): void {
  f.write(value);
  f.set(local);
}

/** Pointers to what there is for each message, for each variable and for each factor. */
interface Walk { readonly matrices: readonly number[]; readonly columns: readonly number[]; readonly rows: readonly number[] }

/** For each row `before`, `body` for each vector of it with the pointers into the columns, `after`. */
function overRows({ f }: Construction, { matrices, columns, rows }: Walk, body: (columns: readonly number[]) => void, before = (): void => undefined, after = (): void => undefined): void {
  const left = f.local("i32");
  const walking = columns.map(() => f.local("i32"));
  f.get(ROWS);
  f.i32(0);
  f.write(opcode.i32Greater, opcode.if, opcode.loop);
  columns.forEach((pointer, k) => { assign(f, walking[k], get(pointer)); });
  before();
  assign(f, left, get(COLUMNS));
  f.whileLeft(left, 2, () => {
    body(walking);
    for (const pointer of [...matrices, ...walking]) f.advance(pointer, 16);
  });
  after();
  for (const pointer of rows) f.advance(pointer, 8);
  f.repeat(ROWS, 1);
  f.write(opcode.end, opcode.end);
}

const contribute = (): WasmFunction => construct("contribute", 0, 2, (c) => {
  const { f, b, pointers: [messages, added] } = c;
  overRows(c, { matrices: [messages], columns: [added], rows: [] }, ([sum]) => { store(f, sum, b.add(load(sum), load(messages))); });
});

const gather = (): WasmFunction => construct("gather", 0, 6, (c) => {
  const { f, b, pointers: [messages, totals, coefficients, cavity, means, variances] } = c;
  const [mean, variance] = [f.local("v128"), f.local("v128")];
  const addLanes = (pointer: number, sum: number): void => {
    f.get(pointer);
    f.write([...get(pointer), ...opcode.f64Load, 3, 0], get(sum), opcode.lane, [0], get(sum), opcode.lane, [1], opcode.f64Add, opcode.f64Add);
    f.memory(opcode.f64Store);
  };
  overRows(c, { matrices: [messages, coefficients, cavity], columns: [totals], rows: [means, variances] }, ([total]) => {
    const m = b.keep(b.call(tanh, b.keep(b.sub(load(total), load(messages)))));
    const coefficient = b.keep(load(coefficients));
    store(f, cavity, m);
    assign(f, mean, b.add(get(mean), b.mul(coefficient, m)));
    assign(f, variance, b.add(get(variance), b.mul(b.mul(coefficient, coefficient), b.sub(b.constant(1), b.mul(m, m)))));
  }, () => {
    for (const sum of [mean, variance]) assign(f, sum, b.constant(0));
  }, () => {
    addLanes(means, mean);
    addLanes(variances, variance);
  });
});

const send = (): WasmFunction => construct("send", 1, 7, (c) => {
  const { f, b, pointers: [messages, added, coefficients, cavity, slopes, curvatures, largest] } = c;
  const [by, slope, curvature, most] = [f.local("v128"), f.local("v128"), f.local("v128"), f.local("v128")];
  assign(f, by, [...get(FIRST_REAL), ...opcode.splat]);
  overRows(c, { matrices: [messages, coefficients, cavity], columns: [added], rows: [slopes, curvatures] }, ([sum]) => {
    const coefficient = b.keep(load(coefficients));
    const wanted = b.sub(b.mul(coefficient, get(slope)), b.mul(b.mul(b.mul(coefficient, coefficient), load(cavity)), get(curvature)));
    // Written so that what is not a number stays so.
    const bounded = b.greater(b.lesser(b.keep(wanted), b.constant(LARGEST_FIELD)), b.constant(-LARGEST_FIELD));
    const message = b.keep(load(messages));
    const change = b.keep(b.mul(get(by), b.sub(bounded, message)));
    store(f, messages, b.add(message, change));
    store(f, sum, b.add(load(sum), change));
    assign(f, most, larger(get(most), b.abs(change)));
  }, () => {
    assign(f, slope, loadSplat(slopes));
    assign(f, curvature, loadSplat(curvatures));
  });
  store(f, largest, get(most));
});

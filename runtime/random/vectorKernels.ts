/**
 * The streams' arithmetic as WASM SIMD code: four Philox blocks at a time in lanes of 32 bits, then pairs of float64. It does the very
 * operations of `philox`, `openUniforms`, `boxMuller` and `attempts` in their order, so that it gives the same bits; the tests compare them.
 * The module is written here, in a millisecond, when long arrays are first asked for; without SIMD the TypeScript forms go on.
 */
import { optimisedModule, webAssembly } from "../backends/webAssembly.ts";
import { moduleBytes, signed } from "../webassembly/bytes.ts";
import type { WasmFunction } from "../webassembly/bytes.ts";
import { FunctionWriter, opcode } from "../webassembly/functionWriter.ts";
import { VectorBuilder } from "../webassembly/vectorFunction.ts";
import type { Node } from "../webassembly/vectorFunction.ts";
import { COSINE, LOG_2_HIGH, LOG_2_LOW, LOGARITHM, SINE } from "../vectorMath/polynomials.ts";

/** Numbers that one call makes at most: two arrays of them are in the module's memory. */
export const MOST_NUMBERS = 2048;
const FIRST = 16;
const SECOND = FIRST + 8 * MOST_NUMBERS;

type Counter = readonly [c0: number, c1: number, c2: number, c3: number, key0: number, key1: number];

export interface VectorKernels {
  /** Fill `first` (and `attempts` also `second`) from blocks c0, c0 + 1, …; `groups` of four blocks. */
  readonly uniforms: (groups: number, ...counter: Counter) => void;
  readonly normals: (groups: number, ...counter: Counter) => void;
  readonly attempts: (groups: number, sites: number, temperature: number, ...counter: Counter) => void;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

let made: VectorKernels | undefined | "none";

/** Undefined where the engine has no SIMD. */
export function vectorKernels(): VectorKernels | undefined {
  if (made === undefined) made = make() ?? "none";
  return made === "none" ? undefined : made;
}

function make(): VectorKernels | undefined {
  const bytes = moduleBytes([uniforms(), normals(), attempts()]);
  if (!webAssembly.validate(bytes)) return undefined;
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new webAssembly.Instance(optimisedModule(bytes), { quench: { memory } });
  return { ...(exports as unknown as Pick<VectorKernels, "uniforms" | "normals" | "attempts">), first: new Float64Array(memory.buffer, FIRST, MOST_NUMBERS), second: new Float64Array(memory.buffer, SECOND, MOST_NUMBERS) };
}

interface Blocks { readonly b: VectorBuilder; readonly f: FunctionWriter; readonly words: readonly [Node, Node, Node, Node]; readonly pointer: number; readonly reals: readonly number[] }

/** A loop over groups of four blocks; `body` gets their words, word k of the four blocks in one vector. */
function overBlocks(name: string, reals: number, bytesAGroup: number, body: (blocks: Blocks) => void): WasmFunction {
  const f = new FunctionWriter(["i32", ...Array.from({ length: reals }, () => "f64" as const), ...Array.from({ length: 6 }, () => "i32" as const)]);
  const b = new VectorBuilder({ local: () => f.local("v128"), write: (code) => f.write(code) });
  const get = (local: number): Node => [0x20, local];
  const parameter = (k: number): Node => get(1 + reals + k);
  const splat = (x: Node): Node => [...x, 0xfd, 0x11];
  const [c0, c1, c2, c3] = [0, 1, 2, 3].map(() => f.local("v128"));
  const pointer = f.local("i32");
  // Lane l counts from c0 + l.
  f.write(splat(parameter(0)), [0xfd, 0x0c, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0], [0xfd, 0xae, 0x01]);
  f.set(c0!);
  for (const [k, local] of [c1!, c2!, c3!].entries()) {
    f.write(splat(parameter(1 + k)));
    f.set(local);
  }
  const keys = roundKeys((k, increment) => b.keep(splat([...parameter(4 + k), 0x41, ...signed(increment), ...opcode.i32Add])));
  f.i32(FIRST);
  f.set(pointer);
  f.write(opcode.loop);
  body({ b, f, words: rounds(b, [c0!, c1!, c2!, c3!].map(get), keys), pointer, reals: Array.from({ length: reals }, (_, k) => 1 + k) });
  f.write(b.addWords(get(c0!), [0xfd, 0x0c, ...[4, 4, 4, 4].flatMap((n) => [n, 0, 0, 0])]));
  f.set(c0!);
  f.get(pointer);
  f.i32(bytesAGroup);
  f.write(opcode.i32Add);
  f.set(pointer);
  f.get(0);
  f.i32(1);
  f.write(opcode.i32Sub);
  f.tee(0);
  f.branchIf(0);
  f.write(opcode.end);
  return { name, parameters: f.parameters, locals: f.locals, code: f.code };
}

const WEYL = [0x9e3779b9, 0xbb67ae85] as const;

/** The two keys of each of the ten rounds. */
const roundKeys = (key: (k: 0 | 1, increment: number) => Node): readonly (readonly [Node, Node])[] =>
  Array.from({ length: 10 }, (_, round) => [key(0, Math.imul(round, WEYL[0])), key(1, Math.imul(round, WEYL[1]))] as const);

const wordConstant = (word: number): Node => {
  const bytes = [...new Uint8Array(Int32Array.of(word | 0).buffer)];
  return [0xfd, 0x0c, ...bytes, ...bytes, ...bytes, ...bytes];
};

function rounds(b: VectorBuilder, counter: readonly Node[], keys: readonly (readonly [Node, Node])[]): readonly [Node, Node, Node, Node] {
  let [x0, x1, x2, x3] = counter as [Node, Node, Node, Node];
  const [m0, m1] = [wordConstant(0xd2511f53), wordConstant(0xcd9e8d57)];
  for (const [key0, key1] of keys) {
    const [low0, high0] = [b.keep(b.multiplyLow(x0, m0)), b.keep(b.multiplyHigh(x0, m0))];
    const [low2, high2] = [b.keep(b.multiplyLow(x2, m1)), b.keep(b.multiplyHigh(x2, m1))];
    const upper = (low: Node, high: Node): Node => b.words(low, high, [1, 3, 5, 7]);
    const next0 = b.keep(b.xor(b.xor(upper(low2, high2), x1), key0));
    const next2 = b.keep(b.xor(b.xor(upper(low0, high0), x3), key1));
    // The lower words by products of 32 bits: shuffles are what this loop has too many of.
    x1 = b.keep(b.multiplyWords(x2, m1));
    x3 = b.keep(b.multiplyWords(x0, m0));
    [x0, x2] = [next0, next2];
  }
  return [x0, x1, x2, x3];
}

/** Blocks 0 and 1, or 2 and 3, with `upper` as the upper halves of 64 bits. */
const sixtyFour = (b: VectorBuilder, upper: Node, lower: Node, half: 0 | 1): Node => b.words(lower, upper, half === 0 ? [0, 4, 1, 5] : [2, 6, 3, 7]);

/** As `openUniforms`: 52 bits k of the 64 give (2 k + 1) 2^-53, through 1 + k 2^-52. */
const openUniform = (b: VectorBuilder, bits: Node): Node =>
  b.sub(b.or(b.shiftRight(bits, 12), b.constant(1)), b.constant(1 - 2 ** -53));

/** −log u for u in (0, 1), in the operations of `boxMuller`. */
function minusLog(b: VectorBuilder, u: Node): Node {
  // sqrt(1/2) to 32 bits: where the significand is below it, it is doubled.
  const threshold = b.bits(0x3504f334 << 21, 0x3fe00000 | (0x3504f334 >>> 11));
  const relative = b.keep(b.subIntegers(u, threshold));
  const significand = b.addIntegers(b.and(relative, b.bits(-1, 0x000fffff)), threshold);
  const biased = b.or(b.shiftRight(b.addIntegers(relative, b.bits(0, 0x40000000)), 52), b.bits(0, 0x43300000));
  const exponent = b.keep(b.sub(b.constant(2 ** 52 + 1024), biased));
  const f = b.keep(b.sub(significand, b.constant(1)));
  const s = b.keep(b.div(f, b.add(b.constant(2), f)));
  const s2 = b.keep(b.mul(s, s));
  const s4 = b.keep(b.mul(s2, s2));
  const [l1, l2, l3, l4, l5, l6, l7] = LOGARITHM.map((c) => b.constant(c)) as [Node, Node, Node, Node, Node, Node, Node];
  const even = b.mul(s4, b.add(l2, b.mul(s4, b.add(l4, b.mul(s4, l6)))));
  const odd = b.mul(s2, b.add(l1, b.mul(s4, b.add(l3, b.mul(s4, b.add(l5, b.mul(s4, l7)))))));
  const halfSquare = b.keep(b.mul(b.mul(b.constant(0.5), f), f));
  const inner = b.sub(b.mul(s, b.add(halfSquare, b.add(even, odd))), b.mul(exponent, b.constant(LOG_2_LOW)));
  return b.add(b.mul(exponent, b.constant(LOG_2_HIGH)), b.sub(b.sub(halfSquare, inner), f));
}

const store = (f: FunctionWriter, pointer: number, offset: number, value: Node): void => {
  f.get(pointer);
  f.write(value);
  f.memory(opcode.v128Store, offset);
};
/** Two pairs as they stand in the output: (x0, y0, x1, y1). */
function storePairs(f: FunctionWriter, b: VectorBuilder, pointer: number, offset: number, x: Node, y: Node): void {
  store(f, pointer, offset, b.words(x, y, [0, 1, 4, 5]));
  store(f, pointer, offset + 16, b.words(x, y, [2, 3, 6, 7]));
}

const halves = [0, 1] as const;

const uniforms = (): WasmFunction => overBlocks("uniforms", 0, 64, ({ b, f, words: [w0, w1, w2, w3], pointer }) => {
  for (const half of halves) {
    const [u, v] = [b.keep(openUniform(b, sixtyFour(b, w0, w1, half))), b.keep(openUniform(b, sixtyFour(b, w2, w3, half)))];
    storePairs(f, b, pointer, 32 * half, u, v);
  }
});

const normals = (): WasmFunction => overBlocks("normals", 0, 64, ({ b, f, words: [w0, w1, w2, w3], pointer }) => {
  for (const half of halves) {
    const u = b.keep(openUniform(b, sixtyFour(b, w0, w1, half)));
    const radius = b.keep(b.sqrt(b.mul(b.constant(2), minusLog(b, u))));
    const v = b.keep(openUniform(b, sixtyFour(b, w2, w3, half)));
    const quadrant = b.keep(b.floor(b.add(b.mul(b.constant(4), v), b.constant(0.5))));
    const x = b.keep(b.mul(b.sub(v, b.mul(b.constant(0.25), quadrant)), b.constant(6.283185307179586)));
    const x2 = b.keep(b.mul(x, x));
    const horner = (c: readonly number[]): Node => c.slice(0, -1).reduceRight((sum, value) => b.add(b.constant(value), b.mul(x2, sum)), b.constant(c.at(-1)!));
    const sine = b.keep(b.add(x, b.mul(b.mul(x2, x), horner(SINE))));
    const quartic = horner(COSINE);
    const halfX2 = b.keep(b.mul(b.constant(0.5), x2));
    const main = b.keep(b.sub(b.constant(1), halfX2));
    const cosine = b.keep(b.add(main, b.add(b.sub(b.sub(b.constant(1), main), halfX2), b.mul(b.mul(x2, x2), quartic))));
    const whole = b.keep(b.add(quadrant, b.constant(2 ** 52)));
    const odd = b.keep(b.mul(b.constant(0.5), quadrant));
    const swapped = b.keep(b.unequal(odd, b.floor(odd)));
    const turned = (magnitude: Node, count: Node): Node => b.xor(magnitude, b.shiftLeft(b.and(count, b.bits(2, 0)), 62));
    const cosineOut = b.keep(b.mul(radius, turned(b.choose(swapped, sine, cosine), b.addIntegers(whole, b.bits(1, 0)))));
    const sineOut = b.keep(b.mul(radius, turned(b.choose(swapped, cosine, sine), whole)));
    storePairs(f, b, pointer, 32 * half, cosineOut, sineOut);
  }
});

const attempts = (): WasmFunction => overBlocks("attempts", 2, 64, ({ b, f, words: [w0, w1, w2, w3], pointer, reals }) => {
  const splat = (local: number): Node => [0x20, local, ...opcode.splat];
  const [count, temperature] = [splat(reals[0]!), splat(reals[1]!)];
  for (const half of halves) for (const block of halves) {
    // Words 0 and 2 of one block choose the sites, 1 and 3 the thresholds of its two attempts.
    const lane = 2 * half + block;
    const sites = b.fromWords(b.words(w0, w2, [lane, 4 + lane, lane, 4 + lane]));
    const u = b.keep(b.mul(b.add(b.mul(b.fromWords(b.words(w1, w3, [lane, 4 + lane, lane, 4 + lane])), b.constant(2)), b.constant(1)), b.constant(2 ** -33)));
    store(f, pointer, 16 * lane, b.floor(b.mul(b.mul(sites, count), b.constant(2 ** -32))));
    store(f, pointer, SECOND - FIRST + 16 * lane, b.mul(temperature, minusLog(b, u)));
  }
});

/**
 * The streams' arithmetic as WASM SIMD code: four Philox blocks at a time in lanes of 32 bits, then, in a loop of its own, pairs of float64. It does the
 * very operations of `philox`, `openUniforms`, `boxMuller` and `attempts` in their order, or such as are exact, so that it gives the same bits; the tests compare them.
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

/** What the module exports: the words of so many groups, and what is made of them. */
interface Made {
  readonly blocks: (groups: number, ...counter: Counter) => void;
  readonly uniforms: (groups: number) => void;
  readonly normals: (groups: number) => void;
  readonly attempts: (groups: number, sites: number, temperature: number) => void;
}

let made: VectorKernels | undefined | "none";

/** Undefined where the engine has no SIMD. */
export function vectorKernels(): VectorKernels | undefined {
  if (made === undefined) made = make() ?? "none";
  return made === "none" ? undefined : made;
}

function make(): VectorKernels | undefined {
  const bytes = moduleBytes([blocks(), uniforms(), normals(), attempts()]);
  if (!webAssembly.validate(bytes)) return undefined;
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new webAssembly.Instance(optimisedModule(bytes), { quench: { memory } });
  const made = exports as unknown as Made;
  return {
    uniforms: (groups, ...counter) => {
      made.blocks(groups, ...counter);
      made.uniforms(groups);
    },
    normals: (groups, ...counter) => {
      made.blocks(groups, ...counter);
      made.normals(groups);
    },
    attempts: (groups, sites, temperature, ...counter) => {
      made.blocks(groups, ...counter);
      made.attempts(groups, sites, temperature);
    },
    first: new Float64Array(memory.buffer, FIRST, MOST_NUMBERS), second: new Float64Array(memory.buffer, SECOND, MOST_NUMBERS),
  };
}

type Words = readonly [Node, Node, Node, Node];

/** Groups of one turn: the rounds of one wait for each other's results, those of another fill the time. */
const GROUPS = 2;
const GROUP_BYTES = 64;

const get = (local: number): Node => [0x20, local];

/** Steps of `groups` (parameter 0) that are counted down, so many a turn, with a pointer that starts at `first`. */
function turns(f: FunctionWriter, groupsPerTurn: number, body: (pointer: number) => void): void {
  const pointer = f.local("i32");
  f.i32(FIRST);
  f.set(pointer);
  f.write(opcode.loop);
  body(pointer);
  f.advance(pointer, GROUP_BYTES * groupsPerTurn);
  f.get(0);
  f.i32(groupsPerTurn);
  f.write(opcode.i32Sub);
  f.tee(0);
  f.i32(0);
  f.write(opcode.i32Greater);
  f.branchIf(0);
  f.write(opcode.end);
}

/**
 * The words of groups of four blocks, word k of the four blocks in one vector, to `first`: GROUPS of them a turn, so that what is behind the last
 * group may be written too.
 */
function blocks(): WasmFunction {
  const f = new FunctionWriter(Array.from({ length: 7 }, () => "i32" as const));
  const b = new VectorBuilder({ local: () => f.local("v128"), write: (code) => f.write(code) });
  const parameter = (k: number): Node => get(1 + k);
  const splat = (x: Node): Node => [...x, 0xfd, 0x11];
  const [c0, c1, c2, c3] = [0, 1, 2, 3].map(() => f.local("v128"));
  // Lane l counts from c0 + l.
  f.write(splat(parameter(0)), [0xfd, 0x0c, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0], [0xfd, 0xae, 0x01]);
  f.set(c0!);
  for (const [k, local] of [c1!, c2!, c3!].entries()) {
    f.write(splat(parameter(1 + k)));
    f.set(local);
  }
  const keys = roundKeys((k, increment) => b.keep(splat([...parameter(4 + k), 0x41, ...signed(increment), ...opcode.i32Add])));
  turns(f, GROUPS, (pointer) => {
    const counters = Array.from({ length: GROUPS }, (_, group): Words => [group === 0 ? get(c0!) : b.keep(b.addWords(get(c0!), wordConstant(4 * group))), get(c1!), get(c2!), get(c3!)]);
    rounds(b, counters, keys).forEach((words, group) => { words.forEach((word, k) => { store(f, pointer, GROUP_BYTES * group + 16 * k, word); }); });
    f.write(b.addWords(get(c0!), wordConstant(4 * GROUPS)));
    f.set(c0!);
  });
  return { name: "blocks", parameters: f.parameters, locals: f.locals, code: f.code };
}

interface Group { readonly b: VectorBuilder; readonly f: FunctionWriter; readonly words: Words; readonly pointer: number; readonly reals: readonly number[] }

/** What is made of the words of each group, in their place. A loop of its own: beside the rounds it would not find registers. */
function conversion(name: string, reals: number, body: (group: Group) => void): WasmFunction {
  const f = new FunctionWriter(["i32", ...Array.from({ length: reals }, () => "f64" as const)]);
  const b = new VectorBuilder({ local: () => f.local("v128"), write: (code) => f.write(code) });
  turns(f, 1, (pointer) => {
    const [w0, w1, w2, w3] = [0, 1, 2, 3].map((k) => b.keep([...get(pointer), ...opcode.v128Load, 3, 16 * k]));
    body({ b, f, words: [w0!, w1!, w2!, w3!], pointer, reals: Array.from({ length: reals }, (_, k) => 1 + k) });
  });
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

/** The ten rounds of each of the counters, side by side. */
function rounds(b: VectorBuilder, counters: readonly Words[], keys: readonly (readonly [Node, Node])[]): readonly Words[] {
  const [m0, m1] = [wordConstant(0xd2511f53), wordConstant(0xcd9e8d57)];
  const upper = (low: Node, high: Node): Node => b.words(low, high, [1, 3, 5, 7]);
  let states = counters;
  for (const [key0, key1] of keys) {
    const products = states.map(([x0, , x2]) => ({ low0: b.keep(b.multiplyLow(x0, m0)), high0: b.keep(b.multiplyHigh(x0, m0)), low2: b.keep(b.multiplyLow(x2, m1)), high2: b.keep(b.multiplyHigh(x2, m1)) }));
    states = states.map(([x0, x1, x2, x3], k): Words => {
      const { low0, high0, low2, high2 } = products[k]!;
      const next0 = b.keep(b.xor(b.xor(upper(low2, high2), x1), key0));
      const next2 = b.keep(b.xor(b.xor(upper(low0, high0), x3), key1));
      // The lower words by products of 32 bits: shuffles are what this loop has too many of.
      return [next0, b.keep(b.multiplyWords(x2, m1)), next2, b.keep(b.multiplyWords(x0, m0))];
    });
  }
  return states;
}

/** Blocks 0 and 1, or 2 and 3, with `upper` as the upper halves of 64 bits. */
const sixtyFour = (b: VectorBuilder, upper: Node, lower: Node, half: 0 | 1): Node => b.words(lower, upper, half === 0 ? [0, 4, 1, 5] : [2, 6, 3, 7]);

/** As `openUniforms`: 52 bits k of the 64 give (2 k + 1) 2^-53, through 1 + k 2^-52. */
const openUniform = (b: VectorBuilder, bits: Node): Node =>
  b.sub(b.or(b.shiftRight(bits, 12), b.constant(1)), b.constant(1 - 2 ** -53));

/** One step of a computation for several vectors: side by side they share the constants that the step loads. */
const step = (b: VectorBuilder, count: number, make: (k: number) => Node): readonly Node[] => Array.from({ length: count }, (_, k) => b.keep(make(k)));

/** −log u for numbers u in (0, 1), in the operations of `minusLog.ts`; `doubled`: twice that, with every number on the way doubled, which does not round. */
function minusLogs(b: VectorBuilder, us: readonly Node[], doubled = false): readonly Node[] {
  const times = doubled ? 2 : 1;
  const each = (make: (k: number) => Node): readonly Node[] => step(b, us.length, make);
  // sqrt(1/2) to 32 bits: where the significand is below it, it is doubled.
  const threshold = b.bits(0x3504f334 << 21, 0x3fe00000 | (0x3504f334 >>> 11));
  const relative = each((k) => b.subIntegers(us[k]!, threshold));
  const significand = each((k) => b.addIntegers(b.and(relative[k]!, b.bits(-1, 0x000fffff)), threshold));
  const biased = each((k) => b.or(b.shiftRight(b.addIntegers(relative[k]!, b.bits(0, 0x40000000)), 52), b.bits(0, 0x43300000)));
  const exponent = each((k) => b.sub(b.constant(2 ** 52 + 1024), biased[k]!));
  const f = each((k) => b.sub(significand[k]!, b.constant(1)));
  const s = each((k) => b.div(f[k]!, b.add(b.constant(2), f[k]!)));
  const s2 = each((k) => b.mul(s[k]!, s[k]!));
  const s4 = each((k) => b.mul(s2[k]!, s2[k]!));
  const series = (own: readonly number[], outer: readonly Node[]): readonly Node[] => {
    const inner = own.slice(0, -1).reduceRight<readonly Node[]>((sum, c) => each((k) => b.add(b.constant(times * c), b.mul(s4[k]!, sum[k]!))), us.map(() => b.constant(times * own.at(-1)!)));
    return each((k) => b.mul(outer[k]!, inner[k]!));
  };
  const even = series(LOGARITHM.filter((_, k) => k % 2 === 1), s4);
  const odd = series(LOGARITHM.filter((_, k) => k % 2 === 0), s2);
  const halfSquare = each((k) => (doubled ? b.mul(f[k]!, f[k]!) : b.mul(b.mul(b.constant(0.5), f[k]!), f[k]!)));
  const inner = each((k) => b.sub(b.mul(s[k]!, b.add(halfSquare[k]!, b.add(even[k]!, odd[k]!))), b.mul(exponent[k]!, b.constant(times * LOG_2_LOW))));
  return each((k) => b.add(b.mul(exponent[k]!, b.constant(times * LOG_2_HIGH)), b.sub(b.sub(halfSquare[k]!, inner[k]!), doubled ? b.add(f[k]!, f[k]!) : f[k]!)));
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

const uniforms = (): WasmFunction => conversion("uniforms", 0, ({ b, f, words: [w0, w1, w2, w3], pointer }) => {
  for (const half of halves) {
    const [u, v] = [b.keep(openUniform(b, sixtyFour(b, w0, w1, half))), b.keep(openUniform(b, sixtyFour(b, w2, w3, half)))];
    storePairs(f, b, pointer, 32 * half, u, v);
  }
});

const normals = (): WasmFunction => conversion("normals", 0, ({ b, f, words: [w0, w1, w2, w3], pointer }) => {
  const each = (make: (half: 0 | 1) => Node): readonly Node[] => step(b, halves.length, (k) => make(halves[k]!));
  const u = each((half) => openUniform(b, sixtyFour(b, w0, w1, half)));
  const squares = minusLogs(b, u, true);
  const radius = each((k) => b.sqrt(squares[k]!));
  const v = each((half) => openUniform(b, sixtyFour(b, w2, w3, half)));
  // v = q/4 + r: at 2^50 quarters are the spacing of numbers, and q stands in the lowest bits. No v lies half-way between two.
  const turn = each((k) => b.add(v[k]!, b.constant(2 ** 50)));
  const x = each((k) => b.mul(b.sub(v[k]!, b.sub(turn[k]!, b.constant(2 ** 50))), b.constant(6.283185307179586)));
  const x2 = each((k) => b.mul(x[k]!, x[k]!));
  const horner = (c: readonly number[]): readonly Node[] => c.slice(0, -1).reduceRight<readonly Node[]>((sum, value) => each((k) => b.add(b.constant(value), b.mul(x2[k]!, sum[k]!))), halves.map(() => b.constant(c.at(-1)!)));
  const sineSeries = horner(SINE);
  const sine = each((k) => b.add(x[k]!, b.mul(b.mul(x2[k]!, x[k]!), sineSeries[k]!)));
  const quartic = horner(COSINE);
  const halfX2 = each((k) => b.mul(b.constant(0.5), x2[k]!));
  const main = each((k) => b.sub(b.constant(1), halfX2[k]!));
  const cosine = each((k) => b.add(main[k]!, b.add(b.sub(b.sub(b.constant(1), main[k]!), halfX2[k]!), b.mul(b.mul(x2[k]!, x2[k]!), quartic[k]!))));
  // In odd quadrants the two change places.
  const swapped = each((k) => b.and(b.xor(sine[k]!, cosine[k]!), b.subIntegers(b.bits(0, 0), b.and(turn[k]!, b.bits(1, 0)))));
  const turned = (magnitude: Node, count: Node): Node => b.xor(magnitude, b.shiftLeft(b.and(count, b.bits(2, 0)), 62));
  const cosineOut = each((k) => b.mul(radius[k]!, turned(b.xor(cosine[k]!, swapped[k]!), b.addIntegers(turn[k]!, b.bits(1, 0)))));
  const sineOut = each((k) => b.mul(radius[k]!, turned(b.xor(sine[k]!, swapped[k]!), turn[k]!)));
  for (const half of halves) storePairs(f, b, pointer, 32 * half, cosineOut[half]!, sineOut[half]!);
});

const attempts = (): WasmFunction => conversion("attempts", 2, ({ b, f, words: [w0, w1, w2, w3], pointer, reals }) => {
  const splat = (local: number): Node => [0x20, local, ...opcode.splat];
  const temperature = splat(reals[1]!);
  const perWord = b.keep(b.mul(splat(reals[0]!), b.constant(2 ** -32)));
  // Words 0 and 2 of one block choose the sites, 1 and 3 the thresholds of its two attempts. Scaling by powers of 2 may stand anywhere: it does not round.
  const pairs = (x: Node, y: Node): readonly Node[] => halves.flatMap((half) => {
    const both = b.keep(sixtyFour(b, y, x, half));
    return [b.fromWords(both), b.fromWords(b.words(both, both, [2, 3, 2, 3]))];
  });
  pairs(w0, w2).forEach((word, lane) => { store(f, pointer, 16 * lane, b.floor(b.mul(word, perWord))); });
  const uniform = pairs(w1, w3).map((word) => b.keep(b.add(b.mul(word, b.constant(2 ** -32)), b.constant(2 ** -33))));
  for (const half of halves) {
    minusLogs(b, uniform.slice(2 * half, 2 * half + 2)).forEach((logarithm, k) => { store(f, pointer, SECOND - FIRST + 16 * (2 * half + k), b.mul(temperature, logarithm)); });
  }
});

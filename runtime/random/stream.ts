/**
 * Addressed random numbers: every number is a function of its stream's address, its kind and its place (step, site), whatever
 * else was drawn, in whatever order or batches. There is no state.
 *
 * The bits. An address is hashed to the key (key0, key1) and the counter words (counter2, counter3). Entry (step, site) of
 * a kind is read from the Philox4x32-10 block of the counter
 *
 *     c0 = ⌊site / entries per block⌋,  c1 = step,  c2 = counter2,  c3 = counter3 XOR code of the kind
 *
 * | kind    | code | entries per block | entry                                                                            |
 * |---------|------|-------------------|----------------------------------------------------------------------------------|
 * | uniform | 0    | 2                 | even site: words 0, 1; odd site: words 2, 3; made a number by `openUniforms`     |
 * | normal  | 1    | 2                 | uniforms u, v of the block; even site: cosine, odd site: sine of `boxMuller`     |
 * | sign    | 2    | 128               | bit (site mod 32) of word (⌊site / 32⌋ mod 4); 0 is +1 and 1 is −1               |
 * | integer | 3    | 2                 | ⌊n u⌋ with u as for uniform                                                      |
 * | attempt | 4    | 2                 | even site: words 0 (site), 1 (threshold); odd site: words 2, 3; made numbers by `attempts` |
 *
 * The code makes the kinds independent of each other: a step may draw integer(t, 0), uniform(t, 0) and normal(t, 0).
 *
 * An array is filled from the consecutive entries (step, first), (step, first + 1), …; sites beyond 2^32 carry into the step, so
 * that with step 0 an array has 2^53 entries: entry 2^32 step + site is (step, site). Long arrays are filled by SIMD code
 * (`vectorKernels.ts`) with the same bits. Kernels on other targets do the same from the four public words.
 */
import type { Address } from "./address.ts";
import { hashAddress } from "./address.ts";
import { attempts } from "./attempts.ts";
import { boxMuller } from "./boxMuller.ts";
import { openUniforms } from "./openUniforms.ts";
import { philox } from "./philox.ts";
import type { VectorKernels } from "./vectorKernels.ts";
import { MOST_NUMBERS, vectorKernels } from "./vectorKernels.ts";

const UNIFORM = 0;
const NORMAL = 1;
const SIGN = 2;
const INTEGER = 3;
const ATTEMPT = 4;

const SITES = 2 ** 32;
const BLOCKS_PER_CHUNK = 128;
/** Fewer numbers than this are made in TypeScript: a call of SIMD code makes eight at a time and costs a copy. */
const SHORT = 16;

// Shared by all streams: filled and read within one call, never across two. 2 KiB stay in the first-level cache.
const words = new Int32Array(4 * BLOCKS_PER_CHUNK);
const pair = new Float64Array(2);

type PairConversion = (words: Int32Array, pairs: number, out: Float64Array, outOffset: number) => void;
/** The SIMD form of a conversion, by the name under which the module exports it. */
const vectorForms = new Map<PairConversion, "uniforms" | "normals">([[openUniforms, "uniforms"], [boxMuller, "normals"]]);

export class Stream {
  /** Philox key and upper counter words, signed 32-bit. */
  readonly key0: number;
  readonly key1: number;
  readonly counter2: number;
  readonly counter3: number;

  constructor(address: Address) {
    const hash = hashAddress(address);
    this.key0 = hash.key0;
    this.key1 = hash.key1;
    this.counter2 = hash.counter2;
    this.counter3 = hash.counter3;
  }

  /** Uniform on the open interval (0, 1). step, site: integers in [0, 2^32), else RangeError; so in all that follow. */
  uniform(step: number, site: number): number {
    this.entry(UNIFORM, step, site, 2);
    openUniforms(words, 1, pair, 0);
    return pair[site & 1];
  }

  /** Standard normal: mean 0, variance 1; |value| < 8.58. */
  normal(step: number, site: number): number {
    this.entry(NORMAL, step, site, 2);
    boxMuller(words, 1, pair, 0);
    return pair[site & 1];
  }

  /** −1 or +1, equally likely. */
  sign(step: number, site: number): number {
    this.entry(SIGN, step, site, 128);
    return 1 - 2 * ((words[(site >>> 5) & 3] >>> (site & 31)) & 1);
  }

  /** Integer in 0 … n − 1 (an offset, not an index of the language), 1 ≤ n ≤ 2^32, to a relative bias below n 2^-52. */
  integer(step: number, site: number, n: number): number {
    requireCount(n);
    this.entry(INTEGER, step, site, 2);
    openUniforms(words, 1, pair, 0);
    return Math.floor(n * pair[site & 1]);
  }

  /** out[i] = uniform(step, first + i) for the whole of `out`. first: integer ≥ 0; the last site is below 2^53. */
  uniforms(out: Float64Array, first: number, step = 0): void {
    this.fillPairs(UNIFORM, openUniforms, out, first, step);
  }

  /** out[i] = normal(step, first + i) for the whole of `out`. */
  normals(out: Float64Array, first: number, step = 0): void {
    this.fillPairs(NORMAL, boxMuller, out, first, step);
  }

  /** out[i] = integer(step, first + i, n) for the whole of `out`: in 0 … n − 1. */
  integers(out: Float64Array, first: number, n: number, step = 0): void {
    requireCount(n);
    this.fillPairs(INTEGER, openUniforms, out, first, step);
    // n u < n also after rounding, since u ≤ 1 − 2^-53.
    for (let position = 0; position < out.length; position++) out[position] = Math.floor(n * out[position]);
  }

  /** out[i] = sign(step, first + i) for the whole of `out`. */
  signs(out: Float64Array | Int8Array, first: number, step = 0): void {
    requirePlaces(first, out.length, step);
    for (let position = 0; position < out.length;) {
      const site = (first + position) % SITES;
      const firstBit = site % 128;
      const room = Math.min(128 * BLOCKS_PER_CHUNK - firstBit, SITES - site);
      const count = Math.min(out.length - position, room);
      this.blocks(SIGN, stepOf(first + position, step), Math.floor(site / 128), Math.ceil((firstBit + count) / 128));
      for (let bit = firstBit; bit < firstBit + count; bit++, position++) {
        out[position] = 1 - 2 * ((words[bit >>> 5] >>> (bit & 31)) & 1);
      }
    }
  }

  private fillPairs(kind: number, convert: PairConversion, out: Float64Array, first: number, step: number): void {
    requirePlaces(first, out.length, step);
    let position = 0;
    if (first % 2 === 1 && out.length > 0) {
      out[0] = this.half(kind, convert, first, step);
      position = 1;
    }
    const kernels = out.length - position >= SHORT ? vectorKernels() : undefined;
    while (out.length - position >= 2) {
      const site = (first + position) % SITES;
      if (kernels && out.length - position >= SHORT) {
        const count = Math.min(MOST_NUMBERS, out.length - position - ((out.length - position) % 2), SITES - site);
        kernels[vectorForms.get(convert)!](Math.ceil(count / 8), ...this.counter(kind, stepOf(first + position, step), site / 2));
        out.set(count === MOST_NUMBERS ? kernels.first : kernels.first.subarray(0, count), position);
        position += count;
        continue;
      }
      const pairs = Math.min(BLOCKS_PER_CHUNK, Math.floor((out.length - position) / 2), (SITES - site) / 2);
      this.blocks(kind, stepOf(first + position, step), site / 2, pairs);
      convert(words, pairs, out, position);
      position += 2 * pairs;
    }
    if (position < out.length) out[position] = this.half(kind, convert, first + position, step);
  }

  /**
   * Attempts (step, first), (step, first + 1), … of Metropolis moves, as many as `sites` has entries: sites[t] in 0 … n − 1, uniform,
   * and thresholds[t] = −T log u. first: even; 1 ≤ n ≤ 2^32; T from 0 to inf.
   */
  attempts(sites: Float64Array, thresholds: Float64Array, first: number, n: number, temperature: number, step = 0): void {
    requireCount(n);
    requirePlaces(first, sites.length, step);
    if (first % 2 === 1) throw new RangeError(`attempts from entry ${first}: it must be even`);
    const kernels: VectorKernels | undefined = sites.length >= SHORT ? vectorKernels() : undefined;
    for (let position = 0; position < sites.length;) {
      const site = (first + position) % SITES;
      const count = Math.min(kernels ? MOST_NUMBERS : 2 * BLOCKS_PER_CHUNK, sites.length - position, SITES - site);
      const counter = this.counter(ATTEMPT, stepOf(first + position, step), site / 2);
      if (kernels) {
        kernels.attempts(Math.ceil(count / 8), n, temperature, ...counter);
        sites.set(kernels.first.subarray(0, count), position);
        thresholds.set(kernels.second.subarray(0, count), position);
      } else {
        philox(words, Math.ceil(count / 2), ...counter);
        attempts(words, count >> 1, n, temperature, sites, thresholds, position);
        if (count % 2 === 1) attempts(words.subarray(2 * count - 2), 0.5, n, temperature, sites, thresholds, position + count - 1);
      }
      position += count;
    }
  }

  /** One entry of a pair. */
  private half(kind: number, convert: PairConversion, place: number, step: number): number {
    this.blocks(kind, stepOf(place, step), Math.floor((place % SITES) / 2), 1);
    convert(words, 1, pair, 0);
    return pair[place % 2];
  }

  private entry(kind: number, step: number, site: number, entriesPerBlock: number): void {
    if (step >>> 0 !== step || site >>> 0 !== site) {
      throw new RangeError(`random entry (step ${step}, site ${site}): both must be integers in 0 … 2^32 − 1`);
    }
    this.blocks(kind, step, Math.floor(site / entriesPerBlock), 1);
  }

  private counter(kind: number, step: number, block: number): [number, number, number, number, number, number] {
    return [block, step, this.counter2, this.counter3 ^ kind, this.key0, this.key1];
  }

  private blocks(kind: number, step: number, block: number, count: number): void {
    philox(words, count, block, step, this.counter2, this.counter3 ^ kind, this.key0, this.key1);
  }
}

function stepOf(place: number, step: number): number {
  return step + Math.floor(place / SITES);
}

function requireCount(n: number): void {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
    throw new RangeError(`random integers below ${n}: the bound must be an integer in 1 … 2^32`);
  }
}

function requirePlaces(first: number, length: number, step: number): void {
  const end = first + length;
  if (!Number.isInteger(first) || first < 0 || length > 2 ** 53 - first) {
    throw new RangeError(`random entries ${first} … ${end - 1}: they must be integers in 0 … 2^53 − 1`);
  }
  if (step >>> 0 !== step || stepOf(Math.max(end - 1, 0), step) >= SITES) {
    throw new RangeError(`random entries of step ${step}: the step must be an integer in 0 … 2^32 − 1`);
  }
}

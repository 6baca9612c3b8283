import { philox } from "./philox.ts";

const encoder = new TextEncoder();

/**
 * The name of a random stream: a list of strings and numbers, such as ["quenched", seed, model, ensemble, sample, …sizes].
 *
 * Two addresses are the same only if they have the same components in the same order: 1 and "1" differ, ("ab", "c") and
 * ("a", "bc") differ; 0 and −0 are one number. Numbers count by their exact float64 value and strings by their code points
 * (no Unicode normalisation): whoever makes an address sees to it that equal things are written equally.
 */
export type Address = readonly (string | number)[];

/** What an address determines: the Philox key (64 bits) and the upper half of the counter (words c2, c3), as signed words. */
export interface AddressHash {
  readonly key0: number;
  readonly key1: number;
  readonly counter2: number;
  readonly counter3: number;
}

/**
 * Address of a quenched array (LANGUAGE.md §3): it knows neither the run nor the sweep point, so all temperatures, runs and
 * starts of a sample see the same disorder; another size gives an independent one.
 */
export function quenchedAddress(of: {
  readonly seed: number;
  readonly model: string;
  readonly ensemble: string;
  /** number of the disorder sample */
  readonly sample: number;
  /** sizes of this array, one a dimension */
  readonly sizes: readonly number[];
}): Address {
  return ["quenched", of.seed, of.model, of.ensemble, of.sample, ...of.sizes];
}

/**
 * Address of the thermal noise of one task and replica (LANGUAGE.md §3). It holds the values of the sweep variables, not
 * their positions in the sweep, sorted by name: what else is swept to, and in which order, changes nothing.
 *
 * Within a stream a number belongs to a step and a place in the state vector, in which arrays stand in the order of their declaration: a model with
 * another state array before this one is another model, and its noise another one.
 *
 * Values count to 12 significant digits, so that T = 0.3 is one temperature whether it was written in a list or came out of
 * `linear(0.1, 1, 10)` as 0.30000000000000004.
 */
export function thermalAddress(of: {
  readonly seed: number;
  readonly run: string;
  /** what the numbers are for: "proposal", "acceptance", "start", … */
  readonly purpose: string;
  readonly sample: number;
  readonly start: number;
  /** number or name of the copy: 1 for `w@1`, "ref" for `w@ref` */
  readonly replica: number | string;
  /** value of each sweep variable by its name */
  readonly sweep: Readonly<Record<string, number>>;
}): Address {
  const names = Object.keys(of.sweep).sort();
  const values = names.flatMap((name) => [name, Number(of.sweep[name].toPrecision(12))]);
  return ["thermal", of.seed, of.run, of.purpose, of.sample, of.start, of.replica, ...values];
}

/**
 * Hashes an address to 128 bits.
 *
 * Encoding: each component is its tag byte (1 number, 2 string), then for a number its 8 bytes as big-endian float64, for a
 * string its length in bytes as big-endian uint32 and its UTF-8 bytes. The concatenation is padded with zeros to blocks of
 * 8 bytes; a last block holds the number of components and of unpadded bytes. This encoding is injective.
 *
 * Compression (Davies-Meyer): each block of two words m is the key of a Philox permutation of the 128-bit state h, and
 * h ← Philox_m(h) XOR h. Not for secrets; 128 bits make accidental collisions of n addresses as rare as n² 2^-129.
 *
 * @throws RangeError for NaN and for strings with lone surrogates, which have no UTF-8 form
 */
export function hashAddress(address: Address): AddressHash {
  const bytes = encode(address);
  const words = new DataView(bytes.buffer);
  // Initial state: the first 128 bits of the fraction of pi.
  const state = Int32Array.of(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344);
  const image = new Int32Array(4);
  for (let offset = 0; offset < bytes.length; offset += 8) {
    const key0 = words.getInt32(offset);
    const key1 = words.getInt32(offset + 4);
    philox(image, 1, state[0], state[1], state[2], state[3], key0, key1);
    for (let word = 0; word < 4; word++) state[word] ^= image[word];
  }
  return { key0: state[0], key1: state[1], counter2: state[2], counter3: state[3] };
}

function encode(address: Address): Uint8Array<ArrayBuffer> {
  const texts = address.map((component) => (typeof component === "string" ? utf8(component) : undefined));
  const length = texts.reduce((total, text) => total + (text === undefined ? 9 : 5 + text.length), 0);
  const padded = 8 * Math.ceil(length / 8);
  const bytes = new Uint8Array(padded + 8);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  address.forEach((component, position) => {
    const text = texts[position];
    if (text === undefined) {
      const value = Number(component);
      if (Number.isNaN(value)) throw new RangeError(`component ${position} of a random address is not a number`);
      view.setUint8(offset, 1);
      view.setFloat64(offset + 1, value + 0); // −0 + 0 is 0
      offset += 9;
    } else {
      view.setUint8(offset, 2);
      view.setUint32(offset + 1, text.length);
      bytes.set(text, offset + 5);
      offset += 5 + text.length;
    }
  });
  view.setUint32(padded, address.length);
  view.setUint32(padded + 4, length);
  return bytes;
}

function utf8(text: string): Uint8Array {
  // TextEncoder would write every lone surrogate as U+FFFD, and different names would collide.
  if (/\p{Surrogate}/u.test(text)) throw new RangeError(`a random address has a malformed string ${JSON.stringify(text)}`);
  return encoder.encode(text);
}

/** SIMD instructions as bytes (WebAssembly 2.0 core specification, section 5.4.7). */

/** A SIMD opcode: the prefix byte and the number in LEB128. */
export const simd = (opcode: number): readonly number[] => (opcode < 128 ? [0xfd, opcode] : [0xfd, (opcode & 0x7f) | 0x80, opcode >> 7]);

const bytes = (value: number): readonly number[] => [...new Uint8Array(Float64Array.of(value).buffer)];

/** v128.const with this float64 in both lanes. */
export const vectorConstant = (value: number): readonly number[] => [0xfd, 0x0c, ...bytes(value), ...bytes(value)];

/**
 * The f32x4 instruction that does what an f64x2 instruction does: arithmetic, comparisons, rounding to integers.
 *
 * @throws an internal error where there is none
 */
export function inFourLanes(opcode: number): readonly number[] {
  if (opcode >= 0xec && opcode <= 0xf7 && opcode !== 0xee) return simd(opcode - 0x0c);
  if (opcode >= 0x47 && opcode <= 0x4c) return simd(opcode - 6);
  const rounding: Readonly<Record<number, number>> = { 0x74: 0x67, 0x75: 0x68, 0x7a: 0x69, 0x94: 0x6a };
  const found = rounding[opcode];
  if (found === undefined) throw new Error(`internal: no f32x4 instruction for ${opcode}`);
  return simd(found);
}

/** v128.const with this integer of 16 bits in all eight lanes. */
export const shortConstant = (value: number): readonly number[] => {
  const two = [...new Uint8Array(Int16Array.of(value).buffer)];
  return [0xfd, 0x0c, ...Array.from({ length: 8 }, () => two).flat()];
};

/** v128.const with 0, 1, …, 7 in the lanes of 16 bits. */
export const shortNumbers: readonly number[] = [0xfd, 0x0c, ...Array.from({ length: 8 }, (_, k) => [k, 0]).flat()];

/** v128.const with this float32 in all four lanes. */
export const singleConstant = (value: number): readonly number[] => {
  const four = [...new Uint8Array(Float32Array.of(value).buffer)];
  return [0xfd, 0x0c, ...four, ...four, ...four, ...four];
};

/** f64x2.relaxed_madd: x y + z, and f64x2.relaxed_nmadd: z − x y (relaxed SIMD, WebAssembly 3.0). Whether the product is rounded is up to the machine. */
export const multiplyAdd: readonly number[] = [0xfd, 0x87, 0x02];
export const negativeMultiplyAdd: readonly number[] = [0xfd, 0x88, 0x02];

/** The same on f32x4. */
export const singleMultiplyAdd: readonly number[] = [0xfd, 0x85, 0x02];
export const singleNegativeMultiplyAdd: readonly number[] = [0xfd, 0x86, 0x02];

/** Between the two precisions: the two lower float32 as float64; two float64 as the lower float32, with zeros above; the upper two float32 below. */
export const promoteLow = simd(0x5f);
export const demote = simd(0x5e);
export const upperHalf: readonly number[] = [0xfd, 0x0d, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
/** The lower halves of two vectors, one behind the other; the upper ones. */
export const lowerHalvesJoined: readonly number[] = [0xfd, 0x0d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
export const upperHalvesJoined: readonly number[] = [0xfd, 0x0d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];

/** SIMD instructions as bytes (WebAssembly 2.0 core specification, section 5.4.7). */

/** A SIMD opcode: the prefix byte and the number in LEB128. */
export const simd = (opcode: number): readonly number[] => (opcode < 128 ? [0xfd, opcode] : [0xfd, (opcode & 0x7f) | 0x80, opcode >> 7]);

const bytes = (value: number): readonly number[] => [...new Uint8Array(Float64Array.of(value).buffer)];

/** v128.const with this float64 in both lanes. */
export const vectorConstant = (value: number): readonly number[] => [0xfd, 0x0c, ...bytes(value), ...bytes(value)];

/** f64x2.relaxed_madd: x y + z, and f64x2.relaxed_nmadd: z − x y (relaxed SIMD, WebAssembly 3.0). Whether the product is rounded is up to the machine. */
export const multiplyAdd: readonly number[] = [0xfd, 0x87, 0x02];
export const negativeMultiplyAdd: readonly number[] = [0xfd, 0x88, 0x02];

/** What the WebAssembly of this engine can do, asked with the smallest modules that use it. */
import { moduleBytes } from "../webassembly/bytes.ts";
import { webAssembly } from "./webAssembly.ts";

const zero = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)];
const accepts = (code: readonly number[]): boolean => webAssembly.validate(moduleBytes([{ name: "f", parameters: [], locals: [], code: [...code, 0x1a] }]));

/** 128-bit vectors (WebAssembly 2.0). */
export const hasSimd = (): boolean => accepts(zero);

/** Fused multiply-adds, f64x2.relaxed_madd of the relaxed-SIMD proposal (WebAssembly 3.0). */
export const hasRelaxedSimd = (): boolean => accepts([...zero, ...zero, ...zero, 0xfd, 0x87, 0x02]);

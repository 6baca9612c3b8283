/** What the WebAssembly of this engine can do, asked with the smallest modules that use it. */
import { moduleBytes } from "../webassembly/bytes.ts";
import { multiplyAdd, vectorConstant } from "../webassembly/simd.ts";
import { enableRelaxedSimd, webAssembly } from "./webAssembly.ts";

const zero = [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)];
const accepts = (code: readonly number[]): boolean => webAssembly.validate(moduleBytes([{ name: "f", parameters: [], locals: [], code: [...code, 0x1a] }]));

/** 128-bit vectors (WebAssembly 2.0). */
export const hasSimd = (): boolean => accepts(zero);

/** f64x2.relaxed_madd of the relaxed-SIMD proposal (WebAssembly 3.0). */
export function hasRelaxedSimd(): boolean {
  const code = [...zero, ...zero, ...zero, ...multiplyAdd];
  if (accepts(code)) return true;
  enableRelaxedSimd();
  return accepts(code);
}

/**
 * Whether relaxed multiply-adds round once on this machine; the proposal leaves it open. With x = 1 + 2^-30, x² is 1 + 2^-29 + 2^-60, of which
 * a rounded product keeps no 2^-60.
 */
export function fusesMultiplyAdds(): boolean {
  if (!hasRelaxedSimd()) return false;
  const [x, square] = [1 + 2 ** -30, 1 + 2 ** -29];
  const code = [0x41, 0, ...vectorConstant(x), ...vectorConstant(x), ...vectorConstant(-square), ...multiplyAdd, 0xfd, 0x0b, 3, 0];
  const memory = new webAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new webAssembly.Instance(new webAssembly.Module(moduleBytes([{ name: "f", parameters: [], locals: [], code }])), { quench: { memory } });
  (exports["f"] as () => void)();
  return new Float64Array(memory.buffer)[0] !== 0;
}

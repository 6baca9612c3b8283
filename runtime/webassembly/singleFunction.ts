/**
 * Functions of four float32 at once as WASM SIMD code: the form that a vector function has in loops of float32. One without such a form is
 * computed in float64, half a vector at a time, and rounded.
 */
import { demote, inFourLanes, lowerHalvesJoined, promoteLow, simd, singleConstant, singleMultiplyAdd, upperHalf } from "./simd.ts";
import { VectorBuilder } from "./vectorFunction.ts";
import type { Node, VectorFunction, VectorSink } from "./vectorFunction.ts";

const binary = (opcode: readonly number[]) => (a: Node, b: Node): Node => [...a, ...b, ...opcode];
const unary = (opcode: readonly number[]) => (a: Node): Node => [...a, ...opcode];
const shift = (opcode: number) => (a: Node, bits: number): Node => [...a, 0x41, bits, ...simd(opcode)];

/** WebAssembly 2.0 core specification, section 5.4.7: f32x4 and i32x4 instructions. */
export class SingleBuilder {
  private readonly sink: VectorSink;

  constructor(sink: VectorSink) {
    this.sink = sink;
  }

  /** Computes a node here, once; what it gives can be used any number of times. */
  readonly keep = (node: Node): Node => {
    const [set, get] = places(this.sink.local());
    this.sink.write([...node, ...set]);
    return get;
  };
  readonly constant = singleConstant;
  /** These 32 bits in each lane. */
  readonly bits = (word: number): Node => {
    const bytes = [...new Uint8Array(Int32Array.of(word).buffer)];
    return [0xfd, 0x0c, ...bytes, ...bytes, ...bytes, ...bytes];
  };
  readonly add = binary(inFourLanes(0xf0)); readonly sub = binary(inFourLanes(0xf1)); readonly mul = binary(inFourLanes(0xf2)); readonly div = binary(inFourLanes(0xf3));
  /** The smaller, the larger; the first where one is not a number. */
  readonly lesser = binary(inFourLanes(0xf6)); readonly greater = binary(inFourLanes(0xf7));
  readonly abs = unary(inFourLanes(0xec)); readonly nearest = unary(inFourLanes(0x94));
  readonly less = binary(inFourLanes(0x49)); readonly equal = binary(inFourLanes(0x47));
  readonly and = binary(simd(0x4e)); readonly or = binary(simd(0x50));
  readonly addIntegers = binary(simd(0xae)); readonly subIntegers = binary(simd(0xb1));
  readonly shiftLeft = shift(0xab); readonly shiftRight = shift(0xac);
  readonly fromIntegers = unary(simd(0xfa)); readonly toIntegers = unary(simd(0xf8));
  /** `yes` in the lanes where the mask is set, else `no`. */
  readonly choose = (mask: Node, yes: Node, no: Node): Node => [...yes, ...no, ...mask, ...simd(0x52)];
  /** x y + z; fused where that is wanted, else rounded twice. */
  readonly multiplyAdd = (x: Node, y: Node, z: Node): Node => (this.sink.fused ? [...x, ...y, ...z, ...singleMultiplyAdd] : this.add(z, this.mul(x, y)));
  /** Σ c[k] x^k, c[0] first (Horner). */
  readonly polynomial = (x: Node, c: readonly number[]): Node => c.slice(0, -1).reduceRight((sum, value) => this.multiplyAdd(sum, x, this.constant(value)), this.constant(c.at(-1)!));
}

/** Pushes f of the four float32 in a local. */
export function inFloat32(f: VectorFunction, x: Node, sink: VectorSink): Node {
  if (f.single) return f.single.body(new SingleBuilder(sink), x);
  const double = new VectorBuilder(sink);
  const half = (part: Node): Node => double.keep([...f.body(double, double.keep([...part, ...promoteLow])), ...demote]);
  const lower = half(x);
  const upper = half([...x, ...x, ...upperHalf]);
  return [...lower, ...upper, ...lowerHalvesJoined];
}

/** The largest error in units in the last place of float32, on the whole domain. */
export const ulpsInFloat32 = (f: VectorFunction): number => f.single?.ulps ?? 1;

const places = (local: number): readonly [set: Node, get: Node] => {
  const number = local < 128 ? [local] : [(local & 127) | 128, local >> 7];
  return [[0x21, ...number], [0x20, ...number]];
};

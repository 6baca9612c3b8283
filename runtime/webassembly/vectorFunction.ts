/**
 * Functions of two float64 at once as WASM SIMD code, for operators that have no instruction. A function takes a v128 and gives one; the
 * module of a model holds those that its kernels call. Code is written as expressions: a `Node` is the bytes that push its value.
 *
 * Both lanes do the same, without branches but for what is dear and rarely wanted (`ifAny`), and special values come out of the arithmetic or out of `choose`. Only operations that
 * IEEE 754 fixes occur, so that every engine gives the same bits; they may differ from JavaScript's `Math` by the stated units in the last place.
 */
import type { SingleBuilder } from "./singleFunction.ts";
import { multiplyAdd, simd, vectorConstant } from "./simd.ts";

export type Node = readonly number[];

export interface VectorFunction {
  readonly name: string;
  /** Largest error on the whole domain, in units in the last place of the exact value (gradual underflow: of the smallest normal number). */
  readonly ulps: number;
  /** Functions that it calls. */
  readonly uses: readonly VectorFunction[];
  /** Writes the body; `x` is the argument. */
  readonly body: (b: VectorBuilder, x: Node) => Node;
  /** Its form for four float32, with the largest error in units in the last place of float32; absent where it is computed in float64 and rounded. */
  readonly single?: { readonly ulps: number; readonly body: (b: SingleBuilder, x: Node) => Node };
}

/** Where a builder puts what it computes: the code of a function, and its locals of type v128. */
export interface VectorSink {
  readonly local: () => number;
  readonly write: (code: readonly number[]) => void;
  /** Whether polynomials may use fused multiply-adds (relaxed SIMD). */
  readonly fused?: boolean;
  /** Writes a branch; absent where it is written as it comes. */
  readonly ifAny?: (mask: Node, make: () => Node, otherwise: Node) => Node;
}

/** A function in the numbering of a module. */
export interface WrittenVectorFunction { readonly name: string; readonly locals: number; readonly code: readonly number[] }

const binary = (opcode: number) => (a: Node, b: Node): Node => [...a, ...b, ...simd(opcode)];
const unary = (opcode: number) => (a: Node): Node => [...a, ...simd(opcode)];
/** The 64 bits with these halves, in both lanes. */
const lanes = (low: number, high: number): Node => {
  const half = [...new Uint8Array(Int32Array.of(low, high).buffer)];
  return [0xfd, 0x0c, ...half, ...half];
};
const shift = (opcode: number) => (a: Node, bits: number): Node => [...a, 0x41, bits, ...simd(opcode)];

/** WebAssembly 2.0 core specification, section 5.4.7: f64x2, i64x2 and i32x4 instructions. */
export class VectorBuilder {
  private readonly sink: VectorSink;
  private readonly indexOf: ((f: VectorFunction) => number) | undefined;

  /** @param indexOf number of a function in the module; without it, what would be called is written in place */
  constructor(sink: VectorSink, indexOf?: (f: VectorFunction) => number) {
    this.sink = sink;
    this.indexOf = indexOf;
  }

  /** Computes a node here, once; what it gives can be used any number of times. */
  readonly keep = (node: Node): Node => {
    const local = this.sink.local();
    this.sink.write([...node, 0x21, ...leb(local)]);
    return [0x20, ...leb(local)];
  };
  readonly call = (f: VectorFunction, x: Node): Node => (this.indexOf ? [...x, 0x10, ...leb(this.indexOf(f))] : f.body(this, this.keep(x)));

  readonly constant = (value: number): Node => vectorConstant(value);
  /** The 64 bits with these halves, in both lanes. */
  readonly bits = lanes;
  readonly add = binary(0xf0); readonly sub = binary(0xf1); readonly mul = binary(0xf2); readonly div = binary(0xf3);
  /** The smaller, the larger; the first where one is not a number. One instruction, where IEEE's minimum takes eight. */
  readonly lesser = binary(0xf6); readonly greater = binary(0xf7);
  readonly abs = unary(0xec); readonly nearest = unary(0x94); readonly floor = unary(0x75); readonly sqrt = unary(0xef);
  readonly less = binary(0x49); readonly equal = binary(0x47);
  readonly and = binary(0x4e); readonly or = binary(0x50); readonly xor = binary(0x51);
  readonly addIntegers = binary(0xce); readonly subIntegers = binary(0xd1);
  readonly shiftLeft = shift(0xcb); readonly shiftRight = shift(0xcd);
  /** In lanes of 32 bits: sums, products, and the full 64-bit products of the two lower or the two upper ones, unsigned. */
  readonly addWords = binary(0xae); readonly multiplyWords = binary(0xb5);
  readonly multiplyLow = binary(0xde); readonly multiplyHigh = binary(0xdf);
  /** The two lower words, unsigned, as float64. */
  readonly fromWords = unary(0xff);
  /** Four words out of the eight of a (0 … 3) and b (4 … 7). */
  readonly words = (a: Node, b: Node, order: readonly number[]): Node => [...a, ...b, 0xfd, 0x0d, ...order.flatMap((w) => [4 * w, 4 * w + 1, 4 * w + 2, 4 * w + 3])];
  /** `yes` in the lanes where the mask is set, else `no`. */
  readonly choose = (mask: Node, yes: Node, no: Node): Node => [...yes, ...no, ...mask, ...simd(0x52)];
  /** What `make` computes if the mask is set in any lane, else `otherwise`: for what is dear and rarely wanted. */
  readonly ifAny = (mask: Node, make: () => Node, otherwise: Node): Node => {
    if (this.sink.ifAny) return this.sink.ifAny(mask, make, otherwise);
    const local = this.sink.local();
    this.sink.write([...mask, ...simd(0x53), 0x04, 0x7b]);
    this.sink.write(make());
    this.sink.write([0x05, ...otherwise, 0x0b, 0x21, ...leb(local)]);
    return [0x20, ...leb(local)];
  };
  /** Σ c[k] x^k, c[0] first, in two interleaved chains in x². */
  readonly polynomial = (x: Node, c: readonly number[]): Node => {
    const square = this.keep(this.mul(x, x));
    const chain = (from: number): Node => {
      const own = c.filter((_, k) => k % 2 === from);
      return own.slice(0, -1).reduceRight((sum, value) => this.multiplyAdd(sum, square, this.constant(value)), this.constant(own.at(-1)!));
    };
    const [even, odd] = [this.keep(chain(0)), this.keep(chain(1))];
    return this.multiplyAdd(odd, x, even);
  };
  /** x y + z; fused where that is wanted, else rounded twice. */
  readonly multiplyAdd = (x: Node, y: Node, z: Node): Node => (this.sink.fused ? [...x, ...y, ...z, ...multiplyAdd] : this.add(z, this.mul(x, y)));
}

const leb = (n: number): number[] => (n < 128 ? [n] : [(n & 127) | 128, ...leb(n >> 7)]);

/** The bytes of a function; `indexOf` numbers it and those that it uses. */
export function writeVectorFunction(f: VectorFunction, indexOf: (f: VectorFunction) => number, fused = false): WrittenVectorFunction {
  const code: number[] = [];
  let locals = 0;
  const builder = new VectorBuilder({ local: () => 1 + locals++, write: (part) => { for (const byte of part) code.push(byte); }, fused }, indexOf);
  const result = f.body(builder, [0x20, 0]);
  return { name: f.name, locals, code: [...code, ...result] };
}

/** These functions and all that they use, each once, used ones first. */
export function withUsed(functions: Iterable<VectorFunction>): readonly VectorFunction[] {
  const found = new Set<VectorFunction>();
  const add = (f: VectorFunction): void => {
    f.uses.forEach(add);
    found.add(f);
  };
  for (const f of functions) add(f);
  return [...found];
}

/** WASM instructions that several operators share, as bytes (WebAssembly 2.0 core specification, section 5.4). */
import type { Fixed, Operator } from "./operator.ts";
import { inFourLanes, shortConstant, simd, singleConstant, vectorConstant } from "../../../runtime/webassembly/simd.ts";

type FixedForm = NonNullable<Operator["fixed"]>;

const bytes = (value: number): readonly number[] => [...new Uint8Array(Float64Array.of(value).buffer)];

/** f64.const. */
export const scalarConstant = (value: number): readonly number[] => [0x44, ...bytes(value)];

/** A plain f64 instruction with its counterparts on f64x2 and f32x4. */
export const instruction = (scalar: number, vector: number) => ({ scalar: [scalar], vector: simd(vector), single: inFourLanes(vector) }) as const;

/** A comparison, made into 0 or 1: the i32 is converted; the lane mask is and-ed with 1.0. */
export const comparison = (scalar: number, vector: number) =>
  ({
    scalar: [scalar, 0xb7], vector: [...simd(vector), ...vectorConstant(1), ...simd(0x4e)], single: [...inFourLanes(vector), ...singleConstant(1), ...simd(0x4e)],
  }) as const;

const places = (x: readonly Fixed[]): number => Math.max(...x.map((a) => a.places));

/** On lanes of 16 bits: sums and differences, the largest or smallest of the arguments, comparisons. */
export const fixedSum = (code: number): FixedForm => ({ code: simd(code), aligned: true, range: (...x) => ({ bound: x.reduce((sum, a) => sum + a.bound, 0), places: places(x) }) });
export const fixedChoice = (code: number): FixedForm => ({ code: simd(code), aligned: true, range: (...x) => ({ bound: Math.max(...x.map((a) => a.bound)), places: places(x) }) });
export const fixedComparison = (code: number): FixedForm => ({ code: [...simd(code), ...shortConstant(1), ...simd(0x4e)], aligned: true, range: () => ({ bound: 1, places: 0 }) });

/** The complementary error function, plain and scaled, and the Gaussian tails made of it: one polynomial for all arguments. */
import { exp } from "./exp.ts";
import { logOfNormal } from "./log.ts";
import type { Node, VectorBuilder, VectorFunction } from "../webassembly/vectorFunction.ts";

/** (1 + 2x) erfcx(x) for x ≥ 0 in powers of (x − 4)/(x + 4), lowest first: a Chebyshev fit of degree 22, to a relative 5e-16. */
const scaledTail = [
  1.2329951186255526, -0.1396211168405572, 0.015379652102610473, 0.06809705425421975, -0.10103906603586531, 0.09373283501077742,
  -0.06633036582031154, 0.03716751538635946, -0.016197733981455194, 0.005031971002298884, -0.000757773707063825, -0.00019926095315041177,
  0.00015062309720018628, -2.438779085759055e-05, -1.1225101875659178e-05, 5.689537732302816e-06, 2.9801353803031333e-07, -8.020193766522085e-07,
  7.115337800585303e-08, 9.295292277973951e-08, -1.6371779763566967e-08, -6.9926126813398e-09, 1.5738283774192037e-09,
];

/** exp(x²) erfc(x) for x ≥ 0. */
function erfcxPositive(b: VectorBuilder, x: Node): Node {
  // What is beyond has the quotient 1, and inf must not be divided by itself.
  const bounded = b.keep(b.lesser(x, b.constant(1e300)));
  const q = b.keep(b.div(b.sub(bounded, b.constant(4)), b.add(bounded, b.constant(4))));
  return b.div(b.mul(b.polynomial(q, scaledTail), b.constant(0.5)), b.add(x, b.constant(0.5)));
}

/** exp(c x²), c = ±1 or ±½, with the rounding error of x² kept out: x = head + rest, head² exact. */
function exponentialOfSquare(b: VectorBuilder, x: Node, c: number): Node {
  // exp overflows before 40² does, and inf − inf must not be met.
  const bounded = b.keep(b.lesser(x, b.constant(64)));
  const head = b.keep(b.and(bounded, b.bits(-0x08000000, -1)));
  const rest = b.keep(b.mul(b.constant(c), b.mul(b.sub(bounded, head), b.add(bounded, head))));
  const factor = b.keep(b.call(exp, b.mul(b.constant(c), b.mul(head, head))));
  const series = b.mul(rest, b.add(b.constant(1), b.mul(rest, b.add(b.constant(0.5), b.mul(rest, b.constant(1 / 6))))));
  // An infinite factor times a series that vanishes would be no number.
  return b.add(factor, b.mul(b.lesser(factor, b.constant(Number.MAX_VALUE)), series));
}

export const erfcx: VectorFunction = {
  name: "erfcx", ulps: 8, uses: [exp],
  body: (b, x) => {
    const magnitude = b.keep(b.abs(x));
    const above = b.keep(erfcxPositive(b, magnitude));
    return b.choose(b.less(x, b.constant(0)), b.sub(b.mul(b.constant(2), exponentialOfSquare(b, magnitude, 1)), above), above);
  },
};

export const erfc: VectorFunction = {
  name: "erfc", ulps: 8, uses: [exp],
  body: (b, x) => {
    const magnitude = b.keep(b.abs(x));
    const above = b.keep(b.mul(erfcxPositive(b, magnitude), exponentialOfSquare(b, magnitude, -1)));
    return b.choose(b.less(x, b.constant(0)), b.sub(b.constant(2), above), above);
  },
};

/** ½ erfc(x/√2), through exp(−x²/2) and not the square of a rounded quotient. */
function tail(b: VectorBuilder, x: Node): Node {
  const magnitude = b.keep(b.abs(x));
  const above = b.keep(b.mul(b.mul(b.constant(0.5), erfcxPositive(b, b.keep(b.mul(magnitude, b.constant(Math.SQRT1_2))))), exponentialOfSquare(b, magnitude, -0.5)));
  return b.choose(b.less(x, b.constant(0)), b.sub(b.constant(1), above), above);
}

/**
 * log E − x²/2 for x ≥ 0 with E = ½ erfcx(x/√2), else log(1 − t), t = E exp(−x²/2), with what the rounding of 1 − t took given back: one
 * logarithm for both. The share of that in a relative error is below one unit.
 */
function logTail(b: VectorBuilder, x: Node): Node {
  const magnitude = b.keep(b.abs(x));
  const isBelow = b.keep(b.less(x, b.constant(0)));
  const half = b.keep(b.mul(b.constant(0.5), erfcxPositive(b, b.keep(b.mul(magnitude, b.constant(Math.SQRT1_2))))));
  const t = b.ifAny(isBelow, () => b.mul(half, exponentialOfSquare(b, magnitude, -0.5)), b.constant(0));
  const rounded = b.keep(b.sub(b.constant(1), t));
  const taken = b.sub(t, b.sub(b.constant(1), rounded));
  const square = b.mul(b.constant(0.5), b.mul(magnitude, magnitude));
  return b.sub(logOfNormal(b, b.keep(b.choose(isBelow, rounded, half))), b.choose(isBelow, taken, square));
}

const negated = (b: VectorBuilder, x: Node): Node => b.keep(b.xor(x, b.bits(0, -0x80000000)));

export const gaussTail: VectorFunction = { name: "gaussTail", ulps: 8, uses: [exp], body: tail };
export const gaussCdf: VectorFunction = { name: "gaussCdf", ulps: 8, uses: [exp], body: (b, x) => tail(b, negated(b, x)) };
export const logGaussTail: VectorFunction = { name: "logGaussTail", ulps: 8, uses: [exp], body: logTail };
export const logGaussCdf: VectorFunction = { name: "logGaussCdf", ulps: 8, uses: [exp], body: (b, x) => logTail(b, negated(b, x)) };

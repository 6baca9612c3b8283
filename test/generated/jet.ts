/**
 * Numbers with their first and second derivative along one direction: the derivatives that tests trust. f(x + t v) = f + t f' + t² f''/2.
 * Where a function has a kink or a jump, the derivative is that of the piece which the value lies on.
 */
import { ops } from "../../compiler/library/ops/index.ts";

export interface Jet { readonly value: number; readonly first: number; readonly second: number }

export const still = (value: number): Jet => ({ value, first: 0, second: 0 });
export const add = (x: Jet, y: Jet): Jet => ({ value: x.value + y.value, first: x.first + y.first, second: x.second + y.second });
export const negate = (x: Jet): Jet => ({ value: -x.value, first: -x.first, second: -x.second });
export const multiply = (x: Jet, y: Jet): Jet => ({
  value: x.value * y.value,
  first: x.first * y.value + x.value * y.first,
  second: x.second * y.value + 2 * x.first * y.first + x.value * y.second,
});
const chain = (x: Jet, value: number, d1: number, d2: number): Jet => ({ value, first: d1 * x.first, second: d2 * x.first ** 2 + d1 * x.second });
export const divide = (x: Jet, y: Jet): Jet => multiply(x, chain(y, 1 / y.value, -1 / y.value ** 2, 2 / y.value ** 3));
export const power = (x: Jet, n: number): Jet => chain(x, x.value ** n, n * x.value ** (n - 1), n === 1 ? 0 : n * (n - 1) * x.value ** (n - 2));

const known = (name: keyof typeof ops, x: number): number => (ops[name].value as (x: number) => number)(x);
const normal = (x: number): number => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);

/** Of each function of one number its value and its first two derivatives. */
const functions: Readonly<Record<string, (x: number) => readonly [number, number, number]>> = {
  exp: (x) => [Math.exp(x), Math.exp(x), Math.exp(x)],
  expm1: (x) => [Math.expm1(x), Math.exp(x), Math.exp(x)],
  log: (x) => [Math.log(x), 1 / x, -1 / x ** 2],
  log1p: (x) => [Math.log1p(x), 1 / (1 + x), -1 / (1 + x) ** 2],
  sqrt: (x) => [Math.sqrt(x), 0.5 / Math.sqrt(x), -0.25 / x ** 1.5],
  abs: (x) => [Math.abs(x), Math.sign(x), 0],
  sign: (x) => [Math.sign(x), 0, 0],
  relu: (x) => [Math.max(x, 0), x > 0 ? 1 : 0, 0],
  floor: (x) => [Math.floor(x), 0, 0],
  ceil: (x) => [Math.ceil(x), 0, 0],
  round: (x) => [Math.floor(x + 0.5), 0, 0],
  sin: (x) => [Math.sin(x), Math.cos(x), -Math.sin(x)],
  cos: (x) => [Math.cos(x), -Math.sin(x), -Math.cos(x)],
  tan: (x) => { const t = Math.tan(x); return [t, 1 + t * t, 2 * t * (1 + t * t)]; },
  asin: (x) => [Math.asin(x), (1 - x * x) ** -0.5, x * (1 - x * x) ** -1.5],
  acos: (x) => [Math.acos(x), -((1 - x * x) ** -0.5), -x * (1 - x * x) ** -1.5],
  atan: (x) => [Math.atan(x), 1 / (1 + x * x), -2 * x / (1 + x * x) ** 2],
  sinh: (x) => [Math.sinh(x), Math.cosh(x), Math.sinh(x)],
  cosh: (x) => [Math.cosh(x), Math.sinh(x), Math.cosh(x)],
  tanh: (x) => { const t = Math.tanh(x); return [t, 1 - t * t, -2 * t * (1 - t * t)]; },
  atanh: (x) => [Math.atanh(x), 1 / (1 - x * x), 2 * x / (1 - x * x) ** 2],
  sigmoid: (x) => { const s = known("sigmoid", x); return [s, s * (1 - s), s * (1 - s) * (1 - 2 * s)]; },
  softplus: (x) => { const s = known("sigmoid", x); return [known("softplus", x), s, s * (1 - s)]; },
  erf: (x) => { const d = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x); return [known("erf", x), d, -2 * x * d]; },
  erfc: (x) => { const d = -2 / Math.sqrt(Math.PI) * Math.exp(-x * x); return [known("erfc", x), d, -2 * x * d]; },
  gauss_cdf: (x) => [known("gauss_cdf", x), normal(x), -x * normal(x)],
  gauss_tail: (x) => [known("gauss_tail", x), -normal(x), x * normal(x)],
};

export const functionNames = Object.keys(functions);
export function applyFunction(name: string, x: Jet): Jet {
  const [value, d1, d2] = functions[name]!(x.value);
  return chain(x, value, d1, d2);
}

import { constant, type Expression } from "../../ir/expression.ts";
import type { Element } from "../../ir/program.ts";
import { build as b } from "../ops/index.ts";

/** What a thermal variable can be. */
export interface DomainRecord {
  readonly doc: string;
  readonly parameters: readonly { readonly name: string; readonly element: "integer" | "real" }[];
  readonly element: Element;
  /** Whether gradients exist. */
  readonly continuous: boolean;
  /** Whether "uniform" is a probability distribution, so that no initial value is needed. */
  readonly bounded: boolean;
  /** The values as integers from … to, where they are integers; the name of a parameter stands for its value. */
  readonly values?: readonly [number, number | string];
  /** The lower and the upper value, where there are no others. */
  readonly pair?: readonly [number, number];
  /**
   * The value that a local move proposes for an entry, from its value, a drawn number and the domain's arguments. What is drawn is in
   * `draw` of runtime/dynamics/domainMoves.ts; the move and its reverse are equally likely.
   */
  readonly move: (entry: Expression, drawn: Expression, arguments_: readonly Expression[]) => Expression;
}

/** x mod period, for x at most one period outside. */
const around = (x: Expression, period: Expression): Expression =>
  b.select(b.lt(x, constant(0)), b.add(x, period), b.select(b.ge(x, period), b.sub(x, period), x));
/** Mirrored at both ends, for x at most the length outside. */
const mirrored = (x: Expression, low: Expression, high: Expression): Expression =>
  b.select(b.lt(x, low), b.sub(b.mul(constant(2), low), x), b.select(b.gt(x, high), b.sub(b.mul(constant(2), high), x), x));
const one = constant(1);

/** Every domain of the language. */
export const domains = {
  real: { doc: "All real numbers.", parameters: [], element: "real", continuous: true, bounded: false, move: (x, drawn) => b.add(x, drawn) },
  spin: { doc: "−1 and +1.", parameters: [], element: "integer", continuous: false, bounded: true, values: [-1, 1], pair: [-1, 1], move: (x) => b.neg(x) },
  bit: { doc: "0 and 1.", parameters: [], element: "integer", continuous: false, bounded: true, values: [0, 1], pair: [0, 1], move: (x) => b.sub(one, x) },
  potts: { doc: "The integers 1 … q.", parameters: [{ name: "q", element: "integer" }], element: "integer", continuous: false, bounded: true, values: [1, "q"], move: (x, drawn, [q]) => b.add(one, around(b.add(b.sub(x, one), drawn), q!)) },
  interval: { doc: "Real numbers from a to b.", parameters: [{ name: "a", element: "real" }, { name: "b", element: "real" }], element: "real", continuous: true, bounded: true, move: (x, drawn, [low, high]) => mirrored(b.add(x, drawn), low!, high!) },
  angle: { doc: "Real numbers modulo 2π.", parameters: [], element: "real", continuous: true, bounded: true, move: (x, drawn) => around(b.add(x, drawn), constant(2 * Math.PI)) },
} as const satisfies Readonly<Record<string, DomainRecord>>;

export type DomainName = keyof typeof domains;
export const isDomainName = (name: string): name is DomainName => Object.hasOwn(domains, name);

/** The public form of a distribution, and its way into the table. */
import type { ExtensionKey } from "../../../runtime/extensions/addEntry.ts";
import type { Stream } from "../../../runtime/random/stream.ts";
import type { DistributionParameter } from "./distribution.ts";
import { addDistribution } from "./index.ts";
import type { DistributionName } from "./index.ts";

export interface DistributionExtension<Parameters extends readonly Pick<DistributionParameter, "name" | "element" | "default" | "namedOnly">[] = readonly DistributionParameter[]> {
  /** One sentence: what one entry, or the whole array, is. */
  readonly doc: string;
  /** In the order in which they are written. */
  readonly parameters: Parameters;
  readonly element: "real" | "integer";
  /** Least and greatest value of integers that can stand in a slot; the name of a parameter stands for its value. */
  readonly values?: readonly [number, number | Parameters[number]["name"]];
  /** Discrete domains in which all its values lie, so that a state can be drawn from it. */
  readonly domains?: readonly ("spin" | "bit" | "potts")[];
  /**
   * Fills `out`, an array of that shape in row-major order. Entry i is to be made from entries (0, i) of the stream, so that it doesn't depend on
   * how many others there are. What it throws says that the parameters are none of it.
   */
  readonly fill: (out: Float64Array, stream: Stream, parameters: { readonly [K in keyof Parameters]: number }, shape: readonly number[]) => void;
  /** Lists of parameters. */
  readonly samples: readonly [{ readonly [K in keyof Parameters]: number }, ...{ readonly [K in keyof Parameters]: number }[]];
  /** The probability that an entry is at most x: those of 20,000 entries at each sample must be distributed so. */
  readonly cdf?: (x: number, ...parameters: { [K in keyof Parameters]: number }) => number;
  /** Mean and variance of an entry, where they exist: those of 20,000 entries at each sample must agree with them. */
  readonly moments?: (...parameters: { [K in keyof Parameters]: number }) => { readonly mean: number; readonly variance: number };
}

export const addDistributionExtension = (key: ExtensionKey, { doc, parameters, element, values, domains = [] }: DistributionExtension): DistributionName =>
  addDistribution(key, { doc, parameters, element, gaussian: false, domains, runtime: key, ...(values ? { values } : {}) });

import type { Expression } from "../../ir/expression.ts";
import type { Element } from "../../ir/program.ts";

/** A distribution as the language knows it; `runtime/random/distributions` draws from it. */
export interface DistributionRecord {
  /** One sentence, as printed by `quench functions`. */
  readonly doc: string;
  /** In the order in which they are written. */
  readonly parameters: readonly DistributionParameter[];
  readonly element: Element;
  /** Whether its entries are (jointly) Gaussian, which the theories need. */
  readonly gaussian: boolean;
  /** Mean and variance of an entry, for distributions of independent entries that have them; the fourth central moment over the variance squared where it depends on the arguments. */
  readonly moments?: (arguments_: readonly Expression[]) => { readonly mean: Expression; readonly variance: Expression; readonly kurtosis?: Expression };
  /** Range of the values where they are integers that can stand in a slot; the name of a parameter stands for its value. */
  readonly values?: readonly [number, number | string];
  /** Which discrete domains all its values lie in, so that a state can be drawn from it. */
  readonly domains: readonly string[];
  /** Name in the runtime's table, and what its parameters are there as functions of ours; absent where this version cannot draw from it. */
  readonly runtime?: string;
  /**
   * What makes an entry of one with these arguments, for arguments that differ from entry to entry or are drawn; absent where there is no such form.
   */
  readonly fromStandard?: FromStandard;
  /** A graph: what it draws are edges, pairs of vertices. */
  readonly graph?: GraphRecord;
  /** Why constant arguments are none of the distribution; `undefined` where they are. Missing values are unknown. */
  readonly refuse?: (values: Readonly<Record<string, number | undefined>>) => string | undefined;
}

export interface FromStandard {
  /** Arguments of the standard distribution, whose entry is transformed. */
  readonly standard: readonly number[];
  /** The distribution that is drawn from, if it is another one. */
  readonly of?: string;
  readonly entry: (drawn: Expression, arguments_: readonly Expression[]) => Expression;
}

export interface GraphRecord {
  /** The parameter that is the number of vertices, or whose power it is: the exponent is the second one. */
  readonly vertices: readonly [string] | readonly [string, string];
  /** Room for edges, from the arguments. */
  readonly edges: (arguments_: readonly Expression[]) => Expression;
  /** Whether a draw may have fewer edges than there is room for. */
  readonly random: boolean;
}

export interface DistributionParameter {
  readonly name: string;
  readonly element: "integer" | "real";
  /** Absent for one that must be given. */
  readonly default?: number;
  /** Another way to give the same: `sd = s` for `var = s^2`. */
  readonly alternative?: { readonly name: string; readonly power: number };
  /** Must be given by name: a bare value is ambiguous, except this one, for which all readings agree. */
  readonly bareValue?: number;
  /** Only by name. */
  readonly namedOnly?: true;
}

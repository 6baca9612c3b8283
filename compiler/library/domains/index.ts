import type { Element } from "../../ir/program.ts";

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
}

/** Every domain of the language. */
export const domains = {
  real: { doc: "All real numbers.", parameters: [], element: "real", continuous: true, bounded: false },
  spin: { doc: "−1 and +1.", parameters: [], element: "integer", continuous: false, bounded: true, values: [-1, 1] },
  bit: { doc: "0 and 1.", parameters: [], element: "integer", continuous: false, bounded: true, values: [0, 1] },
  potts: { doc: "The integers 1 … q.", parameters: [{ name: "q", element: "integer" }], element: "integer", continuous: false, bounded: true, values: [1, "q"] },
  interval: { doc: "Real numbers from a to b.", parameters: [{ name: "a", element: "real" }, { name: "b", element: "real" }], element: "real", continuous: true, bounded: true },
  angle: { doc: "Real numbers modulo 2π.", parameters: [], element: "real", continuous: true, bounded: true },
} as const satisfies Readonly<Record<string, DomainRecord>>;

export type DomainName = keyof typeof domains;
export const isDomainName = (name: string): name is DomainName => Object.hasOwn(domains, name);

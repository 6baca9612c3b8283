import type { TheoryRecord } from "./theory.ts";

export const kacRice: TheoryRecord = {
  name: "kac_rice",
  doc: "Annealed numbers of critical points of Gaussian energies on the sphere, by the Kac-Rice formula, for large N.",
  words: [],
  parameters: [],
  quantities: [
    { name: "E_inf", form: "value", arguments: [], doc: "Threshold energy per variable, with its sign reversed." },
    { name: "E", form: "subscript", arguments: [{ name: "k" }], doc: "Critical points of index k exist only above −E[k] per variable (k = 0, 1, …)." },
    { name: "complexity", form: "call", arguments: [{ name: "u" }, { name: "k", optional: true }], doc: "(1/N) log of the mean number of critical points (of index k) with energy at most N·u." },
  ],
  predictsObservables: false,
};

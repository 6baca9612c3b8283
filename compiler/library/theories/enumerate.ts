import { thermodynamic } from "./thermodynamic.ts";
import type { TheoryRecord } from "./theory.ts";

export const enumerate: TheoryRecord = {
  name: "enumerate",
  doc: "Exact sums over all states of a small model, averaged over its ensembles (Sign, Bernoulli, Categorical; at most 2^22 states times draws).",
  words: [],
  parameters: [{ name: "T", doc: "Temperature of the Gibbs weight." }],
  quantities: thermodynamic,
  predictsObservables: true,
};
